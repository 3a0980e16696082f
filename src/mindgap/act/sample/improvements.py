"""The improvements of the sample company: one planned three months ago and tested as planned, one that begins now."""

from datetime import timedelta

from mindgap.act.improvement import actions, deadline, opening, planning
from mindgap.act.improvement.errors import ImprovementProblem
from mindgap.act.improvement.improvement import Improvement
from mindgap.act.improvement.plan import Wish
from mindgap.explain.errors import ExplainError
from mindgap.ground import clock
from mindgap.keep.models import Member, Organization, Touchpoint

_BEGAN = timedelta(days=92)
_OVER = timedelta(days=2)
# The share of customers who wait longer than was promised.
_TARGET = 0.05


def tell(organization: Organization, people: dict[str, Member]) -> int:
    """Open them, and let what was planned be tested; how many there are."""
    lead = people["lin.yue"]
    places = {each.code: each for each in Touchpoint.objects.filter(organization=organization)}
    if "checkout" in places:
        _tested(organization, places["checkout"], lead)
    if "service_line" in places:
        opening.open_improvement(
            organization, origin="worst", source={"touchpoint": "service_line"}, title="客服热线：高峰时段回拨，代替排队",
            touchpoint=places["service_line"], side="delivery", kind="innovate", member=lead,
            hypothesis="如果在排队超过三分钟时主动提出回拨，首次回复的承诺就能兑现，因为人手按预约时间分散。",
        )  # fmt: skip
    return Improvement.objects.filter(organization=organization).count()


def _tested(organization: Organization, place: Touchpoint, lead: Member) -> None:
    """A second till in the rush hours: planned before its figures, done, and tested when its time was over."""
    began, until = clock.now() - _BEGAN, clock.now() - _OVER
    with clock.frozen(began):
        made = opening.open_improvement(
            organization, origin="member", source={}, title="收银：高峰时段多开一个收银台", touchpoint=place,
            side="delivery", kind="repair", member=lead,
            hypothesis="如果17至20点多开一个收银台，超过承诺等候时间的顾客会减少，因为排队的高峰被分流。",
        )  # fmt: skip
        day = planning.today(made)
        wish = Wish(
            metric="missed", target=_TARGET, works_from=day + timedelta(days=1), deadline=until.date()
        )
        try:
            made = actions.agree(
                made.pk, lead, version=made.version, wish=wish, although="旺季之前必须定下来。"
            )
        except (ImprovementProblem, ExplainError):
            # A small sample cannot be planned for: it stays an idea.
            return
        made = actions.start(made.pk, lead, version=made.version)
        actions.finish(made.pk, lead, version=made.version)
    deadline.care()
