"""The facts made again from the record, and compared with it."""

import pyarrow.parquet as pq
import pytest
from tests.keep.company import Company, at

from mindgap.keep import facts, incoming, recorder
from mindgap.keep.facts import Question, remake, snapshot, store
from mindgap.keep.models import Answer, FactFile, Interaction, Reading

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company():
    made = Company()
    person = incoming.Person({"email": "a@x.org"}, segments={"state": "SP"})
    for place in range(5):
        made.interaction(
            f"o{place}", started=at(1), due=at(6), experienced=at(4 + place), person=person, unit="north"
        )
        made.answer(f"r{place}", interaction=f"o{place}", scores={"satisfaction": 1 + place}, answered=at(40))
    made.answer(
        "alone", touchpoint="visit", scores={"satisfaction": 3}, expected=(incoming.Statement("days", 2),)
    )
    recorder.catch_up()
    return made


ZONE = (
    incoming.Statement("satisfaction", 5, "should"),
    incoming.Statement("satisfaction", 4, "will"),
    incoming.Statement("satisfaction", 2, "minimum"),
)
BY = (
    "day",
    "asked_day",
    "touchpoint",
    "unit",
    "measure",
    "value",
    "outcome",
    "outcome_time",
    "state",
    "early",
    "seg_state",
)


def test_facts_made_again_are_the_same_facts(company):
    question = Question(company.organization.id, BY)
    before = facts.counts(question).rows()
    facts.close_tail(company.organization, force=True)
    assert facts.rebuild(company.organization) == 12
    assert facts.counts(question).rows() == before
    assert not Reading.objects.exists()
    assert facts.verify(company.organization) == ()


def test_what_is_recorded_while_facts_are_made_again_is_kept(company, monkeypatch):
    publish = store.publish

    def later(*args, **more):
        monkeypatch.setattr(store, "publish", publish)
        company.interaction("o0", started=at(1), due=at(6), experienced=at(2))
        company.interaction("new", started=at(1), due=at(6), experienced=at(2))
        recorder.catch_up()
        return publish(*args, **more)

    monkeypatch.setattr(store, "publish", later)
    facts.rebuild(company.organization)
    assert facts.verify(company.organization) == ()
    assert facts.counts(Question(company.organization.id, measures=(company.days.id,))).total == 7


def test_files_changed_meanwhile_make_it_start_again(company, monkeypatch):
    publish = store.publish

    def overtaken(*args, **more):
        monkeypatch.setattr(store, "publish", publish)
        facts.close_tail(company.organization, force=True)
        return publish(*args, **more)

    monkeypatch.setattr(store, "publish", overtaken)
    assert facts.rebuild(company.organization) == 12
    assert facts.verify(company.organization) == ()


def test_verify_names_what_differs(company):
    Reading.objects.filter(measure=company.days.id).first().delete()
    (difference,) = facts.verify(company.organization)
    assert (difference.facts, difference.record) == (0, 1)
    assert f"measure {company.days.id}" in str(difference)
    facts.rebuild(company.organization)
    assert facts.verify(company.organization) == ()


def test_verify_sees_a_lost_and_a_spoiled_file(company, monkeypatch):
    monkeypatch.setattr(store, "ROLLUP_ROWS", 0)
    facts.close_tail(company.organization, force=True)
    first, second = FactFile.objects.all()
    (store.folder() / first.name).unlink()
    with (store.folder() / second.rollup).open("ab") as file:
        file.write(b"!")
    assert len(facts.verify(company.organization)) == 2


def test_a_record_in_several_pages_is_read_whole(company, monkeypatch):
    monkeypatch.setattr(remake, "_PAGE", 2)
    monkeypatch.setattr(remake, "_FILE_ROWS", 3)
    assert facts.rebuild(company.organization) == 12
    assert facts.verify(company.organization) == ()
    assert Interaction.objects.count() == 5


def test_kinds_of_expectations_stand_beside_the_score(company):
    company.answer("zone", touchpoint="visit", scores={"satisfaction": 3}, expected=ZONE)
    company.answer("least", touchpoint="visit", expected=(incoming.Statement("satisfaction", 2, "minimum"),))
    recorder.catch_up()
    question = Question(
        company.organization.id, ("value", "expected", "should", "minimum"), (company.satisfaction.id,)
    )
    there = {row[:4]: row[4] for row in facts.counts(question).rows()}
    assert there[3, 4, 5, 2] == 1
    assert there[None, None, None, 2] == 1


def test_files_of_an_earlier_layout_are_read_merged_and_made_anew(company):
    """Recorded before the facts knew the kinds of an expectation: unknown until a rebuild."""
    company.answer("zone", touchpoint="visit", scores={"satisfaction": 3}, expected=ZONE)
    recorder.catch_up()
    organization = company.organization
    question = Question(organization.id, ("should", "minimum"), (company.satisfaction.id,))
    Reading.objects.update(should=None, minimum=None)
    row = Answer.objects.get(key="zone")
    row.scores["satisfaction"] = {"value": 3, "expected": 4, "source": None}
    row.save()
    facts.close_tail(organization, force=True)
    for file in FactFile.objects.all():
        path = store.folder() / file.name
        old = pq.read_table(path, partitioning=None).drop_columns(["should", "minimum"])
        pq.write_table(old, path)
        FactFile.objects.filter(pk=file.pk).update(layout=1, bytes=path.stat().st_size)
    snapshot.forget()
    assert facts.counts(question).rows() == [(None, None, 7)]
    company.answer("later", touchpoint="visit", scores={"satisfaction": 3}, expected=ZONE)
    recorder.catch_up()
    assert facts.counts(question).rows() == [(5, 2, 1), (None, None, 7)]
    facts.close_tail(organization, force=True)
    assert facts.compact(organization, force=True) > 1
    assert facts.counts(question).rows() == [(5, 2, 1), (None, None, 7)]
    facts.rebuild(organization)
    assert facts.counts(question).rows() == [(5, 2, 2), (None, None, 6)]
    # Again: nothing is left to be stated.
    facts.rebuild(organization)
    assert facts.verify(organization) == ()
