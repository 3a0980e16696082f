"""Makes `money.json`: lifelines, statsmodels and lifetimes on their own data sets.

Run as ``python tests/measure/reference/money.py > tests/measure/reference/money.json``. The part
"r" holds the figures of `money.R`, copied by hand.
"""

import json
import sys
import warnings

import lifelines
import lifetimes
import numpy as np
import pandas as pd
import statsmodels
import statsmodels.api as sm
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.datasets import load_rossi
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import restricted_mean_survival_time
from lifetimes import BetaGeoFitter, GammaGammaFitter
from lifetimes.datasets import load_cdnow_summary_data_with_monetary_value
from scipy.stats import chi2

NAMES = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
R = {
    "fin": -0.3794,
    "age": -0.0574,
    "prio": 0.0915,
    "loglik": -658.748,
    "zph_p": 0.013,
    "effect_prio": 0.0192,
    "bgnbd": [0.2426, 4.4135, 0.7929, 2.4258],
    "bgnbd_loglik": -9582.43,
    "ahead": 1.226,
    "alive": 0.727,
    "gamma_gamma": [6.25, 3.74, 15.45],
    "mean_spend": 35.2,
    "correlation": 0.114,
    "lifetime_value": 266.7,
    "npv": [15000, -33000, 63000],
    "chance": 0.730,
}


def floats(values: object) -> list[float]:
    return [float(value) for value in np.ravel(values)]


def kept(rossi: pd.DataFrame) -> dict[str, object]:
    fits = {fin: KaplanMeierFitter().fit(part["week"], part["arrest"]) for fin, part in rossi.groupby("fin")}
    test = multivariate_logrank_test(rossi["week"], rossi["wexp"] * 2 + rossi["fin"], rossi["arrest"])
    return {
        "at_26": [float(fit.predict(26)) for fit in fits.values()],
        "rmst_40": [float(restricted_mean_survival_time(fit, t=40)) for fit in fits.values()],
        "log_rank": [float(test.test_statistic), float(test.p_value)],
    }


def drift(rossi: pd.DataFrame) -> dict[str, object]:
    """The score test written out: everybody cut into episodes at each time somebody was arrested."""
    base = KaplanMeierFitter().fit(rossi["week"], rossi["arrest"]).survival_function_["KM_estimate"]
    times = np.sort(rossi.loc[rossi["arrest"] == 1, "week"].unique())
    parts = []
    for time in times:
        part = rossi[rossi["week"] >= time].copy()
        part["status"] = (part["week"] == time) & (part["arrest"] == 1)
        # Half a week back: PHReg counts an entry at a time as at risk at that time already.
        part["entry"], part["exit"] = time - 0.5, time
        part["g"] = 1 - float(base[base.index < time].iloc[-1])
        parts.append(part)
    long = pd.concat(parts)
    x = long[NAMES].to_numpy(dtype=float)
    x = x - x.mean(axis=0)
    both = np.hstack([x, x * long["g"].to_numpy()[:, None]])
    model = sm.PHReg(
        long["exit"].to_numpy(),
        both,
        status=long["status"].to_numpy(),
        entry=long["entry"].to_numpy(),
        ties="efron",
    )
    p = len(NAMES)
    start = sm.PHReg(rossi["week"], rossi[NAMES], status=rossi["arrest"], ties="efron").fit().params
    at = np.concatenate([np.asarray(start), np.zeros(p)])
    score, information = model.score(at), -model.hessian(at)

    def statistic(which: list[int]) -> float:
        keep = [*range(p), *(p + k for k in which)]
        return float(score[keep] @ np.linalg.solve(information[np.ix_(keep, keep)], score[keep]))

    overall = statistic(list(range(p)))
    return {
        "statistics": [statistic([k]) for k in range(p)],
        "overall": overall,
        "p": float(chi2.sf(overall, p)),
    }


def cox(rossi: pd.DataFrame) -> dict[str, object]:
    fit = CoxPHFitter().fit(rossi[[*NAMES, "week", "arrest"]], "week", "arrest")
    # Robust errors of lifelines leave ties out of account, so there are none here.
    apart = rossi[[*NAMES, "week", "arrest"]].copy()
    apart["week"] = apart["week"] + np.arange(len(apart)) / 1000
    apart["store"] = np.arange(len(apart)) % 40
    robust = CoxPHFitter().fit(apart, "week", "arrest", cluster_col="store")
    return {
        "coefficients": floats(fit.params_),
        "ses": floats(fit.standard_errors_),
        "loglik": float(fit.log_likelihood_),
        "concordance": float(fit.concordance_index_),
        "p": floats(fit.summary["p"]),
        "robust_coefficients": floats(robust.params_),
        "robust_ses": floats(robust.standard_errors_),
        "drift": drift(rossi),
    }


def logit(rossi: pd.DataFrame) -> dict[str, object]:
    x = sm.add_constant(rossi[["fin", "age", "prio"]])
    model = sm.Logit(rossi["arrest"], x)
    fit = model.fit(disp=0, tol=1e-12)
    effects = fit.get_margeff(dummy=True)
    store = np.arange(len(rossi)) % 40
    scores = model.score_obs(fit.params)
    sums = np.array([scores[store == k].sum(axis=0) for k in range(40)])
    bread = np.linalg.inv(-model.hessian(fit.params))
    return {
        "coefficients": floats(fit.params),
        "covariance": floats(fit.cov_params()),
        "effects": floats(effects.margeff),
        "effect_ses": floats(effects.margeff_se),
        "loglik": float(fit.llf),
        "p": floats(fit.pvalues[1:]),
        "robust_covariance": floats(bread @ sums.T @ sums @ bread),
    }


def cdnow() -> dict[str, object]:
    table = load_cdnow_summary_data_with_monetary_value()
    x, last, observed = table["frequency"], table["recency"], table["T"]
    fit = BetaGeoFitter().fit(x, last, observed)
    back = table[x > 0]
    spend = GammaGammaFitter().fit(back["frequency"], back["monetary_value"])
    return {
        "bgnbd": floats(fit.params_),
        "new_39": float(fit.expected_number_of_purchases_up_to_time(39)),
        "ahead_39_first_10": floats(
            fit.conditional_expected_number_of_purchases_up_to_time(39, x[:10], last[:10], observed[:10])
        ),
        "alive_first_10": floats(fit.conditional_probability_alive(x[:10], last[:10], observed[:10])),
        "gamma_gamma": floats(spend.params_),
        "spend_first_10": floats(
            spend.conditional_expected_average_profit(x[:10], table["monetary_value"][:10])
        ),
        "values_first_10": floats(
            spend.customer_lifetime_value(
                fit,
                x[:10],
                last[:10],
                observed[:10],
                table["monetary_value"][:10],
                time=6,
                discount_rate=0.01,
                freq="D",
            )
        ),
    }


def main() -> None:
    warnings.simplefilter("ignore")
    rossi = load_rossi()
    versions = f"lifelines {lifelines.__version__}, statsmodels {statsmodels.__version__}"
    out = {
        "source": f"money.py, {versions}, lifetimes {lifetimes.__version__}; part r: money.R",
        "names": NAMES,
        "r": R,
        "kept": kept(rossi),
        "cox": cox(rossi),
        "logit": logit(rossi),
        "cdnow": cdnow(),
    }
    json.dump(out, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
