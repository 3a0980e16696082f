"""Words: findings, numbers, dates and codes in the language of the reader. Whole sentences, never glued from pieces."""

from mindgap.show.words.code import column, kind, metric, place, population, rule, state, warning
from mindgap.show.words.moment import date, instant, month, period, week
from mindgap.show.words.name import Names
from mindgap.show.words.number import count, figure, interval, number, p_value, percent, unit_name, with_unit
from mindgap.show.words.sentence import sentence

__all__ = [
    "Names",
    "column",
    "count",
    "date",
    "figure",
    "instant",
    "interval",
    "kind",
    "metric",
    "month",
    "number",
    "p_value",
    "percent",
    "period",
    "place",
    "population",
    "rule",
    "sentence",
    "state",
    "unit_name",
    "warning",
    "week",
    "with_unit",
]
