"""Alerts on pages: what fired, who was told, rules tried before they run; and to whom none of it is shown (R36, R190)."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.show.conftest import NOW, answer, send, sign_in

from mindgap.act.alert import reading, timed
from mindgap.act.models import Alert, AlertRule, Notice
from mindgap.collect.models import SendingAccount
from mindgap.keep import incoming
from mindgap.keep.models import Organization, Unit

MOST_QUERIES = 45
LOW = {"all": [{"column": "score.likelihood", "op": "at_most", "value": 6}]}
NAMED = {
    "name_en": "Low score",
    "name_zh_hans": "低分",
    "name_zh_hant": "低分",
    "code": "low",
    "severity": "warning",
}


@pytest.fixture
def rule(bare: Organization) -> AlertRule:
    return AlertRule.objects.create(
        organization=bare, code="low", name={"en": "Low score"}, trigger="answer", condition=LOW,
        recipients=[{"to": "role", "role": "branch_manager"}], is_active=True,
        active_from=NOW - timedelta(days=1),
    )  # fmt: skip


@pytest.fixture
def mail(bare: Organization) -> SendingAccount:
    return SendingAccount.objects.create(
        organization=bare, channel="smtp", name="Mail", way="email",
        settings={"host": "127.0.0.1", "port": "25", "security": "none", "from": "care@shop.example"},
    )  # fmt: skip


@pytest.fixture
def bo(bare: Organization) -> Client:
    return sign_in(bare, "bo", roles=["branch_manager"], unit=Unit.objects.get(code="north"))


@pytest.fixture
def ann(bare: Organization) -> Client:
    return sign_in(bare, "ann", roles=["admin"], personal_data="full")


@pytest.fixture
def fired(bare: Organization, rule: AlertRule, mail: SendingAccount, bo: Client) -> Alert:
    """A low answer in the north that Bo was told of."""
    said = incoming.Answer(
        key="a1", answered_at=NOW, touchpoint="delivery", scores={"likelihood": 2}, unit="north-1",
        comment="太慢了, call 13200005678",
        customer=incoming.Person(identities={"email": "wang@example.org"}, name="王小明"),
    )  # fmt: skip
    send(bare, [said])
    reading.catch_up()
    return Alert.objects.get()


def test_the_list_says_what_fired_and_whether_it_arrived(fired: Alert, ann: Client, bo: Client) -> None:
    for client, name in ((ann, "王小明"), (bo, "王**")):
        page = client.get("/alerts/").content.decode()
        assert "Low score" in page
        assert name in page
        assert "waiting" in page
    assert "王小明" not in bo.get("/alerts/").content.decode()


def test_one_alert_shows_its_answer_as_the_member_may_see_it(fired: Alert, ann: Client, bo: Client) -> None:
    assert "call 13200005678" in ann.get(f"/alerts/{fired.pk}/").content.decode()
    page = bo.get(f"/alerts/{fired.pk}/").content.decode()
    assert "太慢了, call ***" in page
    assert "13200005678" not in page
    assert "Likelihood" in page


def test_somebody_sees_to_it_once(fired: Alert, bo: Client, ann: Client) -> None:
    for client in (bo, ann):
        assert client.post(f"/alerts/{fired.pk}/acknowledgement/").status_code == 302
    fired.refresh_from_db()
    assert str(fired.acknowledged_by) == "Bo"
    assert fired.acknowledged_at == NOW
    assert fired.event not in bo.get("/alerts/?shown=open").content.decode()


def test_a_message_can_be_sent_again(fired: Alert, bo: Client) -> None:
    notice = Notice.objects.get()
    assert bo.post(f"/alerts/{fired.pk}/notices/{notice.pk}/resending/").status_code == 302
    before, notice.delivery = notice.delivery, None
    notice.refresh_from_db()
    assert (notice.resent, notice.delivery != before) == (1, True)


def test_outsiders_see_and_do_nothing(bare: Organization, fired: Alert) -> None:
    """Another unit, another organization, a role without alerts, nobody; for every address (issue 5, must be shown 6)."""
    south = sign_in(bare, "sue", roles=["branch_manager"], unit=Unit.objects.get(code="south"))
    other = Organization.objects.create(code="other", name="Other")
    chen = sign_in(other, "chen", roles=["admin", "cx_manager"], personal_data="full")
    analyst = sign_in(bare, "ana", roles=["analyst"])
    notice = Notice.objects.get()
    one = f"/alerts/{fired.pk}/"
    posts = (f"{one}acknowledgement/", f"{one}notices/{notice.pk}/resending/")
    for client in (south, chen):
        assert "Low score" not in client.get("/alerts/").content.decode()
        assert client.get(one).status_code == 404
        assert [client.post(url).status_code for url in posts] == [404, 404]
    assert analyst.get("/alerts/").status_code == 403
    assert [analyst.post(url).status_code for url in posts] == [403, 403]
    assert Client().get("/alerts/").status_code == 302
    assert chen.get("/alerts/rules/low/").status_code == 404
    assert [chen.post(f"/alerts/rules/low/{verb}/").status_code for verb in ("state", "removal")] == [
        404,
        404,
    ]
    fired.refresh_from_db()
    assert fired.acknowledged_at is None
    assert AlertRule.objects.get(code="low").is_active


def test_an_executive_sees_no_names_and_acts_on_nothing(bare: Organization, fired: Alert) -> None:
    dora = sign_in(bare, "dora", roles=["executive"], personal_data="none")
    page = dora.get(f"/alerts/{fired.pk}/").content.decode()
    assert "王" not in page
    assert "太慢" not in page
    assert dora.post(f"/alerts/{fired.pk}/acknowledgement/").status_code == 403


@pytest.mark.parametrize("verb", ["", "new/", "low/", "low/state/", "low/removal/", "shipped/"])
def test_rules_are_for_the_keepers_only(fired: Alert, bo: Client, verb: str) -> None:
    assert bo.get(f"/alerts/rules/{verb}").status_code in (403, 405)
    assert bo.post(f"/alerts/rules/{verb}", {"state": "off"}).status_code in (403, 405)
    assert AlertRule.objects.get(code="low").is_active


def test_a_rule_is_written_tried_saved_and_switched_on(organization: Organization) -> None:
    """Without a script; the preview reads the record of 90 days and writes nothing."""
    ann = sign_in(organization, "ann", roles=["admin"], personal_data="full")
    sign_in(organization, "bo", roles=["branch_manager"], unit=Unit.objects.get(code="north"))
    url = "/alerts/rules/new/?trigger=answer"
    assert "Score: Likelihood" in ann.get(url).content.decode()
    filled = NAMED | {
        "if-any": "all",
        "if-0-column": "score.likelihood", "if-0-op": "at_most", "if-0-value": "6",
        "if-1-column": "unit", "if-1-op": "is", "if-1-value": "north",
        "roles": ["branch_manager"], "cooldown_hours": "0", "opens_case": "on",
        "quiet_from": "21:00", "quiet_to": "08:00",
    }  # fmt: skip
    tried = ann.post(url, filled | {"try": "1"}).content.decode()
    low = sum(
        each["likelihood"]["value"] <= 6
        for each in organization.answers.filter(
            unit__code="north-1", touchpoint__code="delivery", answered_at__gt=NOW - timedelta(days=90)
        ).values_list("scores", flat=True)
    )
    assert low > 3
    assert f"It would have fired {low} times since" in tried
    assert (AlertRule.objects.count(), Alert.objects.count()) == (0, 0)
    assert ann.post(url, filled).headers["Location"] == "/alerts/rules/low/"
    made = AlertRule.objects.get()
    assert made.condition == {
        "all": [
            {"column": "score.likelihood", "op": "at_most", "value": 6.0},
            {"column": "unit", "op": "is", "value": "north"},
        ]
    }
    assert (made.recipients, made.quiet_from, made.opens_case, made.is_active) == (
        [{"to": "role", "role": "branch_manager"}], "21:00", True, False,
    )  # fmt: skip
    ann.post("/alerts/rules/low/state/", {"state": "on"})
    made.refresh_from_db()
    assert (made.is_active, made.active_from) == (True, NOW)
    page = ann.get("/alerts/rules/low/").content.decode()
    assert 'value="north"' in page
    assert f"It would have fired {low} times" in page


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"roles": []}, "Choose at least one person or group to tell."),
        ({"roles": ["cx_manager"]}, "Nobody has this role."),
        ({"if-0-value": "many"}, "is no value for it"),
        ({"if-0-value": "nan"}, "is no value for it"),
        ({"if-0-column": "password"}, "looks at something that this trigger does not see"),
        ({"if-0-column": ""}, "Say when it fires"),
        ({"quiet_from": "21:00"}, "Quiet hours need a beginning and an end."),
        ({"cooldown_hours": "-1"}, "greater than or equal to 0"),
        ({"code": "new"}, "This code is taken already"),
        ({"severity": "fatal"}, "Select a valid choice"),
    ],
)
def test_bad_input_is_refused_with_a_reason(
    bare: Organization, ann: Client, bo: Client, change, problem
) -> None:
    filled = NAMED | {
        "if-0-column": "lowest", "if-0-op": "at_most", "if-0-value": "20", "roles": ["branch_manager"],
        "cooldown_hours": "24",
    }  # fmt: skip
    page = ann.post("/alerts/rules/new/?trigger=answer", filled | change)
    assert page.status_code == 200
    assert problem in page.content.decode()
    assert AlertRule.objects.count() == 0


def test_a_keyword_rule_has_words_and_people_of_its_own(bare: Organization, ann: Client) -> None:
    filled = NAMED | {"set_words": "退款\n\nrefund*", "to_owner": "on", "cooldown_hours": "1"}
    assert ann.post("/alerts/rules/new/?trigger=keyword", filled | {"set_words": ""}).status_code == 200
    ann.post("/alerts/rules/new/?trigger=keyword", filled)
    made = AlertRule.objects.get()
    assert (made.settings, made.recipients) == ({"words": ["退款", "refund*"]}, [{"to": "owner"}])


def test_a_rule_that_reached_nobody_stands_first_with_what_to_do(
    bare: Organization, rule: AlertRule, ann: Client
) -> None:
    send(bare, [answer("a", score=1)])
    reading.catch_up()
    page = ann.get("/alerts/").content.decode()
    assert "Rules that need mending" in page
    assert "found nobody to tell" in page
    assert "Nobody was found to be told." in page
    assert "found nobody to tell" in ann.get("/alerts/rules/").content.decode()
    assert "found nobody to tell" in ann.get("/alerts/rules/low/").content.decode()


def test_the_shipped_rules_are_there_and_off_and_can_be_opened(bare: Organization, ann: Client) -> None:
    for _ in range(2):
        ann.post("/alerts/rules/shipped/")
    assert AlertRule.objects.count() == 14
    assert not AlertRule.objects.filter(is_active=True).exists()
    for code in AlertRule.objects.values_list("code", flat=True):
        assert ann.get(f"/alerts/rules/{code}/").status_code == 200
    AlertRule.objects.update(is_active=True)
    timed.run_due()
    assert AlertRule.objects.filter(fault__in=("unreadable", "failed")).count() == 0


def test_a_rule_that_has_fired_is_not_removed(fired: Alert, ann: Client) -> None:
    ann.post("/alerts/rules/low/removal/")
    assert AlertRule.objects.filter(code="low").exists()
    Alert.objects.all().delete()
    ann.post("/alerts/rules/low/removal/")
    assert not AlertRule.objects.exists()


def test_pages_cost_a_bounded_number_of_queries(
    fired: Alert, ann: Client, django_assert_max_num_queries
) -> None:
    for url in ("/alerts/", f"/alerts/{fired.pk}/", "/alerts/rules/", "/alerts/rules/low/"):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert ann.get(url).status_code == 200
