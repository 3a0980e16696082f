"""Sums of products: from tail and files, corrected or not, always what plain sums over the rows give."""

from collections import defaultdict
from importlib import import_module

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.keep.company import Company, at
from tests.keep.facts.tail import PLAIN, put

from mindgap.ground.condition import Condition
from mindgap.keep import facts, recorder
from mindgap.keep.facts import BadQuestion, Question, Term, snapshot
from mindgap.keep.facts.products import forget, sum_afresh
from mindgap.keep.facts.question import ProductsQuestion
from mindgap.keep.facts.statement import Scales
from mindgap.keep.models import Measure, Organization

pytestmark = pytest.mark.django_db(transaction=True)
# The function of its name stands before the module.
SUMS = import_module("mindgap.keep.facts.products")


@pytest.fixture
def organization():
    return Organization.objects.create(code="acme")


def ask(organization, *terms, by=(), **more):
    asked = {name: more.pop(name) for name in ("crossed", "blocks", "per") if name in more}
    return facts.products(Question(organization.id, by, **more), terms, **asked)


def moments(found, cell=0):
    """n, sums and products of a cell over all blocks, about 0."""
    n = int(found.n[cell].sum())
    sums, about = found.sums[cell].sum(axis=0), found.about
    cross = found.cross[cell].sum(axis=0)
    cross = cross + np.outer(sums, about) + np.outer(about, sums) + n * np.outer(about, about)
    return n, sums + n * about, cross


def test_readings_of_one_interaction_make_one_row(organization):
    put(
        organization,
        {"interaction": 7, "answer": 0, "measure": 2, "value": 3},
        {"interaction": 7, "answer": 8, "measure": 1, "value": 9},
        {"interaction": 0, "answer": 9, "measure": 1, "value": 5},
        {"interaction": 0, "answer": 9, "measure": 2, "value": 1},
        {"interaction": 0, "answer": 10, "measure": 1, "value": 4},
    )
    n, sums, cross = moments(ask(organization, Term(1), Term(2)))
    assert n == 2
    assert sums.tolist() == [14, 4]
    assert cross.tolist() == [[106, 32], [32, 10]]


def test_rows_with_something_missing_are_counted_by_what_is_known(organization):
    put(
        organization,
        {"answer": 1, "measure": 1, "value": 4}, {"answer": 1, "measure": 2, "value": 4},
        {"answer": 2, "measure": 1, "value": 4}, {"answer": 2, "measure": 2, "value": None},
        {"answer": 3, "measure": 1, "value": 4}, {"answer": 4, "measure": 3, "value": 4},
    )  # fmt: skip
    found = ask(organization, Term(1), Term(2))
    assert found.known.tolist() == [[True, False], [True, True]]
    assert found.rows.tolist() == [[2, 1]]
    assert found.n.tolist() == [[1]]


def test_several_values_of_one_row_count_with_their_mean(organization):
    put(
        organization,
        *({"interaction": 7, "answer": i, "value": value} for i, value in enumerate((2, 3, 7), 1)),
    )
    assert moments(ask(organization, Term(1)))[1].tolist() == [4.0]


def test_a_reading_taken_back_is_in_no_sum(organization):
    put(organization, {"interaction": 1, "measure": 1, "value": 9, "channel": 1, "customer": 5})
    put(organization, {"interaction": 1, "measure": 2, "value": 2, "channel": 1, "customer": 5})
    facts.close_tail(organization, force=True)
    put(organization, {"interaction": 1, "measure": 1, "value": 9, "channel": 1, "customer": 5}, sign=-1)
    put(organization, {"interaction": 1, "measure": 1, "value": 3, "channel": 2, "customer": 6})
    for _ in range(2):
        found = ask(organization, Term(1), Term(2), by=("channel",))
        assert found.keys.tolist() == [[2.0]]
        n, sums, cross = moments(found)
        assert (n, sums.tolist(), cross[0, 1]) == (1, [3, 2], 6)
        facts.close_tail(organization, force=True)
        facts.compact(organization, force=True)


def test_a_row_belongs_to_the_cell_of_its_outcome(organization):
    put(
        organization,
        {"interaction": 1, "measure": 1, "value": 9, "channel": 1},
        {"interaction": 1, "measure": 2, "value": 2, "channel": 3},
        {"interaction": 2, "measure": 2, "value": 2, "channel": 3},
    )
    found = ask(organization, Term(1), Term(2), by=("channel",))
    n = {float(key[0]): int(n.sum()) for key, n in zip(found.keys, found.n, strict=True)}
    assert n == {1.0: 1}


def test_all_rows_of_a_customer_lie_in_one_block(organization):
    put(organization, *({"answer": i, "customer": 1 + i % 7, "value": i % 5} for i in range(1, 200)))
    found = ask(organization, Term(1), blocks=50)
    assert (found.n > 0).sum() <= 7
    assert found.n.sum() == 199
    # Nobody knows whose they are: each is a customer of its own.
    put(organization, *({"answer": i, "customer": 0, "value": 1} for i in range(200, 400)))
    assert (ask(organization, Term(1), blocks=50).n > 0).sum() > 40


def test_one_row_per_customer_where_asked(organization):
    put(
        organization,
        {"answer": 1, "customer": 4, "touchpoint": 0, "value": 9},
        {"answer": 2, "customer": 4, "touchpoint": 1, "measure": 2, "value": 3},
        {"answer": 3, "customer": 4, "touchpoint": 2, "measure": 2, "value": 5},
        {"answer": 4, "customer": 0, "touchpoint": 1, "measure": 2, "value": 1},
    )
    found = ask(organization, Term(1), Term(2, touchpoint=1), Term(2, touchpoint=2), per="customer")
    n, sums, _ = moments(found)
    assert (n, sums.tolist()) == (1, [9, 3, 5])
    assert found.rows.sum() == 1


def test_products_of_terms_may_be_columns(organization):
    """R35: a response surface needs squares and products of what was expected and experienced."""
    put(organization, {"answer": 1, "value": 3, "expected": 5}, {"answer": 2, "value": 2, "expected": 4})
    found = ask(organization, Term(1), Term(1, "expected"), crossed=[(0, 1), (1, 1)])
    assert moments(found)[1].tolist() == [5, 9, 23, 41]


def test_gaps_are_good_when_positive(organization):
    days = Measure.objects.create(
        organization=organization, code="days", kind="duration", higher_is_better=False
    )
    put(organization, {"measure": days.id, "value": 3, "promised": 5})
    assert moments(ask(organization, Term(days.id, "gap_promised")))[1].tolist() == [2]


def test_large_numbers_with_a_small_spread_lose_no_digits(organization):
    put(organization, *({"answer": i + 1, "value": 2_000_000_000 + i} for i in range(100)))
    found = ask(organization, Term(1))
    mean = found.sums[0, 0, 0] / 100
    assert found.cross[0, 0, 0, 0] / 100 - mean**2 == pytest.approx(833.25, rel=1e-9)


def test_the_same_question_again_is_answered_from_memory_until_something_changes(organization):
    put(organization, {"value": 1})
    first = ask(organization, Term(1))
    assert ask(organization, Term(1)) is first
    put(organization, {"answer": 2, "value": 2})
    assert moments(ask(organization, Term(1)))[0] == 2


def test_a_new_reading_is_added_to_what_was_summed_and_files_are_not_summed_again(organization, monkeypatch):
    put(
        organization,
        *({"answer": i, "measure": m, "value": (i * m) % 7} for i in range(1, 41) for m in (1, 2)),
    )
    facts.close_tail(organization, force=True)
    ask(organization, Term(1), Term(2), blocks=4)
    monkeypatch.setattr(SUMS, "sum_afresh", None)
    put(organization, {"answer": 99, "measure": 1, "value": 3}, {"answer": 99, "measure": 2, "value": 5})
    # One that lies in the files is corrected.
    put(organization, {"answer": 7, "measure": 1, "value": 0}, sign=-1)
    put(organization, {"answer": 7, "measure": 1, "value": 6})
    refreshed = moments(ask(organization, Term(1), Term(2), blocks=4))
    facts.close_tail(organization, force=True)
    closed = moments(ask(organization, Term(1), Term(2), blocks=4))
    monkeypatch.undo()
    forget()
    n, sums, cross = moments(ask(organization, Term(1), Term(2), blocks=4))
    for found in (refreshed, closed):
        assert found[0] == n == 41
        assert found[1].tolist() == sums.tolist()
        assert found[2].tolist() == cross.tolist()


def test_more_than_a_few_new_files_are_summed_anew(organization, monkeypatch):
    monkeypatch.setattr(SUMS, "_FEW", 0)
    put(organization, *({"answer": i, "measure": 1, "value": i % 5} for i in range(1, 9)))
    facts.close_tail(organization, force=True)
    assert moments(ask(organization, Term(1)))[0] == 8
    put(organization, *({"answer": i, "measure": 1, "value": 1} for i in range(20, 40)))
    facts.close_tail(organization, force=True)
    assert moments(ask(organization, Term(1)))[0] == 28


def test_one_organization_is_never_summed_for_another(organization):
    other = Organization.objects.create(code="other")
    put(organization, {"value": 1})
    put(other, {"value": 2})
    assert moments(ask(organization, Term(1)))[1].tolist() == [1]
    assert moments(ask(other, Term(1)))[1].tolist() == [2]


def test_nothing_sums_to_nothing(organization):
    found = ask(organization, Term(1), Term(2), blocks=3)
    assert (found.n.sum(), found.sums.shape, found.rows.size) == (0, (1, 3, 2), 0)
    assert ask(organization, Term(1), by=("channel",)).n.shape == (0, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"terms": ()},
        {"terms": (Term(1), Term(1))},
        {"terms": (Term(1),), "crossed": ((0, 1),)},
        {"terms": (Term(1),), "blocks": 0},
    ],
)
def test_what_cannot_be_asked_is_refused(wrong):
    with pytest.raises(BadQuestion):
        ProductsQuestion(Question(1), **wrong)
    with pytest.raises(BadQuestion):
        Term(1, "customer")
    with pytest.raises(BadQuestion):
        ProductsQuestion(Question(1, weighted=True), (Term(1),))


def test_facts_made_again_from_the_record_give_the_same_sums():
    company = Company()
    for i in range(6):
        company.interaction(f"order{i}", experienced=at(1 + i) if i else None, customer=f"c{i}@example.org")
        company.answer(f"said{i}", interaction=f"order{i}", scores={"satisfaction": 1 + i % 5})
    recorder.catch_up()
    # The open one is delivered: its reading is taken back and added anew.
    company.interaction("order0", experienced=at(3), customer="c0@example.org")
    recorder.catch_up()
    asked = {"terms": (Term(company.satisfaction.id), Term(company.days.id)), "blocks": 3}
    before = facts.products(Question(company.organization.id), **asked)
    facts.rebuild(company.organization)
    after = facts.products(Question(company.organization.id), **asked)
    assert after is not before
    assert before.n.sum() == 6
    assert moments(after)[1].tolist() == moments(before)[1].tolist()
    assert moments(after)[2].tolist() == moments(before)[2].tolist()
    assert after.n.tolist() == before.n.tolist()


_reading = st.fixed_dictionaries(
    {
        "day": st.integers(19_990, 20_040),
        "measure": st.integers(1, 3),
        "channel": st.integers(0, 2),
        "customer": st.integers(0, 2),
        "interaction": st.integers(0, 3),
        "answer": st.integers(1, 4),
        "value": st.one_of(st.none(), st.integers(0, 9)),
        "expected": st.one_of(st.none(), st.integers(0, 9)),
    }
)
_step = st.one_of(
    st.tuples(st.just("put"), st.lists(_reading, min_size=1, max_size=6)),
    st.tuples(st.just("take_back"), st.integers(0, 9)),
    st.tuples(st.sampled_from(["close", "compact"]), st.none()),
)
_terms = st.lists(
    st.builds(Term, st.integers(1, 3), st.sampled_from(["value", "expected"])),
    unique=True,
    min_size=1,
    max_size=3,
)


def _plain(alive, terms, by, per):
    """Cell -> rows of values, by plain loops."""
    rows = defaultdict(list)
    for reading in alive:
        row = {**PLAIN, **reading}
        own = ("i", row["interaction"]) if row["interaction"] else ("a", row["answer"])
        rows[("c", row["customer"]) if per == "customer" and row["customer"] else own].append(row)
    cells = defaultdict(list)
    for readings in rows.values():
        values = []
        for term in terms:
            known = [
                r[term.column]
                for r in readings
                if r["measure"] == term.measure and r[term.column] is not None
            ]
            values.append(np.mean(known) if known else np.nan)
        if not np.isnan(values[0]):
            outcome = [r for r in readings if r["measure"] == terms[0].measure]
            cells[tuple(float(max(r[name] for r in outcome)) for name in by)].append(values)
    return cells


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(_step, min_size=1, max_size=8),
    terms=_terms,
    by=st.sampled_from([(), ("channel",), ("channel", "month")]),
    per=st.sampled_from(["interaction", "customer"]),
    blocks=st.sampled_from([1, 4]),
    channel=st.one_of(st.none(), st.integers(0, 2)),
)
def test_summed_by_whatever_way_the_answer_is_that_of_plain_rows(steps, terms, by, per, blocks, channel):
    """From tail and files, through closing, merging and taking back, equals plain sums; so does counting afresh."""
    from mindgap.ground import clock

    organization = Organization.objects.create(code=f"o{Organization.objects.count()}")
    alive = []
    where = Condition() if channel is None else Condition.of(channel=channel)
    question = Question(organization.id, by, where=where)
    for what, given_ in steps:
        # Asked between the steps, so that each answer is made of the one before it.
        facts.products(question, terms, crossed=[(0, 0)], blocks=blocks, per=per)
        if what == "put":
            put(organization, *given_)
            alive += given_
        elif what == "take_back" and alive:
            put(organization, alive.pop(given_ % len(alive)), sign=-1)
        elif what == "close":
            facts.close_tail(organization, force=True)
        elif what == "compact":
            facts.compact(organization, force=True)
    seen = [
        {**r, "month": clock.month_of(r["day"])} for r in alive if channel is None or r["channel"] == channel
    ]
    expected = _plain(seen, terms, by, per)
    found = facts.products(question, terms, crossed=[(0, 0)], blocks=blocks, per=per)
    forget()
    afresh = sum_afresh(
        ProductsQuestion(question, tuple(terms), ((0, 0),), blocks, per),
        Scales(),
        snapshot.fresh(organization.id),
    )
    for answer in (found, afresh):
        assert {tuple(key) for key in answer.keys.tolist()} | ({()} if not by else set()) == set(expected) | (
            {()} if not by else set()
        )
        for place, key in enumerate(answer.keys.tolist()):
            rows = np.array(expected.get(tuple(key), []), dtype=float).reshape(-1, len(terms))
            whole = rows[~np.isnan(rows).any(axis=1)]
            whole = np.column_stack([whole, whole[:, 0] ** 2])
            n, sums, cross = moments(answer, place)
            assert n == len(whole)
            assert sums == pytest.approx(whole.sum(axis=0))
            assert cross == pytest.approx(whole.T @ whole)
            assert answer.rows[place].sum() == len(rows)
