"""Numbers as people read them: units always, large ones in 万 and 亿 for Chinese, no more decimals than are known."""

import math

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from mindgap.explain.finding import Finding
from mindgap.ground import language

MINUS = "\u2212"
# Between a number and its percent sign; never a line break.
_NARROW = "\u00a0"
# Steps between two values, and what has a direction for other reasons.
_STEPS = ("change.", "comparison.", "series.", "retention.step")
_SIGNED = ("expectation.step", "expectation.dimension", "expectation.overall", "kano.worse", "index.path")
_LARGE = {"zh-hans": ((10**8, "亿"), (10**4, "万")), "zh-hant": ((10**8, "億"), (10**4, "萬"))}


def reader() -> str:
    """The language of whoever reads, as one of the product's codes."""
    return language.canonical(get_language() or language.DEFAULT)


def count(n: float | None) -> str:
    """How many: `5,164`, for Chinese from ten thousand on `1.2万` or `1.2萬`; a dash where n is hidden."""
    if n is None:
        return "–"
    for size, sign in _LARGE.get(reader(), ()):
        if abs(n) >= size:
            return f"{_trimmed(n / size, 1)}{sign}"
    return _minus(f"{n:,.0f}" if float(n).is_integer() else f"{n:,.1f}")


def number(value: float | None, *, decimals: int = 1, signed: bool = False) -> str:
    """A plain number with a real minus sign; a dash where nothing is known."""
    if value is None:
        return "–"
    rounded = round(value, decimals)
    # A rounded zero has no sign.
    text = f"{abs(rounded) if rounded == 0 else rounded:{'+' if signed and rounded else ''},.{decimals}f}"
    return _minus(text)


def percent(share: float | None, *, decimals: int = 1, signed: bool = False) -> str:
    """A share (0–1) in percent."""
    if share is None:
        return "–"
    sign = "%" if reader().startswith("zh") else f"{_NARROW}%"
    return number(100 * share, decimals=decimals, signed=signed) + sign


def with_unit(value: float | None, unit: str, *, decimals: int = 1, signed: bool = False) -> str:
    """A value in its unit: `4.1`, `6.6 %`, `+12.0 days`."""
    if value is None:
        return "–"
    if unit == "share":
        return percent(value, decimals=decimals, signed=signed)
    text = number(value, decimals=decimals, signed=signed)
    # One is singular only when it is written without decimals.
    many = 1 if text.lstrip("+" + MINUS) == "1" else 2
    known = {
        "days": ngettext("%(number)s day", "%(number)s days", many),
        "hours": ngettext("%(number)s hour", "%(number)s hours", many),
        "minutes": ngettext("%(number)s minute", "%(number)s minutes", many),
        "seconds": ngettext("%(number)s second", "%(number)s seconds", many),
    }
    # Points and the index are written without a unit: their names stand beside them.
    return known[unit] % {"number": text} if unit in known else text


def unit_name(unit: str) -> str:
    """The name of a unit at the axis of a chart."""
    known = {
        "days": _("days"),
        "hours": _("hours"),
        "minutes": _("minutes"),
        "seconds": _("seconds"),
        "points": _("points"),
        "share": "%",
        "index": _("index, 0 to 100"),
    }
    return known.get(unit, unit)


def figure(finding: Finding, *, signed: bool | None = None) -> str:
    """The value of a finding in its unit; gaps and changes carry their sign. A dash where it is hidden."""
    if finding.code.startswith(_STEPS) and finding.unit == "share" and finding.value is not None:
        # A step between two shares is not a share of anything.
        text = number(100 * finding.value, decimals=decimals(finding), signed=True)
        return _("%(number)s percentage points") % {"number": text}
    return with_unit(
        finding.value,
        finding.unit,
        decimals=decimals(finding),
        signed=is_signed(finding) if signed is None else signed,
    )


def interval(finding: Finding) -> str:
    """`6.0–7.3`, in the unit of the value; an open side says so; empty where there is no interval."""
    low, high = finding.low, finding.high
    if low is None and high is None:
        return ""
    places, signed = decimals(finding), is_signed(finding)
    factor = 100 if finding.unit == "share" else 1
    texts = [
        None if end is None else number(end * factor, decimals=places, signed=signed) for end in (low, high)
    ]
    if texts[0] is None:
        return _("at most %(high)s") % {"high": texts[1]}
    if texts[1] is None:
        return _("at least %(low)s") % {"low": texts[0]}
    # A dash between signed numbers would read as one more minus.
    if signed or str(texts[0]).startswith(MINUS):
        return _("%(low)s to %(high)s") % {"low": texts[0], "high": texts[1]}
    return f"{texts[0]}–{texts[1]}"


def p_value(p: float | None) -> str:
    """`p 0.03`, `p < 0.001`."""
    if p is None:
        return "–"
    return "p < 0.001" if p < 0.001 else f"p {p:.3f}" if p < 0.1 else f"p {p:.2f}"


def is_signed(finding: Finding) -> bool:
    """Whether the value is a step or a gap, which has a direction."""
    return (
        finding.code.startswith(("gap.mean", "gap.quantile", "journey.gap", *_STEPS, *_SIGNED))
        or finding.code == "score.nps"
    )


def decimals(finding: Finding) -> int:
    """One, unless the interval says that it is noise, or that two are known."""
    values = [end for end in (finding.value, finding.low, finding.high) if end is not None]
    if finding.code in ("promise.advice", "gap.quantile") and all(float(end).is_integer() for end in values):
        return 0
    if finding.low is None or finding.high is None:
        return 0 if values and all(float(end).is_integer() for end in values) else 1
    width = (finding.high - finding.low) * (100 if finding.unit == "share" else 1)
    if width >= 20:
        return 0
    return 2 if 0 < width < (0.25 if finding.unit == "share" else 0.5) else 1


def _trimmed(value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    return _minus(text.rstrip("0").rstrip(".") if "." in text else text)


def _minus(text: str) -> str:
    return text.replace("-", MINUS)


def is_number(value: object) -> bool:
    """Whether a detail can be written as a number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
