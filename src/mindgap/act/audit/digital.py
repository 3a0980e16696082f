"""Digital: each site and channel: load time of real visits, steps, where customers stop, how much effort (R70, R71)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from mindgap.act.audit import evidence, funnel
from mindgap.act.audit.draft import Draft
from mindgap.act.audit.evidence import Evidence
from mindgap.act.audit.scope import Scope
from mindgap.collect.widget.site import WidgetSite
from mindgap.explain.cell import interactions
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import Subject, least_for_distribution
from mindgap.explain.tally import Tally
from mindgap.ground import clock
from mindgap.ground.duration import SECONDS
from mindgap.keep.interaction import CANCELLED, COMPLETED
from mindgap.keep.models import Channel, Interaction
from mindgap.measure import Counts, quantile

# Half of the visits, and three quarters: what is usual for page loads.
SHARES = (0.5, 0.75)
_PAGES = 3
# The newest loads by page; a mean day of a busy shop.
_MOST = 20_000
_VITALS = {"cls": "", "inp_ms": "milliseconds", "ttfb_ms": "milliseconds"}


def drafts(inquiry: Inquiry, scope: Scope) -> Iterator[Draft]:
    """Sites whose page loads are measured, then the channels."""
    sites = WidgetSite.objects.filter(organization=inquiry.organization, is_active=True)
    for site in sites.select_related("promise__measure", "promise__touchpoint"):
        yield Draft(f"site:{site.short}", list(_loads(inquiry, site, scope)), {"name": site.name})
    for channel in Channel.objects.filter(organization=inquiry.organization):
        if not scope.channels or channel.code in scope.channels:
            yield Draft(f"channel:{channel.code}", list(_channel(inquiry, channel.code, scope)))


def _loads(inquiry: Inquiry, site: WidgetSite, scope: Scope) -> Iterator[Evidence]:
    """Quantiles of the load time, then of the newest loads the slowest pages, the other vitals, and the steps."""
    if site.promise is None or site.promise.measure.unit not in SECONDS:
        yield evidence.lacking("no_loads")
        return
    here = inquiry.at(site.promise.touchpoint.code).also("promise", site.promise.code)
    cells = [cell for cell in interactions(here, "state", "value") if cell.measure == site.promise.measure]
    if not cells:
        yield evidence.lacking("no_loads")
    for cell in cells:
        part = cell.tally.state(COMPLETED).known("value")
        for share in SHARES:
            yield _quantile(cell.subject, part.counts("value", step=cell.step), share, inquiry.level)
    yield from _by_page(here, site, scope)


def _quantile(subject: Subject, counts: Counts, share: float, level: float, **details: Any) -> Evidence:
    about = subject.about(metric="audit.load")
    finding = about.states(
        "audit.load",
        counts.n,
        lambda: quantile(counts, share, level=level),
        better=-1,
        quantile=share,
        **details,
    )
    return finding.write()


def _by_page(inquiry: Inquiry, site: WidgetSite, scope: Scope) -> Iterator[Evidence]:
    assert site.promise is not None
    step, rows = float(site.promise.measure.step), _rows(inquiry, site)
    pages: dict[str, list[float]] = defaultdict(list)
    vitals: dict[str, list[float]] = defaultdict(list)
    for value, attributes in rows:
        pages[attributes.get("page", "")].append(value * step)
        for name in _VITALS:
            if name in attributes:
                vitals[name].append(float(attributes[name]))
    subject = Subject.of(inquiry, measure=site.promise.measure.code, unit=site.promise.measure.unit)
    slowest = sorted(
        (
            (page, Counts.observed(loads))
            for page, loads in pages.items()
            if len(loads) >= least_for_distribution()
        ),
        key=lambda pair: -pair[1].quantile(SHARES[1]),
    )
    for page, counts in slowest[:_PAGES]:
        yield _quantile(subject, counts, SHARES[1], inquiry.level, page=page)
    for name, values in vitals.items():
        about = subject.about(measure=name, unit=_VITALS[name])
        yield _quantile(about, Counts.observed(values), SHARES[1], inquiry.level, vital=name)
    counted = {page: len(loads) for page, loads in pages.items()}
    about = subject.about(metric="audit.reached", unit="share", population="page_loads")
    yield from funnel.reached(about, scope.pages, counted, level=inquiry.level)


def _rows(inquiry: Inquiry, site: WidgetSite) -> list[tuple[int, dict[str, str]]]:
    rows = Interaction.objects.filter(
        organization=inquiry.organization, promise=site.promise, state=COMPLETED, value__isnull=False
    )
    if inquiry.scope is not None:
        rows = rows.filter(unit__in=inquiry.scope)
    zone = clock.zone(inquiry.organization.zone)
    assert inquiry.period.since is not None
    rows = rows.filter(started_at__gte=clock.day_begins(inquiry.period.since - timedelta(days=1), zone))
    return list(rows.order_by("-id").values_list("value", "attributes")[:_MOST])  # type: ignore[arg-type]


def _channel(inquiry: Inquiry, channel: str, scope: Scope) -> Iterator[Evidence]:
    """Effort over this channel, then the share of those who stopped at each touchpoint of it."""
    here = inquiry.also("channel", channel)
    efforts = [each.code for each in inquiry.catalog.measures.values() if each.kind == "effort"]
    found = [each for code in efforts for each in evidence.worth(evidence.answered(here, code))]
    yield from found or [evidence.lacking("not_answered" if efforts else "not_asked", measure="effort")]
    stopped = list(_stopped(here, scope))
    yield from stopped or [evidence.lacking("no_interactions")]


def _stopped(inquiry: Inquiry, scope: Scope) -> Iterator[Evidence]:
    for cell in interactions(inquiry, "state"):
        ended: Tally = cell.tally.state(COMPLETED, CANCELLED)
        if ended.total and scope.covers(cell.subject.touchpoint or ""):
            gone = int(ended.state(CANCELLED).total)
            about = inquiry.at(cell.subject.touchpoint)
            finding = evidence.share(about, "audit.stopped", gone, int(ended.total), population="ended")
            yield finding.write()
