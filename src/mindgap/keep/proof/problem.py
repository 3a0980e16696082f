"""Problem: one thing that is wrong, and where. Sheet: where they are noted while one reads."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` leads to it (`pages.p1.questions.q3.choices.a.text.en`: lists by code, else by place from 0).

    An error keeps the survey from being published, a warning does not. `facts` are what the words are about.
    """

    path: str
    code: str
    words: str
    is_error: bool = True
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Sheet:
    """The problems found so far."""

    problems: list[Problem] = field(default_factory=list)

    def error(self, path: str, code: str, words: str, **facts: object) -> None:
        self._add(path, code, words, facts, is_error=True)

    def warning(self, path: str, code: str, words: str, **facts: object) -> None:
        self._add(path, code, words, facts, is_error=False)

    def _add(self, path: str, code: str, words: str, facts: dict[str, object], *, is_error: bool) -> None:
        told = tuple((name, str(value)) for name, value in facts.items())
        self.problems.append(Problem(path, code, words.format(**facts), is_error, told))
