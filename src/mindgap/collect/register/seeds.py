"""What a new organization begins with: the usual measures and metrics, and where expectations come from (R22, R172–R174)."""

from pathlib import Path

from mindgap.collect import mapping
from mindgap.collect.mapping.schema import Mapping
from mindgap.collect.register.declare import Declared, declare
from mindgap.keep.models import Organization

_SEEDS = Path(__file__).with_name("seeds.toml")


def usual() -> Mapping:
    """The usual measures, metrics and sources, as a mapping declares them."""
    return mapping.read(_SEEDS)


def plant(organization: Organization) -> Declared:
    """Give the organization what it has not declared itself; run it inside a transaction."""
    return declare(organization, usual())
