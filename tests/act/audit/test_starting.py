"""Starting an audit of each kind, and what the system knows of each thing by itself."""

from datetime import date
from typing import Any

import pytest
from tests.act.audit.conftest import NOW

from mindgap.act.audit import looking, permission, starting
from mindgap.act.audit.audit import KINDS, Audit, AuditItem
from mindgap.act.audit.errors import NotAllowed
from mindgap.act.audit.scope import Scope
from mindgap.act.audit.seeds import seeds
from mindgap.ground.language import LANGUAGES
from mindgap.keep.models import Occurrence

pytestmark = pytest.mark.django_db
People = dict[str, Any]


def start(people: People, kind: str, **scope: Any) -> Audit:
    return starting.start(people["ann"], kind=kind, name=kind.title(), scope=Scope(**scope))


def item(audit: Audit, subject: str) -> AuditItem:
    return audit.items.get(subject=subject)


def codes(found: AuditItem) -> list[str]:
    return [each.get("code") or each["lacking"] for each in found.evidence]


@pytest.mark.parametrize("kind", KINDS)
def test_every_seed_speaks_three_languages(kind: str) -> None:
    for seed in seeds(kind).values():
        for texts in (seed.name, seed.asks, seed.todo, *(check.name for check in seed.checks)):
            assert set(texts) == set(LANGUAGES), seed.code


def test_every_occurrence_and_every_bare_touchpoint_is_on_the_list(people: People) -> None:
    """R21, R28: two places of the promise stand now; store and hotline say nothing."""
    audit = start(people, "messages")
    subjects = list(audit.items.values_list("subject", flat=True))
    places = Occurrence.objects.filter(is_active=True).order_by("id")
    assert subjects[:2] == [f"occurrence:{place.pk}" for place in places]
    assert set(subjects[2:]) == {"touchpoint:store", "touchpoint:hotline"}


def test_contradictions_stand_beside_the_words_as_evidence(people: People) -> None:
    """R20: the poster says 3 days, the register 5; and how often it is kept says whether either is accurate."""
    found = start(people, "messages").items.first()
    assert codes(found) == ["promise.contradiction", "promise.kept"]
    assert found.evidence[0]["details"]["quantities"] == [3.0, 5.0]
    assert found.evidence[1]["n"] == 110
    assert found.evidence[1]["low"] < found.evidence[1]["value"] < found.evidence[1]["high"]


def test_the_scope_leaves_out_what_is_outside(people: People) -> None:
    audit = start(people, "messages", touchpoints=("store",))
    assert list(audit.items.values_list("subject", flat=True)) == ["touchpoint:store"]


def test_a_part_of_courted_stands_beside_what_customers_answered(people: People) -> None:
    """R154: 2.8 of 5 found where 5 was expected, with interval and n; the other parts say that nobody was asked."""
    audit = start(people, "courted")
    assert [each.subject for each in audit.items.all()] == [f"part:{code}" for code in seeds("courted")]
    clean = item(audit, "part:clean").evidence
    assert [each["code"] for each in clean] == ["score.mean", "gap.mean"]
    assert clean[0]["value"] == pytest.approx(2.8)
    assert clean[0]["n"] == 10
    assert clean[1]["value"] == pytest.approx(-2.2)
    assert codes(item(audit, "part:respect")) == ["not_asked"]


def test_dependable_shows_what_operations_know(people: People) -> None:
    """R161: the on-time rate; nobody recorded whether customers were told."""
    assert "promise.kept" in codes(item(start(people, "courted"), "part:dependable"))


def test_the_pyramid_has_six_levels_from_the_ground_up(people: People) -> None:
    """R51–R57."""
    audit = start(people, "pyramid")
    assert [each.subject for each in audit.items.all()] == [
        f"level:{level}" for level in ("inform", "solve", "respond", "anticipate", "proact", "transform")
    ]
    inform = item(audit, "level:inform").evidence[0]
    assert (inform["value"], inform["n"]) == (2, 10)


def test_a_channel_shows_where_customers_stop(people: People) -> None:
    """R71: 60 of the 63 ended web deliveries were completed, 3 were cancelled."""
    audit = start(people, "digital")
    web = item(audit, "channel:web").evidence
    (stopped,) = [each for each in web if each.get("code") == "audit.stopped"]
    assert stopped["n"] == 63
    assert stopped["value"] == pytest.approx(3 / 63)
    assert stopped["low"] < stopped["value"] < stopped["high"]
    assert codes(item(audit, "channel:shop"))[0] == "not_answered"


def test_comments_are_counted_by_whole_words(people: People) -> None:
    """R72: waiting is named in three of ten comments; a waiter is no wait."""
    audit = start(people, "mistakes")
    said = {each.subject: each.evidence[0] for each in audit.items.all()}
    waiting = said["mistake:long_waiting"]
    assert (waiting["code"], waiting["n"], waiting["details"]["count"]) == ("audit.mentioned", 10, 3)
    assert said["mistake:rude"]["details"]["count"] == 1
    assert said["mistake:impersonal"]["value"] == 0


def test_a_mistake_without_data_says_so(people: People) -> None:
    audit = start(people, "mistakes", unit="north")
    assert "no_comments" in codes(item(audit, "mistake:rude"))
    assert "no_cases" in codes(item(audit, "mistake:rude"))
    assert "no_interactions" in codes(item(audit, "mistake:late_untold"))


def test_cases_tell_of_causes_repeats_and_of_what_was_not_put_right(people: People, acme: Any) -> None:
    """R72: of eight cases three were of rudeness, two complained again, and one of six asked was not put right."""
    from mindgap.act.case.case import Case

    for number in range(8):
        Case.objects.create(
            organization=acme,
            number=number,
            title="late",
            cause="rude" if number < 3 else "long_waiting",
            repeat=2 if number < 2 else 1,
            outcome=("not_recovered" if number == 0 else "recovered") if number < 6 else "",
            opened_at=NOW,
        )
    audit = start(people, "mistakes")

    def figure(subject: str, code: str) -> tuple[int, int]:
        (found,) = [each for each in item(audit, subject).evidence if each.get("code") == code]
        return found["details"]["count"], found["n"]

    assert figure("mistake:rude", "audit.cause") == (3, 8)
    assert figure("mistake:repeated", "audit.again") == (2, 8)
    assert figure("mistake:unresolved", "audit.unrecovered") == (1, 6)


def test_an_audit_of_a_unit_counts_only_what_happened_there(people: People) -> None:
    """The 60 web deliveries were of Harbin, which lies in the north."""
    audit = starting.start(people["bo"], kind="messages", name="North", scope=Scope(unit="north"))
    kept = [each for each in audit.items.first().evidence if each["code"] == "promise.kept"]
    assert kept[0]["n"] == 60


def test_evidence_is_sought_again_without_touching_scores(people: People, acme: Any) -> None:
    audit = start(people, "messages")
    first = looking.look(audit.items.first(), people["ann"], version=0, scores={"accuracy": 3})
    place = Occurrence.objects.create(promise=acme.promises.get(), place="policy", quantity=5)
    Occurrence.objects.filter(place="advertisement").delete()
    assert starting.refresh(audit, people["ann"]) == 1
    again = AuditItem.objects.get(pk=first.pk)
    assert (again.scores, again.version) == ({"accuracy": 3}, 1)
    assert codes(again) == ["promise.kept"]
    assert audit.items.last().subject == f"occurrence:{place.pk}"


def test_a_done_audit_is_due_again_in_six_months(people: People) -> None:
    """R21: a next due date; the one that is made instead takes it over."""
    audit = start(people, "pyramid")
    starting.finish(audit, people["ann"])
    audit.refresh_from_db()
    assert (audit.state, audit.next_due) == ("done", date(2026, 10, 1))
    second = starting.again(audit, people["ann"])
    audit.refresh_from_db()
    assert audit.next_due is None
    assert Scope.read(second.scope).before == audit.pk


def test_six_months_from_the_end_of_august_end_with_february() -> None:
    assert starting.in_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert starting.in_months(date(2027, 8, 31), 6) == date(2028, 2, 29)


@pytest.mark.parametrize("name", ["bo", "fay", "eli", "chen"])
def test_outsiders_cannot_start_an_audit_of_the_whole_organization(people: People, name: str) -> None:
    if name == "chen":
        # Chen's own organization is another one: nothing of this one can be named.
        assert not permission.audits(people["chen"]).exists()
        return
    with pytest.raises(NotAllowed):
        starting.start(people[name], kind="pyramid", name="All", scope=Scope())


def test_a_branch_manager_cannot_start_an_audit_of_another_unit(people: People) -> None:
    with pytest.raises(NotAllowed):
        starting.start(people["bo"], kind="pyramid", name="South", scope=Scope(unit="south"))


def test_an_audit_cannot_be_given_to_somebody_who_may_not_see_it(people: People) -> None:
    with pytest.raises(NotAllowed):
        starting.start(people["ann"], kind="pyramid", name="All", scope=Scope(), auditor=people["fay"])
    with pytest.raises(NotAllowed):
        starting.start(people["ann"], kind="pyramid", name="All", scope=Scope(), auditor=people["chen"])


@pytest.mark.parametrize("verb", [starting.refresh, starting.finish, starting.reopen, starting.again])
@pytest.mark.parametrize("name", ["bo", "fay", "eli", "chen"])
def test_outsiders_cannot_refresh_finish_reopen_or_repeat(people: People, name: str, verb: Any) -> None:
    audit = start(people, "messages")
    with pytest.raises(NotAllowed):
        verb(audit, people[name])
    audit.refresh_from_db()
    assert audit.state == "open"
