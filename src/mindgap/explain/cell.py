"""Cell: the counted readings of one measure at one touchpoint (in one group), and what may be said of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import Subject
from mindgap.explain.tally import HAPPENED, Tally, tally
from mindgap.keep.models import Measure, Promise, Touchpoint

# What interactions and answers are counted by, once, so that one question answers a whole page.
INTERACTION = ("promise", "state", "outcome", "outcome_time", "gap_promised", "gap_expected")
ANSWER = ("state", "outcome", "early", "value", "gap_expected")


@dataclass(frozen=True, slots=True)
class Cell:
    """`touchpoint` is None for answers that belong to none, and where a cell stands for all touchpoints."""

    subject: Subject
    measure: Measure
    touchpoint: Touchpoint | None
    tally: Tally
    level: float

    @property
    def step(self) -> float:
        """What one step of the facts is in the measure's unit."""
        return float(self.measure.step)

    @property
    def happened(self) -> Tally:
        """The headline population: completed interactions, and answers without interaction."""
        return self.tally.state(*HAPPENED)

    def promises(self, known: dict[int, Promise]) -> list[Promise]:
        """The promises that these readings were under."""
        return [known[int(number)] for (number,), _ in self.tally.groups("promise") if int(number) in known]


def interactions(inquiry: Inquiry, *columns: str, across: bool = False) -> Iterator[Cell]:
    """The cells of what happened: counted measures, by the columns given (else by `INTERACTION`)."""
    return _cells(inquiry, inquiry.catalog.counted, columns or INTERACTION, across=across)


def answers(inquiry: Inquiry, *columns: str, across: bool = False) -> Iterator[Cell]:
    """The cells of what customers said: scored measures, by the columns given (else by `ANSWER`)."""
    return _cells(inquiry, inquiry.catalog.scored, columns or ANSWER, across=across)


def _cells(
    inquiry: Inquiry, measures: frozenset[int], columns: tuple[str, ...], *, across: bool
) -> Iterator[Cell]:
    if not measures:
        # Without measures the facts would count all of them.
        return
    catalog = inquiry.catalog
    keys = ("measure",) if across else ("touchpoint", "measure")
    asked = inquiry.columns
    whole = tally(inquiry, *keys, *columns, measures=measures)
    places = {number: place for place, number in enumerate(catalog.touchpoints)}
    found = []
    for key, part in whole.groups(*keys, *asked):
        touchpoint = None if across else catalog.touchpoints.get(int(key[0]))
        measure = catalog.measures[int(key[len(keys) - 1])]
        group = {
            name: catalog.outside(name, number) for name, number in zip(asked, key[len(keys) :], strict=True)
        }
        subject = Subject.of(
            inquiry,
            touchpoint=touchpoint.code if touchpoint else inquiry.touchpoint,
            measure=measure.code,
            unit=measure.unit,
            group=group,
        )
        place = places.get(touchpoint.id, -1) if touchpoint else -1
        found.append((place, Cell(subject, measure, touchpoint, part, inquiry.level)))
    # In the order of the journey, what belongs to no touchpoint first.
    yield from (cell for _, cell in sorted(found, key=lambda pair: pair[0]))
