"""What the alert on a level that has moved is worth: false alerts without any change, and how soon a lasting fall is found.

    python tools/simulate_alerts.py                       (an NPS of 35, 200 years and 1,000 falls; about a minute)
    python tools/simulate_alerts.py --levels 0 25 35 60   (a table over levels)

Forty touchpoints with 50 answers a week are watched for 52 weeks, with the settings that the trigger `metric_shift`
ships; the 26 weeks before say what is usual. A fall of 20 points moves a tenth of all answers from promoters to
detractors, at one touchpoint, in some week of the year, for good. Three answers in ten are passive.
"""

import argparse
import sys
import time
from dataclasses import dataclass

import numpy as np

from mindgap.show.start import start_django

start_django()

from mindgap.explain.watch import FALSE_A_YEAR  # noqa: E402 - it reads Django settings
from mindgap.measure.track import Track  # noqa: E402
from mindgap.measure.watch import BASELINE, BETWEEN, watch  # noqa: E402

TOUCHPOINTS, WEEKS, ANSWERS = 40, 52, 50
PASSIVE, FALL = 0.3, 0.2
# At most so many false alerts a year; found within four weeks, and within six, in at least these shares of runs.
GOAL = (6.0, 0.65, 0.90)


@dataclass(frozen=True)
class Result:
    """`years` of forty quiet touchpoints, and `falls` of one that fell."""

    level: int
    years: int
    false_a_year: float
    false_error: float
    falls: int
    within_four: float
    within_six: float

    @property
    def is_good(self) -> bool:
        return self.false_a_year <= GOAL[0] and self.within_four >= GOAL[1] and self.within_six >= GOAL[2]

    def __str__(self) -> str:
        return (
            f"NPS {self.level:>3}   false alerts a year {self.false_a_year:5.2f} (± {self.false_error:.2f}, {self.years} years)"
            f"   fall of 20 found within 4 weeks {100 * self.within_four:5.1f} %, within 6 {100 * self.within_six:5.1f} %"
            f" ({self.falls} falls)   {'meets' if self.is_good else 'misses'} the goal"
        )


def simulate(level: int, *, years: int, falls: int, chance: np.random.Generator) -> Result:
    """Watch `years` years without change, then `falls` years with a fall each."""
    usual = shares(level)
    counts = [sum(len(alerts(weeks(usual, chance))) for _ in range(TOUCHPOINTS)) for _ in range(years)]
    found = np.array([_found(usual, chance) for _ in range(falls)])
    return Result(
        level=level,
        years=years,
        false_a_year=float(np.mean(counts)),
        false_error=float(np.std(counts, ddof=1) / np.sqrt(years)),
        falls=falls,
        within_four=float(np.mean(found < 4)),
        within_six=float(np.mean(found < 6)),
    )


def shares(level: float) -> np.ndarray:
    """Detractors, passives, promoters."""
    promoters = (1 - PASSIVE + level / 100) / 2
    return np.array([1 - PASSIVE - promoters, PASSIVE, promoters])


def weeks(usual: np.ndarray, chance: np.random.Generator, *, fall_in: int | None = None) -> np.ndarray:
    """Answers of each class in each week; with a fall from that week of the watched year on."""
    quiet = BASELINE + (WEEKS if fall_in is None else fall_in)
    drawn = [chance.multinomial(ANSWERS, usual, size=quiet)]
    if fall_in is not None:
        fallen = usual + np.array([FALL / 2, 0, -FALL / 2])
        drawn.append(chance.multinomial(ANSWERS, fallen, size=WEEKS - fall_in))
    return np.concatenate(drawn)


def alerts(drawn: np.ndarray) -> tuple[int, ...]:
    """The weeks of the watched year, from 0, that give an alert, as the trigger would."""
    between = max(BETWEEN, TOUCHPOINTS * WEEKS / FALSE_A_YEAR)
    track = Track.nps(drawn[:, 0], drawn[:, 1], drawn[:, 2])
    return tuple(
        each - BASELINE for each in watch(track, baseline=BASELINE, between=between, sides="fall").alerts
    )


def _found(usual: np.ndarray, chance: np.random.Generator) -> float:
    """How many weeks after the first fallen one it alerts; infinite when it does not."""
    fall_in = int(chance.integers(0, WEEKS - 6))
    found = [each - fall_in for each in alerts(weeks(usual, chance, fall_in=fall_in)) if each >= fall_in]
    return min(found, default=float("inf"))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--levels", type=int, nargs="+", default=[35])
    parser.add_argument("--years", type=int, default=200)
    parser.add_argument("--falls", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20_261_128)
    given = parser.parse_args()
    began, good = time.monotonic(), True
    for level in given.levels:
        chance = np.random.default_rng([given.seed, level + 100])
        result = simulate(level, years=given.years, falls=given.falls, chance=chance)
        print(result, flush=True)
        good = good and result.is_good
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
