"""Verification: the customer is asked whether it was put right, over a real channel; only their word makes it so."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.act.case.conftest import NOON
from tests.collect.channels.conftest import Receiver, account, http, receiver

from mindgap.act.case import actions, escalation, verification
from mindgap.act.models import Case, CaseEvent, CasePolicy, Notice
from mindgap.collect.channels import deliver
from mindgap.collect.models import SendingAccount
from mindgap.collect.outgoing import Http
from mindgap.ground import clock, identity
from mindgap.keep import appender, incoming, optout, recorder, submissions
from mindgap.keep.models import Contact, Cursor, Invitation, OptOut, Organization, Programme, Survey

__all__ = ["account", "http", "receiver"]
# On PostgreSQL an arrival is read only when its transaction has ended.
pytestmark = pytest.mark.django_db(transaction=True)
WHY = {"fault": "company", "cause": "warehouse", "severity": "forgivable"}
DUE = NOON + timedelta(days=3)


@pytest.fixture
def shop(chain: Organization) -> Organization:
    """Whose accounts the channels' fixtures make."""
    return chain


@pytest.fixture
def mail(chain: Organization, account: Callable[..., SendingAccount], receiver: Receiver) -> SendingAccount:
    """The chain sends mail, to the receiver."""
    made = account("webhook", url=f"{receiver.url}/email", secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    SendingAccount.objects.filter(pk=made.pk).update(way="email")
    return made


@pytest.fixture
def resolved(case: Case, people: SimpleNamespace) -> Case:
    return actions.resolve(case.pk, people.nina, version=0, **WHY)


def ask(at: datetime = DUE) -> None:
    with clock.frozen(at):
        verification.ask_due()


def answered(
    case: Case, right: str, *, state: str = "finished", at: datetime = DUE + timedelta(hours=1), **more: Any
) -> None:
    """The customer answers the recovery survey."""
    case.refresh_from_db()
    assert case.verification is not None
    body = incoming.Submission(
        key=str(identity.uuid7()), survey=case.verification.survey.code, version=1, started_at=at, changed_at=at,
        state=state, answers={"right": right, **more}, invitation=case.verification.token_digest,
    )  # fmt: skip
    with clock.frozen(at):
        appender.append(
            case.organization_id, [(identity.uuid7(), "submission", "test", incoming.write(body))]
        )
        recorder.catch_up()
        submissions.catch_up()
        while verification.read_answers():
            pass
    case.refresh_from_db()


def test_the_customer_is_asked_after_three_days_and_their_yes_makes_it_recovered(
    resolved: Case, people: SimpleNamespace, mail: SendingAccount, receiver: Receiver, http: Http
) -> None:
    ask(DUE - timedelta(minutes=1))
    assert not Invitation.objects.exists()
    ask()
    ask()
    invited = Invitation.objects.get()
    assert (invited.survey.kind, invited.channel, invited.customer_id) == ("recovery", "email", 1)
    assert Contact.objects.get(invitation=invited).outcome == "sent"
    with clock.frozen(DUE):
        while deliver.run_next(http=http):
            pass
    assert "您的回答为准" in receiver.asked[0].body.decode()
    answered(resolved, "yes")
    assert (resolved.state, resolved.outcome, resolved.verified_at) == (
        "verified",
        "recovered",
        DUE + timedelta(hours=1),
    )
    assert Notice.objects.get(kind="case_recovered").member == people.nina


@pytest.mark.parametrize("right", ["partly", "no"])
def test_a_customer_who_says_no_opens_the_case_again_and_the_lead_is_told(
    resolved: Case, people: SimpleNamespace, mail: SendingAccount, right: str
) -> None:
    ask()
    answered(resolved, right, open="The box is still broken")
    assert (resolved.state, resolved.outcome, resolved.level) == ("resolving", "not_recovered", 1)
    assert resolved.resolved_at == NOON
    event = CaseEvent.objects.get(kind="reopened")
    assert (event.by_customer, event.words) == (True, "The box is still broken")
    assert {each.member for each in Notice.objects.filter(kind="case_reopened")} == {people.nina, people.bo}


def test_an_answer_that_comes_twice_says_nothing_twice(resolved: Case, mail: SendingAccount) -> None:
    ask()
    answered(resolved, "no", state="partial")
    with clock.frozen(DUE + timedelta(hours=2)):
        Cursor.objects.filter(reader=verification.READER).delete()
        while verification.read_answers():
            pass
    assert CaseEvent.objects.filter(kind="reopened").count() == 1


def test_a_yes_that_becomes_a_no_on_the_next_page_opens_it_again(
    resolved: Case, mail: SendingAccount
) -> None:
    ask()
    answered(resolved, "yes", state="partial")
    answered(resolved, "no", at=DUE + timedelta(hours=2))
    assert resolved.outcome == "not_recovered"


def test_silence_closes_a_case_and_never_as_recovered(resolved: Case, mail: SendingAccount) -> None:
    ask()
    resolved.refresh_from_db()
    assert resolved.check_at == DUE + timedelta(days=14)
    with clock.frozen(DUE + timedelta(days=14)):
        escalation.run_next()
    resolved.refresh_from_db()
    assert (resolved.state, resolved.outcome) == ("closed", "no_answer")


def test_who_opted_out_is_not_asked_and_it_says_so(resolved: Case, mail: SendingAccount) -> None:
    OptOut.objects.create(organization=resolved.organization, customer_id=1, channel=optout.EVERYWHERE)
    ask()
    assert not Invitation.objects.exists()
    assert CaseEvent.objects.get(kind="not_asked").changes["why"] == "skipped_optout"
    resolved.refresh_from_db()
    assert resolved.check_at == DUE + timedelta(days=14)


def test_at_night_nobody_is_asked_but_in_the_morning(
    case: Case, people: SimpleNamespace, mail: SendingAccount
) -> None:
    late = NOON + timedelta(hours=10)
    with clock.frozen(late):
        actions.resolve(case.pk, people.nina, version=0, **WHY)
    ask(late + timedelta(days=3))
    case.refresh_from_db()
    assert not Invitation.objects.exists()
    assert case.verify_at.astimezone(clock.zone("Asia/Shanghai")).hour == 9
    ask(case.verify_at)
    assert Invitation.objects.count() == 1


def test_who_was_asked_yesterday_about_something_else_is_still_asked_this(
    resolved: Case, mail: SendingAccount
) -> None:
    survey = Survey.objects.create(organization=resolved.organization, code="other")
    Contact.objects.create(
        organization=resolved.organization,
        customer_id=1,
        survey=survey,
        outcome="sent",
        candidate="x",
        decided_at=NOON,
    )
    ask()
    assert Invitation.objects.count() == 1


def test_an_organization_asks_after_the_days_that_it_chose(case: Case, people: SimpleNamespace) -> None:
    CasePolicy.objects.create(organization=case.organization, verify_days=7)
    assert actions.resolve(case.pk, people.nina, version=0, **WHY).verify_at == NOON + timedelta(days=7)


def test_a_paused_programme_asks_when_it_runs_again(resolved: Case, mail: SendingAccount) -> None:
    ask()
    Invitation.objects.all().delete()
    Case.objects.update(verification=None, verify_at=DUE)
    Programme.objects.update(state="paused")
    ask()
    assert not Invitation.objects.exists()
    Programme.objects.update(state="running")
    ask(DUE + timedelta(hours=1))
    assert Invitation.objects.count() == 1


def test_while_a_case_is_open_or_unverified_its_customer_gets_no_other_survey(
    case: Case, people: SimpleNamespace
) -> None:
    assert verification.has_open_case(1)
    actions.resolve(case.pk, people.nina, version=0, **WHY)
    assert verification.has_open_case(1)
    actions.close(case.pk, people.nina, version=1)
    assert not verification.has_open_case(1)
