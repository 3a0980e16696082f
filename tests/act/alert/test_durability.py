"""Killing the worker loses no alert and tells nobody twice (issue 5, must be shown 5)."""

from pathlib import Path

import pytest
from tools.alerts_durability import endure


@pytest.mark.slow
def test_a_worker_that_is_killed_anywhere_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """In short; `tools/alerts_durability.py` kills it everywhere and more often."""
    verdict = endure(
        tmp_path / "shop",
        kills=2,
        points=(
            "in the transaction, with all written and nothing committed",
            "with a mail sent and not yet noted",
        ),
    )
    assert verdict.acknowledged > 4
    assert verdict.is_good, str(verdict)
