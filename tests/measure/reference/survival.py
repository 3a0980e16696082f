"""Makes `survival.json`: Kaplan-Meier with its band and quantiles by lifelines.

Run as ``python tests/measure/reference/survival.py > tests/measure/reference/survival.json``.
"""

import json
import sys

import lifelines
import numpy as np
from lifelines import KaplanMeierFitter
from lifelines.utils import qth_survival_times

# Days of 60 orders: completed and still open.
DAYS = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15]
COMPLETED = [3, 8, 11, 9, 6, 4, 3, 2, 2, 1, 0]
STILL_OPEN = [0, 1, 0, 2, 1, 1, 0, 2, 1, 0, 3]


def main() -> None:
    days = np.repeat(DAYS * 2, COMPLETED + STILL_OPEN)
    done = np.repeat([1, 0], [sum(COMPLETED), sum(STILL_OPEN)])
    fit = KaplanMeierFitter(alpha=0.05).fit(days, done)
    band = fit.confidence_interval_
    band.columns = ["low", "high"]
    quantiles = []
    for rate in (0.5, 0.75, 0.8, 0.9):
        left = 1 - rate
        quantiles.append(
            [
                rate,
                *(
                    float(qth_survival_times(left, x))
                    for x in (fit.survival_function_, band[["low"]], band[["high"]])
                ),
            ]
        )
    out = {
        "source": f"survival.py, lifelines {lifelines.__version__}; quantiles as [rate, value, low, high], null = infinity",
        "values": DAYS,
        "completed": COMPLETED,
        "still_open": STILL_OPEN,
        "survival": [float(x) for x in fit.survival_function_.loc[DAYS].to_numpy().ravel()],
        "low": [float(x) for x in band.loc[DAYS, "low"]],
        "high": [float(x) for x in band.loc[DAYS, "high"]],
        "quantiles": [[None if np.isinf(x) else x for x in row] for row in quantiles],
    }
    json.dump(out, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
