"""One touchpoint in finished words: what it is like, whether it is real, what to do now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mindgap.explain.audit import contradictions
from mindgap.explain.change import changes
from mindgap.explain.early import early
from mindgap.explain.finding import Finding
from mindgap.explain.gap import gaps
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.problem import problems
from mindgap.explain.promise import promises
from mindgap.explain.score import scores
from mindgap.show import charts, words
from mindgap.show.charts import cells
from mindgap.show.pages.frame.headline import Headline, headline, state
from mindgap.show.pages.touchpoint import course
from mindgap.show.words.action import action, evidence, meaning
from mindgap.show.words.title import changes_title, compared


@dataclass(frozen=True, slots=True)
class Problem:
    """Which side is at fault, what speaks for it, and the step to take."""

    kind: str
    word: str
    meaning: str
    action: str
    evidence: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Move:
    """How one figure moved since the two earlier periods; each a text with its state, or nothing to compare with."""

    label: str
    previous: tuple[str, str] | None
    last_year: tuple[str, str] | None

    @property
    def states(self) -> tuple[str, ...]:
        """The state of each step that could be taken."""
        return tuple(step[1] for step in (self.previous, self.last_year) if step)

    @property
    def is_clear(self) -> bool:
        """Whether at least one step is more than noise."""
        return any(state != "unclear" for state in self.states)


@dataclass(frozen=True, slots=True)
class Line:
    """One finding as a row of a table."""

    label: str
    value: str
    interval: str
    n: str
    note: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything above the split and the verbatims."""

    headlines: tuple[Headline, ...]
    moves: tuple[Move, ...]
    # Which period stands against which.
    compared: str
    problem: Problem | None
    minds: tuple[str, ...]
    trend: charts.Chart | None
    spreads: tuple[charts.Chart, ...]
    lines: tuple[Line, ...]
    # Names of the figures by which the touchpoint is split.
    asked: tuple[str, ...]

    @property
    def clear(self) -> list[Move]:
        """What moved for sure."""
        return [move for move in self.moves if move.is_clear]

    @property
    def within_noise(self) -> list[Move]:
        """What moved no more than chance would move it."""
        return [move for move in self.moves if not move.is_clear]

    @property
    def counted(self) -> str:
        """How many steps are real and how many are not, in words."""
        states = [state for move in self.moves for state in move.states]
        noise = states.count("unclear")
        return changes_title(len(states) - noise, noise)

    @property
    def is_empty(self) -> bool:
        return not self.headlines


def of(inquiry: Inquiry) -> Picture:
    """The picture of the inquiry's touchpoint."""
    names = words.Names.of_inquiry(inquiry)
    said, promised, missing = scores(inquiry), promises(inquiry), gaps(inquiry)
    heard, kept, gap = _heard(said, inquiry), _first(promised, "promise.kept"), _first(missing, "gap.mean")
    followed = heard or _first(promised, "promise.missed")
    steps = [step for against in ("previous", "last_year") for step in _steps(inquiry, against)]
    moved = next((step for step in steps if followed and step.metric == followed.metric), None)
    shown = [finding for finding in (heard, gap, kept) if finding]
    return Picture(
        headlines=tuple(
            headline(finding, names, id=f"{place}", label=names.metric(finding.metric))
            for place, finding in enumerate(shown)
        ),
        moves=tuple(_moves(steps, names)),
        compared=compared(steps),
        problem=_problem(inquiry, names),
        minds=tuple(_minds(inquiry, promised, names)),
        trend=course.trend_chart(inquiry, followed, moved) if followed else None,
        spreads=tuple(course.gap_charts(inquiry)),
        lines=tuple(_line(finding, names) for finding in (*said, *promised)),
        asked=tuple(finding.metric for finding in shown if finding.metric),
    )


def _heard(said: Sequence[Finding], inquiry: Inquiry) -> Finding | None:
    """The score of the first metric that was answered here."""
    order = {metric.code: place for place, metric in enumerate(inquiry.catalog.metrics)}
    whole = [finding for finding in said if not finding.group]
    return min(whole, key=lambda finding: order.get(finding.metric or "", len(order)), default=None)


def _first(findings: Sequence[Finding], code: str) -> Finding | None:
    return next((finding for finding in findings if finding.code == code and not finding.group), None)


def _steps(inquiry: Inquiry, against: str) -> list[Finding]:
    """The steps of this touchpoint, judged within the family of all touchpoints, as on the overview."""
    every = changes(inquiry.at(None), against=against)
    return [step for step in every if step.touchpoint == inquiry.touchpoint and step.value is not None]


def _moves(steps: Sequence[Finding], names: words.Names) -> Iterator[Move]:
    """One line per figure, in the order of the steps."""
    by_metric: dict[str | None, dict[str, tuple[str, str]]] = {}
    for step in steps:
        text = _("%(value)s (%(interval)s)") % {"value": words.figure(step), "interval": cells.interval(step)}
        by_metric.setdefault(step.metric, {})[step.code] = (text, state(step))
    for metric, found in by_metric.items():
        yield Move(names.metric(metric), found.get("change.previous"), found.get("change.last_year"))


def _problem(inquiry: Inquiry, names: words.Names) -> Problem | None:
    """Judged among all touchpoints: without a goal the others are the measure."""
    found = next((each for each in problems(inquiry.at(None)) if each.touchpoint == inquiry.touchpoint), None)
    if found is None or found.is_hidden:
        return None
    kind = found.details["kind"]
    return Problem(
        kind=kind,
        word=words.kind(kind),
        meaning=meaning(kind),
        action=action(kind),
        evidence=tuple(evidence(sign, names) for sign in found.details["evidence"]),
        sentence=words.sentence(found, names),
    )


def _minds(inquiry: Inquiry, promised: Sequence[Finding], names: words.Names) -> list[str]:
    """What must be borne in mind here."""
    told = [words.sentence(finding, names) for finding in early(inquiry) if finding.details.get("count")]
    told += [words.sentence(finding, names) for finding in contradictions(inquiry)]
    codes = dict.fromkeys(
        warning for finding in promised for warning in finding.warnings if finding.value is not None
    )
    return [*told, *(words.warning(code) for code in codes)]


def _line(finding: Finding, names: words.Names) -> Line:
    label = names.metric(finding.metric)
    group = names.group(finding)
    note = words.rule(finding.rule) if finding.code == "promise.missed" else group
    return Line(
        label=label,
        value=cells.value(finding),
        interval=cells.interval(finding),
        n=cells.count(finding.n),
        note=note or words.population(finding.population),
    )
