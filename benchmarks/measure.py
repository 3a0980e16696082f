"""How fast `mindgap.measure` is: scores of many cells, raking of many answers, its own import.

Run ``python -m benchmarks.measure``. Ratios compare with the same work done plainly.
"""

import subprocess
import sys
from collections.abc import Callable
from time import perf_counter

import numpy as np

from mindgap.measure import Counts, Margin, among_worst, nps, nps_cells, rake, shrink

CELLS = 100_000
ANSWERS = 1_000_000
LEVELS = (2, 3, 5, 7, 6)


def best_of(work: Callable[[], object], *, times: int = 3) -> float:
    """Seconds of the fastest of ``times`` runs."""
    seconds = []
    for _ in range(times):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return min(seconds)


def scores(rng: np.random.Generator) -> None:
    """Score intervals of many cells, against one at a time."""
    cells = rng.integers(0, 200, (3, CELLS))
    together = best_of(lambda: nps_cells(*cells))
    quick = best_of(lambda: nps_cells(*cells, method="adjusted"))
    some = [Counts.of({3: det, 7: pas, 10: pro}) for det, pas, pro in cells[:, :500].T]
    single = best_of(lambda: [nps(counts) for counts in some]) / len(some) * CELLS
    print(f"nps of {CELLS:,} cells, score interval      {together:8.3f} s   goal < 1 s")
    print(f"nps of {CELLS:,} cells, adjusted interval   {quick:8.3f} s")
    print(f"the same one at a time                  {single:8.1f} s   {single / together:.0f} times as long")


def weights(rng: np.random.Generator) -> None:
    """Raking over cells, against raking over answers."""
    codes = [rng.integers(0, k, ANSWERS) for k in LEVELS]
    totals = [rng.dirichlet(np.full(k, 20.0)) * ANSWERS for k in LEVELS]
    margins = [Margin(code, total) for code, total in zip(codes, totals, strict=True)]
    over_cells = best_of(lambda: rake(margins))
    rounds = rake(margins).rounds

    def over_answers() -> None:
        w = np.ones(ANSWERS)
        for _ in range(rounds):
            for code, total in zip(codes, totals, strict=True):
                w *= (total / np.bincount(code, weights=w))[code]

    plain = best_of(over_answers, times=1)
    print(f"raking of {ANSWERS:,} answers, 5 margins    {over_cells:8.3f} s   {rounds} rounds")
    print(f"the same over answers                   {plain:8.3f} s   {plain / over_cells:.1f} times as long")


def touchpoints(rng: np.random.Generator) -> None:
    """Shrinking and the chance to be among the worst, as touchpoints grow."""
    for m in (10, 40, 200):
        values, variances = rng.normal(30, 15, m), rng.uniform(4, 200, m)
        shrunk = shrink(values, variances)
        pull = best_of(lambda values=values, variances=variances: shrink(values, variances))
        worst = best_of(lambda shrunk=shrunk: among_worst(shrunk.values, shrunk.ses))
        print(f"{m:4d} touchpoints: shrink {pull * 1000:7.1f} ms, among the worst {worst * 1000:8.1f} ms")


def start() -> None:
    """A new interpreter that imports `nps`, less one that imports nothing."""
    bare = best_of(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
    door = best_of(
        lambda: subprocess.run([sys.executable, "-c", "from mindgap.measure import nps"], check=True)
    )
    print(f"from mindgap.measure import nps         {door - bare:8.3f} s   goal < 1 s")


def main() -> None:
    rng = np.random.default_rng(2024)
    start()
    scores(rng)
    weights(rng)
    touchpoints(rng)


if __name__ == "__main__":
    main()
