"""What can be wrong with a file, as types a caller can tell apart.

FileProblem
├── EmptyFile            nothing in it, or nothing but blank lines
├── UnknownFormat        not a table of a kind that is read here (also archives, pictures, PDF)
├── UnknownEncoding      the encoding asked for does not exist
├── BrokenFile           cut off or damaged: the reader of that format gave up
│   ├── BrokenQuotes     a quotation mark is opened and never closed
│   ├── BrokenJson       a record that is not a JSON object
│   └── CellTooLong      one cell longer than the reader takes
├── ProtectedFile        needs a password
├── UnsafeFile           declares XML entities, which no table needs
├── NoSheet              the workbook has no such sheet
├── NoHeader             the header rows asked for lie beyond the end of the file
└── OverLimit            refused before it is unpacked or read
    ├── TooLarge         bytes, rows or cells
    ├── TooManyColumns
    └── ZipBomb          what it would unpack to is out of proportion

Each carries a stable ``code``, the facts as fields and a message that says what to do. ``show`` words
them for people from code and facts; the message is for logs and the command line.
"""

from collections.abc import Mapping


class FileProblem(Exception):
    """A file that cannot be taken as it is. ``facts`` are the fields by name."""

    code = "file_problem"

    def __init__(self, message: str, **facts: str | float | None) -> None:
        super().__init__(message)
        self.facts: Mapping[str, str | float | None] = facts


class EmptyFile(FileProblem):
    code = "empty_file"

    def __init__(self) -> None:
        super().__init__("The file is empty. Export it again and check that it holds records.")


class UnknownFormat(FileProblem):
    code = "unknown_format"

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(
            f"This is {found}, not a table. Save it as CSV (UTF-8), XLSX, Parquet or JSON Lines.", found=found
        )


class UnknownEncoding(FileProblem):
    code = "unknown_encoding"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"No encoding is called {name!r}. Use a name such as utf-8, gb18030, big5 or cp1252.", name=name
        )


class BrokenFile(FileProblem):
    code = "broken_file"

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        self.reason = reason
        self.line = line
        where = "" if line is None else f" at line {line}"
        super().__init__(
            f"The file is damaged{where}: {reason}. Copy or export it again.", reason=reason, line=line
        )


class BrokenQuotes(BrokenFile):
    code = "broken_quotes"

    def __init__(self, *, line: int) -> None:
        super().__init__("a quotation mark is opened here and never closed", line=line)


class BrokenJson(BrokenFile):
    code = "broken_json"

    def __init__(self, reason: str, *, line: int) -> None:
        super().__init__(f"not a JSON object ({reason})", line=line)


class CellTooLong(BrokenFile):
    code = "cell_too_long"

    def __init__(self, *, line: int, limit: int) -> None:
        self.limit = limit
        super().__init__(f"a cell is longer than {limit:,} characters", line=line)


class ProtectedFile(FileProblem):
    code = "protected_file"

    def __init__(self) -> None:
        super().__init__("The workbook is protected by a password. Save it without one and try again.")


class UnsafeFile(FileProblem):
    code = "unsafe_file"

    def __init__(self) -> None:
        super().__init__(
            "The workbook declares XML entities, which office programs never do. "
            "Open it, save it again as XLSX, and try that copy."
        )


class NoSheet(FileProblem):
    code = "no_sheet"

    def __init__(self, sheet: str, sheets: tuple[str, ...]) -> None:
        self.sheet = sheet
        self.sheets = sheets
        names = ", ".join(sheets)
        super().__init__(
            f"The workbook has no sheet {sheet!r}. Choose one of: {names}.", sheet=sheet, sheets=names
        )


class NoHeader(FileProblem):
    code = "no_header"

    def __init__(self, asked: int, records: int) -> None:
        self.asked = asked
        self.records = records
        super().__init__(
            f"Header row {asked} was asked for, but the file has only {records} rows. Choose fewer header rows.",
            asked=asked,
            records=records,
        )


class OverLimit(FileProblem):
    """A file over one of the limits: ``found`` (what it has, or declares) against ``limit``."""

    code = "over_limit"

    def __init__(self, message: str, *, found: float, limit: float, unit: str) -> None:
        self.found = found
        self.limit = limit
        self.unit = unit
        super().__init__(message, found=found, limit=limit, unit=unit)


class TooLarge(OverLimit):
    code = "too_large"

    def __init__(self, *, found: int, limit: int, unit: str) -> None:
        super().__init__(
            f"The file has {found:,} {unit}; at most {limit:,} are taken. Split it into parts.",
            found=found,
            limit=limit,
            unit=unit,
        )


class TooManyColumns(OverLimit):
    code = "too_many_columns"

    def __init__(self, *, found: int, limit: int) -> None:
        super().__init__(
            f"The table has {found:,} columns or more; at most {limit:,} are taken. "
            "Check the delimiter, or leave out columns that are not needed.",
            found=found,
            limit=limit,
            unit="columns",
        )


class ZipBomb(OverLimit):
    code = "zip_bomb"

    def __init__(self, *, found: float, limit: float, unit: str) -> None:
        super().__init__(
            f"The compressed file would unpack to {found:,.0f} {unit}; at most {limit:,.0f} are taken. "
            "It was not unpacked. Save the table again, without pictures, or as CSV.",
            found=found,
            limit=limit,
            unit=unit,
        )
