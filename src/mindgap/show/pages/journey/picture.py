"""One journey in finished words: the map, and its gaps in the order in which they hurt."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.journey import JourneyMap, Stop
from mindgap.show import charts, words
from mindgap.show.charts.gap_bars import side
from mindgap.show.charts.journey import name

Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Part:
    """One journey of the page; without chart where nothing was asked along it."""

    name: str
    id: str
    chart: charts.Chart | None
    sentences: tuple[tuple[str, str], ...]
    population: str


def of_map(asked: JourneyMap, index: int, address: Address, inquiry: Inquiry) -> Part:
    """The picture of one journey; `index` keeps ids apart where there are several."""
    known = [stop for stop in asked.stops if stop.experienced or stop.expected]
    title = str(asked.name) or asked.code or _("Touchpoints without a journey")
    chart = None
    if known:
        chart = charts.journey(
            asked,
            id=f"journey-{index}",
            title=_title(asked, title),
            summary=_summary(asked),
            address=address,
        )
    names = words.Names.of_inquiry(inquiry)
    promised = [(stop, stop.promise_gap) for stop in asked.stops if stop.promise_gap]
    return Part(
        name=title,
        id=f"part-{index}",
        chart=chart,
        sentences=tuple((words.sentence(gap, names), address(stop.code)) for stop, gap in promised),
        population=words.population("completed"),
    )


def _gaps(asked: JourneyMap) -> list[tuple[Stop, Finding]]:
    """Stops with a gap that can be stated, worst first."""
    stated = [(stop, stop.gap) for stop in asked.stops if stop.gap and stop.gap.value is not None]
    return sorted(stated, key=lambda pair: pair[1].value or 0.0)


def _title(asked: JourneyMap, journey: str) -> str:
    gaps = _gaps(asked)
    parts = {"journey": journey}
    if not gaps:
        return _("%(journey)s: what was experienced at each touchpoint") % parts
    short = sum(side(gap) == "worse" for _stop, gap in gaps)
    if not short:
        return _("%(journey)s: no touchpoint falls clearly short of what was expected") % parts
    parts |= {"short": words.count(short), "all": words.count(len(gaps)), "worst": name(gaps[0][0])}
    return (
        ngettext(
            "%(journey)s: %(short)s of %(all)s touchpoints falls short of what was expected: %(worst)s",
            "%(journey)s: %(short)s of %(all)s touchpoints fall short of what was expected, most of all %(worst)s",
            short,
        )
        % parts
    )


def _summary(asked: JourneyMap) -> str:
    peak = next((stop for stop in asked.stops if stop.is_peak), None)
    end = next((stop for stop in asked.stops if stop.is_end), None)
    if peak is None or end is None or peak.experienced is None or end.experienced is None:
        return _("0 is the worst answer that can be given, 100 the best.")
    return _(
        "0 is the worst answer that can be given, 100 the best. The peak is %(peak)s (%(high)s), the end is "
        "%(end)s (%(last)s): people remember these two most."
    ) % {
        "peak": name(peak),
        "high": words.figure(peak.experienced),
        "end": name(end),
        "last": words.figure(end.experienced),
    }
