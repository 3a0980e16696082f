"""Repeat: how many customers came back, and how often a new one may be expected to (R120)."""

from mindgap.explain.disclosure import policy, refuses
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.subject import Subject
from mindgap.ground import clock
from mindgap.ground.condition import Clause, Condition
from mindgap.keep import facts
from mindgap.keep.interaction import COMPLETED
from mindgap.measure import Estimate, proportion
from mindgap.measure.purchase import Buyers, purchase_model, purchases_expected

YEAR = 365


def repeats(inquiry: Inquiry, *, days: int = YEAR) -> tuple[Finding, ...]:
    """`repeat.once`, the share of customers who have not come back so far, and `repeat.ahead`, how often a new
    customer may be expected to come back within so many days (BG/NBD), both over customers that are known.

    Interactions that were completed count, those of a day once. The period ends today unless the inquiry ends it.
    """
    measures = tuple(sorted(inquiry.catalog.counted))
    if not measures:
        return ()
    until = inquiry.period.until
    day = (
        clock.day_of(until) if until else clock.local_day(clock.now(), clock.zone(inquiry.organization.zone))
    )
    ended = inquiry.split(None).within(type(inquiry.period)(inquiry.period.since, clock.date_of(day)))
    where = Condition((Clause("state", "is", COMPLETED),))
    found = facts.histories(ended.question((), measures=measures, where=where))
    n, once = int(found.n.sum()), int(found.n[found.repeats == 0].sum())
    if not n:
        return ()
    subject = Subject.of(ended, population="customers")

    def ahead() -> Estimate:
        buyers = Buyers(found.repeats, last=found.last, observed=found.observed, counts=found.n)
        return purchases_expected(purchase_model(buyers), days, level=inquiry.level)

    share = subject.about(metric="repeat.once", unit="share").states(
        "repeat.once", n, lambda: proportion(once, n, level=inquiry.level), better=-1
    )
    many = subject.about(metric="repeat.ahead", unit="").states("repeat.ahead", n, ahead, days=days, better=1)
    # Those who came back are too few to say anything of them.
    if policy().hides(n - once) or refuses(n, once):
        many = subject.about(metric="repeat.ahead", unit="").hidden("repeat.ahead", n - once, better=1)
    return share, many
