"""The register: every promise with what is known of its keeping, its slack, its contradictions and its places."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from mindgap.explain import advice, audit
from mindgap.explain import promise as keeping
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.keep.models import Occurrence, Promise
from mindgap.show import charts, words
from mindgap.show.charts import Chart, Row
from mindgap.show.words import Names


@dataclass(frozen=True, slots=True)
class Line:
    """One promise in the register."""

    promise: Promise
    touchpoint: str
    promised: str
    kept: Finding | None = None
    slack: Finding | None = None
    contradiction: Finding | None = None
    occurrences: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where promises are made in words: one row per touchpoint, one number per promise."""

    finding: Finding
    promises: list[str]
    rows: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)


def lines(inquiry: Inquiry, names: Names) -> list[Line]:
    """All promises in the order of the journey; retired ones last."""
    by_promise = inquiry.split("promise")
    kept = _by_promise(keeping.promises(by_promise), "promise.kept")
    slack = _by_promise(advice.advise(by_promise, shares=()), "promise.slack")
    faults = {finding.details["promise"]: finding for finding in audit.contradictions(inquiry)}
    places: dict[int, int] = defaultdict(int)
    for number in Occurrence.objects.filter(
        promise__organization=inquiry.organization, is_active=True
    ).values_list("promise_id", flat=True):
        places[number] += 1
    found = [
        Line(
            promise=promise,
            touchpoint=names.of("touchpoint", promise.touchpoint.code),
            promised=promised(promise),
            kept=kept.get(promise.code),
            slack=slack.get(promise.code),
            contradiction=faults.get(promise.code),
            occurrences=places[promise.pk],
        )
        for promise in inquiry.catalog.promises.values()
        if inquiry.touchpoint in (None, promise.touchpoint.code)
    ]
    return sorted(found, key=lambda line: not line.promise.is_active)


def coverage(inquiry: Inquiry, names: Names) -> Coverage:
    """Touchpoint × promise, in names."""
    found = audit.coverage(inquiry)
    rows = zip(found.touchpoints, found.occurrences, strict=True)
    return Coverage(
        found.finding,
        [names.of("promise", code) for code in found.promises],
        [(names.of("touchpoint", code), numbers) for code, numbers in rows],
    )


def promised(promise: Promise) -> str:
    """What is promised, in words: `at most 5 days`."""
    if promise.quantity is None:
        return _("each has a promise of its own")
    amount = quantity(promise, promise.quantity)
    return {
        "at_most": _("at most %(amount)s"),
        "at_least": _("at least %(amount)s"),
        "exactly": _("exactly %(amount)s"),
    }[promise.bound] % {"amount": amount}


def quantity(promise: Promise, steps: int) -> str:
    """A number of steps of the promise's measure, with its unit."""
    value = float(steps * promise.measure.step)
    return words.with_unit(value, promise.measure.unit, decimals=0 if value.is_integer() else 1)


def chart(found: Iterable[Line], address: Any) -> Chart | None:
    """The kept rates as bars, the least kept first; nothing where none can be shown."""
    known = [line for line in found if line.kept is not None and line.promise.is_active]
    shown = sorted(known, key=lambda line: (line.kept.value is None, line.kept.value or 0.0))  # type: ignore[union-attr]
    if not shown or shown[0].kept is None or shown[0].kept.value is None:
        return None
    least = shown[0].kept
    parts = {
        "promise": shown[0].promise,
        "share": words.figure(least),
        "interval": words.interval(least),
        "n": words.count(least.n),
    }
    return charts.bars(
        [Row(str(line.promise), line.kept, address(line.promise.code)) for line in shown if line.kept],
        id="kept",
        title=_("Kept least: %(promise)s, %(share)s") % parts,
        summary=_(
            "The promise “%(promise)s” is kept in %(share)s of cases (%(interval)s, n %(n)s), less than every other one."
        )
        % parts,
        column=_("Promise"),
    )


def _by_promise(findings: Iterable[Finding], code: str) -> dict[str, Finding]:
    # A promise that was counted at several measures is judged by the one with the most cases.
    found: dict[str, Finding] = {}
    for finding in findings:
        promise = finding.group.get("promise")
        if (
            finding.code == code
            and promise
            and (finding.n or 0) >= ((found[promise].n or 0) if promise in found else 0)
        ):
            found[promise] = finding
    return found
