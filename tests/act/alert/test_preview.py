"""Preview: what a rule would have done, from the record; nothing is written."""

from datetime import timedelta

import pytest
from tests.act.alert.conftest import LOW, answer, append, person
from tests.act.conftest import COMMITS

from mindgap.act.alert.alert import Alert
from mindgap.act.alert.place import Place
from mindgap.act.alert.preview import preview
from mindgap.act.alert.rule import AlertRule
from mindgap.ground import clock
from mindgap.ground.condition import BadCondition
from mindgap.keep import recorder

pytestmark = pytest.mark.django_db(transaction=COMMITS)


@pytest.fixture
def past(company):
    """Ten low answers of one customer over ten days, one of another, one too old, one good."""
    now = clock.now()
    append(
        company,
        *(answer(f"a{n}", answered_at=now - timedelta(days=n, hours=1)) for n in range(10)),
        answer("other", customer=person(email="li@example.org"), answered_at=now - timedelta(days=3)),
        answer("old", answered_at=now - timedelta(days=100)),
        answer("good", score=10),
    )
    recorder.catch_up()


def test_it_counts_what_would_have_fired_and_what_the_cool_down_would_have_left(company, past) -> None:
    rule = AlertRule(organization=company, code="x", trigger="answer", condition=LOW, cooldown_hours=60)
    found = preview(rule, Place(company.pk))
    assert (found.fired, found.told, found.is_cut) == (11, 5, False)
    assert len(found.examples) == 5
    assert found.examples[0].happened_at > found.examples[-1].happened_at
    assert Alert.objects.count() == 0


def test_a_rule_by_time_is_tried_as_well(company, past) -> None:
    rule = AlertRule(organization=company, code="x", trigger="neglect", settings={"days": 2, "lowest": 40})
    # Those of the last two days may still be followed up; the old one became neglect within the ninety days? No.
    assert preview(rule, Place(company.pk)).fired == 9


def test_a_repeated_complaint_is_tried_with_its_history(company, past) -> None:
    rule = AlertRule(
        organization=company, code="x", trigger="repeat_complaint", settings={"times": 9, "days": 90}
    )
    assert preview(rule, Place(company.pk)).fired == 2


@pytest.mark.parametrize("condition", [{}, {"all": [{"column": "lowest", "op": "around"}]}, {"some": []}])
def test_what_cannot_be_read_is_said(company, condition) -> None:
    rule = AlertRule(organization=company, code="x", trigger="answer", condition=condition)
    with pytest.raises(BadCondition):
        preview(rule, Place(company.pk))
