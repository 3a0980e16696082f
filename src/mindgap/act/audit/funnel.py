"""Funnel: steps of a site in order, and how many page loads each had for those of the step before (R71).

The widget tells of single page loads and of nobody who made them, and of a sample of the loads at that. So it is not
known which visitor went on; what can be had is the ratio of two independent counts. Its interval follows from their sum
(given how many loads there were of both, those of the later step are a share of them, with the interval of Wilson):
the odds of its limits are the limits of the ratio. A visitor who loads a step again counts again.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from urllib.parse import urlsplit

from django.conf import settings

from mindgap.act.audit import evidence
from mindgap.act.audit.evidence import Evidence
from mindgap.explain.subject import Subject
from mindgap.measure import Estimate, proportion

# Parts of a path that the widget leaves out, because they may name a person or an order (`vitals.js`).
_NAMING = re.compile(r"\d|@|%|.{33}")
STEPS_MOST = 20


def path(text: str) -> str:
    """A page as the widget names it: `https://shop.example/Cart/4711?x` is `/Cart/*`."""
    found = urlsplit(text.strip()).path
    plain = "/".join("*" if _NAMING.search(part) else part for part in found.split("/"))
    return plain if plain.startswith("/") else f"/{plain}"


def reached(
    subject: Subject, steps: Sequence[str], loads: Mapping[str, int], *, level: float
) -> Iterator[Evidence]:
    """For each step but the first how many loads there were for each load of the step before; no small groups."""
    if not steps:
        return
    yield evidence.lacking("no_visitors")
    if not loads.get(steps[0]):
        yield evidence.lacking("few_loads", page=steps[0])
    for before, here in pairwise(steps):
        first, then = loads.get(before, 0), loads.get(here, 0)
        least = settings.SMALLEST_GROUP
        if first < least or 0 < then < least:
            yield evidence.lacking("few_loads", page=here)
            continue
        finding = subject.states(
            "audit.reached",
            first + then,
            lambda first=first, then=then: ratio(then, first, level=level),  # type: ignore[misc]
            better=1,
            page=here,
            before=before,
            count=then,
            n_before=first,
        )
        yield finding.write()


def ratio(part: int, whole: int, *, level: float) -> Estimate:
    """One independent count for each of another, with the interval that given their sum is Wilson's."""
    found = proportion(part, part + whole, level=level)
    return replace(found, value=part / whole, low=_odds(found.low), high=_odds(found.high))


def _odds(share: float) -> float:
    return share / (1 - share)
