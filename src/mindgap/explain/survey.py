"""Survey: what came back: how many began and finished, and for each question who said what, with intervals.

Counts are asked of the database, one kind of question each; answers are never looped over. What fewer people than
the limit for distributions said is not told (P9). `n` counts finished submissions with an answer to the question;
"does not apply" is counted apart and in no share and no mean.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, TextField
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from mindgap.explain.disclosure import policy
from mindgap.keep.definition import CHOSEN, SCORED, Definition, Question
from mindgap.keep.models import Invitation, Submission
from mindgap.keep.submission import FINISHED
from mindgap.measure import Counts, Estimate, mean, nps, proportion

# More different answers than this are told by their mean alone.
_VALUES_MOST = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """How a survey stands: counts of submissions and invitations; `rate` is the share of those asked who finished."""

    finished: int = 0
    partial: int = 0
    screened: int = 0
    over_quota: int = 0
    asked: int = 0
    last: datetime | None = None
    rate: Estimate | None = None
    median_seconds: float | None = None

    @property
    def started(self) -> int:
        """Everybody who sent at least one page."""
        return self.finished + self.partial + self.screened + self.over_quota


@dataclass(frozen=True, slots=True)
class Share:
    """How many gave one value; `share` (0 to 1) has Wilson's interval."""

    value: Any
    count: int
    share: Estimate


@dataclass(frozen=True, slots=True)
class Tally:
    """What was said to one question, or to one row or side of it (`part`).

    `score` is the Net Promoter Score of a 0–10 recommendation, else the mean, where the answers are numbers.
    `is_few`: fewer people than may be shown.
    """

    question: Question
    n: int
    part: str = ""
    skipped: int = 0
    shares: tuple[Share, ...] = ()
    score: Estimate | None = None
    is_few: bool = False
    is_many: bool = False


def standings(organization_id: int) -> dict[int, Standing]:
    """How every survey of an organization stands, by its number."""
    found: dict[int, dict[str, Any]] = {}
    rows = Submission.objects.filter(organization_id=organization_id, is_test=False).order_by()
    for row in rows.values("survey_id", "state").annotate(n=Count("id"), last=Max("changed_at")):
        there = found.setdefault(row["survey_id"], {})
        there[row["state"]] = row["n"]
        there["last"] = max(row["last"], there.get("last") or row["last"])
    asked = Invitation.objects.filter(organization_id=organization_id, sent_at__isnull=False).order_by()
    counted = asked.values("survey_id").annotate(sent=Count("sent_at"), answered=Count("answered_at"))
    for survey, sent, answered in counted.values_list("survey_id", "sent", "answered"):
        found.setdefault(survey, {}).update(asked=sent, rate=proportion(answered, sent))
    return {survey: Standing(**each) for survey, each in found.items()}


def standing(survey_id: int, organization_id: int) -> Standing:
    """How one survey stands, with the median time from the first page to the last."""
    there = standings(organization_id).get(survey_id) or Standing()
    return Standing(
        there.finished, there.partial, there.screened, there.over_quota, there.asked, there.last, there.rate,
        _median(survey_id),
    )  # fmt: skip


def tallies(survey_id: int, definition: Definition, *, trials: bool = False) -> tuple[Tally, ...]:
    """What was said to each question that can be counted, in the order of the questions.

    `trials`: what those who wrote the survey said when they tried it, and nothing else; nothing of that is hidden.
    """
    of = _Of(survey_id, trials)
    return tuple(tally for question in definition.questions for tally in _tallies(of, question))


def comments(
    survey_id: int, definition: Definition, *, trials: bool = False
) -> list[tuple[Question, int, bool]]:
    """The questions for own words, with how many wrote something, and whether so few did that nobody may read it."""
    found = []
    for question in definition.questions:
        if question.type == "text":
            n = written(survey_id, question.code, trials=trials).count()
            found.append((question, n, not trials and policy().hides(n, "comment")))
    return found


def trials(survey_id: int) -> int:
    """How many trials were finished."""
    return int(_Of(survey_id, is_trial=True).finished.count())


def written(survey_id: int, code: str, *, trials: bool = False) -> Any:
    """The finished submissions with words to a question, newest first; `said` holds them."""
    rows = (
        _Of(survey_id, trials)
        .finished.filter(answers__has_key=code)
        .annotate(said=Cast(KeyTextTransform(code, "answers"), TextField()))
    )
    # SQLite gives "does not apply" as this text, PostgreSQL as nothing.
    return rows.exclude(said=None).exclude(said__in=("", "null")).order_by("-finished_at", "-id")


def may_be_read(n: int) -> bool:
    """Whether so many people stand behind words or single answers that they may be read."""
    return not policy().hides(n, "comment")


@dataclass(frozen=True, slots=True)
class _Of:
    """The submissions that are asked about: of customers, or of those who tried the survey."""

    survey_id: int
    is_trial: bool = False

    @property
    def finished(self) -> Any:
        return Submission.objects.filter(survey_id=self.survey_id, state=FINISHED, is_test=self.is_trial)


def _tallies(of: _Of, question: Question) -> Iterable[Tally]:
    if question.type in ("statement", "file", "contact", "text"):
        return
    if question.type == "matrix":
        parts = [row.code for row in question.rows]
    elif question.type == "pair":
        parts = list(question.asks)
    else:
        parts = [""]
    for part in parts:
        column = f"{question.code}.{part}" if part else question.code
        yield _tally(of, question, part, column)


def _tally(of: _Of, question: Question, part: str, column: str) -> Tally:
    counted: Counter[Any] = Counter()
    rows = of.finished.annotate(said=KeyTransform(column, "answers")).order_by()
    people = 0
    for row in rows.values("said").annotate(n=Count("id")):
        said, n = row["said"], row["n"]
        if said is None or said == "":
            continue
        people += n
        for each in _values(question, said):
            counted[each] += n
    # "Does not apply" is an answer without a value.
    skipped = rows.filter(answers__has_key=column).count() - people if question.may_skip else 0
    if not of.is_trial and policy().hides(people, "distribution"):
        return Tally(question, people, part, is_few=True)
    if not people:
        return Tally(question, 0, part, skipped)
    is_many = len(counted) > _VALUES_MOST
    shares = (
        ()
        if is_many
        else tuple(Share(value, n, proportion(n, people)) for value, n in _in_order(question, counted))
    )
    return Tally(question, people, part, skipped, shares, _score(question, counted), is_many=is_many)


def _values(question: Question, said: Any) -> list[Any]:
    """What one answer counts for: each choice that was made; of an order only what stands first."""
    if isinstance(said, list):
        return [str(each) for each in (said[:1] if question.type == "ranking" else said)]
    if question.type in CHOSEN:
        return [str(said)]
    if isinstance(said, bool):
        return [said]
    return [float(said) if isinstance(said, int | float) else str(said)]


def _in_order(question: Question, counted: "Counter[Any]") -> list[tuple[Any, int]]:
    known = [choice.code for choice in question.choices]
    if known:
        others = [value for value in counted if value not in known]
        return [(value, counted[value]) for value in (*known, *others)]
    return sorted(counted.items(), key=lambda pair: (isinstance(pair[0], str), pair[0]))


def _score(question: Question, counted: "Counter[Any]") -> Estimate | None:
    if question.type not in (*SCORED, "matrix", "pair") or sum(counted.values()) < 2:
        return None
    if not all(isinstance(value, float) for value in counted):
        return None
    counts = Counts.of(dict(counted))
    if question.type == "nps" and all(value in range(11) for value in counted):
        return nps(counts)
    return mean(counts)


def _median(survey_id: int) -> float | None:
    took = ExpressionWrapper(F("finished_at") - F("started_at"), output_field=DurationField())
    rows = _Of(survey_id).finished.exclude(finished_at=None).annotate(took=took).order_by("took")
    n = rows.count()
    if not n or policy().hides(n):
        return None
    middle: list[timedelta] = list(rows.values_list("took", flat=True)[(n - 1) // 2 : n // 2 + 1])
    return sum(each.total_seconds() for each in middle) / len(middle)
