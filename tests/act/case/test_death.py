"""A worker that is killed anywhere, or two that meet: nothing is lost, and nobody hears anything twice (G3)."""

import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connections, transaction
from tests.act.case.conftest import NOON

from mindgap.act.case import escalation, opening
from mindgap.act.models import Case, CaseEvent, Notice
from mindgap.ground import clock
from mindgap.keep.models import Organization

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(days=30)


def heard() -> list[tuple[str, str]]:
    return sorted((each.kind, str(each.member)) for each in Notice.objects.select_related("member__user"))


@pytest.mark.parametrize("is_committed", [False, True])
def test_a_worker_that_is_killed_while_a_clock_speaks_says_it_once(
    case: Case, people: SimpleNamespace, is_committed: bool
) -> None:
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            with clock.frozen(LATER), transaction.atomic():
                escalation.look_at_all([case.pk])
                if not is_committed:
                    os.kill(os.getpid(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert Notice.objects.exists() == is_committed
    with clock.frozen(LATER):
        while escalation.run_next():
            pass
    once = [("case_breached", "Nina")] * 3 + [("case_escalated", "Ann"), ("case_escalated", "Bo")]
    assert heard() == once
    assert CaseEvent.objects.filter(case=case, kind="breached").count() == 3


def test_two_workers_that_meet_at_a_case_speak_once(case: Case, people: SimpleNamespace) -> None:
    _together(2, lambda: escalation.look_at_all([case.pk]))
    assert heard().count(("case_breached", "Nina")) == 3
    assert CaseEvent.objects.filter(case=case, kind="breached").count() == 3


def test_the_same_event_seen_by_many_at_once_opens_one_case(
    chain: Organization, people: SimpleNamespace
) -> None:
    def see() -> None:
        opening.open_case(organization=chain, key="answer:7", title="Late", opened_at=NOON)

    _together(4, see)
    assert Case.objects.count() == CaseEvent.objects.count() == 1


def _together(count: int, act: Callable[[], None]) -> None:
    start = threading.Barrier(count)

    def run() -> None:
        start.wait(30)
        try:
            act()
        finally:
            connections.close_all()

    with clock.frozen(LATER):
        threads = [threading.Thread(target=run) for _ in range(count)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
