"""Titles of charts and blocks: each says what was found, without interval and n, which stand right beside it."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mindgap.explain.finding import Finding, Period
from mindgap.show.words.moment import period
from mindgap.show.words.name import Names
from mindgap.show.words.number import count, figure, percent, with_unit

_DURATIONS = ("days", "hours", "minutes", "seconds")


def is_clear(finding: Finding) -> bool:
    """Whether a gap or step leaves zero out of its interval."""
    return (finding.low is not None and finding.low > 0) or (finding.high is not None and finding.high < 0)


def gap_title(finding: Finding, names: Names, *, of_measure: bool = False) -> str:
    """`Delivery: 1.8 days later than promised`; `of_measure` names the measure where a place has several."""
    place = names.touchpoint(finding)
    if of_measure:
        place = _("%(touchpoint)s, %(measure)s") % {
            "touchpoint": place,
            "measure": names.of("measure", finding.measure),
        }
    parts = {"place": place, "size": with_unit(abs(finding.value or 0.0), finding.unit)}
    promise = finding.details.get("against") == "promise"
    if finding.value is None:
        return _("%(place)s: too few answers to state a gap") % parts
    if not is_clear(finding):
        return (
            _("%(place)s: no clear gap to the promise")
            if promise
            else _("%(place)s: no clear gap to what was expected")
        ) % parts
    better, takes_time = finding.value > 0, finding.unit in _DURATIONS
    return {
        (True, True, True): _("%(place)s: %(size)s earlier than promised"),
        (True, True, False): _("%(place)s: %(size)s later than promised"),
        (True, False, True): _("%(place)s: %(size)s better than promised"),
        (True, False, False): _("%(place)s: %(size)s worse than promised"),
        (False, True, True): _("%(place)s: %(size)s earlier than expected"),
        (False, True, False): _("%(place)s: %(size)s later than expected"),
        (False, False, True): _("%(place)s: %(size)s better than expected"),
        (False, False, False): _("%(place)s: %(size)s worse than expected"),
    }[promise, takes_time, better] % parts


def trend_title(finding: Finding, step: Finding | None, names: Names) -> str:
    """What the figure is now, and whether it moved since the period before."""
    parts = {"metric": names.metric(finding.metric), "value": figure(finding)}
    if finding.value is None:
        return _("%(metric)s: too few answers to follow it") % parts
    if step is None or step.value is None:
        return _("%(metric)s is %(value)s") % parts
    if not step.details.get("is_real"):
        return _("%(metric)s is %(value)s, with no clear change since the period before") % parts
    if step.details.get("is_better"):
        return _("%(metric)s is %(value)s, better than in the period before") % parts
    return _("%(metric)s is %(value)s, worse than in the period before") % parts


def worst_title(findings: list[Finding], names: Names) -> str:
    """Which place is the worst, and whether that is sure."""
    first = findings[0]
    parts = {"place": names.touchpoint(first), "share": percent(first.value)}
    if first.details.get("is_clear"):
        return _("%(place)s is clearly the worst: %(share)s of experiences are bad") % parts
    return _("%(place)s is probably the worst, but not clearly: %(share)s of experiences are bad") % parts


def caption(finding: Finding, names: Names) -> str:
    """What the number of a headline counts, to be read right after it: `28.7 % got less than they expected`."""
    promise = finding.details.get("against") == "promise"
    if finding.code == "gap.share" and finding.details.get("outcome") == "missed":
        return _("got less than promised") if promise else _("got less than they expected")
    if finding.code == "promise.kept":
        return _("of promises were kept")
    if finding.code == "gap.mean" and promise and is_clear(finding):
        return (
            _("better than promised on average")
            if (finding.value or 0) > 0
            else _("worse than promised on average")
        )
    return names.metric(finding.metric)


def changes_title(real: int, noise: int) -> str:
    """`3 real changes, 14 within noise`."""
    return ngettext(
        "%(real)s real change, %(noise)s within noise", "%(real)s real changes, %(noise)s within noise", real
    ) % {"real": count(real), "noise": count(noise)}


def groups_title(findings: list[Finding], column: str, names: Names) -> str:
    """How many of the groups differ from the others for sure."""
    shown = [finding for finding in findings if finding.value is not None]
    real = sum(bool(finding.details.get("is_real")) for finding in shown)
    parts = {
        "metric": names.metric(findings[0].metric if findings else None),
        "column": names.column(column),
        "real": count(real),
        "all": count(len(shown)),
    }
    if len(shown) < 2:
        return _("%(metric)s by %(column)s: there is nothing to compare with") % parts
    if not real:
        return _("%(metric)s by %(column)s: no group differs clearly from the others") % parts
    return (
        ngettext(
            "%(metric)s by %(column)s: %(real)s of %(all)s groups differs clearly from the others",
            "%(metric)s by %(column)s: %(real)s of %(all)s groups differ clearly from the others",
            real,
        )
        % parts
    )


def change(step: Finding | None, code: str) -> str:
    """A step against an earlier period, short: it stands under the figure that moved. None: nothing to compare with."""
    last_year = code == "change.last_year"
    if step is None or step.value is None:
        return _("Not comparable with last year") if last_year else _("Not comparable with the period before")
    parts = {"value": figure(step)}
    if step.details.get("is_real"):
        return (
            _("%(value)s against last year") if last_year else _("%(value)s against the period before")
        ) % parts
    if last_year:
        return _("%(value)s against last year, within noise") % parts
    return _("%(value)s against the period before, within noise") % parts


def compared(steps: Iterable[Finding]) -> str:
    """Which period stands against which; empty where nothing was compared."""
    for step in steps:
        before = step.details.get("before")
        if step.code == "change.previous" and before:
            parts = {"now": period(step.period), "before": period(_period(before))}
            return _("Compared: %(now)s with %(before)s.") % parts
    return ""


def _period(written: dict[str, str]) -> Period:
    return Period(date.fromisoformat(written["since"]), date.fromisoformat(written["until"]))
