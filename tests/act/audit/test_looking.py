"""Looking at items: scores, words, new wording; two people at once; who may not."""

from typing import Any

import pytest

from mindgap.act.audit import looking, permission, ranking, starting
from mindgap.act.audit.audit import Audit, AuditFinding, AuditItem
from mindgap.act.audit.errors import BadScore, ChangedMeanwhile, NotAllowed
from mindgap.act.audit.scope import Scope
from mindgap.keep.models import Occurrence

pytestmark = pytest.mark.django_db
People = dict[str, Any]


@pytest.fixture
def messages(people: People) -> Audit:
    return starting.start(people["ann"], kind="messages", name="Messages", scope=Scope())


@pytest.fixture
def courted(people: People) -> Audit:
    return starting.start(people["bo"], kind="courted", name="COURTED", scope=Scope(unit="north"))


def test_a_message_is_scored_and_reworded(people: People, messages: Audit) -> None:
    """R29: accuracy, empathy, and the wording before and after."""
    item = messages.items.first()
    after = {"en": "Within 7 days; we tell you when it is later."}
    seen = looking.look(
        item, people["ann"], version=0, scores={"accuracy": 3, "empathy": 5}, words="too bold", after=after
    )
    assert seen.scores == {"accuracy": 3, "empathy": 5}
    assert seen.wording["after"] == after
    assert (seen.by, seen.version, seen.words) == (people["ann"], 1, "too bold")
    place = looking.reword(seen, people["ann"], version=1)
    assert place.words == after
    assert Occurrence.objects.get(pk=place.pk).words == after
    assert AuditItem.objects.get(pk=item.pk).wording["accepted_at"]


def test_rewording_keeps_the_languages_that_were_not_written_anew(people: People, messages: Audit) -> None:
    place = Occurrence.objects.get(place="website")
    place.words = {"en": "5 days", "zh-hans": "5 天"}
    place.save()
    item = messages.items.get(subject=f"occurrence:{place.pk}")
    looking.look(item, people["ann"], version=0, scores={}, after={"en": "7 days"})
    assert looking.reword(item, people["ann"], version=1).words == {"en": "7 days", "zh-hans": "5 天"}


def test_whoever_saw_an_older_version_overwrites_nothing(people: People, messages: Audit) -> None:
    item = messages.items.first()
    looking.look(item, people["ann"], version=0, scores={"accuracy": 3}, words="first")
    with pytest.raises(ChangedMeanwhile) as caught:
        looking.look(item, people["ann"], version=0, scores={"accuracy": 9}, words="second")
    assert caught.value.item.scores == {"accuracy": 3}
    assert AuditItem.objects.get(pk=item.pk).words == "first"


def test_a_score_can_be_taken_away(people: People, messages: Audit) -> None:
    item = messages.items.first()
    looking.look(item, people["ann"], version=0, scores={"accuracy": 3, "empathy": 4})
    assert looking.look(item, people["ann"], version=1, scores={"accuracy": None}).scores == {"empathy": 4}


@pytest.mark.parametrize("scores", [{"accuracy": 11}, {"accuracy": -1}, {"score": 5}, {"steps": 4}])
def test_a_score_that_is_none_is_refused(people: People, messages: Audit, scores: dict[str, int]) -> None:
    with pytest.raises(BadScore):
        looking.look(messages.items.first(), people["ann"], version=0, scores=scores)


def test_members_of_a_unit_each_say_their_view(people: People, courted: Audit) -> None:
    """R154: the one's view leaves the other's as it is, whoever was first."""
    item = courted.items.get(subject="part:respect")
    looking.assess(item, people["fay"], 9)
    looking.assess(item, people["gus"], 4)
    looking.assess(item, people["fay"], 8)
    fresh = AuditItem.objects.get(pk=item.pk)
    assert sorted(looking.views(fresh)) == [4, 8]
    assert looking.view_of(fresh, people["fay"]) == 8
    assert looking.view_of(fresh, people["bo"]) is None


def test_blind_is_who_thinks_better_of_oneself_than_customers_do(people: People) -> None:
    """Customers gave 2.8 of 5, which is 4.5 of ten; one's own people think it is a 9."""
    audit = starting.start(people["ann"], kind="courted", name="All", scope=Scope())
    looking.assess(audit.items.get(subject="part:clean"), people["ann"], 9)
    looking.assess(audit.items.get(subject="part:respect"), people["ann"], 3)
    rows = ranking.result(audit).rows
    clean = next(row for row in rows if row.item.subject == "part:clean")
    assert clean.customers is not None
    assert clean.customers[0] == pytest.approx(4.5)
    assert clean.customers[3] == 10
    assert clean.customers[1] < 4.5 < clean.customers[2] < 9
    assert clean.is_blind
    assert [row.item.subject for row in rows[:2]] == ["part:respect", "part:clean"]
    assert not rows[0].is_blind


def test_the_lowest_comes_first_with_what_to_do(people: People, messages: Audit) -> None:
    """R82: the weaker of accuracy and empathy counts; what nobody judged comes last and lowers the coverage."""
    first, second, *_rest = messages.items.all()
    looking.look(first, people["ann"], version=0, scores={"accuracy": 8, "empathy": 7})
    looking.look(second, people["ann"], version=0, scores={"accuracy": 2, "empathy": 9})
    bare = messages.items.get(subject="touchpoint:store")
    looking.look(bare, people["ann"], version=0, scores={"bare": 0})
    result = ranking.result(messages)
    assert [row.item.pk for row in result.rows[:3]] == [bare.pk, second.pk, first.pk]
    assert [row.weakest for row in result.rows[:3]] == ["bare", "accuracy", "empathy"]
    assert result.rows[1].todo is not None
    assert "really kept" in str(result.rows[1].todo.todo)
    assert (result.looked, result.items, result.coverage) == (3, 4, 0.75)


def test_the_lowest_weak_level_is_the_ground_to_begin_on(people: People) -> None:
    """R57, R99: level 4 is the weakest, but level 2 lies below it; among equals impact decides, then effort."""
    audit = starting.start(people["ann"], kind="pyramid", name="Pyramid", scope=Scope())
    given = {"inform": 8, "solve": 5, "respond": 7, "anticipate": 2, "proact": 7, "transform": 7}
    for code, score in given.items():
        more = {"impact": 9 if code == "proact" else 4, "effort": 2 if code == "transform" else 6}
        item = audit.items.get(subject=f"level:{code}")
        looking.look(item, people["ann"], version=0, scores={"score": score, **more})
    result = ranking.result(audit)
    assert result.ground is not None
    assert result.ground.item.subject == "level:solve"
    order = [row.item.subject.removeprefix("level:") for row in result.rows]
    assert order == ["anticipate", "solve", "proact", "transform", "respond", "inform"]


def test_a_channel_takes_its_number_of_steps(people: People) -> None:
    audit = starting.start(people["ann"], kind="digital", name="Digital", scope=Scope())
    item = audit.items.get(subject="channel:web")
    seen = looking.look(item, people["ann"], version=0, scores={"ease": 4, "steps": 12})
    assert seen.scores == {"ease": 4, "steps": 12}
    assert ranking.result(audit).rows[0].score == 4


def test_things_of_ones_own_can_be_added(people: People, messages: Audit) -> None:
    one = looking.add(messages, people["ann"], " The sign at the door ")
    two = looking.add(messages, people["ann"], "The voice on the line")
    assert (one.subject, two.subject) == ("own:1", "own:2")
    assert one.wording == {"name": "The sign at the door"}
    assert list(messages.items.all())[-1] == two
    assert looking.look(one, people["ann"], version=0, scores={"score": 6}).scores == {"score": 6}


def test_a_finding_is_noted_and_settled(people: People, messages: Audit) -> None:
    finding = looking.note(
        messages.items.first(), people["ann"], words="Says 3, means 5", severity="critical"
    )
    assert ranking.result(messages).open_findings == 1
    looking.settle(finding, people["ann"])
    assert ranking.result(messages).open_findings == 0
    assert AuditFinding.objects.get().closed_at is not None


@pytest.mark.parametrize("name", ["bo", "fay", "eli", "chen"])
def test_outsiders_cannot_look_reword_add_note_or_settle(people: People, messages: Audit, name: str) -> None:
    outsider, item = people[name], messages.items.first()
    finding = looking.note(item, people["ann"], words="x")
    looking.look(item, people["ann"], version=0, scores={}, after={"en": "7 days"})
    tries = [
        lambda: looking.look(item, outsider, version=1, scores={"accuracy": 1}),
        lambda: looking.assess(item, outsider, 1),
        lambda: looking.reword(item, outsider, version=1),
        lambda: looking.add(messages, outsider, "x"),
        lambda: looking.note(item, outsider, words="x"),
        lambda: looking.settle(finding, outsider),
    ]
    for attempt in tries:
        with pytest.raises(NotAllowed):
            attempt()
    assert AuditItem.objects.get(pk=item.pk).version == 1
    assert Occurrence.objects.filter(words__en="7 days").count() == 0


def test_a_branch_manager_cannot_reword_a_promise_of_the_whole_company(people: People) -> None:
    audit = starting.start(people["bo"], kind="messages", name="North", scope=Scope(unit="north"))
    item = audit.items.first()
    looking.look(item, people["bo"], version=0, scores={}, after={"en": "7 days"})
    with pytest.raises(NotAllowed):
        looking.reword(item, people["bo"], version=1)


def test_who_sees_which_audits(people: People, messages: Audit, courted: Audit) -> None:
    """Bo sees those of the north, Fay the one that everybody takes part in, Chen none."""
    seen = {name: set(permission.audits(member)) for name, member in people.items()}
    assert seen["ann"] == seen["eli"] == {messages, courted}
    assert seen["bo"] == seen["fay"] == {courted}
    assert seen["chen"] == set()


def test_staff_see_what_they_are_to_audit(people: People) -> None:
    audit = starting.start(
        people["bo"], kind="digital", name="North", scope=Scope(unit="north"), auditor=people["fay"]
    )
    assert audit in permission.audits(people["fay"])
    assert audit not in permission.audits(people["gus"])
    assert looking.look(audit.items.first(), people["fay"], version=0, scores={"ease": 3}).by == people["fay"]


def test_the_views_of_a_unit_are_not_for_outsiders(people: People, courted: Audit) -> None:
    for name in ("chen",):
        with pytest.raises(NotAllowed):
            looking.assess(courted.items.first(), people[name], 1)
