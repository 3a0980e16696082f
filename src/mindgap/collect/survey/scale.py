"""Scales: the points that a scored question offers, and the words that stand at them."""

from dataclasses import dataclass
from functools import lru_cache

from mindgap.collect.survey import words as said
from mindgap.collect.survey.logic import words
from mindgap.keep.definition import Choice, Definition, Question

# Least and most where the author says nothing.
_ENDS = {
    "nps": (0, 10),
    "effort": (1, 7),
    "stars": (1, 5),
    "faces": (1, 5),
    "satisfaction": (1, 5),
    "emotion": (1, 5),
    "rating": (1, 5),
    "matrix": (1, 5),
    "pair": (1, 5),
}
# Beyond this a scale is a field for a number.
POINTS_MOST = 21
# How many faces there are.
_FACES = 5


@dataclass(frozen=True, slots=True)
class Point:
    """One point: the number, how it is written, what stands beside it, and which of five faces stands above it."""

    value: float
    written: str
    label: str = ""
    face: int | None = None


def values(question: Question) -> tuple[float, ...]:
    """The numbers that may be chosen; empty when the question wants a number typed."""
    if question.type not in _ENDS or question.unit:
        return ()
    if question.choices and question.type != "matrix" and (coded := _coded(question.choices)):
        return tuple(coded)
    return _spaced(question.type, question.least, question.most, question.step)


@lru_cache(maxsize=1024)
def _spaced(type_: str, least: float | None, most: float | None, step: float) -> tuple[float, ...]:
    first = _ENDS[type_][0] if least is None else least
    last = _ENDS[type_][1] if most is None else most
    step = step if step > 0 else 1
    count = int((last - first) / step + 1e-9) + 1
    return tuple(round(first + step * n, 6) for n in range(count)) if 0 < count <= POINTS_MOST else ()


def points(question: Question, definition: Definition, language: str) -> tuple[Point, ...]:
    """The points with their words in a language."""
    offered, table = values(question), said.table(language)
    labels = {
        value: words(choice.text, language, definition, fallback=choice.code)
        for value, choice in _coded(question.choices).items()
    }
    return tuple(
        Point(
            value,
            said.number(value),
            labels.get(value) or _usual(question.type, place, len(offered), table),
            _face(question.type, place, len(offered)),
        )
        for place, value in enumerate(offered)
    )


def ends(question: Question, definition: Definition, language: str) -> tuple[str, str]:
    """What stands at the least and at the most; both may be empty."""
    table = said.table(language)
    usual = {"nps": ("nps_low", "nps_high"), "effort": ("agree_low", "agree_high")}.get(question.type)
    low, high = (table[usual[0]], table[usual[1]]) if usual else ("", "")
    if question.low or question.high:
        low = words(question.low, language, definition)
        high = words(question.high, language, definition)
    return low, high


def _coded(choices: tuple[Choice, ...]) -> dict[float, Choice]:
    """Choices whose codes are numbers name the points of a scale."""
    found = {}
    for choice in choices:
        try:
            found[float(choice.code)] = choice
        except ValueError:
            return {}
    return found


def as_number(code: str) -> float | None:
    """A code that is a number, as that number."""
    try:
        return float(code)
    except ValueError:
        return None


def _usual(type_: str, place: int, count: int, table: said.Table) -> str:
    family = {"satisfaction": "satisfaction", "faces": "face", "emotion": "emotion"}.get(type_)
    if family is None or count not in (3, 5):
        return ""
    return table[f"{family}_{place + 1 if count == 5 else place * 2 + 1}"]


def _face(type_: str, place: int, count: int) -> int | None:
    if type_ not in ("faces", "emotion"):
        return None
    return round(place * (_FACES - 1) / (count - 1)) if count > 1 else _FACES - 1
