"""Joint distributions: combinations of what one person said, counted; unknown is a value of its own."""

import numpy as np
import pytest
from tests.keep.facts.tail import put

from mindgap.keep import facts
from mindgap.keep.facts import Question, Term
from mindgap.keep.models import Organization

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def organization():
    return Organization.objects.create(code="acme")


def test_combinations_are_counted_from_tail_and_files(organization):
    said = [(5, 1), (5, 1), (3, 4), (5, None), (5, None), (None, 2)]
    for answer, pair in enumerate(said, start=1):
        for measure, value in enumerate(pair, start=1):
            if value is not None:
                put(organization, {"answer": answer, "touchpoint": 7, "measure": measure, "value": value})
        if answer == 3:
            facts.close_tail(organization, force=True)
    found = facts.joint(Question(organization.id, ("touchpoint",)), (Term(1), Term(2)))
    # In rising order, unknown last; who said nothing of the first is no row.
    assert [(first, None if np.isnan(second) else second) for first, second in found.values.tolist()] == [
        (3, 4),
        (5, 1),
        (5, None),
    ]
    assert found.n.tolist() == [1, 2, 2]
    assert found.keys.ravel().tolist() == [7, 7, 7]


def test_nothing_read_is_no_combination(organization):
    found = facts.joint(Question(organization.id), (Term(1), Term(2)))
    assert found.values.shape == (0, 2)
    assert found.n.tolist() == []
