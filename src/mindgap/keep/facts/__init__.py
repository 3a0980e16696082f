"""The facts: readings in columns, counted, never looped over; derived from the record and made again at will."""

from mindgap.keep.facts.counter import counts
from mindgap.keep.facts.errors import BadQuestion, FactsMissing
from mindgap.keep.facts.following import Followed, after_first, after_score
from mindgap.keep.facts.joint import Joint, joint
from mindgap.keep.facts.life import close_tail, compact, drop, sweep
from mindgap.keep.facts.products import Products, products
from mindgap.keep.facts.question import Question, Term
from mindgap.keep.facts.remake import Difference, rebuild, verify
from mindgap.keep.facts.returning import Histories, histories
from mindgap.keep.facts.table import CountTable

__all__ = [
    "BadQuestion",
    "CountTable",
    "Difference",
    "FactsMissing",
    "Followed",
    "Histories",
    "Joint",
    "Products",
    "Question",
    "Term",
    "after_first",
    "after_score",
    "close_tail",
    "compact",
    "counts",
    "drop",
    "histories",
    "joint",
    "products",
    "rebuild",
    "sweep",
    "verify",
]
