"""What may stop an import as a whole. A row that does not fit never does: it goes to quarantine.

ImportProblem
├── BadMapping        the mapping cannot be understood: where, and what to do
├── MissingColumns    columns that the mapping names are not in the file
├── NothingToGuess    no mapping was given and the columns do not tell enough
├── AmbiguousDates    a column reads as two different dates: the person must choose
├── BadQuery          the mapping's SQL was refused or failed
├── NoOrganization    nothing says for whom to import
└── NotRepairable     a row of quarantine cannot be replayed as it is
"""


class ImportProblem(ValueError):
    """An import that cannot begin; `code` is stable, the message says what to do."""

    code = "import_problem"


class BadMapping(ImportProblem):
    """A part of a mapping that cannot be understood."""

    code = "bad_mapping"

    def __init__(self, words: str, *, key: str = "", line: int | None = None, file: str = "") -> None:
        self.words, self.key, self.line, self.file = words, key, line, file
        place = ", ".join(part for part in (file, f"line {line}" if line else "", key) if part)
        super().__init__(f"{place}: {words}" if place else words)


class MissingColumns(ImportProblem):
    """The mapping names columns which the table does not have."""

    code = "missing_columns"

    def __init__(self, missing: tuple[str, ...], *, table: str, present: tuple[str, ...]) -> None:
        self.missing, self.table, self.present = missing, table, present
        super().__init__(
            f"{table} has no column {', '.join(repr(name) for name in missing)}; it has {', '.join(present[:40])}"
        )


class NothingToGuess(ImportProblem):
    """The names of the columns do not tell what the rows are."""

    code = "nothing_to_guess"

    def __init__(self, words: str, *, needed: tuple[str, ...], present: tuple[str, ...]) -> None:
        self.needed, self.present = needed, present
        super().__init__(words)


class AmbiguousDates(ImportProblem):
    """Every date of a column could be day first or month first."""

    code = "ambiguous_dates"

    def __init__(self, columns: tuple[str, ...], *, example: str = "") -> None:
        self.columns, self.example = columns, example
        shown = f" (such as {example})" if example else ""
        super().__init__(
            f"the dates of {', '.join(columns)}{shown} could be day first or month first; choose one:"
            " --date-order dmy or mdy, or date_order in the mapping"
        )


class BadQuery(ImportProblem):
    """SQL that is no single SELECT over the given files, or that failed."""

    code = "bad_query"


class NoOrganization(ImportProblem):
    """The data folder has no organization and the mapping declares none."""

    code = "no_organization"


class NotRepairable(ImportProblem):
    """A quarantined row that cannot be replayed."""

    code = "not_repairable"
