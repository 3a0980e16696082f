"""Desk: what many cases are looked at with, read once: calendars, service levels, policies, members; and their notices.

One desk serves one transaction. Notices are laid on it and leave together (`send`).
"""

from mindgap.act.case.case import Case
from mindgap.act.case.policy import CasePolicy, policy
from mindgap.act.hours.reckoning import Book, Hours
from mindgap.act.hours.service_level import Level, levels
from mindgap.act.notice.tell import Telling, tell_all
from mindgap.keep.models import Member


class Desk:
    """Everything by organization; what nobody asks for is not read."""

    def __init__(self) -> None:
        self._books: dict[int, Book] = {}
        self._levels: dict[int, dict[tuple[str, str], Level]] = {}
        self._policies: dict[int, CasePolicy] = {}
        self._members: dict[int, list[Member]] = {}
        self._notices: list[Telling] = []

    def hours(self, case: Case) -> Hours:
        """The working hours where a case is."""
        if case.organization_id not in self._books:
            self._books[case.organization_id] = Book(case.organization)
        return self._books[case.organization_id].of(case.unit)

    def levels(self, case: Case) -> dict[tuple[str, str], Level]:
        """How long the steps of its organization may take."""
        if case.organization_id not in self._levels:
            self._levels[case.organization_id] = levels(case.organization)
        return self._levels[case.organization_id]

    def policy(self, organization_id: int) -> CasePolicy:
        """What the organization decided about its cases."""
        if organization_id not in self._policies:
            self._policies[organization_id] = policy(organization_id)
        return self._policies[organization_id]

    def members(self, organization_id: int) -> list[Member]:
        """The active members."""
        if organization_id not in self._members:
            there = Member.objects.filter(organization_id=organization_id, is_active=True)
            self._members[organization_id] = list(there.select_related("user", "unit").order_by("id"))
        return self._members[organization_id]

    def lay(self, notice: Telling) -> None:
        """Tell somebody when the desk is cleared."""
        self._notices.append(notice)

    def send(self) -> None:
        """Tell everybody for whom something lies here."""
        tell_all(self._notices)
        self._notices = []
