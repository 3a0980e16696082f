"""What may go wrong when the facts are asked.

BadQuestion (ValueError): the question names a column that does not exist or a value that cannot stand in it.
FactsMissing (RuntimeError): a file that the manifest lists is not there, or cannot be read.
"""


class BadQuestion(ValueError):
    """`column` is what the question got wrong; the message says what may be asked."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


class FactsMissing(RuntimeError):
    """A listed file is gone; `mindgap facts rebuild` makes all of them again from the record."""
