"""Why a row cannot be taken as it is: a stable code, the column, and words that say what to do."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason; a row is refused for the first that is found."""

    reason: str
    column: str
    words: str


class Refusals:
    """The refused rows of a table, by row number from 0."""

    def __init__(self) -> None:
        self.by_row: dict[int, Refusal] = {}

    def add(
        self, bad: pl.Series, reason: str, column: str, words: str, *, shown: pl.Series | None = None
    ) -> None:
        """Refuse the rows where `bad` is true; `{}` in the words stands for the row's value of `shown`."""
        rows = bad.arg_true().to_list()
        values = shown.gather(rows).to_list() if shown is not None and rows else None
        for place, row in enumerate(rows):
            if row not in self.by_row:
                said = words.replace("{}", repr(str(values[place]))) if values is not None else words
                self.by_row[row] = Refusal(reason, column, said)

    def rows(self) -> list[int]:
        """The refused rows in order."""
        return sorted(self.by_row)
