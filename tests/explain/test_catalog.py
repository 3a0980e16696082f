"""Codes and numbers."""

import pytest

from mindgap.explain.catalog import Catalog
from mindgap.explain.errors import UnknownColumn, UnknownValue
from mindgap.keep.models import Organization, Segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalog() -> Catalog:
    organization = Organization.objects.create(code="o", name="O")
    Segment.objects.create(organization=organization, code="state", name="State of the country")
    return Catalog(organization)


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("day", "2026-03-02"),
        ("week", "2026-03-02"),
        ("month", "2026-03"),
        ("state", "open"),
        ("value", 9),
        ("early", "yes"),
    ],
)
def test_what_goes_in_comes_out(catalog: Catalog, column: str, word: object) -> None:
    assert catalog.outside(column, catalog.id_of(column, word)) == word


def test_the_unknown_stays_unknown(catalog: Catalog) -> None:
    assert catalog.id_of("channel", None) is None
    assert catalog.outside("channel", float("nan")) is None
    assert catalog.outside("channel", 0) is None


def test_a_segment_may_have_the_name_of_a_column(catalog: Catalog) -> None:
    assert catalog.column("state") == "seg_state"
    assert catalog.column("state", ("open",)) == "state"
    assert catalog.column("state", ("RJ",)) == "seg_state"
    assert catalog.column("outcome") == "outcome"


def test_mistakes_name_what_there_is(catalog: Catalog) -> None:
    with pytest.raises(UnknownColumn, match="seg_state"):
        catalog.column("colour")
    with pytest.raises(UnknownValue, match="completed"):
        catalog.id_of("state", "asleep")
    with pytest.raises(UnknownColumn):
        catalog.pairs("seg_colour")
    with pytest.raises(UnknownValue):
        catalog.metric("joy")
