"""Filters for what an organization declares: the words for its codes, the scale of a measure."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from mindgap.explain.finding import Finding
from mindgap.keep.models import Measure, Metric
from mindgap.show import words
from mindgap.show.words import Names, choice
from mindgap.show.words.number import unit_name

register = template.Library()

# Summaries whose figures are shares.
_SHARES = ("top", "kept")


@register.filter
def kind_word(code: str) -> str:
    """The kind of a touchpoint."""
    return choice.word(choice.TOUCHPOINT_KINDS, code)


@register.filter
def unit_kind_word(code: str) -> str:
    """The kind of a unit."""
    return choice.word(choice.UNIT_KINDS, code)


@register.filter
def measure_kind_word(code: str) -> str:
    """The kind of a measure."""
    return choice.word(choice.MEASURE_KINDS, code)


@register.filter
def summary_word(code: str) -> str:
    """How a metric summarises."""
    return choice.word(choice.SUMMARIES, code)


@register.filter
def personal_data_word(code: str) -> str:
    """How much personal data a member sees."""
    return choice.word(choice.PERSONAL_DATA, code)


@register.filter
def place_word(code: str) -> str:
    """Where the words of a promise stand."""
    return choice.word(choice.PLACES, code)


@register.filter
def bound_word(code: str) -> str:
    """At most, at least, exactly."""
    return choice.word(choice.BOUNDS, code)


@register.filter
def scale_words(measure: Measure) -> str:
    """The ends and the step of a measure: `1 to 5`, `from 0, step 0.5`, with its unit."""
    parts = {name: _plain(getattr(measure, name)) for name in ("minimum", "maximum", "step")}
    if measure.minimum is not None and measure.maximum is not None:
        text = _("%(minimum)s to %(maximum)s, step %(step)s") % parts
    elif measure.minimum is not None:
        text = _("from %(minimum)s, step %(step)s") % parts
    elif measure.maximum is not None:
        text = _("up to %(maximum)s, step %(step)s") % parts
    else:
        text = _("open, step %(step)s") % parts
    return (
        _("%(scale)s (%(unit)s)") % {"scale": text, "unit": unit_name(measure.unit)} if measure.unit else text
    )


@register.filter
def goal_words(metric: Metric) -> str:
    """The goal of a metric as its figures are written: a share in percent, a score as a number."""
    if metric.goal is None:
        return "–"
    if metric.summary in _SHARES:
        percents = 100.0 * float(metric.goal)
        return words.percent(metric.goal, decimals=0 if percents.is_integer() else 1)
    return _plain(Decimal(str(metric.goal)))


@register.filter
def sentence(finding: Finding, names: Names) -> str:
    """What a finding says, with its interval and n."""
    return words.sentence(finding, names)


@register.filter
def population_words(code: str) -> str:
    """Of whom a figure speaks."""
    return words.population(code)


@register.filter
def warning_words(code: str) -> str:
    """What must be borne in mind."""
    return words.warning(code)


def _plain(number: object) -> str:
    return (
        ""
        if number is None
        else f"{number:f}".rstrip("0").rstrip(".")
        if "." in f"{number:f}"
        else f"{number:f}"
    )
