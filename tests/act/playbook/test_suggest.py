"""Playbooks: shipped in three languages, suggested by what fits, ordered by what customers said came of it (R72, R190)."""

import pytest

from mindgap.act.case.case import Case
from mindgap.act.playbook import shipped
from mindgap.act.playbook.causes import CAUSES
from mindgap.act.playbook.playbook import Playbook
from mindgap.act.playbook.suggest import suggest, tried
from mindgap.ground.language import LANGUAGES
from mindgap.keep.models import Organization, Touchpoint
from mindgap.keep.touchpoint import KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return Organization.objects.create(code="acme", name="Acme")


def playbook(organization: Organization, code: str, **about: object) -> Playbook:
    return Playbook.objects.create(
        organization=organization, code=code, name=code, steps=[{"en": f"do {code}"}], **about
    )


def cases(row: Playbook, *, recovered: int = 0, not_recovered: int = 0, silent: int = 0) -> None:
    """Cases that were worked by a playbook, with what their customers said."""
    outcomes = ["recovered"] * recovered + ["not_recovered"] * not_recovered + ["no_answer"] * silent
    first = Case.objects.filter(organization=row.organization).count()
    Case.objects.bulk_create(
        Case(organization=row.organization, number=first + i, title="late", playbook=row, outcome=outcome)
        for i, outcome in enumerate(outcomes, 1)
    )


def codes(*args: object, **about: object) -> list[str]:
    return [each.playbook.code for each in suggest(*args, **{"limit": 99, **about})]  # type: ignore[arg-type]


def test_the_shipped_ones_cover_the_catalogue_and_read_well_in_three_languages() -> None:
    """R72, R154-R161, R150-R153, R87: at least 24, one to three steps each, none in one language only."""
    rows = shipped.shipped()
    assert len(rows) >= 24
    assert len({row["code"] for row in rows}) == len(rows)
    assert {cause for row in rows for cause in row.get("causes", [])} == set(CAUSES)
    for row in rows:
        assert 1 <= len(row["steps"]) <= 3
        assert set(row.get("kinds", [])) <= set(KINDS)
        for text in (row["name"], *row["steps"]):
            assert tuple(text) == LANGUAGES
            assert all(text.values())
            # Neither script of Chinese is a copy of the other where they differ.
            assert not {"个", "这", "为"} & set(text["zh-hant"])
            assert not {"個", "這", "為"} & set(text["zh-hans"])


def test_planting_twice_adds_nothing_and_keeps_what_was_changed(organization: Organization) -> None:
    assert shipped.missing(organization) == len(shipped.shipped())
    shipped.plant(organization)
    changed = Playbook.objects.get(organization=organization, code="damaged")
    changed.steps = [{"en": "Call Bo."}]
    changed.save()
    assert shipped.plant(organization) == 0
    assert shipped.missing(organization) == 0
    changed.refresh_from_db()
    assert changed.steps == [{"en": "Call Bo."}]


def test_a_cause_finds_its_playbook_first_and_leaves_those_of_other_causes_out(
    organization: Organization,
) -> None:
    shipped.plant(organization)
    found = suggest(organization, cause="rude")
    assert found[0].playbook.code == "rude-staff"
    assert found[0].fits == ("cause",)
    assert "damaged" not in codes(organization, cause="rude")
    assert found[0].in_language("zh-hant")[0].startswith("由主管致電")


def test_either_cause_or_topic_says_that_it_is_about_safety(organization: Organization) -> None:
    shipped.plant(organization)
    assert codes(organization, cause="safety")[0] == "safety"
    assert codes(organization, topic="safety")[0] == "safety"
    assert codes(organization, topic="safety", cause="damaged")[0] in ("damaged", "safety")
    assert "safety" not in codes(organization, cause="rude", topic="price")


def test_what_fits_for_sure_comes_before_what_may_fit(organization: Organization) -> None:
    playbook(organization, "for-a-cause", causes=["rude"])
    playbook(organization, "always")
    assert codes(organization) == ["always", "for-a-cause"]


def test_the_order_of_fit_is_touchpoint_kind_cause_topic_severity(organization: Organization) -> None:
    place = Touchpoint.objects.create(organization=organization, code="till", kind="physical")
    for code, listed, value in (
        ("by-severity", "severities", "lasting"), ("by-topic", "topics", "price"), ("by-cause", "causes", "rude"),
        ("by-kind", "kinds", "physical"), ("by-touchpoint", "touchpoints", "till"),
    ):  # fmt: skip
        playbook(organization, code, **{listed: [value]})
    assert codes(organization, touchpoint=place, cause="rude", topic="price", severity="lasting") == [
        "by-touchpoint", "by-kind", "by-cause", "by-topic", "by-severity",
    ]  # fmt: skip


def test_among_equals_what_led_to_recovered_comes_first_and_one_of_one_does_not_win(
    organization: Organization,
) -> None:
    names = ("untried", "lucky", "proven", "poor")
    untried, lucky, proven, poor = (playbook(organization, name) for name in names)
    cases(lucky, recovered=1)
    cases(proven, recovered=40, not_recovered=5, silent=7)
    cases(poor, recovered=2, not_recovered=18)
    found = suggest(organization, limit=4)
    assert [each.playbook for each in found] == [proven, lucky, untried, poor]
    known = found[0].recovered
    assert known is not None
    assert (known.share, known.n) == (pytest.approx(40 / 45), 45)
    # Wilson's interval of 40 of 45.
    assert (known.low, known.high) == (pytest.approx(0.765, abs=1e-3), pytest.approx(0.952, abs=1e-3))
    assert found[2].recovered is None
    assert dict(tried(organization))[poor].n == 20  # type: ignore[union-attr]


def test_silent_customers_prove_nothing(organization: Organization) -> None:
    row = playbook(organization, "silent")
    cases(row, silent=9)
    assert suggest(organization)[0].recovered is None


def test_what_is_put_away_or_belongs_to_others_is_not_suggested(organization: Organization) -> None:
    playbook(organization, "away", is_active=False)
    playbook(Organization.objects.create(code="other"), "theirs")
    assert suggest(organization) == []
