"""What may go wrong when the facts are asked.

BadQuestion (ValueError): the question names a column that does not exist or a value that cannot stand in it.
"""


class BadQuestion(ValueError):
    """`column` is what the question got wrong; the message says what may be asked."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column
