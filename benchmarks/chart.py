"""How often alert rules err, and how soon they find a lasting fall: 40 touchpoints, 50 answers a week.

Run ``python -m benchmarks.chart [years]``. The first table knows the usual level, as textbooks do;
the second takes it from the 26 weeks before, as a product must.
"""

import math
import sys
from time import perf_counter

import numpy as np

from mindgap.measure.cusum import run_length, threshold
from mindgap.measure.many import benjamini_hochberg
from mindgap.measure.normal import z_tail
from mindgap.measure.track import Track
from mindgap.measure.watch import BETWEEN, FORGIVEN, straightened, watch

TOUCHPOINTS, WEEKS, ANSWERS, BASELINE = 40, 52, 50, 26
USUAL = (0.15, 0.40, 0.45)
LEVELS = {
    "NPS 25": ((0.25, 0.25, 0.50), (0.35, 0.25, 0.40)),
    "NPS 30": ((0.20, 0.30, 0.50), (0.30, 0.30, 0.40)),
    "NPS 35": ((0.15, 0.35, 0.50), (0.25, 0.35, 0.40)),
    "NPS 50": ((0.10, 0.30, 0.60), (0.20, 0.30, 0.50)),
    "NPS 75": ((0.05, 0.15, 0.80), (0.15, 0.15, 0.70)),
}


def weekly(rng: np.random.Generator, shares: tuple[float, ...], *size: int) -> np.ndarray:
    """NPS as shares, -1 to 1."""
    drawn = rng.multinomial(ANSWERS, shares, size)
    return (drawn[..., 2] - drawn[..., 0]) / ANSWERS


def sums(z: np.ndarray, *, k: float, h: float) -> np.ndarray:
    """Whether each week (last axis) signals a fall."""
    total, signals = np.zeros(z.shape[:-1]), np.zeros(z.shape, dtype=bool)
    for week in range(z.shape[-1]):
        total = np.maximum(0.0, total - z[..., week] - k)
        signals[..., week] = total > h
        total[signals[..., week]] = 0.0
    return signals


def known_level(rng: np.random.Generator, years: int) -> None:
    """False alerts a year of six rules when nothing changes and the level is known."""
    values = weekly(rng, USUAL, years, TOUCHPOINTS, WEEKS)
    det, _, pro = USUAL
    sd = math.sqrt((pro + det - (pro - det) ** 2) / ANSWERS)
    steps = np.diff(values, axis=-1)
    z = (values - (pro - det)) / sd
    p = np.vectorize(z_tail)(z)
    weeks = np.moveaxis(p, 1, -1).reshape(-1, TOUCHPOINTS)
    found = {
        "fell by 10 points since last week": (steps <= -0.1 + 1e-9).sum(),
        "z < -1.96 against last week": (steps / (sd * math.sqrt(2)) < -1.96).sum(),
        "3 standard deviations below": (z < -3).sum(),
        "3 standard deviations, either side": (np.abs(z) > 3).sum(),
        "Benjamini-Hochberg 5 % each week": sum(int((benjamini_hochberg(w) <= 0.05).sum()) for w in weeks),
        "CUSUM of falls, k = 0.5, h = 5": sums(z, k=0.5, h=5).sum(),
    }
    print(f"False alerts a year, level known ({years} years)")
    for name, alerts in found.items():
        print(f"  {name:40s}{alerts / years:8.1f}")


def estimated_level(rng: np.random.Generator, years: int) -> None:
    """The same with the level of 26 weeks before: the watch's default against two others."""
    rules = {
        "watch": (FORGIVEN, threshold(BETWEEN, k=FORGIVEN, baseline=float(BASELINE), sides="fall")),
        "plain CUSUM": (0.5, 5.0),
        "watch, level believed known": (FORGIVEN, threshold(BETWEEN, k=FORGIVEN, sides="fall")),
    }
    print(
        f"\nLevel from {BASELINE} weeks; alerts a year, and found within 4 and 6 weeks of a fall by 20 points"
    )
    for name, (k, h) in rules.items():
        stated = TOUCHPOINTS * WEEKS / run_length(h, k=k, baseline=BASELINE, sides="fall").between
        print(f"  {name}: k = {k}, h = {h:.3f}; {stated:.1f} alerts a year stated for normal values")
        for level, (usual, fallen) in LEVELS.items():
            lean = name.startswith("watch")
            quiet = standardised(rng, usual, usual, runs=years * TOUCHPOINTS, after=WEEKS, lean=lean)
            shifted = sums(standardised(rng, usual, fallen, runs=20_000, after=6, lean=lean), k=k, h=h)
            alerts = sums(quiet, k=k, h=h).sum() / years
            four, six = shifted[:, :4].any(axis=1).mean(), shifted.any(axis=1).mean()
            print(f"    {level}   {alerts:5.1f} a year   {100 * four:5.1f} %   {100 * six:5.1f} %")


def standardised(
    rng: np.random.Generator,
    usual: tuple[float, ...],
    later: tuple[float, ...],
    *,
    runs: int,
    after: int,
    lean: bool,
) -> np.ndarray:
    """Weeks after a baseline in standard deviations, shape (runs, after), as `watch` takes them."""
    before = rng.multinomial(ANSWERS * BASELINE, usual, runs)
    pooled = Track.nps(*before.T)
    sd = np.sqrt(pooled.spreads / ANSWERS) / 100
    z = (weekly(rng, later, runs, after) - pooled.values[:, None] / 100) / sd[:, None]
    if not lean:
        return z
    ns = np.full(after, float(ANSWERS))
    return np.stack(
        [straightened(row, float(skew), ns=ns) for row, skew in zip(z, pooled.skews, strict=True)]
    )


def speed(rng: np.random.Generator) -> None:
    """A year of 40 touchpoints, as a page or the worker asks for it."""
    drawn = rng.multinomial(ANSWERS, USUAL, (TOUCHPOINTS, BASELINE + WEEKS))
    for name in ("first", "again"):
        start = perf_counter()
        for rows in drawn:
            watch(Track.nps(*rows.T))
        print(
            f"\n{TOUCHPOINTS} touchpoints watched for {WEEKS} weeks, {name}: {perf_counter() - start:.3f} s",
            end="",
        )
    print()


def main() -> None:
    years = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    rng = np.random.default_rng(2024)
    known_level(rng, years)
    estimated_level(rng, years)
    speed(rng)


if __name__ == "__main__":
    main()
