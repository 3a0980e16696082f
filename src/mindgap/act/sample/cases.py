"""The cases of the sample company's last weeks, told in the order in which things happened.

Every step goes through the same actions as a person's, with the clock at the moment of the step; between them the
clocks of the cases speak. So the trail, the escalations and what is overdue are what they would have been.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from mindgap.act.case import actions, escalation, follow, opening
from mindgap.act.case.case import Case
from mindgap.act.case.errors import CaseError
from mindgap.act.playbook import shipped
from mindgap.act.playbook.playbook import Playbook
from mindgap.ground import clock
from mindgap.keep.models import Answer, Member, Organization

_SEED = 20_260_102
_DAYS = 30
_MOST = 42
_OLD = timedelta(days=8)
_FORGOTTEN = 0.06
# Touchpoint -> what usually went wrong there.
_CAUSES = {
    "delivery": "missed_promise",
    "service_line": "long_waiting",
    "checkout": "long_waiting",
    "refund": "unresolved",
    "website": "difficult",
    "product": "damaged",
    "advice": "needs_unknown",
}
_CALLED = "已致电客户，了解了经过。"
_DONE = "已按约定处理完毕。"
_SORRY = "让您久等，是我们没有做到，向您道歉。"


@dataclass(order=True)
class _Step:
    at: datetime
    number: int
    act: Callable[[], None] = field(compare=False)


class _Story:
    """Steps that are taken in the order of their moments, however late they are thought of."""

    def __init__(self) -> None:
        self._steps: list[_Step] = []
        self._count = 0

    def then(self, at: datetime, act: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._steps, _Step(at, self._count, act))

    def run(self, until: datetime) -> None:
        """Take all steps up to a moment; the rest never happens."""
        while self._steps and self._steps[0].at <= until:
            step = heapq.heappop(self._steps)
            with clock.frozen(step.at):
                while escalation.run_next():
                    pass
                try:
                    step.act()
                except CaseError:
                    # Somebody was faster, or the case went another way meanwhile: that happens to people too.
                    continue
        with clock.frozen(until):
            while escalation.run_next():
                pass


def tell(
    organization: Organization, people: dict[str, Member], *, most: int = _MOST, days: int = _DAYS
) -> int:
    """Open and work on at most so many cases of the last days; how many there are."""
    shipped.plant(organization)
    chance, now, story = np.random.default_rng(_SEED), clock.now(), _Story()
    answers = list(_bad(organization, now - timedelta(days=days), most))
    for answer in answers:
        _begin(story, answer, people, chance)
    story.run(now)
    return len(answers)


def _bad(organization: Organization, since: datetime, most: int) -> Iterator[Answer]:
    """Bad answers of the last weeks, those with words first, in the order in which they came."""
    rows = (
        Answer.objects.filter(organization=organization, answered_at__gte=since, customer__isnull=False)
        .select_related("customer", "interaction__promise", "touchpoint", "unit", "channel", "organization")
        .order_by("answered_at", "id")
    )
    bad = [row for row in rows if _is_bad(row) and row.touchpoint and row.touchpoint.code in _CAUSES]
    spoken, silent = [row for row in bad if row.comment], [row for row in bad if not row.comment]
    chosen = spoken[:most] + silent[:: max(1, len(silent) // most)][: max(0, most - len(spoken))]
    return iter(sorted(chosen, key=lambda row: (row.answered_at, row.pk)))


def _is_bad(answer: Answer) -> bool:
    limits = {"recommend": 3, "satisfaction": 2, "ease": 2}
    return any(
        code in answer.scores and (value := answer.scores[code].get("value")) is not None and value <= limit
        for code, limit in limits.items()
    )


def _begin(story: _Story, answer: Answer, people: dict[str, Member], chance: np.random.Generator) -> None:
    """One complaint and what became of it: most are put right, some late, some never."""
    hours = chance.exponential((5.0, 14.0, 40.0))
    is_pleased, fate = bool(chance.random() < 0.72), float(chance.random())
    if clock.now() - answer.answered_at > _OLD and fate > _FORGOTTEN:
        # Few are forgotten: what is open is mostly what came lately.
        fate = 1.0
    taken = answer.answered_at + timedelta(hours=0.3 + float(hours[0]))
    called = taken + timedelta(hours=0.5 + float(hours[1]))
    solved = called + timedelta(hours=2 + float(hours[2]))
    heard = solved + timedelta(days=3, hours=float(chance.uniform(1, 30)))
    cost, lead = int(chance.choice((0, 2_000, 5_000, 8_000))), people["lin.yue"]
    opened: list[Case] = []

    def on(act: Callable[[Case, Member], object]) -> Callable[[], None]:
        def step() -> None:
            case = Case.objects.select_related("owner").get(pk=opened[0].pk)
            act(case, case.owner or lead)

        return step

    def open_() -> None:
        opened.append(_open(answer))

    def solve(case: Case, member: Member) -> None:
        actions.resolve(
            case.pk, member, version=case.version, fault="company", cause=case.cause,
            severity="forgivable" if is_pleased else "lasting", controllable=True, words=_DONE,
        )  # fmt: skip

    story.then(answer.answered_at, open_)
    if fate > 0.08:
        story.then(taken, on(lambda case, who: actions.acknowledge(case.pk, who, version=case.version)))
    if fate > 0.14:
        call = on(lambda case, who: actions.contact(case.pk, who, version=case.version, words=_CALLED))
        sorry = on(lambda case, who: actions.apologise(case.pk, who, version=case.version, words=_SORRY))
        story.then(called, call)
        story.then(called + timedelta(minutes=5), sorry)
    if fate > 0.24:
        if cost:
            give = on(
                lambda case, who: actions.remedy(
                    case.pk, who, version=case.version, kind="voucher", cost_minor=cost
                )
            )
            story.then(called + timedelta(minutes=12), give)
        story.then(solved, on(solve))
    if fate > 0.4:
        story.then(heard, on(lambda case, _who: follow.confirm(case.token, is_pleased)))


def _open(answer: Answer) -> Case:
    assert answer.touchpoint is not None
    cause = _CAUSES[answer.touchpoint.code]
    playbook = Playbook.objects.filter(
        organization=answer.organization, causes__icontains=f'"{cause}"', is_active=True
    ).first()
    interaction = answer.interaction
    case, _ = opening.open_case(
        organization=answer.organization,
        key=f"answer:{answer.key}",
        title=answer.comment.split("\n")[0][:80] or str(answer.touchpoint.name.in_language("zh-hans")),
        opened_at=answer.answered_at,
        customer=answer.customer,
        interaction=interaction,
        answer=answer,
        touchpoint=answer.touchpoint,
        channel=answer.channel,
        unit=answer.unit,
        promise=interaction.promise if interaction else None,
        playbook=playbook,
        cause=cause,
    )
    return case
