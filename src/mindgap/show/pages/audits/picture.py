"""Pictures of a result: COURTED as the gap between what we think and what customers say, and the pyramid."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mindgap.act.audit.ranking import Ranked, Result
from mindgap.show.charts import Chart
from mindgap.show.charts.chart import rounded
from mindgap.show.pages.audits.naming import Named, Naming
from mindgap.show.words import audit as speech
from mindgap.show.words.choice import word
from mindgap.show.words.number import count, number

# The pyramid in its own units: six layers on a base of 300, one gap between each.
_WIDTH, _HEIGHT, _GAP = 300.0, 210.0, 3.0
_LEVELS = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result, numbers as finished text."""

    ranked: Ranked
    named: Named
    score: str
    parts: list[tuple[str, str]]
    mine: str
    customers: str
    todo: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A level: its outline, what of it is reached, where customers put it, and where its number stands."""

    number: int
    named: Named
    outline: str
    filled: str
    mark: str
    y: str
    row: Row
    # Where it stands in the picture of effort and impact; empty where either was not said.
    effort: str
    impact: str


def row(ranked: Ranked, naming: Naming) -> Row:
    """A line of the result in words."""
    scores = ranked.item.scores
    shown = [name for name in speech.SHORT if name in scores and name not in ("bare", "score")]
    views = ranked.views
    return Row(
        ranked=ranked,
        named=naming.of(ranked.item),
        score=_ten(ranked.score),
        parts=[(word(speech.SHORT, name), number(scores[name], decimals=0)) for name in shown],
        mine=_mine(ranked) if views else "",
        customers=_customers(ranked) if ranked.customers else "",
        todo=str(ranked.todo.todo) if ranked.todo and (ranked.score is None or ranked.is_weak) else "",
    )


def courted(result: Result, naming: Naming) -> Chart | None:
    """What we think of each part (hollow) against what customers say (filled), on 0 to 10."""
    rows = sorted(result.rows, key=lambda each: each.item.position)
    if not any(each.customers or each.mine is not None for each in rows):
        return None
    blind = [each for each in rows if each.is_blind]
    title = _("What we think of ourselves, and what customers say")
    if blind:
        worst = min(blind, key=lambda each: (each.customers or (0.0,))[0] - (each.mine or 0.0))
        title = _("%(part)s: customers judge worse than we think") % {"part": naming.of(worst.item).name}
    return Chart(
        id="courted",
        title=title,
        summary=_(
            "Hollow: what we think; filled: what customers say, with its interval. From 0 to 10, higher is better."
        ),
        spec={
            "kind": "journey",
            "stages": [{"name": "COURTED", "touchpoints": [_stop(each, naming) for each in rows]}],
            "y": {"min": 0, "max": 10},
            "unit": "",
        },
        head=(_("Part"), _("What we think"), _("What customers say")),
        rows=tuple(
            (
                naming.of(each.item).name,
                _mine(each) if each.views else "–",
                _customers(each) if each.customers else "–",
            )
            for each in rows
        ),
    )


def _stop(ranked: Ranked, naming: Naming) -> dict[str, Any]:
    value, low, high, n = ranked.customers or (None, None, None, None)
    mine = ranked.mine

    def step(end: float | None) -> float | None:
        return rounded(end - mine) if end is not None and mine is not None else None

    return {
        "label": naming.of(ranked.item).name,
        "expected": rounded(mine),
        "experienced": rounded(value),
        "low": rounded(low),
        "high": rounded(high),
        "gap": step(value),
        "gap_low": step(low),
        "gap_high": step(high),
        "n": n,
        "asked": ranked.customers is not None,
        "moment": False,
        "peak": False,
        "end": False,
    }


def pyramid(result: Result, naming: Naming) -> list[Layer]:
    """The levels from the top down, as they are drawn."""
    levels = [each for each in result.rows if each.item.subject.startswith("level:")]
    by_place = sorted(levels, key=lambda each: each.item.position)
    return [_layer(place, each, naming) for place, each in reversed(list(enumerate(by_place)))]


def _layer(place: int, ranked: Ranked, naming: Naming) -> Layer:
    top = _HEIGHT * (_LEVELS - 1 - place) / _LEVELS
    bottom = _HEIGHT * (_LEVELS - place) / _LEVELS - _GAP
    said = ranked.customers[0] if ranked.customers else None
    scores = ranked.item.scores
    return Layer(
        number=place + 1,
        named=naming.of(ranked.item),
        outline=_band(top, bottom, 1.0),
        filled=_band(top, bottom, ranked.score / 10) if ranked.score else "",
        mark=_mark(top, bottom, said / 10) if said is not None else "",
        y=f"{(top + bottom) / 2:.1f}",
        row=row(ranked, naming),
        effort=_along(scores.get("effort")),
        impact=_up(scores.get("impact")),
    )


def _band(top: float, bottom: float, share: float) -> str:
    """The points of a layer from the left edge up to a share of its width at every height."""
    corners = []
    for y, is_right in ((top, False), (top, True), (bottom, True), (bottom, False)):
        left, right = _edges(y)
        corners.append(f"{left + (right - left) * share if is_right else left:.1f},{y:.1f}")
    return " ".join(corners)


def _mark(top: float, bottom: float, share: float) -> str:
    """A line across the layer at a share of its width."""
    ends = []
    for y in (top, bottom):
        left, right = _edges(y)
        ends.append(f"{left + (right - left) * share:.1f},{y:.1f}")
    return " ".join(ends)


def _edges(y: float) -> tuple[float, float]:
    # The top is blunt, so that the sixth level has room for a score.
    half = _WIDTH / 2 * (0.3 + 0.7 * y / _HEIGHT)
    return _WIDTH / 2 - half, _WIDTH / 2 + half


def _along(effort: int | None) -> str:
    return "" if effort is None else str(24 + 26 * effort)


def _up(impact: int | None) -> str:
    return "" if impact is None else str(276 - 26 * impact)


def _ten(score: float | None) -> str:
    return "–" if score is None else number(score, decimals=0 if float(score).is_integer() else 1)


def _mine(ranked: Ranked) -> str:
    views = ranked.views
    parts = {"mean": _ten(ranked.mine), "n": count(len(views)), "low": min(views), "high": max(views)}
    if len(views) == 1:
        return _("%(mean)s (one member)") % parts
    return _("%(mean)s (members: %(n)s, from %(low)s to %(high)s)") % parts


def _customers(ranked: Ranked) -> str:
    assert ranked.customers is not None
    value, low, high, n = ranked.customers
    parts = {"value": number(value), "low": number(low), "high": number(high), "n": count(n)}
    return _("%(value)s (%(low)s–%(high)s), n %(n)s") % parts
