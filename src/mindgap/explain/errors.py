"""What can be wrong with a question put to `explain`.

ExplainError
├── UnknownColumn     nothing is counted by a column of that name
├── UnknownValue      the column has no such value
└── BadInquiry        the question contradicts itself or cannot be read

Each carries its facts as fields; the message says what may be asked instead.
"""


class ExplainError(ValueError):
    """The root: whatever `explain` raises on purpose."""


class UnknownColumn(ExplainError):
    """Nothing is counted by `column`; `known` may be asked."""

    def __init__(self, column: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no column {column!r}; use one of {', '.join(known)}")
        self.column = column
        self.known = known


class UnknownValue(ExplainError):
    """`column` has no value `value`; `known` are those it has."""

    def __init__(self, column: str, value: str, known: tuple[str, ...]) -> None:
        shown = ", ".join(known[:20]) + (" …" if len(known) > 20 else "")
        super().__init__(f"{column} has no {value!r}" + (f"; it has {shown}" if known else ""))
        self.column = column
        self.value = value
        self.known = known


class BadInquiry(ExplainError):
    """`part` of the question cannot be understood."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(f"{part}: {message}")
        self.part = part
