import pytest

from mindgap import measure
from mindgap.measure import BadMargins, MeasureError, NotConverged, NotIdentified, TooFewAnswers


def test_every_error_is_a_measure_error_and_a_value_error() -> None:
    names = ("BadArgument", "BadCounts", "BadMargins", "NotConverged", "NotIdentified", "TooFewAnswers")
    assert all(issubclass(getattr(measure, name), MeasureError) for name in names)
    assert issubclass(MeasureError, ValueError)


def test_errors_carry_their_facts() -> None:
    few = TooFewAnswers(n=1, needed=2)
    assert (few.n, few.needed, str(few)) == (1, 2, "1 answers, 2 needed")
    unknown = NotIdentified(what="kept rate", reason="nothing is due")
    assert (unknown.what, unknown.reason) == ("kept rate", "nothing is due")
    stuck = NotConverged(rounds=9, distance=0.5)
    assert (stuck.rounds, stuck.distance) == (9, 0.5)
    margin = BadMargins("no answers", margin=1)
    assert (margin.reason, margin.margin) == ("no answers", 1)
    with pytest.raises(MeasureError, match="margin 1"):
        raise margin
