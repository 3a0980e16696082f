"""Makes `shrink.json`: heterogeneity by statsmodels, an implementation apart from ours.

Run as ``python tests/measure/reference/shrink.py > tests/measure/reference/shrink.json``.
"""

import json
import sys

import numpy as np
import statsmodels
from scipy.optimize import minimize_scalar
from statsmodels.stats.meta_analysis import combine_effects

VALUES = [0.31, 0.12, -0.50, 0.44, 0.25, 0.38, -0.02, 0.19, 0.52, 0.07]
VARIANCES = [0.031, 0.012, 0.1006, 0.02, 0.0055, 0.043, 0.0052, 0.0009, 0.06, 0.0021]
HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
# Efron & Morris (1975), table 1, James-Stein estimates; shrink.R recomputes them.
BASEBALL = [
    0.290, 0.286, 0.281, 0.277, 0.273, 0.273, 0.268, 0.264, 0.259,
    0.259, 0.254, 0.254, 0.254, 0.254, 0.254, 0.249, 0.244, 0.239,
]  # fmt: skip


def restricted(t: float, y: np.ndarray, v: np.ndarray) -> float:
    """Minus twice the restricted log-likelihood, from the covariance matrix written out."""
    cov = np.diag(v + t)
    one = np.ones((y.size, 1))
    inv = np.linalg.inv(cov)
    info = (one.T @ inv @ one).item()
    rest = y - (one.T @ inv @ y).item() / info
    return float(np.linalg.slogdet(cov)[1] + np.log(info) + rest @ inv @ rest)


def main() -> None:
    y, v = np.array(VALUES), np.array(VARIANCES)
    tau2 = {
        name: float(combine_effects(y, v, method_re=method, atol=1e-14, maxiter=500).tau2)
        for name, method in (("paule-mandel", "iterated"), ("dersimonian-laird", "chi2"))
    }
    fit = minimize_scalar(restricted, bounds=(0, 1), args=(y, v), method="bounded", options={"xatol": 1e-13})
    tau2["reml"] = float(fit.x)
    out = {
        "source": f"shrink.py, statsmodels {statsmodels.__version__}; baseball: shrink.R, R 4.2.2",
        "values": VALUES,
        "variances": VARIANCES,
        "tau2": tau2,
        "baseball": {"hits": HITS, "at_bats": 45, "james_stein": BASEBALL},
        "touchpoint": {
            "classes": [3, 0, 1],
            "nps": -0.50,
            "centre": 0.209,
            "tau2": 0.0475,
            "shrunk": -0.0185,
            "source": "shrink.R, metafor",
        },
    }
    json.dump(out, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
