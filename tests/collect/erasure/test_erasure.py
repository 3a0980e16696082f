"""Erasure: nothing is left of a person in database, files and logs, and figures stay what they were (P10, L1, B16)."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from tests.collect.lane.test_answering import keep_up
from tests.collect.survey import every_type
from tests.collect.survey.respondent import Respondent, Shown

from mindgap.collect import quarantine, uploads
from mindgap.collect.channels import vault
from mindgap.collect.channels.delivery import Delivery
from mindgap.collect.erasure import run
from mindgap.collect.models import SendingAccount
from mindgap.collect.programme import wishes
from mindgap.collect.receive import parcel, receive
from mindgap.ground import clock, identity
from mindgap.keep import appender, consent, erasure, facts, incoming, invitation, ledger, recorder
from mindgap.keep.batch import REFUSED, Verdict
from mindgap.keep.facts import counter
from mindgap.keep.facts.question import Question
from mindgap.keep.models import (
    Answer,
    Arrival,
    Consent,
    Contact,
    Customer,
    Erasure,
    ErasurePolicy,
    Identity,
    Interaction,
    Invitation,
    Measure,
    OptOut,
    Organization,
    Quarantine,
    Submission,
    Survey,
    Touchpoint,
)

pytestmark = pytest.mark.django_db(transaction=True)

# Stands in everything of hers and nowhere else; with a letter outside ASCII beside it, as JSON may escape it.
CANARY = "kanarienvogel"
MAIL, PHONE = f"{CANARY}@shop.example", "+8613812349876"
GIVEN = {
    "contact.email": [MAIL],
    "contact.phone": [PHONE],
    "contact.name": [f"{CANARY} 王"],
    "text": [f"{CANARY} 𠮷 was here, call 13812349876"],
}


@pytest.fixture
def asking(publish: Callable[..., Survey], shop: Organization) -> Survey:
    Measure.objects.create(organization=shop, code="recommend", kind="likelihood", minimum=0, maximum=10)
    questions = [
        every_type.question("nps", measure="recommend", required=True),
        every_type.question("text", long=True, most=500),
        every_type.question("consent", purpose="contact"),
        every_type.question("contact", fields=["name", "email", "phone"]),
        every_type.question("file", accepts=["txt"], most=1),
    ]
    pages = [
        {"code": "one", "questions": questions},
        {"code": "two", "questions": [every_type.question("stars", measure="")]},
    ]
    return publish({**every_type.raw(), "pages": pages})


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Every line that anything logs."""
    lines: list[str] = []

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    handler, root = Listening(), logging.getLogger()
    root.addHandler(handler)
    yield lines
    root.removeHandler(handler)


@pytest.fixture
def ann_of_shop(shop: Organization, asking: Survey) -> Customer:
    """Ann, with an order that came by API, a letter in the outbox and something in quarantine."""
    person = incoming.Person(
        {"email": MAIL, "phone": PHONE}, name=f"{CANARY} 王", attributes={"note": f"{CANARY} likes tea"}
    )
    order = incoming.Interaction(
        f"order-{MAIL}", "store", clock.now(), customer=person, attributes={"to": f"{CANARY} road 1"}
    )
    other = incoming.Interaction(
        "order-2", "store", clock.now(), customer=incoming.Person({"email": "bo@shop.example"}, name="Bo")
    )
    receive(shop, [parcel(shop, order), parcel(shop, other)], source="test")
    recorder.catch_up()
    customer = Customer.objects.get(identities__value=MAIL)
    invited, _ = invitation.make(asking, customer=customer, channel="email", hidden={"who": CANARY})
    account = SendingAccount.objects.create(organization=shop, channel="smtp", name="mail", way="email")
    Delivery.objects.create(
        organization=shop,
        account=account,
        invitation=invited,
        kind="invitation",
        reference="r1",
        address=vault.digest("email", MAIL),
        content="c",
        letter=vault.close(f"Dear {CANARY}".encode()),
        words=f"550 no such user {MAIL}",
    )
    Contact.objects.create(
        organization=shop, customer=customer, survey=asking, invitation=invited, outcome="sent",
        reasons=[{"step": "address", "saw": MAIL}], candidate="c",
    )  # fmt: skip
    consent.note(customer, purpose="marketing", given=True, proof={"call": CANARY})
    OptOut.objects.create(organization=shop, customer=customer, channel="email")
    refused = incoming.write(incoming.Interaction("bad", "nowhere", clock.now(), customer=person))
    ledger.set_aside(shop.pk, [("interaction", "test", refused, Verdict(REFUSED, "unknown_touchpoint", "?"))])
    uploads.keep(shop, "customers.csv", [f"mail\n{MAIL}\n".encode()])
    return customer


def dump() -> str:
    """Every value of every table."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select * from "{table}"')
            for row in cursor.fetchall():
                cells = (
                    bytes(each).decode(errors="replace") if isinstance(each, bytes | memoryview) else each
                    for each in row
                )
                found.append(f"{table} {[str(cell) for cell in cells]}")
    return "\n".join(found)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def holding(text: str) -> list[str]:
    traces = (CANARY, "13812349876", json.dumps(f"{CANARY} 王")[1:-1])
    return [line[:160] for line in text.splitlines() if any(each in line for each in traces)]


def answer(ann: Respondent, path: str, **more: Any) -> Shown:
    shown = ann.open(path)
    fields = {
        "nps": "9",
        "consent": "1",
        **{name: texts[0] for name, texts in GIVEN.items()},
        "_s": shown.sealed,
        "_t": "",
    }
    sent = (
        "POST",
        shown.action,
        {"data": fields, "files": {"file": (f"{CANARY}.txt", f"{CANARY} in a file".encode())}},
    )
    return ann.talk(sent)[0]


def finish(ann: Respondent, path: str) -> Shown:
    end = ann.send(answer(ann, path), {"stars": ["5"]})
    keep_up()
    return end


def recommended(shop: Organization) -> int:
    found = facts.counts(Question(shop.pk, ("value",)))
    return int(found.total)


def test_nothing_is_left_in_database_files_and_logs(
    ann: Respondent,
    limits: Any,
    shop: Organization,
    asking: Survey,
    ann_of_shop: Customer,
    logged: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """L1: the canary of one person, swept for everywhere."""
    monkeypatch.setattr(settings, "DATA", limits.folder.parent)
    _, token = invitation.make(asking, customer=ann_of_shop, channel="email")
    finish(ann, f"/s/{asking.short}/{token}")
    finish(ann, f"/s/{asking.short}")
    assert len(holding(dump())) > 8
    assert len(files(limits.folder)) == 2
    before = recommended(shop)
    erasure.ask(shop.pk, source="office", customer=ann_of_shop)
    assert run.run_next()
    assert holding(dump()) == []
    assert files(limits.folder) == {}
    assert not any(CANARY.encode() in content for content in files(settings.DATA).values())
    assert not any(CANARY in line or "13812349876" in line for line in logged)
    if connection.vendor == "sqlite":
        base = Path(str(connection.settings_dict["NAME"]))
        for path in base.parent.glob(f"{base.name}*"):
            assert CANARY.encode() not in path.read_bytes(), path.name
    # Scores stay, with nobody behind them; Bo is as he was.
    assert recommended(shop) == before
    assert set(Answer.objects.values_list("customer", "comment")) == {(None, "")}
    assert Submission.objects.first().answers["nps"] == 9  # type: ignore[union-attr]
    assert Customer.objects.get().name == "Bo"
    assert Interaction.objects.filter(customer__name="Bo").count() == 1
    # Who wanted no mail gets none should the address come back.
    assert wishes.suppression.is_suppressed(shop.pk, "email", vault.digest("email", MAIL))
    facts.rebuild(shop)
    assert facts.verify(shop) == ()


def test_the_proof_says_who_when_and_how_much_and_names_nobody(
    ann: Respondent,
    limits: Any,
    shop: Organization,
    asking: Survey,
    ann_of_shop: Customer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "DATA", limits.folder.parent)
    finish(ann, f"/s/{asking.short}")
    asked = erasure.ask(shop.pk, source="office", customer=ann_of_shop)
    assert erasure.ask(shop.pk, source="preferences", customer=ann_of_shop).pk == asked.pk
    assert run.run_next()
    assert not run.run_next()
    done = Erasure.objects.get()
    assert (done.state, done.source, done.customer, done.subject, done.problem) == (
        "done",
        "office",
        None,
        {},
        "",
    )
    assert done.done_at is not None
    assert asked.requested_at <= done.done_at <= asked.due_at
    assert (asked.due_at - asked.requested_at).total_seconds() == 24 * 3600
    assert vault.digest("email", MAIL) in done.digests
    counted = {
        "answers": 1,
        "interactions": 1,
        "customers": 1,
        "submissions": 1,
        "letters": 1,
        "quarantine": 1,
    }
    assert {name: done.removed[name] for name in counted} == counted
    assert done.removed["files"] == 1
    assert done.removed["arrivals"] >= 3


def test_where_the_policy_says_so_scores_go_as_well(
    ann: Respondent, shop: Organization, asking: Survey, ann_of_shop: Customer
) -> None:
    ErasurePolicy.objects.create(organization=shop, readings="removed")
    finish(ann, f"/s/{asking.short}")
    before = recommended(shop)
    erasure.ask(shop.pk, source="office", customer=ann_of_shop)
    run.run_next()
    assert not Answer.objects.exists()
    assert not Submission.objects.exists()
    counter.forget()
    assert recommended(shop) == before - 1
    facts.rebuild(shop)
    assert facts.verify(shop) == ()


def test_the_same_row_sent_again_brings_nothing_back(
    shop: Organization, asking: Survey, ann_of_shop: Customer
) -> None:
    order = Arrival.objects.order_by("seq").first()
    assert order is not None
    body = bytes(order.body)
    plain = incoming.write(
        incoming.Interaction("order-7", "store", clock.now(), customer=incoming.Person({"email": MAIL}))
    )
    appender.append(shop.pk, [(identity.uuid7(), "interaction", "test", plain)])
    keep_up()
    erasure.ask(shop.pk, source="office", customer=ann_of_shop)
    run.run_next()
    appender.append(shop.pk, [(order.id, "interaction", "test", body)])
    # Under another id, as a client that has forgotten that it sent it: the record knows the content.
    appender.append(shop.pk, [(identity.uuid7(), "interaction", "test", plain)])
    keep_up()
    assert not Identity.objects.filter(value=MAIL).exists()


def test_who_answers_without_invitation_can_have_that_erased_and_nothing_of_others(
    ann: Respondent, shop: Organization, asking: Survey, ann_of_shop: Customer
) -> None:
    """To have typed Ann's address gives no power over what is kept of Ann."""
    end = finish(ann, f"/s/{asking.short}")
    mark = re.search(r'href="(/s/p/[^"]+)"', end.text)
    assert mark
    ann.talk(("POST", mark[1], {"data": {"_do": "erasure"}}))
    run.run_next()
    assert Customer.objects.filter(pk=ann_of_shop.pk).exists()
    assert ann_of_shop.identities.count() == 2
    assert Interaction.objects.filter(customer=ann_of_shop).count() == 1
    assert Answer.objects.get().comment == ""
    assert "text" not in Submission.objects.get().answers
    assert "contact.email" not in Submission.objects.get().answers


def test_whom_an_answer_made_goes_with_the_answer(
    ann: Respondent, shop: Organization, asking: Survey
) -> None:
    end = finish(ann, f"/s/{asking.short}")
    assert Customer.objects.count() == 1
    mark = re.search(r'href="(/s/p/[^"]+)"', end.text)
    assert mark
    shown = ann.talk(("POST", mark[1], {"data": {"_do": "erasure"}}))[0]
    assert "You asked for deletion" in shown.text
    run.run_next()
    assert not Customer.objects.exists()
    assert holding(dump()) == []
    assert "Answers you gave: 0" in ann.open(mark[1]).text or ann.open(mark[1]).status == 200


def test_withdrawn_consent_takes_the_contact_and_leaves_the_answer(
    ann: Respondent, shop: Organization, asking: Survey
) -> None:
    end = finish(ann, f"/s/{asking.short}")
    mark = re.search(r'href="(/s/p/[^"]+)"', end.text)
    assert mark
    ann.talk(("POST", mark[1], {"data": {"_do": "withdraw"}}))
    run.run_next()
    row = Submission.objects.get()
    assert row.answers["text"].startswith(CANARY)
    assert not any(name.startswith("contact") for name in row.answers)
    assert MAIL not in dump()
    assert Answer.objects.get().scores["recommend"]["value"] == 9


def test_withdrawn_consent_of_a_customer_leaves_the_customer(
    ann: Respondent, shop: Organization, asking: Survey, ann_of_shop: Customer
) -> None:
    _, token = invitation.make(asking, customer=ann_of_shop)
    finish(ann, f"/s/{asking.short}/{token}")
    holder = wishes.of_token(token)
    assert holder is not None
    assert wishes.withdraw(holder) == 2
    assert run.run_next()
    assert ann_of_shop.identities.count() == 2
    assert not any(name.startswith("contact") for name in Submission.objects.get().answers)
    assert Submission.objects.get().customer == ann_of_shop


def test_whoever_stops_in_the_middle_leaves_nothing(
    ann: Respondent, shop: Organization, asking: Survey, limits: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B16: the partial answer is deleted and no metadata is kept."""
    monkeypatch.setattr(settings, "DATA", limits.folder.parent)
    bo = Customer.objects.create(id=1_000_000, organization=shop, name="Bo")
    invited, token = invitation.make(asking, customer=bo)
    Invitation.objects.update(state="sent")
    second = answer(ann, f"/s/{asking.short}/{token}")
    keep_up()
    assert Submission.objects.get().state == "partial"
    assert "Stop here and delete" in second.text
    end = ann.send(second, {}, _go="let-go")
    assert (end.status, end.is_form) == (200, False)
    assert "Deleted" in end.text
    keep_up()
    # A page that was still under way comes after it.
    late = ann.send(second, {"stars": ["5"]}, _go="back")
    assert late.status == 200
    keep_up()
    run.run_next()
    keep_up()
    assert not Submission.objects.exists()
    assert not Consent.objects.exists()
    assert holding(dump()) == []
    assert files(limits.folder) == {}
    invited.refresh_from_db()
    assert (invited.state, invited.opened_at) == ("sent", None)
    bodies = [json.loads(bytes(each.body)) for each in Arrival.objects.all()]
    assert all(not {"answers", "seconds", "hidden", "language", "consents"} & each.keys() for each in bodies)
    # The link can be opened and answered after all.
    assert ann.open(f"/s/{asking.short}/{token}").is_form


def test_the_first_page_has_nothing_to_delete_and_says_nothing_of_it(ann: Respondent, asking: Survey) -> None:
    assert "let-go" not in ann.open(f"/s/{asking.short}").text.partition("<body")[2]


def test_an_erasure_that_fails_is_tried_again_and_says_so(
    shop: Organization, asking: Survey, ann_of_shop: Customer
) -> None:
    def fail(_organization: int, _subject: object) -> int:
        raise RuntimeError("out of order")

    erasure.ask(shop.pk, source="office", customer=ann_of_shop)
    assert run.run_next(also=fail)
    waiting = Erasure.objects.get()
    assert (waiting.state, waiting.problem, waiting.attempts) == ("waiting", "RuntimeError", 1)
    assert Customer.objects.filter(pk=ann_of_shop.pk).exists()
    assert run.run_next()
    assert Erasure.objects.get().state == "done"


def test_the_erasure_of_one_organization_touches_no_other(
    shop: Organization, asking: Survey, ann_of_shop: Customer
) -> None:
    """An outsider's customer with the same address stays."""
    other = Organization.objects.create(code="other", name={"en": "Other"})
    Touchpoint.objects.create(organization=other, code="store", name={"en": "Store"})
    same = incoming.Interaction(
        "order-1", "store", clock.now(), customer=incoming.Person({"email": MAIL}, name="Ann")
    )
    receive(other, [parcel(other, same)], source="test")
    recorder.catch_up()
    erasure.ask(shop.pk, source="office", customer=ann_of_shop)
    run.run_next()
    assert Identity.objects.get(value=MAIL).organization_id == other.pk
    assert MAIL.encode() in bytes(Arrival.objects.get(organization=other).body)
    assert quarantine.entries(shop).count() == 0
    assert not Quarantine.objects.filter(organization=shop).exists()
