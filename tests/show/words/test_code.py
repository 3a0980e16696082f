"""Stable codes have words; unknown ones are shown as they are."""

import pytest

from mindgap.explain import finding
from mindgap.explain.catalog import COLUMNS
from mindgap.explain.problem import KINDS
from mindgap.explain.worst import KINDS as VERDICTS
from mindgap.keep.interaction import STATES
from mindgap.keep.promise import PLACES
from mindgap.measure import Caution
from mindgap.show.words import code


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (code.warning, [*Caution, finding.TOO_FEW, finding.NOT_KNOWN, finding.SLACK_LARGE, finding.NO_GOAL]),
        (code.kind, KINDS),
        (code.verdict, VERDICTS),
        (code.column, COLUMNS),
        (code.place, PLACES),
        (code.population, ["completed", "open", "cancelled", "not_cancelled", "missed", "register"]),
        (code.rule, ["calendar", "timestamp"]),
    ],
)
def test_every_code_has_words(words, codes) -> None:
    silent = [each for each in codes if words(str(each)) == str(each) and "_" in str(each)]
    assert not silent
    assert all(words(str(each)) for each in codes)


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert code.warning("something_new") == "something_new"
    assert code.state(STATES[1]) == "completed"
    assert code.outcome("met") == "met"
    assert code.against("promise") == "the promise"
    assert code.metric("nps") == "Net Promoter Score"
