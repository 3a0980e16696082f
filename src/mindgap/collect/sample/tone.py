"""How the invented customers answer: from an inner level of satisfaction to scores, expectations and words."""

import numpy as np

from mindgap.collect.sample import calendar
from mindgap.collect.sample.voices import Voices
from mindgap.keep import incoming


class Tone:
    """Draws answers; the only place where scores are rounded."""

    def __init__(self, chance: np.random.Generator) -> None:
        self.chance = chance
        self._voices = Voices()

    def answer(
        self,
        *,
        key: str,
        touchpoint: str,
        person: incoming.Person,
        channel: str,
        unit: str,
        asked: float,
        level: float,
        expected_level: float,
        interaction: str = "",
        recommend: bool = False,
        ease: bool = False,
        relation: str = "",
    ) -> incoming.Answer:
        """An answer of somebody whose satisfaction lies at `level` (1–5, not rounded)."""
        chance = self.chance
        score = _whole(level + chance.normal(0, 0.6), 1, 5)
        scores: dict[str, float] = {"satisfaction": score}
        if recommend and chance.random() < 0.7:
            scores["recommend"] = _whole(8.75 + 1.9 * (level - 4.3) + chance.normal(0, 1.1), 0, 10)
        if ease:
            scores["ease"] = _whole(5.4 + 1.2 * (level - 4.0) + chance.normal(0, 0.9), 1, 7)
        expected: tuple[incoming.Statement, ...] = ()
        if chance.random() < 0.6:
            expected = (
                incoming.Statement("satisfaction", _whole(expected_level + chance.normal(0, 0.5), 1, 5)),
            )
        comment = ""
        if chance.random() < 0.35:
            comment = self._voices.say(touchpoint, score, person.language, chance)
        return incoming.Answer(
            key=key,
            touchpoint=touchpoint,
            interaction=interaction,
            asked_at=calendar.when(asked),
            answered_at=calendar.when(asked + float(chance.exponential(5 * 3600.0)) + 60),
            scores=scores,
            expected=expected,
            customer=person,
            channel=channel,
            unit=unit,
            language=person.language,
            comment=comment,
            segments={"relation": relation} if relation else {},
        )


def _whole(value: float, least: int, most: int) -> int:
    return int(min(most, max(least, round(value))))
