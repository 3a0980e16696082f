"""Contact given in an answer: makes or completes a customer, joins nobody, and is never needed (R64, PIPL 14 and 16)."""

import re
from collections.abc import Callable

import pytest
from tests.collect.lane.test_answering import keep_up
from tests.collect.survey import every_type
from tests.collect.survey.respondent import Respondent, Shown

from mindgap.collect.programme import wishes
from mindgap.keep import consent, invitation
from mindgap.keep.models import (
    Answer,
    Consent,
    Customer,
    Identity,
    Measure,
    Organization,
    Submission,
    Survey,
)

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = {"contact.email": ["Ann@Shop.example"], "contact.phone": ["138 0000 0000"], "contact.name": ["Ann"]}


@pytest.fixture
def asking(publish: Callable[..., Survey], shop: Organization) -> Survey:
    Measure.objects.create(organization=shop, code="recommend", kind="likelihood", minimum=0, maximum=10)
    questions = [
        every_type.question("nps", measure="recommend", required=True),
        every_type.question("consent", purpose="contact"),
        every_type.question("contact", fields=["name", "email", "phone"]),
    ]
    return publish({**every_type.raw(), "pages": [{"code": "one", "questions": questions}]})


@pytest.fixture
def bo(shop: Organization) -> Customer:
    made = Customer.objects.create(id=1_000_001, organization=shop, name="Bo")
    Identity.objects.create(organization=shop, customer=made, kind="crm", value="B-1")
    Identity.objects.create(organization=shop, customer=made, kind="email", value="bo@shop.example")
    return made


def answer(ann: Respondent, path: str, **fields: list[str]) -> Shown:
    end = ann.answer_all(path, {"one": {"nps": ["9"], **fields}})
    keep_up()
    return end


def identities(customer: Customer) -> set[tuple[str, str]]:
    return set(customer.identities.values_list("kind", "value"))


def test_with_consent_a_contact_makes_a_customer(ann: Respondent, asking: Survey) -> None:
    answer(ann, f"/s/{asking.short}?lang=zh-hant", consent=["1"], **ADDRESS)
    made = Customer.objects.get()
    assert (made.name, made.language) == ("Ann", "zh-hant")
    assert identities(made) == {("email", "ann@shop.example"), ("phone", "+8613800000000")}
    assert Answer.objects.get().customer == made
    assert Submission.objects.get().customer == made
    given = consent.standing(made, "contact")
    assert given is not None
    assert given.given
    # The same person again is the same customer.
    answer(ann, f"/s/{asking.short}", consent=["1"], **ADDRESS)
    assert Customer.objects.count() == 1
    assert Answer.objects.filter(customer=made).count() == 2


def test_without_consent_or_contact_the_answer_counts_and_nobody_is_made(
    ann: Respondent, asking: Survey
) -> None:
    answer(ann, f"/s/{asking.short}")
    answer(ann, f"/s/{asking.short}", **ADDRESS)
    answer(ann, f"/s/{asking.short}", consent=["1"])
    assert Answer.objects.filter(customer=None).count() == 3
    assert not Customer.objects.exists()


def test_whom_the_invitation_was_for_is_completed_and_not_renamed(
    ann: Respondent, asking: Survey, bo: Customer
) -> None:
    _, token = invitation.make(asking, customer=bo)
    answer(ann, f"/s/{asking.short}/{token}", consent=["1"], **ADDRESS)
    bo.refresh_from_db()
    assert bo.name == "Bo"
    assert ("phone", "+8613800000000") in identities(bo)
    assert Answer.objects.get().customer == bo


def test_typing_the_address_of_another_customer_makes_no_one_of_two(
    ann: Respondent, asking: Survey, bo: Customer, shop: Organization
) -> None:
    chen = Customer.objects.create(id=1_000_002, organization=shop, name="Chen")
    Identity.objects.create(organization=shop, customer=chen, kind="crm", value="C-1")
    _, token = invitation.make(asking, customer=chen)
    answer(ann, f"/s/{asking.short}/{token}", consent=["1"], **{"contact.email": ["bo@shop.example"]})
    assert identities(chen) == {("crm", "C-1")}
    assert ("email", "bo@shop.example") in identities(bo)
    assert Answer.objects.get().customer == chen


def test_typing_somebodys_address_gives_no_say_over_them(
    ann: Respondent, asking: Survey, bo: Customer
) -> None:
    end = answer(ann, f"/s/{asking.short}", consent=["1"], **{"contact.email": ["BO@shop.example"]})
    assert Answer.objects.get().customer == bo
    # Nobody agrees for Bo, sees Bo's addresses, or stops what Bo gets.
    assert consent.standing(bo, "contact") is None
    assert Consent.objects.get().customer is None
    path = re.search(r'href="(/s/p/[^"]+)"', end.text)
    assert path
    shown = ann.open(path[1]).text
    assert "b•••@shop.example" not in shown
    assert "Answers you gave: 1" in shown
    sent = Submission.objects.get()
    holder = wishes.of_submission(asking.short, sent.key)
    assert holder is not None
    assert holder.customer is None
    assert wishes.withdraw(holder) == 1
