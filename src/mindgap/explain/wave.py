"""Wave against wave: what each round of a programme scored, and whether that is another score than the round before.

A step counts as clear only if it stays so after all steps of all questions were tested together (Benjamini–Hochberg):
who compares twelve waves finds a "change" by chance alone.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count
from django.db.models.fields.json import KeyTransform

from mindgap.explain.disclosure import policy
from mindgap.keep import survey as surveys
from mindgap.keep.definition import SCORED, Question
from mindgap.keep.models import Programme, Submission, Wave
from mindgap.keep.submission import FINISHED
from mindgap.measure import (
    Counts,
    Difference,
    Estimate,
    benjamini_hochberg,
    mean,
    mean_difference,
    nps,
    nps_difference,
)

_ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Round:
    """One wave's score of one question. `change` is the step from the wave before that has a score."""

    wave: Wave
    n: int
    score: Estimate | None = None
    change: Difference | None = None
    is_clear: bool = False
    is_few: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """One scored question (or one row or side of it) over the waves, the oldest first."""

    question: Question
    part: str
    is_nps: bool
    rounds: tuple[Round, ...]

    @property
    def clear(self) -> int:
        """How many steps are clear."""
        return sum(each.is_clear for each in self.rounds)


def compare(programme: Programme, *, waves: int = 12) -> tuple[Comparison, ...]:
    """The newest waves of a programme, question by question; nothing before two of them have answers."""
    newest = surveys.published(programme.survey)
    found = list(programme.waves.order_by("-number")[:waves])[::-1]
    if newest is None or len(found) < 2:
        return ()
    made = [
        each
        for question in newest.read().questions
        for part in _parts(question)
        if (each := _comparison(programme, found, question, part)) is not None
    ]
    return _judged(made)


def _parts(question: Question) -> list[str]:
    if question.type == "matrix":
        return [row.code for row in question.rows if row.measure]
    if question.type == "pair":
        return list(question.asks)
    return [""] if question.type in SCORED else []


def _comparison(programme: Programme, waves: list[Wave], question: Question, part: str) -> Comparison | None:
    said = _said(programme, f"{question.code}.{part}" if part else question.code)
    is_nps = question.type == "nps" and all(value in range(11) for each in said.values() for value in each)
    rounds: list[Round] = []
    before: Counts | None = None
    for wave in waves:
        counted = said.get(wave.pk, Counter())
        n = sum(counted.values())
        # Two waves of which one hides would tell the other by their sum: each hides by itself, none is added up.
        if policy().hides(n) or n < 2:
            rounds.append(Round(wave, n, is_few=n > 0))
            continue
        counts = Counts.of(dict(counted))
        change = None
        if before is not None:
            change = nps_difference(before, counts) if is_nps else mean_difference(before, counts)
        rounds.append(Round(wave, n, nps(counts) if is_nps else mean(counts), change))
        before = counts
    scored = [each for each in rounds if each.score is not None]
    return Comparison(question, part, is_nps, tuple(rounds)) if len(scored) > 1 else None


def _said(programme: Programme, column: str) -> dict[int, "Counter[float]"]:
    """How often each number was said in each wave."""
    rows = Submission.objects.filter(
        survey=programme.survey, invitation__programme=programme, state=FINISHED, is_test=False
    ).exclude(invitation__wave=None)
    found: dict[int, Counter[float]] = {}
    values = rows.annotate(said=KeyTransform(column, "answers")).order_by().values("invitation__wave", "said")
    for row in values.annotate(n=Count("id")):
        said: Any = row["said"]
        if isinstance(said, int | float) and not isinstance(said, bool):
            found.setdefault(row["invitation__wave"], Counter())[float(said)] += row["n"]
    return found


def _judged(made: list[Comparison]) -> tuple[Comparison, ...]:
    """Mark the steps that stay clear when all of them are tested together."""
    steps = [each.change.p for line in made for each in line.rounds if each.change is not None]
    adjusted: Iterator[float] = iter(benjamini_hochberg(steps).tolist()) if steps else iter(())
    return tuple(
        replace(
            line,
            rounds=tuple(
                each if each.change is None else replace(each, is_clear=next(adjusted) <= _ALPHA)
                for each in line.rounds
            ),
        )
        for line in made
    )
