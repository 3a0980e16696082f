import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from tests.measure.frozen import frozen

from mindgap.measure import BadCounts, benjamini_hochberg, holm

families = st.lists(st.floats(0, 1, allow_subnormal=False), min_size=1, max_size=30)


def test_the_example_of_benjamini_and_hochberg_rejects_four() -> None:
    row = frozen("scores")["benjamini_hochberg_1995"]
    assert (benjamini_hochberg(row["p"]) <= 0.05).sum() == row["rejected"]
    assert (holm(row["p"]) <= 0.05).sum() == row["bonferroni_rejected"]


@settings(max_examples=25)
@given(families)
def test_adjusted_p_values_are_those_of_statsmodels(p: list[float]) -> None:
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])


@given(families)
def test_adjusting_never_helps_a_single_claim(p: list[float]) -> None:
    for adjusted in (benjamini_hochberg(p), holm(p)):
        assert (adjusted >= np.array(p) - 1e-15).all()
        assert (adjusted <= 1).all()
    assert (benjamini_hochberg(p) <= holm(p) + 1e-15).all()


@given(families, st.randoms(use_true_random=False))
def test_the_order_of_the_claims_makes_no_difference(p: list[float], shuffler) -> None:
    places = list(range(len(p)))
    shuffler.shuffle(places)
    assert benjamini_hochberg([p[i] for i in places]) == pytest.approx(benjamini_hochberg(p)[places])


def test_no_claims_need_no_adjustment() -> None:
    assert benjamini_hochberg([]).size == holm([]).size == 0


@pytest.mark.parametrize("bad", [[1.1], [-0.1], [math.nan], [[0.5]], 0.5])
def test_what_is_no_p_value_is_refused(bad: object) -> None:
    for adjust in (benjamini_hochberg, holm):
        with pytest.raises(BadCounts):
            adjust(bad)
