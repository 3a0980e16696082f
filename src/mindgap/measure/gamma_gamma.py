"""Formulas of the Gamma-Gamma model of spend, in the logs of p, q and v.

x purchases of mean amount ``mean`` each; arrays of shape (n,). Equations are those of Fader,
P. S., Hardie, B. G. S., Lee, K. L. (2005), J. Marketing Research 42, 415-430.
"""

from __future__ import annotations

import numpy as np

from mindgap.measure.arrays import Floats


def log_spend(logs: Floats, purchases: Floats, mean: Floats) -> Floats:
    """Log of the mean spend expected of each customer, (n,), at ``logs`` of p, q, v."""
    p, q, v = np.exp(logs)
    # A step of the delta method may cross q = 1 where only the mean of all is infinite.
    below = np.maximum(p * purchases + q - 1, 1e-12)
    return np.asarray(logs[0] + np.log(v + purchases * mean) - np.log(below), dtype=np.float64)


def likelihood(logs: Floats, x: Floats, amount: Floats, counts: Floats) -> tuple[float, Floats]:
    """Log-likelihood and its slope in the logs of p, q, v (the paper's equation 1a)."""
    from scipy.special import digamma, gammaln

    p, q, v = np.exp(logs)
    px, whole = p * x, v + x * amount
    ratio = np.log(x * amount / whole)
    each = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v / whole) + px * ratio - np.log(amount)
    both = digamma(px + q)
    slopes = np.array(
        [
            counts @ (px * (both - digamma(px) + ratio)),
            counts @ (both - digamma(q) + np.log(v / whole)) * q,
            counts @ (q - (px + q) * v / whole),
        ]
    )
    return float(counts @ each), slopes
