"""A finding becomes an improvement once; the auditor is told once when an audit is due again (R21, R32, R82)."""

from datetime import date
from typing import Any

import pytest

from mindgap.act.audit import due, looking, promoting, starting
from mindgap.act.audit.audit import Audit, AuditFinding
from mindgap.act.audit.errors import ChangedMeanwhile, NotAllowed
from mindgap.act.audit.scope import Scope
from mindgap.act.improvement.improvement import Improvement
from mindgap.act.notice.notice import Notice
from mindgap.keep.models import Member

pytestmark = pytest.mark.django_db
People = dict[str, Any]


@pytest.fixture
def audit(people: People) -> Audit:
    return starting.start(people["ann"], kind="messages", name="Messages", scope=Scope())


@pytest.fixture
def finding(people: People, audit: Audit) -> AuditFinding:
    item = audit.items.first()
    assert item is not None
    return looking.note(item, people["ann"], words="Says 3, means 5")


def test_a_finding_becomes_an_improvement_of_the_promise(people: People, finding: AuditFinding) -> None:
    """The words are mended, not the delivery; the evidence goes along."""
    made = promoting.promote(finding, people["ann"], about="Delivery")
    assert (made.origin, made.side, made.kind) == ("audit", "promise", "repair")
    assert made.title == "Delivery: Says 3, means 5"
    assert made.touchpoint is not None
    assert made.promise is not None
    assert (made.touchpoint.code, made.promise.code) == ("delivery", "five-days")
    assert made.source["audit_finding"] == finding.pk
    assert made.source["evidence"][0]["code"] == "promise.contradiction"
    finding.refresh_from_db()
    assert finding.improvement == made


def test_what_is_easy_to_fix_becomes_a_quick_win_of_the_unit(people: People) -> None:
    """R32: the two lanes."""
    audit = starting.start(people["bo"], kind="courted", name="North", scope=Scope(unit="north"))
    item = audit.items.get(subject="part:clean")
    made = promoting.promote(
        looking.note(item, people["bo"], words="Mop", severity="quick"), people["bo"], about="x"
    )
    assert (made.kind, made.side, made.touchpoint) == ("quick_win", "delivery", None)
    assert made.unit is not None
    assert made.unit.code == "north"


def test_a_finding_never_becomes_two(people: People, finding: AuditFinding) -> None:
    first = promoting.promote(finding, people["ann"], about="Delivery")
    assert promoting.promote(finding, people["ann"], about="Delivery") == first
    assert Improvement.objects.count() == 1


def test_whoever_is_second_at_the_same_moment_opens_nothing(
    people: People, finding: AuditFinding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one opens theirs after this one has looked, and before it has written."""
    opening = promoting.open_improvement

    def slow(*args: Any, **given: Any) -> Improvement:
        monkeypatch.setattr(promoting, "open_improvement", opening)
        promoting.promote(finding, people["ann"], about="First")
        return opening(*args, **given)

    monkeypatch.setattr(promoting, "open_improvement", slow)
    # In the test both are one transaction, which the second one leaves as a whole.
    with pytest.raises(ChangedMeanwhile):
        promoting.promote(finding, people["ann"], about="Second")


@pytest.mark.parametrize("name", ["bo", "fay", "eli", "chen"])
def test_outsiders_cannot_promote(people: People, finding: AuditFinding, name: str) -> None:
    with pytest.raises(NotAllowed):
        promoting.promote(finding, people[name], about="x")
    assert not Improvement.objects.exists()


def test_an_auditor_of_the_staff_cannot_promote(people: People) -> None:
    audit = starting.start(
        people["bo"], kind="digital", name="North", scope=Scope(unit="north"), auditor=people["fay"]
    )
    item = audit.items.first()
    assert item is not None
    noted = looking.note(item, people["fay"], words="slow")
    with pytest.raises(NotAllowed):
        promoting.promote(noted, people["fay"], about="x")


def test_the_auditor_is_told_once_on_the_day(people: People, audit: Audit) -> None:
    starting.finish(audit, people["ann"], next_due=date(2026, 4, 1))
    assert (due.tell_due(), due.tell_due()) == (1, 0)
    told = Notice.objects.get()
    assert (told.member, told.kind) == (people["ann"], "audit_due")
    assert told.words["link"] == f"/audits/{audit.pk}/"


def test_nobody_is_told_before_the_day_or_of_what_was_made_again(people: People, audit: Audit) -> None:
    starting.finish(audit, people["ann"], next_due=date(2026, 4, 2))
    assert due.tell_due() == 0
    starting.finish(starting.again(audit, people["ann"]), people["ann"])
    Audit.objects.filter(pk=audit.pk).update(next_due=None)
    assert due.tell_due() == 0


def test_another_day_is_told_anew(people: People, audit: Audit) -> None:
    starting.finish(audit, people["ann"], next_due=date(2026, 4, 1))
    due.tell_due()
    Audit.objects.filter(pk=audit.pk).update(next_due=date(2026, 3, 31))
    assert due.tell_due() == 1


def test_whoever_set_it_up_is_told_when_the_auditor_has_left(people: People, audit: Audit) -> None:
    starting.finish(audit, people["ann"], next_due=date(2026, 4, 1))
    Audit.objects.filter(pk=audit.pk).update(auditor=people["eli"])
    Member.objects.filter(pk=people["eli"].pk).update(is_active=False)
    assert due.tell_due() == 1
    assert Notice.objects.get().member == people["ann"]
