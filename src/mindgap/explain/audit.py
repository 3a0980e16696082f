"""Audit: do the occurrences of a promise contradict each other, and which touchpoints carry which promise (R19–R21)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import Subject
from mindgap.keep.models import Occurrence, Promise

# Everything in the register is looked at; nothing is a sample, so there is no interval.
POPULATION = "register"


def contradictions(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Every active promise whose active occurrences, or the promise itself, name more than one quantity.

    `value` is the number of different quantities, `n` the number of places looked at. The places are among the
    details with the quantity each names, in the measure's unit.
    """
    places = _occurrences(inquiry)
    found = []
    for promise in _active(inquiry):
        named = [
            _place(promise, occurrence)
            for occurrence in places[promise.id]
            if occurrence.quantity is not None
        ]
        if promise.quantity is not None:
            named.insert(
                0,
                {
                    "place": "register",
                    "where": "",
                    "channel": None,
                    "quantity": _unit(promise, promise.quantity),
                },
            )
        quantities = sorted({place["quantity"] for place in named})
        if len(quantities) > 1:
            details: dict[str, Any] = {"promise": promise.code, "quantities": quantities, "places": named}
            found.append(
                _register(inquiry, promise).finding(
                    "promise.contradiction",
                    len(quantities),
                    None,
                    None,
                    len(named),
                    method="register",
                    **details,
                )
            )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Touchpoint × promise: how many active occurrences stand where. Codes, in the order of the journey."""

    touchpoints: tuple[str, ...]
    promises: tuple[str, ...]
    # One row per touchpoint, one number per promise.
    occurrences: tuple[tuple[int, ...], ...]
    finding: Finding


def coverage(inquiry: Inquiry) -> Coverage:
    """Where each promise is made in words; the finding is the share of touchpoints that carry any promise."""
    rows, promises = _occurrences(inquiry), _active(inquiry)
    places = [
        touchpoint
        for touchpoint in inquiry.catalog.touchpoints.values()
        if inquiry.touchpoint in (None, touchpoint.code)
    ]
    matrix = tuple(
        tuple(sum(_stands_at(place.id, promise, row) for row in rows[promise.id]) for promise in promises)
        for place in places
    )
    covered = sum(any(row) for row in matrix)
    n = len(places)
    details: dict[str, Any] = {
        "touchpoints": n,
        "covered": covered,
        "bare": [p.code for p, row in zip(places, matrix, strict=True) if not any(row)],
    }
    subject = Subject.of(inquiry, unit="share", population=POPULATION)
    finding = subject.finding(
        "promise.coverage", covered / n if n else None, None, None, n, method="register", **details
    )
    return Coverage(
        tuple(place.code for place in places), tuple(promise.code for promise in promises), matrix, finding
    )


def audit(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Contradictions, then coverage."""
    return (*contradictions(inquiry), coverage(inquiry).finding)


def _active(inquiry: Inquiry) -> list[Promise]:
    return [
        promise
        for promise in inquiry.catalog.promises.values()
        if promise.is_active and inquiry.touchpoint in (None, promise.touchpoint.code)
    ]


def _occurrences(inquiry: Inquiry) -> dict[int, list[Occurrence]]:
    rows: Iterable[Occurrence] = Occurrence.objects.filter(
        promise__organization=inquiry.organization, is_active=True
    ).select_related("channel")
    found: dict[int, list[Occurrence]] = defaultdict(list)
    for row in rows:
        found[row.promise_id].append(row)
    return found


def _stands_at(touchpoint: int, promise: Promise, occurrence: Occurrence) -> bool:
    return touchpoint == (occurrence.touchpoint_id or promise.touchpoint_id)


def _unit(promise: Promise, quantity: int) -> float:
    return float(quantity * promise.measure.step)


def _place(promise: Promise, occurrence: Occurrence) -> dict[str, Any]:
    assert occurrence.quantity is not None
    return {
        "place": occurrence.place,
        "where": occurrence.where,
        "channel": occurrence.channel.code if occurrence.channel else None,
        "quantity": _unit(promise, occurrence.quantity),
    }


def _register(inquiry: Inquiry, promise: Promise) -> Subject:
    return Subject.of(
        inquiry,
        touchpoint=promise.touchpoint.code,
        measure=promise.measure.code,
        unit=promise.measure.unit,
        metric="contradiction",
        population=POPULATION,
    )
