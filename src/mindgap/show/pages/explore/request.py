"""What is explored: the choices of the address, and the lists to choose from."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mindgap.explain import explore
from mindgap.explain.inquiry import Inquiry
from mindgap.show.words import Names

# The parameters of this page, beside those of the filter bar.
OWN = ("metric", "by", "touchpoint", "compare")
# All touchpoints in one figure.
TOGETHER = "together"
TIMES = ("day", "week", "month")
COMPARED = ("previous", "last_year")


@dataclass(frozen=True, slots=True)
class Explored:
    """`inquiry` carries filter, period, touchpoint and column; `is_across` puts all touchpoints into one figure."""

    inquiry: Inquiry
    metric: str
    is_across: bool
    compare: str

    @property
    def is_over_time(self) -> bool:
        return self.inquiry.by in TIMES


def of_request(request: HttpRequest, inquiry: Inquiry) -> Explored | None:
    """What the address asks for; the first metric where it names none. None while nothing can be asked."""
    metrics = explore.choices(inquiry)
    if not metrics:
        return None
    compare = request.GET.get("compare", "")
    return Explored(
        inquiry=inquiry,
        metric=request.GET.get("metric") or metrics[0].code,
        is_across=request.GET.get("across") == TOGETHER,
        compare=compare if compare in COMPARED and inquiry.by not in TIMES else "",
    )


def choices(explored: Explored, names: Names) -> list[dict[str, Any]]:
    """The lists of the form: metric, column, touchpoint, comparison."""
    inquiry = explored.inquiry
    metrics = [(each.code, names.metric(each.code)) for each in explore.choices(inquiry)]
    columns = [(code, names.column(code)) for code in explore.columns(inquiry) if code != "touchpoint"]
    touchpoints = [(each.code, str(each)) for each in inquiry.catalog.touchpoints.values()]
    compared = [
        ("", _("nothing")),
        ("previous", _("the period before")),
        ("last_year", _("the same period last year")),
    ]
    return [
        _choice("metric", _("Metric"), explored.metric, metrics),
        _choice("by", _("Split by"), inquiry.by or "", [("", _("nothing")), *columns]),
        _choice("touchpoint", _("Touchpoint"), inquiry.touchpoint or "", [("", _("All")), *touchpoints]),
        _choice(
            "across",
            _("Touchpoints"),
            TOGETHER if explored.is_across else "",
            [("", _("one by one")), (TOGETHER, _("together"))],
        ),
        _choice("compare", _("Compare with"), explored.compare, compared),
    ]


def kept(request: HttpRequest) -> list[tuple[str, str]]:
    """The parameters of the filter bar, which the form of this page must not lose."""
    own = (*OWN, "across", "page")
    return [(name, value) for name in request.GET for value in request.GET.getlist(name) if name not in own]


def _choice(name: str, label: str, chosen: str, pairs: list[tuple[str, str]]) -> dict[str, Any]:
    options = [{"value": code, "label": text, "selected": code == chosen} for code, text in pairs]
    return {"name": name, "label": label, "options": options}
