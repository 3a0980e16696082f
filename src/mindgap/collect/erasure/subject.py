"""Subject: everything by which one person, or one visit, can be found in the record."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from mindgap.keep.erasure import EVERYTHING, Erasure
from mindgap.keep.models import Answer, Contact, Customer, Interaction, Invitation, Submission


@dataclass(slots=True)
class Subject:
    """Ids of rows, keys of answers and interactions, and the addresses that the person is known by."""

    customers: set[int] = field(default_factory=set)
    answers: set[int] = field(default_factory=set)
    interactions: set[int] = field(default_factory=set)
    submissions: set[int] = field(default_factory=set)
    invitations: set[int] = field(default_factory=set)
    contacts: set[int] = field(default_factory=set)
    answer_keys: set[str] = field(default_factory=set)
    interaction_keys: set[str] = field(default_factory=set)
    submission_keys: set[str] = field(default_factory=set)
    # Kind and value.
    identities: set[tuple[str, str]] = field(default_factory=set)
    files: set[str] = field(default_factory=set)

    def write(self) -> dict[str, Any]:
        """As JSON, to go on after a restart."""
        return {name: sorted(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def read(cls, raw: dict[str, Any]) -> "Subject":
        """What `write` wrote."""
        found = cls(**{name: set(values) for name, values in raw.items() if name != "identities"})
        found.identities = {(kind, value) for kind, value in raw.get("identities", ())}
        return found

    def add(self, other: "Subject") -> None:
        """Everything of another subject as well."""
        for name in self.__slots__:
            getattr(self, name).update(getattr(other, name))

    @property
    def values(self) -> set[str]:
        """Addresses long enough to be one person's wherever they stand; a till's "1" is not."""
        return {value for _, value in self.identities if len(value) >= 4}


def find(erasure: Erasure) -> Subject:
    """What belongs to whoever asked, as the record is now, and what was found before."""
    found = Subject.read(erasure.subject)
    mine = {"organization_id": erasure.organization_id}
    submissions = Submission.objects.filter(**mine)
    if erasure.submission_key is not None:
        _add_visit(found, erasure, str(erasure.submission_key))
    if erasure.customer_id is not None and erasure.scope == EVERYTHING:
        found.customers.add(erasure.customer_id)
    elif erasure.customer_id is not None:
        for key in submissions.filter(customer_id=erasure.customer_id).values_list("key", flat=True):
            _add_visit(found, erasure, str(key))
    if erasure.scope != EVERYTHING:
        submissions = submissions.filter(key__in=[UUID(key) for key in found.submission_keys])
    elif found.customers:
        _add_customers(found, mine)
        invited = Invitation.objects.filter(**mine, customer_id__in=found.customers)
        found.invitations.update(invited.values_list("id", flat=True))
        submissions = submissions.filter(customer_id__in=found.customers) | submissions.filter(
            invitation_id__in=found.invitations
        )
    else:
        submissions = submissions.filter(key__in=[UUID(key) for key in found.submission_keys])
    for id_, key, answers in submissions.values_list("id", "key", "answers"):
        found.submissions.add(id_)
        found.submission_keys.add(str(key))
        found.files.update(
            each["file"] for each in answers.values() if isinstance(each, dict) and "file" in each
        )
    return found


def _add_visit(found: Subject, erasure: Erasure, key: str) -> None:
    """One visit, its answers, and the customer who came with it and with nothing else."""
    found.submission_keys.add(key)
    answers = Answer.objects.filter(organization_id=erasure.organization_id)
    said = list(answers.filter(key=key)) + list(answers.filter(key__startswith=f"{key}/"))
    if erasure.scope == EVERYTHING:
        found.answers.update(each.pk for each in said)
        found.answer_keys.update(each.key for each in said)
    for each in said:
        # Made by this very answer.
        if each.customer_id == each.pk and not _has_more(each.customer_id, key):
            found.customers.add(each.pk)
            _add_identities(found)


def _has_more(customer: int, key: str) -> bool:
    others = Answer.objects.filter(customer_id=customer).exclude(key=key).exclude(key__startswith=f"{key}/")
    return others.exists() or Interaction.objects.filter(customer_id=customer).exists()


def _add_customers(found: Subject, mine: dict[str, Any]) -> None:
    _add_identities(found)
    for id_, key in Answer.objects.filter(**mine, customer_id__in=found.customers).values_list("id", "key"):
        found.answers.add(id_)
        found.answer_keys.add(key)
    rows = Interaction.objects.filter(**mine, customer_id__in=found.customers)
    for id_, key in rows.values_list("id", "key"):
        found.interactions.add(id_)
        found.interaction_keys.add(key)
    asked = Contact.objects.filter(**mine, customer_id__in=found.customers)
    found.contacts.update(asked.values_list("id", flat=True))


def _add_identities(found: Subject) -> None:
    for customer in Customer.objects.filter(pk__in=found.customers):
        found.identities.update(customer.identities.values_list("kind", "value"))
