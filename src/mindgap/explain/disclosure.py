"""Disclosure: what else must be hidden so that no small group can be worked out by subtraction (P9).

Groups with fewer than `SMALLEST_GROUP` people are hidden where they are stated (`Subject`). But whoever sees the total
and all other groups has only to subtract. So here

- the groups of a column are looked at together, with their totals per touchpoint, over touchpoints and per unit with
  all below it, and the next smallest are hidden with the small ones (`concealed`);
- touchpoints are shown each by itself, and what is said over all of them leaves out those too small to be shown,
  where together they are too few as well (`countable`);
- of two figures in one answer, one over a part of the other's people, the second is dropped when the difference
  would be too few (`refuses`).

A filter is a question of its own: two answers under different filters are not looked at together.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from mindgap.explain.finding import IDENTITY, TOO_FEW, Finding, Stated
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import plain
from mindgap.explain.tally import Tally
from mindgap.keep.models import Unit
from mindgap.measure import Suppression

# Larger tables than this are made safe line by line; to ask for every combination of lines would take too long.
_MOST_CELLS, _MOST_SMALL = 400, 12
# A label of an axis that stands for all its values; a unit with all below it is `(_BELOW, code)`.
_ALL, _BELOW = "all", "below"

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
Key = tuple[Hashable, ...]


def policy() -> Suppression:
    """How many people must stand behind what is shown."""
    least, plain = settings.SMALLEST_GROUP, Suppression()
    return Suppression(least, max(least, plain.comments), max(least, plain.distributions))


def refuses(whole: float | None, part: float | None) -> bool:
    """Whether the people of a part, shown beside the whole, would give the few others away."""
    if whole is None or part is None or part > whole:
        return False
    return policy().refuses_difference(whole, part)


def countable(parts: Sequence[Tally], *, as_one: bool = False) -> list[Tally]:
    """The parts of a total over touchpoints, without the touchpoints that are too small to be shown.

    They stay when together they are many enough: then the total does not give any of them away. `as_one`: the parts
    are groups of one figure, whose touchpoints are those of all parts together.
    """
    ns: dict[Key, float] = defaultdict(float)
    for place, part in enumerate(parts):
        for (touchpoint,), some in part.groups("touchpoint"):
            ns[() if as_one else (place,), touchpoint] += some.total
    small = {key: n for key, n in ns.items() if policy().hides(max(n, 0.0))}
    if len(small) == len(ns) or not policy().hides(max(sum(small.values()), 0.0)):
        # Where all are small the total is as well, and hidden for that.
        return list(parts)
    kept = []
    for place, part in enumerate(parts):
        gone = [touchpoint for group, touchpoint in small if group == (() if as_one else (place,))]
        kept.append(part.only(~np.isin(part.columns["touchpoint"], np.array(gone, dtype=np.float64))))
    return kept


def concealed(findings: Iterable[Finding], inquiry: Inquiry) -> tuple[Finding, ...]:
    """The findings in their order, where groups that would give a hidden one away are hidden too.

    Groups are findings that differ in nothing but the values of their `group` and their touchpoint.
    """
    every = list(findings)
    families: dict[Key, list[int]] = defaultdict(list)
    for place, finding in enumerate(every):
        if finding.group and isinstance(finding, Stated):
            families[_family(finding)].append(place)
    for places in families.values():
        stated = [finding for place in places if isinstance(finding := every[place], Stated)]
        for place, hide in zip(places, _hidden(stated, inquiry), strict=True):
            if hide:
                every[place] = conceal(every[place])
    return tuple(every)


def conceal(finding: Finding) -> Finding:
    """The finding as if too few had answered."""
    if finding.is_hidden or finding.n == 0:
        return finding
    return replace(
        finding,
        value=None,
        low=None,
        high=None,
        n=None,
        method="",
        warnings=(TOO_FEW,),
        details=plain(finding.details),
    )


def hidden_values(column: str, ns: Mapping[Any, float], inquiry: Inquiry) -> set[Any]:
    """Which groups of a column to hide, where their total may be known."""
    axis = _Axis.of(column, list(ns), inquiry)
    hidden = _hidden_cells([axis], np.array([ns[value] for value in axis.values]))
    return {value for value, hide in zip(axis.values, hidden, strict=True) if hide}


@dataclass(frozen=True, slots=True)
class _Axis:
    """The values of a column; `lines` are totals that may be shown, each with the labels it is the sum of."""

    values: tuple[Any, ...]
    lines: tuple[tuple[Hashable, tuple[Hashable, ...]], ...]

    @classmethod
    def of(cls, column: str, values: Sequence[Any], inquiry: Inquiry) -> "_Axis":
        """The axis of a column; units have a total for every unit with others below it."""
        if column == "unit":
            return cls._of_units(values, inquiry)
        return cls(tuple(values), ((_ALL, tuple(values)),))

    @classmethod
    def _of_units(cls, values: Sequence[Any], inquiry: Inquiry) -> "_Axis":
        units = Unit.objects.filter(organization=inquiry.organization).values_list("id", "code", "parent_id")
        codes = {number: code for number, code, _ in units}
        below: dict[Any, list[Any]] = defaultdict(list)
        for _, code, parent in units:
            below[codes.get(parent)].append(code)
        there = dict.fromkeys(values)
        lines: list[tuple[Hashable, tuple[Hashable, ...]]] = []

        def label(code: Any) -> Hashable | None:
            """What stands for a unit with all below it; None where there is nothing."""
            parts = [found for child in below[code] if (found := label(child)) is not None]
            parts += [code] if code in there else []
            if len(parts) < 2:
                return parts[0] if parts else None
            lines.append(((_BELOW, code), tuple(parts)))
            return (_BELOW, code)

        tops = [found for code in below[None] if (found := label(code)) is not None]
        strangers = [value for value in there if value not in codes.values()]
        lines.append((_ALL, (*tops, *strangers)))
        return cls(tuple(values), tuple(lines))

    @property
    def labels(self) -> tuple[Hashable, ...]:
        return (*self.values, *(total for total, _ in self.lines))

    def cover(self) -> Floats:
        """Which values each label is the sum of, shape (labels, values)."""
        rows: dict[Hashable, Floats] = dict(zip(self.values, np.eye(len(self.values)), strict=True))
        for total, parts in self.lines:
            rows[total] = np.sum([rows[part] for part in parts], axis=0)
        return np.array(list(rows.values()))


def _family(finding: Finding) -> Key:
    told = [(name, str(finding.details.get(name))) for name in IDENTITY]
    return (
        finding.code, finding.measure, finding.metric, finding.population, finding.rule, finding.unit,
        finding.period, tuple(finding.group), tuple(told),
    )  # fmt: skip


def _hidden(findings: Sequence[Stated], inquiry: Inquiry) -> Mask:
    """Which of a family must be hidden; for steps, as either period asks for."""
    hidden = np.zeros(len(findings), dtype=bool)
    keys = [(finding.touchpoint, *finding.group.values()) for finding in findings]
    columns = ("touchpoint", *findings[0].group)
    for ns in zip(*(finding.behind for finding in findings), strict=True):
        hidden |= _hidden_of(columns, keys, np.array(ns), inquiry)
    return hidden


def _hidden_of(columns: Sequence[str], keys: Sequence[Key], ns: Floats, inquiry: Inquiry) -> Mask:
    by_touchpoint: dict[Hashable, float] = defaultdict(float)
    for key, n in zip(keys, ns.tolist(), strict=True):
        by_touchpoint[key[0]] += n
    small = {name for name, n in by_touchpoint.items() if policy().hides(max(n, 0.0))}
    if not policy().hides(max(sum(by_touchpoint[name] for name in small), 0.0)):
        small = set()
    # Touchpoints that are left out of every total hide what they have anyway.
    inside = [place for place, key in enumerate(keys) if key[0] not in small]
    axes = [
        _Axis.of(column, list(dict.fromkeys(keys[place][i] for place in inside)), inquiry)
        for i, column in enumerate(columns)
    ]
    table = np.zeros([len(axis.values) for axis in axes])
    places = [
        tuple(axis.values.index(part) for axis, part in zip(axes, keys[i], strict=True)) for i in inside
    ]
    for i, place in zip(inside, places, strict=True):
        table[place] += max(float(ns[i]), 0.0)
    hidden = np.zeros(len(keys), dtype=bool)
    hidden[[i for i, key in enumerate(keys) if key[0] in small]] = True
    if inside:
        found = _hidden_cells(axes, table)
        hidden[inside] = [bool(found[place]) for place in places]
    return hidden


def _hidden_cells(axes: Sequence[_Axis], table: Floats) -> Mask:
    """Which cells of a table to hide, where all totals of its axes may be shown."""
    least = policy().least()
    small = (table > 0) & (table < least)
    if not small.any():
        return np.asarray(small)
    whole = table
    for i, axis in enumerate(axes):
        whole = np.moveaxis(np.tensordot(axis.cover(), whole, axes=(1, i)), 0, i)
    lines = _lines(axes)
    if whole.size <= _MOST_CELLS and small.sum() <= _MOST_SMALL:
        hidden = policy().lines(whole.ravel(), lines)
    else:
        hidden = _line_by_line(whole.ravel(), lines, least)
    inner = tuple(slice(0, len(axis.values)) for axis in axes)
    return np.asarray(hidden.reshape(whole.shape)[inner])


def _lines(axes: Sequence[_Axis]) -> list[tuple[int, list[int]]]:
    """Every total with its parts, as places in the flattened table of all labels."""
    labels = [axis.labels for axis in axes]
    places = np.arange(int(np.prod([len(each) for each in labels]))).reshape([len(each) for each in labels])
    lines = []
    for i, axis in enumerate(axes):
        at = {label: place for place, label in enumerate(axis.labels)}
        others = [range(len(each)) for j, each in enumerate(labels) if j != i]
        for total, parts in axis.lines:
            for rest in product(*others):
                at_rest: tuple[Any, ...] = (*rest[:i], slice(None), *rest[i:])
                line = places[at_rest]
                lines.append((int(line[at[total]]), [int(line[at[part]]) for part in parts]))
    return lines


def _line_by_line(ns: Floats, lines: Sequence[tuple[int, Sequence[int]]], least: int) -> Mask:
    """The next smallest of every line in which one is hidden alone, or few together, until there is none."""
    hidden = (ns > 0) & (ns < least)
    waiting = list(range(len(lines)))
    inside: dict[int, list[int]] = defaultdict(list)
    for number, (total, parts) in enumerate(lines):
        for place in (total, *parts):
            inside[place].append(number)
    while waiting:
        total, parts = lines[waiting.pop()]
        line = np.array([*parts, total])
        dark = hidden[line]
        few = not dark[-1] and float(ns[line][dark].sum()) < least
        shown = ~dark & (ns[line] > 0)
        if dark.any() and (dark.sum() == 1 or few) and shown.any():
            place = int(line[np.argmin(np.where(shown, ns[line], np.inf))])
            hidden[place] = True
            waiting += inside[place]
    return np.asarray(hidden)
