"""The index of the record's models; each lives in the file of its noun."""

from mindgap.keep.answer import Answer
from mindgap.keep.arrival import Arrival, Cursor, Quarantine, Tally
from mindgap.keep.channel import Channel
from mindgap.keep.customer import Customer, Identity
from mindgap.keep.expectation import Expectation, ExpectationSource
from mindgap.keep.interaction import Interaction
from mindgap.keep.journey import Journey, Stage
from mindgap.keep.measure import Measure, Metric
from mindgap.keep.member import Member
from mindgap.keep.organization import Organization
from mindgap.keep.promise import Occurrence, Promise
from mindgap.keep.reading import FactFile, FactVersion, Reading
from mindgap.keep.segment import Segment, SegmentValue
from mindgap.keep.touchpoint import Touchpoint
from mindgap.keep.unit import Unit

__all__ = [
    "Answer",
    "Arrival",
    "Channel",
    "Cursor",
    "Customer",
    "Expectation",
    "ExpectationSource",
    "FactFile",
    "FactVersion",
    "Identity",
    "Interaction",
    "Journey",
    "Measure",
    "Member",
    "Metric",
    "Occurrence",
    "Organization",
    "Promise",
    "Quarantine",
    "Reading",
    "Segment",
    "SegmentValue",
    "Stage",
    "Tally",
    "Touchpoint",
    "Unit",
]
