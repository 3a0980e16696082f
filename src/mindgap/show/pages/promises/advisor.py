"""The advisor: what happened as a histogram, a promise as a line in it, and a slider that moves the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mindgap.explain import advice
from mindgap.explain.advice import Candidates
from mindgap.explain.cell import Cell, interactions
from mindgap.explain.inquiry import Inquiry
from mindgap.keep.models import Promise
from mindgap.show import charts, words
from mindgap.show.charts import Chart

CHART = "happened"


@dataclass(frozen=True, slots=True)
class Advisor:
    """The chart, and the slider as `frame/_advisor.html` draws it (None where nothing can be advised)."""

    chart: Chart
    slider: dict[str, Any]


def cell_of(promise: Promise, inquiry: Inquiry) -> Cell | None:
    """The counted interactions under the promise; None where there are none."""
    here = inquiry.at(promise.touchpoint.code).also("promise", promise.code)
    found = interactions(here, *advice.COLUMNS)
    return next((cell for cell in found if cell.measure.pk == promise.measure_id), None)


def advisor(
    cell: Cell, promise: Promise, *, asked: str | None, kept: Sequence[tuple[str, str]] = ()
) -> Advisor | None:
    """`asked` is the value that the form without script sent; else the line stands at the present promise.

    `kept` are the parameters of the page that the form must not lose.
    """
    found = advice.candidates(cell)
    if found is None or not found.quantities:
        return None
    rows = [
        {"value": value, "sentence": _sentence(found, place)} for place, value in enumerate(found.quantities)
    ]
    present = found.present if promise.quantity is None else float(promise.quantity * promise.measure.step)
    at = _nearest(found, _number(asked), present)
    slider = {
        "id": "advisor",
        "chart_id": CHART,
        "label": _("What if the promise were another one?"),
        "name": "quantity",
        "value": _plain(found.quantities[at]),
        "min": _plain(found.quantities[0]),
        "max": _plain(found.quantities[-1]),
        "step": _plain(_step(found, cell)),
        "low_label": _amount(found.quantities[0], found.unit),
        "high_label": _amount(found.quantities[-1], found.unit),
        "sentence": rows[at]["sentence"],
        "rows": {"rows": rows},
        "kept": kept,
    }
    return Advisor(_chart(found, cell, found.quantities[at] if asked else present), slider)


def _chart(found: Candidates, cell: Cell, line: float | None) -> Chart:
    at = None if line is None else _nearest(found, line, None)
    title = (
        _("How long it really took")
        if at is None
        else _("A promise of %(value)s is kept in %(share)s")
        % {
            "value": _amount(found.quantities[at], found.unit),
            "share": words.percent(found.shares[at]),
        }
    )
    summary = _("The picture shows how many took how long.") if at is None else _sentence(found, at)
    return charts.distribution(
        found.counts, id=CHART, title=title, summary=summary, unit=found.unit, promise=line, step=cell.step
    )


def _sentence(found: Candidates, place: int) -> str:
    return _(
        "A promise of %(value)s would have been kept in %(share)s of cases (%(low)s–%(high)s), n %(n)s."
    ) % {
        "value": _amount(found.quantities[place], found.unit),
        "share": words.percent(found.shares[place]),
        "low": words.number(100 * found.lows[place]),
        "high": words.number(100 * found.highs[place]),
        "n": words.count(found.n),
    }


def _amount(value: float, unit: str) -> str:
    return words.with_unit(value, unit, decimals=0 if float(value).is_integer() else 1)


def _step(found: Candidates, cell: Cell) -> float:
    return found.quantities[1] - found.quantities[0] if len(found.quantities) > 1 else cell.step


def _nearest(found: Candidates, asked: float | None, present: float | None) -> int:
    wanted = asked if asked is not None else present if present is not None else found.quantities[-1]
    return min(range(len(found.quantities)), key=lambda place: abs(found.quantities[place] - wanted))


def _number(asked: str | None) -> float | None:
    try:
        return float(asked) if asked else None
    except ValueError:
        return None


def _plain(value: float) -> str:
    # A control of the browser wants a point, whatever the language of the page.
    return f"{value:g}"
