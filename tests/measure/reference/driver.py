"""Makes ``driver.json``: plain computations apart from ours, beside the figures of R.

Run as ``python -m tests.measure.reference.driver > tests/measure/reference/driver.json``.
"""

import json
import sys
from itertools import permutations

import numpy as np
import statsmodels
import statsmodels.api as sm
from scipy.optimize import fsolve
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.stats.outliers_influence import variance_inflation_factor
from tests.measure import sets

# A table of 3 x 3 x 4 x 2 cells in the form of MASS::housing, whose own counts are not committed.
_PLACE = np.arange(24)
_PULL = np.array([0, 0.6, 1.3])[_PLACE % 3] + np.array([0, -0.6, -0.4, -1.1])[_PLACE // 3 % 4]
_UNDER = 1 / (1 + np.exp(_PULL[:, None] + 0.4 * (_PLACE // 12)[:, None] - np.array([-0.5, 0.7])))
_SHARES = np.diff(_UNDER, axis=1, prepend=0, append=1)
COUNTS = np.random.default_rng(72).multinomial(70, _SHARES).ravel().tolist()
R = {
    "swiss": {
        "r2": 0.706735,
        "lmg": [0.0571, 0.1712, 0.2601, 0.1056, 0.1128],
        "johnson": [0.0484, 0.1547, 0.2720, 0.1147, 0.1170],
        "limits": [[0.031, 0.111], [0.088, 0.280], [0.072, 0.389], [0.035, 0.246], [0.033, 0.246]],
        "differ": [["Agriculture", "Examination"], ["Agriculture", "Education"]],
        "education": {"Agriculture": 1, "Examination": 1, "Catholic": 1, "Infant.Mortality": 0.875},
    },
    "attitude": {"privileges": {"beta": -0.073, "lmg": 0.051}},
    "housing": {"slopes": [0.5664, 1.2888, -0.5724, -0.3662, -1.0910, 0.3603], "deviance": 3479.149},
    "rubin": {"variance": 7.31, "df": 15.7, "fmi": 0.50},
}
SPLIT = {
    "between_drivers": 0.5,
    "r2": 0.6,
    "portions": [0.36, 0.304, 0.204, 0.132],
    "beta_shares": [0.405, 0.339, 0.198, 0.058],
    "beta_squared_shares": [0.51, 0.36, 0.12, 0.01],
    "univariate_shares": [0.31, 0.28, 0.23, 0.18],
}


def r_squared(x: np.ndarray, y: np.ndarray, columns: tuple[int, ...]) -> float:
    design = np.column_stack([np.ones(len(y)), x[:, columns]])
    left = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return 1 - float(left @ left) / float(((y - y.mean()) ** 2).sum())


def plain_lmg(x: np.ndarray, y: np.ndarray) -> list[float]:
    """All orders, all regressions."""
    shares = np.zeros(x.shape[1])
    orders = list(permutations(range(x.shape[1])))
    known: dict[frozenset[int], float] = {frozenset(): 0.0}
    for order in orders:
        for k, j in enumerate(order):
            for some in (order[:k], order[: k + 1]):
                if frozenset(some) not in known:
                    known[frozenset(some)] = r_squared(x, y, tuple(sorted(some)))
            shares[j] += known[frozenset(order[: k + 1])] - known[frozenset(order[:k])]
    return (shares / len(orders)).tolist()


def split(table: sets.Table, outcome: str) -> tuple[np.ndarray, np.ndarray]:
    names = [name for name in table if name not in ("", outcome) and table[name].dtype.kind == "f"]
    return np.column_stack([table[name] for name in names]), table[outcome]


def linear(x: np.ndarray, y: np.ndarray) -> dict[str, object]:
    z, w = ((part - part.mean(axis=0)) / part.std(axis=0, ddof=1) for part in (x, y))
    fit = sm.OLS(w, sm.add_constant(z)).fit()
    design = sm.add_constant(x)
    # HC3 by person, and how each moves the standard deviations (delta method).
    leverage = fit.get_influence().hat_matrix_diag
    moves = (np.linalg.pinv(sm.add_constant(z)) * (fit.resid / (1 - leverage))).T[:, 1:]
    plain = np.sqrt((moves**2).sum(axis=0))
    assert np.allclose(plain, fit.HC3_se[1:])
    scale = [(part**2 - (part**2).mean(axis=0)) / 2 / len(y) for part in (z, w[:, None])]
    moves = moves + fit.params[1:] * (scale[0] - scale[1])
    return {
        "plain_lmg": plain_lmg(x, y),
        "adjusted_r2": float(fit.rsquared_adj),
        "betas": fit.params[1:].tolist(),
        "hc3_deviations_known": plain.tolist(),
        "hc3": np.sqrt((moves**2).sum(axis=0)).tolist(),
        "inflation": [float(variance_inflation_factor(design, j + 1)) for j in range(x.shape[1])],
    }


def table() -> dict[str, object]:
    place = np.arange(72)
    y, infl, kind, cont = place % 3, place // 3 % 3, place // 9 % 4, place // 36
    x = np.column_stack([infl == 1, infl == 2, kind == 1, kind == 2, kind == 3, cont == 1]).astype(float)
    rows, steps = np.repeat(x, COUNTS, axis=0), np.repeat(y, COUNTS)
    fit = OrderedModel(steps, rows, distr="logit").fit(method="bfgs", disp=0, maxiter=500, gtol=1e-7)
    # Brant (1990) written out person by person.
    design = np.column_stack([np.ones(len(rows)), rows])
    cuts = [sm.Logit((steps > cut).astype(float), design).fit(disp=0, tol=1e-12) for cut in (0, 1)]
    first, second = (cut.predict(design) for cut in cuts)
    breads = [np.linalg.inv((design.T * (p * (1 - p))) @ design) for p in (first, second)]
    shared = breads[0] @ ((design.T * (second * (1 - first))) @ design) @ breads[1]
    apart = (cuts[1].params - cuts[0].params)[1:]
    covariance = (breads[0] + breads[1] - shared - shared.T)[1:, 1:]
    return {
        "counts": COUNTS,
        "python_slopes": fit.params[:6].tolist(),
        "python_se": fit.bse[:6].tolist(),
        "python_deviance": float(-2 * fit.llf),
        "brant": float(apart @ np.linalg.solve(covariance, apart)),
        "brant_each": (apart**2 / np.diag(covariance)).tolist(),
    }


def hinge() -> dict[str, object]:
    rng = np.random.default_rng(5)
    x = rng.integers(0, 11, 120).astype(float)
    y = np.round(np.minimum(x, 6) + rng.normal(size=120) * (1 + x / 10), 2)
    bent = sm.OLS(y, np.column_stack([np.ones(120), x - 5, np.maximum(x - 5, 0)])).fit(cov_type="HC3")
    bent = bent.get_robustcov_results("HC3", use_t=True)
    away = x - x.mean()
    round_ = sm.OLS(y, np.column_stack([np.ones(120), away, away**2])).fit()
    round_ = round_.get_robustcov_results("HC3", use_t=True)
    return {
        "x": x.tolist(), "y": y.tolist(), "knot": 5,
        "below": float(bent.params[1]), "change": float(bent.params[2]),
        "change_limits": bent.conf_int()[2].tolist(), "p": float(bent.pvalues[2]),
        "curve": float(round_.params[2]), "curve_limits": round_.conf_int()[2].tolist(),
    }  # fmt: skip


def loyalty() -> dict[str, object]:
    """Correlations with the outcome that give the split of the published figures."""
    among = np.full((4, 4), SPLIT["between_drivers"]) + np.eye(4) * 0.5

    def off(beside: np.ndarray) -> np.ndarray:
        worth = {(): 0.0}
        shares = np.zeros(4)
        orders = list(permutations(range(4)))
        for order in orders:
            for k, j in enumerate(order):
                for some in (order[:k], order[: k + 1]):
                    columns = list(some)
                    if some and some not in worth:
                        part = among[np.ix_(columns, columns)]
                        worth[some] = beside[columns] @ np.linalg.solve(part, beside[columns])
                shares[j] += worth[order[: k + 1]] - worth[order[:k]]
        return shares / len(orders) - 0.6 * np.array(SPLIT["portions"])

    beside = fsolve(off, np.array([0.65, 0.6, 0.55, 0.5]), xtol=1e-13)
    return {**SPLIT, "with_outcome": beside.tolist()}


def main() -> None:
    swiss, attitude = split(sets.swiss(), "Fertility"), split(sets.attitude(), "rating")
    figures = {
        "source": f"driver.R, R 4.2.2; driver.py, statsmodels {statsmodels.__version__}",
        "swiss": R["swiss"] | linear(*swiss),
        "attitude": R["attitude"] | linear(*attitude),
        "housing": R["housing"],
        "table": table(),
        "rubin": R["rubin"],
        "hinge": hinge(),
        "split": loyalty(),
    }
    json.dump(figures, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
