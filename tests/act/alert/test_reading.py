"""From an answer to the person who can mend it: alert, case and notice, once (R36, R188, R190; issue 5, must be shown 1)."""

from datetime import timedelta

import pytest
from django.db import transaction
from tests.act.alert.conftest import LOW, answer, append, person
from tests.act.conftest import COMMITS

from mindgap.act.alert import firing, reading
from mindgap.act.alert.alert import Alert
from mindgap.act.alert.rule import AlertRule
from mindgap.act.case.case import Case
from mindgap.act.notice.notice import Notice
from mindgap.ground import clock
from mindgap.keep import incoming, recorder
from mindgap.keep.reader import Reader

pytestmark = pytest.mark.django_db(transaction=COMMITS)


def test_a_low_answer_reaches_the_branch_manager_with_its_story(
    company, staff, mail, post, rule, take, send_all, settings
) -> None:
    rule(opens_case=True, severity="critical")
    start = clock.now() - timedelta(days=8)
    take(
        incoming.Interaction(
            key="o1", touchpoint="delivery", started_at=start, experienced_at=start + timedelta(days=7),
            promise="in-5", promised=5, unit="pudong", channel="web", customer=person(),
        ),
        answer(comment="太慢了！call me: 13200005678", interaction="o1"),
    )  # fmt: skip
    send_all()
    (got,) = post.mails
    text = got.get_body(("plain",)).get_content()
    case = Case.objects.get()
    assert got["To"] == "ann@example.org"
    assert got["Subject"] == "Critical: Low score (Delivery, Pudong)"
    assert "Score: Likelihood 2 (0 to 10)" in text
    assert "In their words: “太慢了！call me: ***”" in text
    assert "Promised: 5 days; actual: 7 days" in text
    assert "Customer: 王**" in text
    assert f"{settings.SITE_URL}/cases/{case.number}/" in text
    assert (case.owner, case.urgency, case.customer.name) == (staff["ann"], "critical", "王小明")
    alert = Alert.objects.get()
    assert (alert.case, alert.silent, alert.saw) == (case, "", {"score.likelihood": 2.0})


def test_only_what_meets_the_condition_fires(staff, mail, rule, take) -> None:
    rule()
    take(answer("good", score=9), answer("bad", score=6), answer("other", scores={}))
    assert [each.event.partition(":")[0] for each in Alert.objects.all()] == ["answer"]
    assert Alert.objects.get().saw == {"score.likelihood": 6.0}


def test_a_unit_means_itself_and_all_below_it(staff, mail, rule, take) -> None:
    where = [*LOW["all"], {"column": "unit", "op": "is", "value": "china"}]
    rule(condition={"all": where}, cooldown_hours=0)
    take(answer("1"), answer("2", unit="xuhui"), answer("3", unit=""), answer("4", unit="elsewhere"))
    assert {each.unit.code for each in Alert.objects.all()} == {"pudong", "xuhui"}


def test_the_same_answer_fires_a_rule_once_also_when_it_is_corrected(
    staff, mail, post, rule, take, send_all
) -> None:
    rule(cooldown_hours=0)
    take(answer())
    take(answer(comment="and rude"))
    take(answer(comment="and rude", score=1))
    send_all()
    assert (Alert.objects.count(), len(post.mails)) == (1, 1)


def test_two_rules_on_one_answer_tell_a_person_once_by_the_graver(
    staff, mail, post, rule, take, send_all
) -> None:
    rule(name={"en": "Detractor"})
    rule(name={"en": "Furious"}, severity="critical", opens_case=True)
    take(answer())
    send_all()
    (got,) = post.mails
    assert got["Subject"] == "Critical: Furious (Delivery, Pudong)"
    assert dict(Alert.objects.values_list("rule__code", "silent")) == {"answer-0": "told", "answer-1": ""}


def test_within_the_cool_down_a_customer_brings_one_message(staff, mail, post, rule, take, send_all) -> None:
    rule(cooldown_hours=24, opens_case=True)
    now = clock.now()
    with clock.frozen(now):
        take(answer("1"), answer("2", customer=person(email="li@example.org")))
    with clock.frozen(now + timedelta(hours=23)):
        take(answer("3"))
    with clock.frozen(now + timedelta(hours=25)):
        take(answer("4"))
        send_all()
    assert list(Alert.objects.order_by("id").values_list("silent", flat=True)) == ["", "", "cooldown", ""]
    assert (
        sum("Low score" in each["Subject"] and each["Subject"].startswith("Warning") for each in post.mails)
        == 3
    )
    # What came meanwhile belongs to the open case.
    quiet = Alert.objects.get(silent="cooldown")
    assert quiet.case == Alert.objects.filter(subject=quiet.subject).order_by("id")[0].case


def test_quiet_hours_are_those_of_the_reader_and_critical_ones_do_not_wait(staff, mail, rule, take) -> None:
    quiet = {"quiet_from": "21:00", "quiet_to": "08:30", "cooldown_hours": 0}
    rule(**quiet)
    rule(**quiet, severity="critical", recipients=[{"to": "role", "role": "cx_manager"}])
    # Eleven at night in Shanghai.
    with clock.frozen(clock.now().replace(hour=15, minute=0, second=0, microsecond=0)):
        take(answer())
        leaves = {str(each.member): each.delivery.next_at - clock.now() for each in Notice.objects.all()}
    assert leaves == {"Ann": timedelta(hours=9, minutes=30), "Cai": timedelta(0)}


def test_a_rule_that_finds_nobody_says_so_and_keeps_its_alert(company, member, mail, rule, take) -> None:
    made = rule(cooldown_hours=0)
    take(answer())
    made.refresh_from_db()
    assert (Alert.objects.get().silent, made.fault) == ("nobody", "nobody")
    assert made.fault_at is not None
    member("ann", "branch_manager", unit="pudong")
    take(answer("again"))
    made.refresh_from_db()
    assert (made.fault, made.fault_at) == ("", None)


def test_a_rule_that_works_elsewhere_still_has_the_fault_of_one_unit(staff, mail, rule, take) -> None:
    made = rule(cooldown_hours=0)
    take(answer("a", unit=""), answer("b"), answer("c", unit="xuhui"))
    made.refresh_from_db()
    assert made.fault == "nobody"
    take(answer("d"))
    made.refresh_from_db()
    assert made.fault == "nobody"


def test_a_rule_whose_people_cannot_be_reached_says_so(staff, rule, take) -> None:
    made = rule()
    take(answer())
    made.refresh_from_db()
    assert (Alert.objects.get().silent, made.fault) == ("unreachable", "unreachable")
    assert Notice.objects.get().problem == "no_account"


def test_a_rule_that_cannot_be_read_says_so_and_the_others_go_on(staff, mail, rule, take) -> None:
    broken = rule(condition={"all": [{"column": "lowest", "op": "around", "value": 1}]})
    empty = rule(condition={"all": []})
    rule()
    take(answer())
    for each in (broken, empty):
        each.refresh_from_db()
        assert each.fault == "unreadable"
    assert Alert.objects.count() == 1


def test_history_and_what_came_before_the_rule_wake_nobody(staff, mail, rule, take) -> None:
    rule(active_from=clock.now() - timedelta(days=30))
    rule(active_from=clock.now() + timedelta(hours=1))
    take(answer("old", answered_at=clock.now() - timedelta(days=8)))
    assert Alert.objects.count() == 0
    take(answer("new"))
    assert Alert.objects.get().rule.code == "answer-0"


def test_a_rule_that_is_switched_off_and_one_of_another_company_see_nothing(staff, mail, rule, take) -> None:
    rule(is_active=False)
    rule(organization=staff["fay"].organization)
    take(answer())
    assert Alert.objects.count() == 0


def test_what_is_not_committed_is_judged_again(
    company, staff, mail, post, rule, send_all, monkeypatch
) -> None:
    """Issue 5, must be shown 5: dying between the alert and the commit loses nothing and doubles nothing."""
    rule(opens_case=True)
    append(company, answer())
    recorder.catch_up()
    real = firing.fire

    def die(place, fired):
        real(place, fired)
        raise RuntimeError

    monkeypatch.setattr(firing, "fire", die)
    with pytest.raises(RuntimeError):
        reading.run_batch()
    assert (Alert.objects.count(), Case.objects.count(), Notice.objects.count()) == (0, 0, 0)
    monkeypatch.setattr(firing, "fire", real)
    reading.catch_up()
    reading.catch_up()
    send_all()
    assert (Alert.objects.count(), Case.objects.count(), len(post.mails)) == (1, 1, 1)


def test_of_two_workers_that_read_the_same_only_one_writes(company, staff, mail, rule, monkeypatch) -> None:
    rule()
    append(company, answer())
    recorder.catch_up()
    monkeypatch.setattr(Reader, "advance", lambda *_: False)
    assert reading.run_batch() == 0
    assert Alert.objects.count() == 0


def test_queries_do_not_grow_with_the_answers(
    company, staff, mail, rule, django_assert_max_num_queries
) -> None:
    """R36: a batch costs what it costs, however many came."""
    for _ in range(5):
        rule()
    append(company, *(answer(f"a{n}", score=10) for n in range(300)))
    recorder.catch_up()
    with django_assert_max_num_queries(40), transaction.atomic():
        assert reading.run_batch() == 300
    assert AlertRule.objects.exclude(fault="").count() == 0
