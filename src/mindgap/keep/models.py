"""The index of the record's models; each lives in the file of its noun."""

from mindgap.keep.answer import Answer
from mindgap.keep.arrival import Arrival, Cursor, Quarantine, Tally
from mindgap.keep.channel import Channel
from mindgap.keep.claim import Claimed
from mindgap.keep.consent import Consent
from mindgap.keep.contact import Contact, ContactPolicy
from mindgap.keep.customer import Customer, Identity
from mindgap.keep.erasure import Erasure, ErasurePolicy
from mindgap.keep.expectation import Expectation, ExpectationSource
from mindgap.keep.interaction import Interaction
from mindgap.keep.invitation import Invitation
from mindgap.keep.journey import Journey, Stage
from mindgap.keep.link import Link
from mindgap.keep.measure import Measure, Metric
from mindgap.keep.member import Member
from mindgap.keep.optout import OptOut
from mindgap.keep.organization import Organization
from mindgap.keep.programme import Programme, Wave
from mindgap.keep.promise import Occurrence, Promise
from mindgap.keep.reading import FactFile, FactVersion, Reading
from mindgap.keep.segment import Segment, SegmentValue
from mindgap.keep.submission import Submission
from mindgap.keep.survey import Survey, SurveyVersion
from mindgap.keep.touchpoint import Touchpoint
from mindgap.keep.unit import Unit

__all__ = [
    "Answer",
    "Arrival",
    "Channel",
    "Claimed",
    "Consent",
    "Contact",
    "ContactPolicy",
    "Cursor",
    "Customer",
    "Erasure",
    "ErasurePolicy",
    "Expectation",
    "ExpectationSource",
    "FactFile",
    "FactVersion",
    "Identity",
    "Interaction",
    "Invitation",
    "Journey",
    "Link",
    "Measure",
    "Member",
    "Metric",
    "Occurrence",
    "OptOut",
    "Organization",
    "Programme",
    "Promise",
    "Quarantine",
    "Reading",
    "Segment",
    "SegmentValue",
    "Stage",
    "Submission",
    "Survey",
    "SurveyVersion",
    "Tally",
    "Touchpoint",
    "Unit",
    "Wave",
]
