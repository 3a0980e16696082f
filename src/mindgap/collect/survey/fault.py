"""Fault: why what was filled in cannot be taken: a stable code and its facts; the words are in `words`."""


class Fault(ValueError):
    """One mistake in one question. `facts` fill the sentence `fault_<code>`; a `choice` is named in it."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts
