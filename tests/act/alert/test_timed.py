"""Triggers of time: looked at now and then, claimed by one worker, once for each event (R19, R20, R84, R185)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.act.alert.conftest import answer, person
from tests.act.conftest import COMMITS

from mindgap.act.alert import timed
from mindgap.act.alert.alert import Alert
from mindgap.act.alert.rule import AlertRule
from mindgap.act.case.case import Case
from mindgap.act.case.opening import open_case
from mindgap.ground import clock
from mindgap.keep import bulk, incoming
from mindgap.keep.models import (
    Answer,
    Customer,
    Invitation,
    Occurrence,
    Organization,
    Promise,
    Survey,
    Touchpoint,
    Unit,
)

pytestmark = pytest.mark.django_db(transaction=COMMITS)


@pytest.fixture
def look(send_all):
    """Let all rules look, `look(hours=3)` later than now, and their messages leave."""

    def run(**later: float) -> list[str]:
        with clock.frozen(clock.now() + timedelta(**later)):
            AlertRule.objects.update(next_at=None)
            timed.run_due()
            send_all()
        return list(Alert.objects.order_by("id").values_list("event", flat=True))

    return run


def order(key: str, due_in: timedelta, **about) -> incoming.Interaction:
    """An order that is promised for a while from now."""
    usual = {
        "touchpoint": "delivery", "started_at": clock.now() - timedelta(days=2), "due_at": clock.now() + due_in,
        "promise": "in-5", "unit": "pudong", "customer": person(email=f"{key}@example.org"),
    }  # fmt: skip
    return incoming.Interaction(key=key, **(usual | about))


def test_whoever_was_not_told_before_the_due_time_brings_an_alert(
    staff, mail, post, rule, take, look
) -> None:
    rule("late_untold", settings={"hours_before": 2}, opens_case=True)
    take(
        order("soon", timedelta(hours=4)),
        order("told", timedelta(hours=4), told_before_due=True),
        order("far", timedelta(hours=40)),
        order("done", timedelta(hours=4), experienced_at=clock.now()),
        order("cancelled", timedelta(hours=4), cancelled=True),
    )
    assert look() == []
    (event,) = look(hours=2.5)
    assert event.endswith(":untold")
    assert look(hours=3) == [event]
    assert "Due:" in post.mails[0].get_body(("plain",)).get_content()
    assert Case.objects.get().interaction.key == "soon"


def test_a_promise_in_days_is_due_without_a_stated_instant(staff, mail, rule, take, look) -> None:
    rule("late_untold", settings={"hours_before": 0})
    take(order("o", timedelta(), due_at=None, promised=5, started_at=clock.now() - timedelta(days=4)))
    assert look(hours=20) == []
    assert len(look(hours=25)) == 1


def test_what_is_due_soon_is_found_by_the_index_of_what_is_open(
    company: Organization, staff, mail, rule, take, look
) -> None:
    """However long the record is: it is looked through every other minute."""
    rule("late_untold")
    take(order("o", timedelta(hours=1)))
    with CaptureQueriesContext(connection) as asked:
        assert len(look(hours=1)) == 1
    looked = [each["sql"] for each in asked if "i.state = 2" in each["sql"]]
    assert len(looked) == 2
    # PostgreSQL reads a table of one row as a whole, whatever indexes it has.
    for sql in looked if connection.vendor == "sqlite" else ():
        plan = str(bulk.fetch(f"explain query plan {sql}"))
        assert "USING INDEX interaction_open_due (organization_id=? AND due_at" in plan


def test_silence_of_whoever_was_asked_is_noticed_once(company, staff, mail, rule, look) -> None:
    survey = Survey.objects.create(organization=company, code="v", name={"en": "V"}, state="live")
    about = {"organization": company, "survey": survey, "unit": Unit.objects.get(code="pudong")}
    for token, state in (("a", "sent"), ("b", "opened"), ("c", "answered"), ("d", "bounced")):
        Invitation.objects.create(**about, token_digest=token, state=state, sent_at=clock.now())
    rule("no_response", settings={"days": 14})
    assert look(days=13) == []
    assert len(look(days=14, hours=1)) == 2
    assert len(look(days=15)) == 2


def test_a_channel_that_bounces_brings_one_message(company, staff, mail, post, rule, look) -> None:
    survey = Survey.objects.create(organization=company, code="v", name={"en": "V"}, state="live")
    rule("bounce", recipients=[{"to": "role", "role": "cx_manager"}])
    for number in range(30):
        Invitation.objects.create(
            organization=company, survey=survey, token_digest=str(number), state="bounced", channel="web",
            bounced_at=clock.now(),
        )  # fmt: skip
    assert len(look(minutes=1)) == 30
    assert len(post.mails) == 1


def test_places_that_promise_different_things_are_told_until_they_agree(
    company, staff, mail, rule, look
) -> None:
    rule("promise_contradiction", recipients=[{"to": "role", "role": "cx_manager"}])
    assert look() == []
    promise = Promise.objects.get()
    place = Occurrence.objects.create(promise=promise, place="website", words={"en": "in 3 days"}, quantity=3)
    (first,) = look(hours=1)
    assert first == f"promise:{promise.pk}:3,5"
    assert look(hours=2) == [first]
    Occurrence.objects.filter(pk=place.pk).update(quantity=4)
    assert look(hours=3) == [first, f"promise:{promise.pk}:4,5"]


def test_a_case_that_stays_overdue_is_told_above(company, staff, mail, rule, look) -> None:
    case, _ = open_case(
        organization=company, key="k", title="Late", opened_at=clock.now(), touchpoint=Touchpoint.objects.get(),
        unit=Unit.objects.get(code="pudong"),
    )  # fmt: skip
    Case.objects.update(due_at=clock.now())
    rule(
        "case_overdue",
        settings={"hours": 5},
        recipients=[{"to": "role", "role": "cx_manager"}],
        opens_case=True,
    )
    assert look(hours=4) == []
    assert len(look(hours=6)) == 1
    assert Alert.objects.get().case == case
    assert Case.objects.count() == 1


def test_a_complaint_about_which_nobody_does_anything_is_neglect(
    company, staff, mail, rule, take, look
) -> None:
    take(
        *(answer(key, customer=person(email=f"{key}@example.org")) for key in ("alone", "called", "waiting"))
    )
    take(answer("happy", score=9, customer=person(email="happy@example.org")))
    for key in ("called", "waiting"):
        given = Answer.objects.get(key=key)
        open_case(
            organization=company, key=key, title="x", opened_at=given.answered_at, answer=given,
            customer=Customer.objects.get(pk=given.customer_id),
        )  # fmt: skip
    Case.objects.filter(key="called").update(contacted_at=clock.now())
    rule("neglect", settings={"days": 7})
    assert look(days=6) == []
    look(days=7, hours=1)
    assert {each.answer.key for each in Alert.objects.all()} == {"alone", "waiting"}


def test_only_one_of_two_workers_writes_and_the_next_look_is_later(
    staff, mail, rule, take, monkeypatch
) -> None:
    made = rule("late_untold")
    take(order("o", timedelta(hours=1)))
    real = timed.looked

    def meanwhile(*given, **named):
        AlertRule.objects.filter(pk=made.pk).update(next_at=clock.now() + timedelta(minutes=2))
        return real(*given, **named)

    monkeypatch.setattr(timed, "looked", meanwhile)
    assert timed.run_next()
    assert Alert.objects.count() == 0
    assert not timed.run_next()


def test_a_rule_that_fails_says_so_and_keeps_nobody_waiting(
    staff, mail, rule, take, look, monkeypatch
) -> None:
    broken = rule("case_overdue", {"all": [{"column": "unit", "op": "around"}]})
    rule("late_untold")
    take(order("o", timedelta(hours=1)))
    assert len(look()) == 1
    broken.refresh_from_db()
    assert (broken.fault, broken.looked_to) == ("unreadable", None)
    AlertRule.objects.filter(pk=broken.pk).update(condition={})
    look()
    broken.refresh_from_db()
    assert (broken.fault, broken.looked_to is not None) == ("", True)


def test_a_look_that_breaks_is_a_fault_and_not_an_end(staff, mail, rule, monkeypatch) -> None:
    made = rule("neglect")

    def breaks(*_given, **_named):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(timed, "looked", breaks)
    assert timed.run_due() == 1
    made.refresh_from_db()
    assert (made.fault, made.fault_words) == ("failed", "the disk is full")
