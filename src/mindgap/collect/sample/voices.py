"""What the invented customers say: a sentence or two that fit touchpoint, score and language."""

import tomllib
from pathlib import Path

import numpy as np

_PATH = Path(__file__).with_name("voices.toml")


class Voices:
    """Comments, drawn without ever asking for the same text twice in a row by rule: chance decides."""

    def __init__(self) -> None:
        self._said: dict[str, dict[str, dict[str, list[str]]]] = tomllib.loads(
            _PATH.read_text(encoding="utf-8")
        )

    def say(self, touchpoint: str, score: int, language: str, chance: np.random.Generator) -> str:
        """A comment on `touchpoint` by somebody who gave `score` of 1–5; a 3 may lean either way."""
        bad = score <= 2 or (score == 3 and chance.random() < 0.6)
        lines = self._said[touchpoint]["bad" if bad else "good"][language]
        first = lines[int(chance.integers(len(lines)))]
        if len(lines) < 2 or chance.random() < 0.7:
            return first
        second = lines[int(chance.integers(len(lines)))]
        space = " " if language == "en" else ""
        return first if second == first else f"{first}{space}{second}"
