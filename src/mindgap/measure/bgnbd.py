"""Formulas of the BG/NBD model, in the logs of r, alpha, a and b.

x repeat purchases, the last one ``last`` after the first purchase, ``observed`` for so long;
arrays of shape (n,). Equations are those of Fader, P. S., Hardie, B. G. S., Lee, K. L. (2005),
Marketing Science 24, 275-284.
"""

from __future__ import annotations

import numpy as np

from mindgap.measure.arrays import Floats


def likelihood(
    logs: Floats, x: Floats, last: Floats, observed: Floats, counts: Floats
) -> tuple[float, Floats]:
    """Log-likelihood and its slope in the logs (the paper's equation 6)."""
    from scipy.special import digamma, expit, gammaln

    r, alpha, a, b = np.exp(logs)
    back = x > 0
    # Among those who came back: the share of the likelihood that says "dropped out".
    odds = log_odds_gone(logs, x, last, observed)
    gone = np.where(back, expit(odds), 0.0)
    active = gammaln(r + x) - gammaln(r) + r * logs[1] - (r + x) * np.log(alpha + observed)
    stays = gammaln(b + x) - gammaln(b) + gammaln(a + b) - gammaln(a + b + x)
    each = active + stays + np.where(back, np.logaddexp(0.0, odds), 0.0)
    mean_log = (1 - gone) * np.log(alpha + observed) + gone * np.log(alpha + last)
    inverse = (1 - gone) / (alpha + observed) + gone / (alpha + last)
    common = digamma(a + b) - digamma(a + b + x)
    slopes = np.array(
        [
            counts @ (digamma(r + x) - digamma(r) + logs[1] - mean_log) * r,
            counts @ (r / alpha - (r + x) * inverse) * alpha,
            counts @ (common + gone / a) * a,
            counts @ (common + digamma(b + x) - digamma(b) - gone / np.where(back, b + x - 1, 1.0)) * b,
        ]
    )
    return float(counts @ each), slopes


def log_odds_gone(logs: Floats, x: Floats, last: Floats, observed: Floats) -> Floats:
    """Log odds of having dropped out after the last purchase; without meaning where x = 0."""
    r, alpha, a, b = np.exp(logs)
    wait = np.log((alpha + observed) / (alpha + last))
    return np.asarray(np.log(a) - np.log(np.where(x > 0, b + x - 1, 1.0)) + (r + x) * wait, dtype=np.float64)


def log_ahead(logs: Floats, x: Floats, last: Floats, observed: Floats, horizon: Floats) -> Floats:
    """Log of the paper's equation 10; with x = last = observed = 0 of its equation 9.

    In Euler's form the hypergeometric function tends to 1 for frequent buyers, where the
    paper's own grows beyond all bounds.
    """
    from scipy.special import hyp2f1

    r, alpha, a, b = np.exp(logs)
    # At a = 1 the formula is 0 / 0, and harmless on both sides of it.
    if abs(a - 1) < 1e-6:
        a = 1 + 1e-6
    past = alpha + observed
    z = horizon / (past + horizon)
    inner = (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
    mean = np.log((a + b + x - 1) * (1 - inner) / (a - 1))
    there = np.where(x > 0, -np.logaddexp(0.0, log_odds_gone(logs, x, last, observed)), 0.0)
    return np.asarray(mean + there, dtype=np.float64)
