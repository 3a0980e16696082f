"""Wave against wave: scores with interval and n, and only changes that are none of chance's (R197)."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from mindgap.explain import wave as waves
from mindgap.ground import clock
from mindgap.keep import definition, invitation, survey
from mindgap.keep.models import Organization, Programme, Submission, Survey, Wave
from mindgap.measure import Counts, nps, nps_difference

pytestmark = pytest.mark.django_db

RAW = {
    "title": {"en": "Each quarter"},
    "pages": [
        {
            "code": "one",
            "questions": [
                {"code": "nps", "type": "nps", "text": {"en": "Recommend?"}},
                {"code": "ease", "type": "effort", "text": {"en": "Easy?"}},
                {"code": "why", "type": "text", "text": {"en": "Why?"}},
            ],
        }
    ],
}
# Values and how often they are said.
GOOD, BAD = {10: 30, 8: 10}, {10: 10, 8: 10, 2: 20}


@pytest.fixture
def quarterly() -> Programme:
    shop = Organization.objects.create(code="shop", name={"en": "Shop"})
    asked = Survey.objects.create(organization=shop, code="quarter", state="live")
    survey.save_draft(asked, definition.read(RAW), expected_digest=survey.draft(asked).digest)
    survey.publish(asked)
    return Programme.objects.create(
        organization=shop, survey=asked, code="quarterly", trigger="schedule", state="running"
    )


@pytest.fixture
def answered(quarterly: Programme) -> Callable[..., Wave]:
    """A wave with answers: `answered(1, {10: 30}, ease=4)`."""
    numbers = iter(range(1, 10_000))

    def make(number: int, said: dict[int, int], *, ease: int = 4, is_test: bool = False) -> Wave:
        start = clock.now() - timedelta(days=900 - 90 * number)
        made, _ = Wave.objects.get_or_create(
            programme=quarterly, number=number, defaults={"starts_at": start}
        )
        version = survey.published(quarterly.survey)
        assert version
        for value, count in said.items():
            for _ in range(count):
                asked, _token = invitation.make(quarterly.survey, programme=quarterly, wave=made)
                Submission.objects.create(
                    id=next(numbers), organization=quarterly.organization, key=uuid4(), survey=quarterly.survey,
                    version=version, invitation=asked, state="finished", started_at=start, changed_at=start,
                    finished_at=start, answers={"nps": value, "ease": ease, "why": "x"}, is_test=is_test,
                )  # fmt: skip
        return made

    return make


def test_each_wave_has_score_n_and_the_step_from_the_one_before(
    quarterly: Programme, answered: Callable[..., Wave]
) -> None:
    answered(1, GOOD)
    answered(2, BAD)
    loyalty, ease = waves.compare(quarterly)
    assert (loyalty.question.code, loyalty.is_nps, ease.question.code, ease.is_nps) == (
        "nps",
        True,
        "ease",
        False,
    )
    first, second = loyalty.rounds
    good, bad = Counts.of({10.0: 30, 8.0: 10}), Counts.of({10.0: 10, 8.0: 10, 2.0: 20})
    assert (first.n, first.score, first.change) == (40, nps(good), None)
    assert (second.n, second.score, second.change) == (40, nps(bad), nps_difference(good, bad))
    assert second.is_clear
    assert loyalty.clear == 1
    assert ease.clear == 0


def test_what_chance_does_is_no_change(quarterly: Programme, answered: Callable[..., Wave]) -> None:
    for number, said in enumerate((GOOD, {10: 28, 8: 12}, {10: 31, 8: 9}, {10: 27, 8: 13}), 1):
        answered(number, said)
    loyalty = waves.compare(quarterly)[0]
    assert [each.wave.number for each in loyalty.rounds] == [1, 2, 3, 4]
    assert loyalty.clear == 0


def test_a_wave_of_too_few_is_hidden_and_the_next_is_held_against_the_one_before_it(
    quarterly: Programme, answered: Callable[..., Wave]
) -> None:
    answered(1, GOOD)
    answered(2, {10: 2})
    answered(3, BAD)
    first, few, third = waves.compare(quarterly)[0].rounds
    assert (few.score, few.is_few) == (None, True)
    assert first.score
    assert third.change
    assert third.change.value == pytest.approx(third.score.value - first.score.value)  # type: ignore[union-attr]


def test_trials_and_other_programmes_do_not_count(
    quarterly: Programme, answered: Callable[..., Wave]
) -> None:
    answered(1, GOOD)
    answered(2, GOOD)
    answered(2, {0: 30}, is_test=True)
    assert waves.compare(quarterly)[0].rounds[1].n == 40
    other = Programme.objects.create(
        organization=quarterly.organization, survey=quarterly.survey, code="other", trigger="schedule"
    )
    assert waves.compare(other) == ()


def test_one_wave_is_compared_with_nothing(quarterly: Programme, answered: Callable[..., Wave]) -> None:
    answered(1, GOOD)
    assert waves.compare(quarterly) == ()
