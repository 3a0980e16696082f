"""How often improvements end "verified": with an effect of the size they were planned for, and with none.

    python tools/simulate_improvements.py [--runs 500] [--seed 20]

Each run draws twenty touchpoints with answers to a likelihood question, plans an improvement of one of them by
`act.improvement.planning`, lets as many customers answer as the plan asked for, and lets `act.improvement.deadline`
judge. Only the store of readings is replaced, by what was drawn; everything that people and the worker run is run.
Exit code 1 where fewer than 80 % of the planted effects are verified, or more than 5 % of those that are not there.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from mindgap.act.improvement.improvement import Improvement
    from mindgap.act.improvement.plan import Plan

PLACES = 20
WEEKS = 13
TODAY = date(2026, 3, 2)
PASSIVE = 0.3
LEAST_POWER, MOST_FALSE = 0.8, 0.05


@dataclass(frozen=True, slots=True)
class Scenario:
    """`wander`, `drift` and `differ` in points: how much each place changes by itself between two quarters, how much
    all do together, how much their levels differ. `picked`: the worst of all was chosen."""

    name: str
    picked: bool = False
    drift: float = 0.0
    wander: float = 0.0
    differ: float = 12.0
    a_week: int = 25


SCENARIOS = (
    Scenario("chosen by lot"),
    Scenario("picked as the worst of 20", picked=True),
    Scenario("picked as the worst of 20 that are equal", picked=True, differ=0.0),
    Scenario("all drift alike", drift=10.0),
    Scenario("picked, and all drift alike", picked=True, drift=-10.0),
    Scenario("picked, and each place wanders", picked=True, wander=4.0, drift=5.0),
)


class Drawn:
    """Answers of two quarters before and one period after, as the store of readings would count them."""

    def __init__(self, rng: np.random.Generator, scenario: Scenario) -> None:
        self.rng, self.scenario = rng, scenario
        self.levels = 20 + rng.normal(0, scenario.differ, PLACES)
        self.columns: dict[str, list[np.ndarray]] = {"day": [], "touchpoint": [], "value": [], "n": []}
        first = (TODAY - timedelta(days=2 * 7 * WEEKS) - date(1970, 1, 1)).days
        for quarter in range(2):
            level = self.levels + self._step() + self._shock()
            self._quarter(first + quarter * 7 * WEEKS, WEEKS, level, np.full(PLACES, scenario.a_week))
        self.seen = self._seen(first + 7 * WEEKS)

    def worst(self) -> int:
        """The touchpoint with the lowest score of the last quarter."""
        return int(np.argmin(self.seen))

    def branched(self, rng: np.random.Generator) -> "Drawn":
        """The same so far, from which on something else may come."""
        made = copy(self)
        made.rng, made.columns = rng, {name: list(parts) for name, parts in self.columns.items()}
        return made

    def after(self, start: date, weeks: int, treated: int, effect: float) -> None:
        """Let as many weeks follow, with an effect at one place."""
        level = self.levels + self._step() + self.scenario.drift
        level[treated] += effect
        days = (start - date(1970, 1, 1)).days
        self._quarter(days, weeks, level, np.full(PLACES, self.scenario.a_week))

    def counts(self, ids: list[int], measure: int) -> Any:
        """The answer to whatever is asked: its columns, as far as an answer to a survey has them."""
        import pyarrow as pa

        whole = {name: np.concatenate(parts) for name, parts in self.columns.items()}
        whole["touchpoint"] = np.array(ids)[whole["touchpoint"]]
        size = whole["n"].size

        def counted(question: Any) -> Any:
            zeros = {"measure": measure, "state": 0}
            columns = {
                name: whole[name] if name in whole else np.full(size, zeros[name]) for name in question.by
            }
            return SimpleNamespace(table=pa.table({**columns, "n": whole["n"]}))

        return counted

    def _step(self) -> np.ndarray:
        return self.rng.normal(0, self.scenario.wander / np.sqrt(2), PLACES)

    def _shock(self) -> float:
        return float(self.rng.normal(0, 3))

    def _quarter(self, first: int, weeks: int, level: np.ndarray, a_week: np.ndarray) -> None:
        """Promoters, passives and detractors of every place and week, all on the first day of the week."""
        promoters = (1 - PASSIVE + np.clip(level, -65, 65) / 100) / 2
        shares = np.stack([1 - PASSIVE - promoters, np.full(PLACES, PASSIVE), promoters], axis=-1)
        drawn = self.rng.multinomial(a_week[:, None], shares[:, None, :], size=(PLACES, weeks))
        place, week, kind = np.indices(drawn.shape)
        for name, values in (
            ("day", first + 7 * week), ("touchpoint", place), ("value", np.array([3, 8, 10])[kind]), ("n", drawn),
        ):  # fmt: skip
            self.columns[name].append(values.ravel())

    def _seen(self, since: int) -> np.ndarray:
        whole = {name: np.concatenate(parts) for name, parts in self.columns.items()}
        late = whole["day"] >= since
        sign = np.select([whole["value"] >= 9, whole["value"] <= 6], [1, -1], 0) * whole["n"]
        return np.bincount(whole["touchpoint"][late], weights=sign[late], minlength=PLACES)


class Trials:
    """One organization in the database, whose improvements are planned and judged over and over."""

    def __init__(self) -> None:
        from mindgap.act.improvement.improvement import DONE
        from mindgap.act.improvement.opening import open_improvement
        from mindgap.keep.models import Measure, Metric, Organization, Touchpoint

        own = {"organization": Organization.objects.create(code="simulated", zone="UTC")}
        asked = Measure.objects.create(**own, code="likelihood", kind="likelihood", minimum=0, maximum=10)
        Metric.objects.create(**own, measure=asked, code="nps", summary="nps")
        self.measure = asked.pk
        self.ids = [Touchpoint.objects.create(**own, code=f"t{i}").pk for i in range(PLACES)]
        self.rows: dict[tuple[int, str], Improvement] = {}
        for place, number in enumerate(self.ids):
            for origin in ("worst", "member"):
                row = open_improvement(
                    own["organization"], origin=origin, source={}, title="Simulated", side="delivery", kind="repair",
                    touchpoint=Touchpoint.objects.get(pk=number), member=None,
                )  # fmt: skip
                row.events.create(kind=DONE)
                row.state = DONE
                self.rows[place, origin] = row

    def run(self, seed: list[int], scenario: Scenario) -> tuple[str, str]:
        """Plan, let answers come in, judge: the verdict with the effect, and without. One history, one plan, two futures:
        planning is most of the work."""
        from mindgap.act.improvement.deadline import run_test

        drawn = Drawn(np.random.default_rng(seed), scenario)
        place = drawn.worst() if scenario.picked else 0
        improvement = self.rows[place, "worst" if scenario.picked else "member"]
        with self._store(drawn):
            plan = _planned(improvement)
        assert plan.method == "comparison"
        assert plan.after.since is not None
        assert plan.weeks_needed is not None
        improvement.plan = plan.write()
        found = []
        for is_there in (1, 0):
            future = drawn.branched(np.random.default_rng([*seed, is_there]))
            future.after(plan.after.since, plan.weeks_needed, place, plan.effect * is_there)
            with self._store(future):
                found.append(str(run_test(improvement)["verdict"]))
        return found[0], found[1]

    @contextmanager
    def _store(self, drawn: Drawn) -> Iterator[None]:
        from mindgap.explain import tally

        before, tally.facts.counts = tally.facts.counts, drawn.counts(self.ids, self.measure)
        try:
            yield
        finally:
            tally.facts.counts = before


def _planned(improvement: "Improvement") -> "Plan":
    """A plan for a quarter, whose target is just what a quarter can show; its deadline is when it asks to end."""
    from mindgap.act.improvement.plan import Wish
    from mindgap.act.improvement.planning import make

    begin = TODAY + timedelta(days=7)
    wish = Wish("nps", 99.0, begin, begin + timedelta(days=7 * WEEKS - 1))
    first = make(improvement, wish)
    assert first.sees is not None
    wish = replace(wish, target=first.expected.value + first.sees * 1.0001)
    plan = make(improvement, wish)
    assert plan.is_enough
    assert plan.weeks_needed is not None
    if plan.weeks_needed == WEEKS:
        return plan
    return make(improvement, replace(wish, deadline=begin + timedelta(days=7 * plan.weeks_needed - 1)))


def shares(trials: Trials, scenario: Scenario, *, runs: int, seed: int) -> tuple[float, float]:
    """The shares verified with the effect there, and without."""
    from mindgap.ground import clock

    with clock.frozen(datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)):
        found = [trials.run([seed, number], scenario) for number in range(runs)]
    there, absent = (sum(each[side] == "verified" for each in found) for side in (0, 1))
    return there / runs, absent / runs


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MINDGAP_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "mindgap.ground.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        trials, is_right = Trials(), True
        for scenario in SCENARIOS:
            power, false = shares(trials, scenario, runs=options.runs, seed=options.seed)
            is_right = is_right and power >= LEAST_POWER and false <= MOST_FALSE
            print(
                f"{scenario.name:45} verified with the effect {power:6.1%}   without {false:6.1%}   of {options.runs} each",
                flush=True,
            )
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
