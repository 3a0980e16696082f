"""How fast driver analysis is: sums of products, shares of R-squared, and their bootstrap.

Run ``python -m benchmarks.driver``. Ratios compare with the same work done plainly, with packages
that happen to be installed, and with R's relaimpo if there is an ``Rscript``.
"""

import math
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO
from itertools import combinations
from pathlib import Path

import numpy as np
from benchmarks.measure import best_of

from mindgap.measure.driver import drivers
from mindgap.measure.gram import Gram, GramStack
from mindgap.measure.johnson import johnson
from mindgap.measure.lmg import lmg, lmg_shares

ROWS = 1_000_000
REPLICATES = 1000

RELAIMPO = """
suppressMessages(library(relaimpo)); rows <- as.matrix(read.csv("{path}", header = FALSE))
seconds <- system.time(calc.relimp(cov(rows), type = "lmg"))[["elapsed"]]; cat(seconds)
"""


def answers(rng: np.random.Generator, p: int, *, n: int = ROWS) -> np.ndarray:
    """Outcome first, then p drivers that share a mood."""
    rows = rng.normal(size=(n, p + 1))
    rows[:, 1:] += 0.7 * rng.normal(size=(n, 1))
    rows[:, 0] += rows[:, 1:] @ np.linspace(0.1, 0.5, p)
    return rows


def plain_shares(rows: np.ndarray) -> np.ndarray:
    """Every subset regressed on its own rows by least squares, then averaged."""
    y = rows[:, 0] - rows[:, 0].mean()
    x = rows[:, 1:] - rows[:, 1:].mean(axis=0)
    p, total = x.shape[1], float(y @ y)
    worth: dict[tuple[int, ...], float] = {(): 0.0}
    for size in range(1, p + 1):
        for some in combinations(range(p), size):
            left = y - x[:, some] @ np.linalg.lstsq(x[:, some], y, rcond=None)[0]
            worth[some] = 1 - float(left @ left) / total
    return averaged(worth, p)


def looped_shares(matrix: np.ndarray) -> np.ndarray:
    """Every subset solved on its own from correlations, outcome first, then averaged."""
    p = len(matrix) - 1
    worth: dict[tuple[int, ...], float] = {(): 0.0}
    for size in range(1, p + 1):
        for some in combinations(range(1, p + 1), size):
            beside = matrix[some, 0]
            inner = np.linalg.solve(matrix[np.ix_(some, some)], beside)
            worth[tuple(j - 1 for j in some)] = float(beside @ inner)
    return averaged(worth, p)


def averaged(worth: dict[tuple[int, ...], float], p: int) -> np.ndarray:
    """LMG shares from the R-squared of every subset."""
    shares = np.zeros(p)
    for some, value in worth.items():
        for j in range(p):
            if j not in some:
                more = worth[tuple(sorted((*some, j)))] - value
                shares[j] += more / (p * math.comb(p - 1, len(some)))
    return shares


def sums(rng: np.random.Generator) -> None:
    rows = rng.normal(size=(ROWS, 20))
    ours = best_of(lambda: Gram.of(rows))
    plain = best_of(lambda: np.cov(rows.T))
    print(f"Gram of {ROWS:,} x 20                  {ours:8.3f} s   goal <= 0.3 s")
    print(f"the same by numpy.cov                  {plain:8.3f} s   {plain / ours:.1f} times as long")


def shares(rng: np.random.Generator) -> None:
    for p, goal in ((10, 0.005), (15, 0.15), (20, 8.0)):
        gram = Gram.of(answers(rng, p))
        matrix = gram.correlation()
        ours = best_of(lambda gram=gram: lmg(gram, outcome="x1"))
        quick = best_of(lambda gram=gram: johnson(gram, outcome="x1"))
        print(f"LMG of {p} drivers, from sums            {ours * 1e3:8.2f} ms  goal < {goal * 1e3:.0f} ms")
        print(f"relative weights of the same            {quick * 1e3:8.2f} ms")
        if p <= 15:
            plain = best_of(lambda matrix=matrix: looped_shares(matrix), times=1)
            print(
                f"the same subset by subset               {plain * 1e3:8.0f} ms  {plain / ours:.0f} times as long"
            )


def bootstrap(rng: np.random.Generator) -> None:
    rows = answers(rng, 10)
    units = GramStack.of_units(rows, rng=rng)
    turned = [*units.names[1:], units.names[0]]
    many = units.pick(turned).resampled(rng, REPLICATES).correlations()
    ours = best_of(lambda: lmg_shares(many))
    print(f"LMG of {REPLICATES:,} replicates of 10 drivers  {ours:8.3f} s   goal < 2 s")
    whole = best_of(lambda: drivers(rows, outcome="x1", rng=rng, replicates=REPLICATES), times=1)
    customers = rng.integers(0, ROWS // 4, ROWS)
    clustered = best_of(
        lambda: drivers(rows, outcome="x1", rng=rng, clusters=customers, replicates=REPLICATES), times=1
    )
    print(f"drivers() on {ROWS:,} rows with intervals {whole:8.2f} s")
    print(f"the same by {ROWS // 4:,} customers         {clustered:8.2f} s")


def elsewhere(rng: np.random.Generator) -> None:
    """The same shares of ten drivers by regressions on rows, and by other software if it is here."""
    rows = answers(rng, 10, n=5_000)
    ours = best_of(lambda: lmg(Gram.of(rows), outcome="x1"))
    found = lmg(Gram.of(rows), outcome="x1").shares
    results: list[np.ndarray] = []
    plain = best_of(lambda: results.append(plain_shares(rows)), times=1)
    assert np.allclose(results[0], found)
    print(f"10 drivers, 5,000 rows                 {ours * 1e3:8.2f} ms")
    print(f"numpy.linalg.lstsq per subset          {plain:8.2f} s   {plain / ours:.0f} times as long")
    packages(rows, ours)
    relaimpo(rows, ours)


def packages(rows: np.ndarray, ours: float) -> None:
    """What PyPI has for the same question; the extra `bench` installs it. A package that fails says how."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=[f"x{j + 1}" for j in range(rows.shape[1])])
    names = list(frame.columns[1:])
    weights = best_of(lambda: johnson(Gram.of(rows), outcome="x1"))
    print(f"relative weights of the same           {weights * 1e3:8.2f} ms")

    def relative_imp() -> None:
        import_module("relativeImp").relativeImp(frame, outcomeName="x1", driverNames=names)

    def key_driver_analysis() -> None:
        import_module("key_driver_analysis").relative_importance(frame, "x1", names)

    def dominance_analysis() -> None:
        module = import_module("dominance_analysis")
        module.Dominance(data=frame, target="x1", top_k=len(names), objective=1).incremental_rsquare()

    def pingouin() -> None:
        import_module("pingouin").linear_regression(frame[names], frame["x1"], relimp=True)

    rival("relativeImp, relative weights", relative_imp, weights)
    rival("key-driver-analysis, the same", key_driver_analysis, weights)
    rival("dominance-analysis, LMG", dominance_analysis, ours)
    # Under the GPL, hence not in the extra: compared with where somebody has installed it.
    rival("pingouin, LMG", pingouin, ours)


def rival(name: str, run: Callable[[], None], ours: float) -> None:
    """The time of somebody else's program as a ratio, or why there is none."""
    try:
        with redirect_stdout(StringIO()):
            # The first run also loads the package.
            seconds = best_of(run, times=2)
    except Exception as reason:  # noqa: BLE001 - a comparison that cannot be made is no failure
        said = str(reason).splitlines()[0][:90] if str(reason) else ""
        print(f"{name:38} not run ({type(reason).__name__}: {said})")
    else:
        print(f"{name:38} {seconds * 1e3:8.2f} ms  {seconds / ours:.1f} times as long")


def relaimpo(rows: np.ndarray, ours: float) -> None:
    program = shutil.which("Rscript")
    if program is None:
        print("R relaimpo                             not run (Rscript is not installed)")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        np.savetxt(path, rows, delimiter=",")
        ran = subprocess.run(
            [program, "-e", RELAIMPO.format(path=path)], capture_output=True, text=True, check=False
        )
    try:
        seconds = float(ran.stdout)
    except ValueError:
        said = (ran.stderr.strip().splitlines() or ["no answer"])[-1][:90]
        print(f"R relaimpo                             not run ({said})")
    else:
        print(f"R relaimpo, from covariances           {seconds:8.2f} s   {seconds / ours:.0f} times as long")


def main() -> None:
    rng = np.random.default_rng(2024)
    sums(rng)
    shares(rng)
    bootstrap(rng)
    elsewhere(rng)


if __name__ == "__main__":
    main()
