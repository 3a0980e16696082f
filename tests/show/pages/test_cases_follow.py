"""The customer's page: their own case and nothing else, in their language; looking changes nothing, writing is theirs alone."""

from typing import Any

import pytest
from django.test import Client
from tests.show.conftest import NOW, send, sign_in

from mindgap.act.case import actions, states
from mindgap.act.case.opening import open_case
from mindgap.act.models import Case, CaseEvent
from mindgap.keep import incoming
from mindgap.keep.models import Answer, Member, Organization


@pytest.fixture
def case(bare: Organization) -> Case:
    """Wang's complaint, of which he told in Simplified Chinese; Ann works on it."""
    person = incoming.Person(identities={"email": "wang@example.org"}, name="王小明")
    said = incoming.Answer(
        key="a1", touchpoint="delivery", answered_at=NOW, scores={"likelihood": 2}, comment="太慢了", language="zh-hans",
        unit="north-1", customer=person,
    )  # fmt: skip
    send(bare, [said])
    answer = Answer.objects.get(key="a1")
    sign_in(bare, "ann", roles=["admin"], personal_data="full")
    made, _new = open_case(
        organization=bare, key="a1", title="An angry one", customer=answer.customer, answer=answer,
        touchpoint=answer.touchpoint, unit=answer.unit, opened_at=NOW,
    )  # fmt: skip
    return made


@pytest.fixture
def ann(case: Case) -> Member:
    return Member.objects.get(user__username="ann")


def place(case: Case, verb: str = "") -> str:
    return f"/k/{case.token}/" + (f"{verb}/" if verb else "")


def resolved(case: Case, ann: Member) -> None:
    actions.resolve(
        case.pk,
        ann,
        version=0,
        fault="company",
        cause="late_untold",
        severity="forgivable",
        words="inside words",
    )


def test_the_page_says_what_was_understood_and_promised_and_nothing_of_the_inside(
    case: Case, ann: Member
) -> None:
    actions.acknowledge(case.pk, ann, version=0)
    actions.note(case.pk, ann, words="A difficult customer")
    actions.apologise(case.pk, ann, version=1, words="We are sorry for the wait")
    actions.promise_recovery(
        case.pk, ann, version=2, words="A courier today", due=NOW.replace(day=1, month=4)
    )
    answer = Client().get(place(case) + "?lang=en")
    page = answer.content.decode()
    for words in (
        "Harbour Shop",
        "太慢了",
        "Delivery",
        "We are sorry for the wait",
        "A courier today",
        "April 1, 2026 12:00",
    ):
        assert words in page
    for inside in ("A difficult customer", "An angry one", "Ann", "王小明", "wang@", "late_untold"):
        assert inside not in page
    # No script, no cookie, no copy kept, no search engine, and no other site learns the address.
    assert "<script" not in page
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src" in answer.headers["Content-Security-Policy"]


def test_looking_changes_nothing(case: Case) -> None:
    before = (Case.objects.values().get(), CaseEvent.objects.count())
    for verb in ("", "reply", "confirmation"):
        assert Client().get(place(case, verb)).status_code == (405 if verb else 200)
        assert Client().head(place(case, verb)).status_code == (405 if verb else 200)
    assert (Case.objects.values().get(), CaseEvent.objects.count()) == before


@pytest.mark.parametrize("token", ["x", "0" * 24, "%00", "王"])
def test_a_token_that_nobody_was_given_leads_nowhere(case: Case, token: str) -> None:
    answer = Client().get(f"/k/{token}/")
    assert answer.status_code == 404
    assert "太慢了" not in answer.content.decode()
    assert Client().post(f"/k/{token}/reply/", {"words": "hello"}).status_code == 404
    assert CaseEvent.objects.count() == 1


def test_it_speaks_the_language_that_is_chosen_else_the_customers(case: Case) -> None:
    assert '<html lang="zh-hant">' in Client().get(place(case) + "?lang=zh-hant").content.decode()
    case.customer.language = "zh-hans"  # type: ignore[union-attr]
    case.customer.save()  # type: ignore[union-attr]
    page = Client(headers={"accept-language": "en"}).get(place(case)).content.decode()
    assert '<html lang="zh-hans">' in page
    assert "港湾商店" in page
    assert '<html lang="en">' in Client().get(place(case) + "?lang=en").content.decode()


def test_a_reply_is_told_and_lets_the_clocks_run_on(case: Case, ann: Member) -> None:
    actions.await_customer(case.pk, ann, version=0, words="Which colour?")
    client = Client(enforce_csrf_checks=True)
    assert "Which colour?" in client.get(place(case) + "?lang=en").content.decode()
    answer = client.post(place(case, "reply") + "?lang=en", {"words": "Blue <b>please</b>"})
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    assert "We have what you wrote" in page
    assert "Blue &lt;b&gt;please&lt;/b&gt;" in page
    case.refresh_from_db()
    assert case.state == states.RESOLVING
    assert case.events.get(kind="replied").by_customer


def test_only_what_the_customer_says_makes_it_recovered(case: Case, ann: Member) -> None:
    assert Client().post(place(case, "confirmation"), {"recovered": "yes"}).status_code == 409
    resolved(case, ann)
    client = Client()
    assert "Was it put right?" in client.get(place(case) + "?lang=en").content.decode()
    refused = client.post(place(case, "confirmation") + "?lang=en", {"recovered": "", "words": "Hm"})
    assert refused.status_code == 422
    assert "Please choose yes or no." in refused.content.decode()
    assert ">Hm</textarea>" in refused.content.decode()
    assert (
        client.post(place(case, "confirmation"), {"recovered": "yes", "words": "Thanks"}).status_code == 303
    )
    case.refresh_from_db()
    assert (case.state, case.outcome) == (states.VERIFIED, "recovered")
    # Said once; a second click changes nothing.
    assert client.post(place(case, "confirmation"), {"recovered": "no"}).status_code == 409
    case.refresh_from_db()
    assert case.outcome == "recovered"


def test_no_opens_the_case_again(case: Case, ann: Member) -> None:
    resolved(case, ann)
    Client().post(place(case, "confirmation"), {"recovered": "no", "words": "Still broken"})
    case.refresh_from_db()
    assert case.state == states.RESOLVING
    assert "Still broken" in case.events.get(kind="reopened").words


def test_a_member_who_is_signed_in_does_not_speak_for_the_customer(case: Case, ann: Member) -> None:
    resolved(case, ann)
    client = Client()
    client.force_login(ann.user)
    answer = client.post(place(case, "confirmation") + "?lang=en", {"recovered": "yes"})
    assert answer.status_code == 403
    assert "Only the customer answers here" in answer.content.decode()
    assert client.post(place(case, "reply"), {"words": "all is well"}).status_code == 403
    case.refresh_from_db()
    assert (case.state, case.outcome) == (states.RESOLVED, "")


def test_whoever_writes_without_end_is_asked_to_wait(case: Case) -> None:
    client = Client()
    answers = [client.post(place(case, "reply") + "?lang=en", {"words": f"word {n}"}) for n in range(14)]
    assert [each.status_code for each in answers[:2]] == [303, 303]
    assert answers[-1].status_code == 429
    assert ">word 13</textarea>" in answers[-1].content.decode()


def test_the_page_of_a_merged_case_is_that_of_the_one_that_goes_on(
    case: Case, ann: Member, bare: Organization
) -> None:
    about: dict[str, Any] = {"customer": case.customer, "unit": case.unit, "opened_at": NOW}
    other, _new = open_case(organization=bare, key="again", title="Again", touchpoint=None, **about)
    actions.merge(other.pk, ann, version=other.version, into=case.number)
    page = Client().get(f"/k/{other.token}/?lang=en").content.decode()
    assert "Delivery" in page
