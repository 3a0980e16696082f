"""Makes `cluster.json`: cluster-robust errors of means by statsmodels, which uses rows where we use sums.

Run as ``python tests/measure/reference/cluster.py > tests/measure/reference/cluster.json``.
The design effect of apiclus1 (9.35) comes from R's survey; see weight.R.
"""

import json
import sys

import numpy as np
import statsmodels
import statsmodels.api as sm
from statsmodels.stats.sandwich_covariance import cov_cluster, cov_cluster_2groups


def main() -> None:
    rng = np.random.default_rng(20)
    customers = np.repeat(np.arange(25), rng.integers(2, 8, 25))
    units = rng.integers(0, 12, customers.size)
    # Every customer answers before and after, so the factor 25 / 24 is that of both.
    later = np.arange(customers.size) - np.searchsorted(customers, customers) & 1
    liking = rng.normal(size=25)[customers] + 0.6 * rng.normal(size=12)[units]
    answers = np.clip(np.round(7 + 1.5 * liking + rng.normal(size=customers.size)), 0, 10).astype(int)
    one = sm.OLS(answers, np.ones(answers.size)).fit()
    step = sm.OLS(answers, sm.add_constant(later)).fit()
    out = {
        "source": f"cluster.py, statsmodels {statsmodels.__version__}",
        "customers": customers.tolist(),
        "units": units.tolist(),
        "later": later.tolist(),
        "answers": answers.tolist(),
        "mean": float(one.params[0]),
        "se_customers": float(np.sqrt(cov_cluster(one, customers)[0, 0])),
        "se_units": float(np.sqrt(cov_cluster(one, units)[0, 0])),
        "se_both": float(np.sqrt(cov_cluster_2groups(one, customers, units)[0][0, 0])),
        "difference": float(step.params[1]),
        # Times clusters / (clusters - 1), but not times (n - 1) / (n - 2), which counts answers.
        "se_difference": float(np.sqrt(cov_cluster(step, customers, use_correction=False)[1, 1] * 25 / 24)),
    }
    json.dump(out, sys.stdout)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
