"""Makes `change.json`: figures of change.R (typed in), and of statsmodels, apart from ours.

Run as ``python -m tests.measure.reference.change > tests/measure/reference/change.json``.
"""

import json
import sys

import numpy as np
import statsmodels
import statsmodels.api as sm
from tests.measure.sets import driver_deaths, kielmc

FROM_R = {
    "did": {"effect": -11863.9, "se": 7456.65, "t": -1.59},
    "series": {
        "step": -0.24738,
        "nw_se": 0.02298,
        "se": 0.0436,
        "bend": 0.00719,
        "share": -0.219,
        "dw": 1.30,
    },
    "p_chart": {
        "total": 347,
        "out": {"14": 22, "22": 24},
        "centre": 0.2313,
        "limits": [0.0524, 0.4102],
        "revised_centre": 0.2150,
        "revised_limits": [0.0407, 0.3893],
        "revised_out": {"20": 20},
    },
    "run_length": {"4": [168, 8.38], "5": [465, 10.4]},
    "peeking": {"1": 5.0, "2": 8.3, "3": 10.7, "4": 12.6, "5": 14.2, "10": 19.3, "20": 24.8},
    "pocock": 2.413,
    "obrien_fleming_last": 2.040,
    "spending": [4.877, 3.357, 2.680, 2.290, 2.031],
    "bounce": {"of": 20, "n": 100, "variance": 0.6275, "points": 14.8},
}


def clustered() -> dict[str, float]:
    """House prices around the incinerator, clustered by neighbourhood."""
    table = kielmc()
    design = np.column_stack([np.ones(321), table["y81"], table["nearinc"], table["y81nrinc"]])
    fit = sm.OLS(table["rprice"], design).fit(
        cov_type="cluster", cov_kwds={"groups": table["nbh"].astype(int)}, use_t=True
    )
    return {"se": float(fit.bse[3]), "p": float(fit.pvalues[3])}


def newey_west() -> dict[str, float]:
    """Standard errors of the interrupted series of drivers killed or seriously injured."""
    y = np.log(driver_deaths()["UKDriverDeaths"])
    time = np.arange(192)
    law = (time >= 169).astype(float)
    angles = 2 * np.pi * np.outer(time, [1, 2]) / 12
    columns = [np.ones(192), time, law, law * (time - 168), np.sin(angles), np.cos(angles)]
    fit = sm.OLS(y, np.column_stack(columns)).fit()
    robust = fit.get_robustcov_results("HAC", maxlags=12, use_correction=True)
    return {"step_se": float(robust.bse[2]), "bend_se": float(robust.bse[3]), "plain": float(fit.bse[2])}


def main() -> None:
    out = {
        "source": f"change.R, R 4.2.2; clustered and newey_west: change.py, statsmodels {statsmodels.__version__}",
        **FROM_R,
        "clustered": clustered(),
        "newey_west": newey_west(),
    }
    json.dump(out, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
