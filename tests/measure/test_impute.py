import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.frozen import frozen
from tests.measure.test_lmg import drawn

from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers
from mindgap.measure.gram import Gram
from mindgap.measure.impute import Imputed, _near, impute, pool, pooled_lmg
from mindgap.measure.lmg import lmg

REFERENCE = frozen("driver")["rubin"]


def rng() -> np.random.Generator:
    return np.random.default_rng(60)


def gappy(seed: int = 1, n: int = 120, share: float = 0.2) -> np.ndarray:
    """Four drivers and an outcome, whole numbers; drivers missing by chance."""
    rows = np.round(2 * drawn(seed, n=n))
    rows[:, :4][np.random.default_rng(seed).random((n, 4)) < share] = np.nan
    return rows


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_only_gaps_are_filled_and_only_with_answers_somebody_gave(seed: int) -> None:
    rows = gappy(seed, n=40)
    found = impute(rows, rng=rng(), rounds=2)
    gaps = np.isnan(rows)
    assert found.tables.shape == (20, 40, 5)
    assert np.isfinite(found.tables).all()
    assert (found.tables[:, ~gaps] == rows[~gaps]).all()
    for j in range(5):
        filled = found.tables[:, gaps[:, j], j]
        assert np.isin(filled.round(9), rows[~gaps[:, j], j]).all()
    assert found.missing.tolist() == gaps.mean(axis=0).tolist()


def test_without_gaps_all_tables_are_the_rows() -> None:
    rows = drawn(1)
    found = impute(rows, rng=rng())
    assert (found.tables == rows).all()
    assert found.missing.max() == 0


def test_what_the_other_answers_tell_is_kept() -> None:
    """Missing where the first answer is high: the mean of those who answered is far too low."""
    chance = np.random.default_rng(2)
    x = chance.normal(size=500)
    y = 2 * x + 0.5 * chance.normal(size=500)
    hidden = np.where(x > 0, chance.random(500) < 0.7, False)
    found = impute(np.column_stack([x, np.where(hidden, np.nan, y)]), rng=rng())
    assert y[~hidden].mean() < y.mean() - 0.6
    assert found.tables[:, :, 1].mean() == pytest.approx(y.mean(), abs=0.15)
    # Copies differ, and what they differ by is about the noise.
    assert found.tables[:, hidden, 1].std(axis=0).mean() == pytest.approx(0.5, abs=0.2)


def test_not_applicable_is_not_missing() -> None:
    rows = gappy()
    mask = np.zeros(rows.shape, dtype=bool)
    assert impute(rows, rng=rng(), rounds=1, not_applicable=mask).n == 120
    mask[0, 0] = True
    with pytest.raises(NotIdentified) as caught:
        impute(rows, rng=rng(), not_applicable=mask)
    assert caught.value.reason == "not applicable is not missing"
    with pytest.raises(BadCounts):
        impute(rows, rng=rng(), not_applicable=mask[:1])


def test_constant_and_repeated_columns_are_filled() -> None:
    rows = gappy()
    rows[:, 0] = np.where(np.isnan(rows[:, 0]), np.nan, 3)
    rows = np.column_stack([rows, rows[:, 4]])
    rows[::4, 5] = np.nan
    found = impute(rows, rng=rng(), rounds=2)
    assert (found.tables[:, :, 0] == 3).all()
    assert np.corrcoef(found.tables[0, :, 4], found.tables[0, :, 5])[0, 1] > 0.99


def test_the_nearest_people_give_and_no_others() -> None:
    given_ = np.array([0.0, 1.0, 2.0, 3.0, 10.0])
    picked = {
        int(_near(given_, np.array([1.9]), donors=2, rng=np.random.default_rng(k))[0]) for k in range(40)
    }
    assert picked == {1, 2}
    edge = {
        int(_near(given_, np.array([99.0]), donors=2, rng=np.random.default_rng(k))[0]) for k in range(40)
    }
    assert edge == {3, 4}


@pytest.mark.parametrize("rows", [[[1, math.inf]], [1, 2], [["a", "b"]], [[1], [2]]])
def test_impossible_rows_are_refused(rows: object) -> None:
    with pytest.raises(BadCounts):
        impute(rows, rng=rng())


def test_a_question_without_answers_and_too_few_answers_are_refused() -> None:
    rows = gappy()
    rows[:, 2] = np.nan
    with pytest.raises(NotIdentified):
        impute(rows, rng=rng())
    for n in (0, 1, 6):
        with pytest.raises(TooFewAnswers):
            impute(drawn(1)[:n], rng=rng())


@pytest.mark.parametrize("asked", [{"m": 5}, {"rounds": 0}, {"donors": 0}])
def test_copies_rounds_and_donors_must_be_enough(asked: dict[str, int]) -> None:
    with pytest.raises(BadArgument):
        impute(gappy(), rng=rng(), **asked)


def test_a_pooled_case_has_its_variance_degrees_of_freedom_and_missing_information() -> None:
    """Five tables; within 4.1 and between 2.675 give T = 7.31 of the case."""
    spread = math.sqrt(2.675 * 4 / 10)
    found = pool(50 + spread * np.arange(-2, 3), np.full(5, 4.1), df=117)
    assert found.variance == pytest.approx(REFERENCE["variance"], abs=5e-3)
    assert found.df == pytest.approx(REFERENCE["df"], abs=0.05)
    assert found.fmi == pytest.approx(REFERENCE["fmi"], abs=5e-3)


def test_pooling_follows_the_formulas_written_out() -> None:
    from scipy.special import stdtrit

    q, u, df = np.array([3.0, 4.0, 3.5, 5.0]), np.array([1.0, 1.2, 0.9, 1.1]), 30
    between, within = q.var(ddof=1), u.mean()
    total = within + 1.25 * between
    gamma = 1.25 * between / total
    old, seen = 3 / gamma**2, (df + 1) / (df + 3) * df * (1 - gamma)
    new = old * seen / (old + seen)
    r = 1.25 * between / within
    found = pool(q, u, df=df, n=34)
    assert (found.variance, found.df) == pytest.approx((total, new))
    assert found.fmi == pytest.approx((r + 2 / (new + 3)) / (1 + r))
    half = stdtrit(new, 0.975) * math.sqrt(total)
    assert (found.estimate.low, found.estimate.high) == pytest.approx((3.875 - half, 3.875 + half))
    assert (found.estimate.n, found.m) == (34, 4)
    assert pool(q, u).df == pytest.approx(old)


def test_equal_figures_miss_no_information() -> None:
    found = pool([2.0, 2.0, 2.0], [1.0, 1.0, 1.0])
    assert (found.df, found.fmi, found.variance) == (math.inf, 0, 1)
    assert found.estimate.high == pytest.approx(2 + 1.959964)
    assert pool([2.0, 2.0], [1.0, 1.0], df=10).df == pytest.approx(10 * 11 / 13)
    certain = pool([1.0, 1.0], [0.0, 0.0])
    assert certain.estimate.half_width == 0


def test_figures_without_variance_of_their_own_miss_all_information() -> None:
    found = pool([1.0, 2.0], [0.0, 0.0], df=10)
    assert (found.fmi, found.df) == pytest.approx((1, 1))


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(0.1, 9)), min_size=2, max_size=8))
def test_pooled_variance_is_at_least_that_within(figures: list[tuple[float, float]]) -> None:
    q, u = (np.array(part) for part in zip(*figures, strict=True))
    found, turned = pool(q, u, df=40), pool(q[::-1], u[::-1], df=40)
    assert found.variance >= u.mean() - 1e-12
    assert found.df <= 40
    assert 0 <= found.fmi <= 1
    assert turned.variance == pytest.approx(found.variance)


def test_impossible_figures_are_refused() -> None:
    with pytest.raises(TooFewAnswers):
        pool([1.0], [1.0])
    for q, u in (([1, math.nan], [1, 1]), ([1, 2], [1, -1]), ([1, 2], [1, 1, 1])):
        with pytest.raises(BadCounts):
            pool(q, u)
    with pytest.raises(BadArgument):
        pool([1, 2], [1, 1], df=0)


def asked(imputed: Imputed, **more: object) -> object:
    return pooled_lmg(
        imputed, names=[f"x{j}" for j in range(1, 6)], outcome="x5", rng=rng(), replicates=40, **more
    )


def test_shares_of_complete_rows_are_those_of_lmg() -> None:
    rows = drawn(3, n=150)
    found = asked(impute(rows, rng=rng()))
    plain = lmg(Gram.of(rows), outcome="x5")
    assert [share.estimate.value for share in found.shares] == pytest.approx(plain.shares.tolist())
    assert found.r2.estimate.value == pytest.approx(plain.r2)
    assert max(share.fmi for share in found.shares) == 0


def test_gaps_cost_information_and_shares_still_add_up() -> None:
    found = asked(impute(gappy(4), rng=rng(), rounds=5))
    assert found.names == ("x1", "x2", "x3", "x4")
    assert sum(share.estimate.value for share in found.shares) == pytest.approx(found.r2.estimate.value)
    assert all(0 < share.fmi < 1 for share in found.shares)
    for share in found.shares:
        assert 0 <= share.estimate.low <= share.estimate.value <= share.estimate.high <= 1


def test_customers_are_resampled_whole() -> None:
    """R8."""
    imputed = impute(np.repeat(gappy(5, n=40), 3, axis=0), rng=rng(), rounds=2)
    clustered = asked(imputed, clusters=np.repeat(np.arange(40), 3), chosen=["x1", "x2"])
    assert clustered.r2.variance > 1.5 * asked(imputed, chosen=["x1", "x2"]).r2.variance
    with pytest.raises(TooFewAnswers):
        asked(imputed, clusters=np.zeros(120))


@pytest.mark.slow
def test_pooled_intervals_of_a_mean_cover_where_leaving_out_does_not() -> None:
    chance, hits, naive = np.random.default_rng(6), 0, 0
    for _ in range(120):
        x = chance.normal(size=100)
        y = x + chance.normal(size=100)
        y[(x > 0) & (chance.random(100) < 0.7)] = np.nan
        found = impute(np.column_stack([x, y]), rng=chance, rounds=1)
        means, variances = found.tables[:, :, 1].mean(axis=1), found.tables[:, :, 1].var(axis=1, ddof=1) / 100
        hits += not pool(means, variances, df=99).estimate.excludes(0)
        seen = y[~np.isnan(y)]
        naive += abs(seen.mean()) < 1.96 * seen.std(ddof=1) / math.sqrt(seen.size)
    assert hits / 120 >= 0.89
    assert naive / 120 < 0.5
