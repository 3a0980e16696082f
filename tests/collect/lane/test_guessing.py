"""Guessing tokens: a near miss and a made-up one cannot be told apart, by what is said nor by the work it takes (B4).

Work is counted and not timed: the statements that are executed, in whatever thread, are the same, and so is the reply.
A clock on a busy machine would measure the machine.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.backends.utils import CursorWrapper
from tests.collect.lane.test_answering import short_survey
from tests.collect.survey.conftest import ann, limits, publish, shop
from tests.collect.survey.respondent import Respondent

from mindgap.ground import clock
from mindgap.keep import invitation
from mindgap.keep.models import Invitation, Survey

__all__ = ["ann", "limits", "publish", "shop"]
pytestmark = pytest.mark.django_db(transaction=True)
MADE_UP = "q" * 24


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that any thread executes, with what it asks for left out."""
    seen: list[str] = []
    execute = CursorWrapper.execute

    def listening(self: Any, sql: str, params: Any = None) -> Any:
        seen.append(sql)
        return execute(self, sql, params)

    monkeypatch.setattr(CursorWrapper, "execute", listening)
    return seen


@pytest.fixture
def wrong(publish: Callable[..., Survey]) -> tuple[Survey, list[str]]:
    """A survey with an invitation, and tokens that miss it, from far to near."""
    made, other = publish(short_survey()), publish(short_survey(), code="other")
    _, token = invitation.make(made)
    _, elsewhere = invitation.make(other)
    last = "a" if token[-1] != "a" else "b"
    return made, [MADE_UP, "x", token[:-1], token[:-1] + last, token.swapcase(), token + "a", elsewhere]


@pytest.mark.parametrize("path", ["/s/{short}/{token}", "/s/p/{token}", "/s/u/{token}"])
def test_a_near_miss_is_answered_like_a_made_up_token_and_costs_the_same_statements(
    ann: Respondent, wrong: tuple[Survey, list[str]], statements: list[str], path: str
) -> None:
    """The answering page, the page of preferences, and the one click that stops messages."""
    made, tokens = wrong
    if path != "/s/{short}/{token}":
        # There a token of another survey is one that works.
        tokens = tokens[:-1]
    found = []
    for token in (tokens[0], *tokens):
        statements.clear()
        reply = ann.open(path.format(short=made.short, token=token))
        found.append((reply.status, reply.text.replace(f"/{token}", "/"), tuple(statements)))
    # The first visit after a start reads the survey, too.
    assert len(set(found[1:])) == 1
    assert found[1][0] == 404
    assert len(found[1][2]) >= 1


def test_a_link_that_is_over_says_so_only_to_who_has_it(
    ann: Respondent, publish: Callable[..., Survey], statements: list[str]
) -> None:
    """One that is revoked, expired or answered is known by its whole token and by nothing near it."""
    made = publish(short_survey())
    over, token = invitation.make(made)
    Invitation.objects.filter(pk=over.pk).update(state="revoked", expires_at=clock.now())
    replies = []
    for each in (MADE_UP, MADE_UP, token[:-1] + ("a" if token[-1] != "a" else "b")):
        statements.clear()
        shown = ann.open(f"/s/{made.short}/{each}")
        replies.append((shown.status, shown.text, tuple(statements)))
    assert replies[1] == replies[2]
    assert ann.open(f"/s/{made.short}/{token}").status != 404
