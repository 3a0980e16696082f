"""What templates share: parts of questions, consents, the notice, thanks, and the measures that they count."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from mindgap.collect import mapping
from mindgap.collect.mapping.schema import MeasurePart, MetricPart
from mindgap.collect.register import seeds
from mindgap.keep.definition import Words

_PARTS = Path(__file__).with_name("parts")


class Shared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`parts/shared.toml`: questions are objects of a definition; `names` stands for `{…}` where nobody says better."""

    order: tuple[str, ...]
    like: dict[str, dict[str, Any]]
    consent: dict[str, dict[str, Any]]
    reach: dict[str, Any]
    thanks: dict[str, Any]
    notice: Words
    notice_full: Words
    names: dict[str, Words]


class Measures(msgspec.Struct, frozen=True):
    """Measures by code, and the metrics that go with them: those of a new organization, and the templates' own."""

    measures: dict[str, MeasurePart]
    metrics: tuple[MetricPart, ...]


@cache
def shared() -> Shared:
    """What templates take parts from."""
    return msgspec.convert(tomllib.loads((_PARTS / "shared.toml").read_text(encoding="utf-8")), Shared)


@cache
def measures() -> Measures:
    """What a template may count."""
    known = (seeds.usual(), mapping.read(_PARTS / "measures.toml"))
    return Measures(
        {part.code: part for each in known for part in each.measure},
        tuple(part for each in known for part in each.metric),
    )
