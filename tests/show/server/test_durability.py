"""No acknowledged answer is lost and none is counted twice: killed servers, lost replies (P1, R184). More by hand."""

from pathlib import Path

import pytest
from tools import durability

pytestmark = pytest.mark.slow


def test_killing_every_process_again_and_again_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    verdict = durability.endure(tmp_path / "shop", kills=2)
    assert verdict.acknowledged > 50
    assert verdict.is_good, str(verdict)


def test_answers_sent_twice_out_of_order_over_a_line_that_loses_replies_are_counted_once(
    tmp_path: Path,
) -> None:
    # About 140 requests: a fifth of the replies lost is some 28, so that a handful is certain.
    counted = durability.disturb(tmp_path / "shop", answers=600, lost=0.2)
    assert counted.cut > 5
    assert counted.is_good, str(counted)
