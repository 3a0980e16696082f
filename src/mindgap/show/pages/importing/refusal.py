"""Why rows were set aside and why files cannot be read, in the language of the reader."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REASONS = {
    "no_key": gettext_lazy("It has no number of its own"),
    "key_missing": gettext_lazy("It has no number of its own"),
    "duplicate_key": gettext_lazy("The same number with different content"),
    "touchpoint_missing": gettext_lazy("The touchpoint is empty"),
    "unknown_touchpoint": gettext_lazy("Unknown touchpoint"),
    "unknown_promise": gettext_lazy("Unknown promise"),
    "unknown_measure": gettext_lazy("Unknown measure"),
    "unknown_status": gettext_lazy("Unknown status"),
    "unknown_expectation": gettext_lazy("Unknown kind of expectation"),
    "started_missing": gettext_lazy("It does not say when it started"),
    "answered_missing": gettext_lazy("It does not say when it was answered"),
    "experience_missing": gettext_lazy("Completed, but it does not say when"),
    "experienced_before_start": gettext_lazy("It ended before it started"),
    "due_before_start": gettext_lazy("It was promised for a time before it started"),
    "expected_before_start": gettext_lazy("It was expected before it started"),
    "answered_before_asked": gettext_lazy("Answered before it was asked"),
    "customer_missing": gettext_lazy("Nothing says who the customer is"),
    "nothing_said": gettext_lazy("Neither a score nor a comment"),
    "nothing_measured": gettext_lazy("A number, but the touchpoint has no measure"),
    "off_scale": gettext_lazy("Off the scale of its measure"),
    "bad_date": gettext_lazy("No date that can be read"),
    "no_zone": gettext_lazy("A time without a time zone"),
    "bad_number": gettext_lazy("Not a number"),
    "bad_amount": gettext_lazy("Not an amount of money"),
    "bad_truth": gettext_lazy("Neither yes nor no"),
    "bad_weight": gettext_lazy("A weight below zero"),
    "too_long": gettext_lazy("A text that is too long"),
    "too_many_statements": gettext_lazy("Too many expectations in one answer"),
    "unreadable": gettext_lazy("It cannot be read"),
    "not_storable": gettext_lazy("It holds signs that cannot be stored"),
    "mapping_gone": gettext_lazy("The mapping it was read with is gone"),
    "refused_before": gettext_lazy("Set aside in an earlier import already"),
}
_FILES = {
    "empty_file": gettext_lazy("The file is empty."),
    "unknown_format": gettext_lazy(
        "This is no table that can be read. CSV, TSV, XLSX, XLS, Parquet and JSON Lines can be."
    ),
    "unknown_encoding": gettext_lazy("The file cannot be read in this encoding. Choose another one."),
    "broken_file": gettext_lazy(
        "The file is damaged: it ends too early or its parts do not fit. Save it again and upload it again."
    ),
    "broken_quotes": gettext_lazy(
        "A quotation mark in the file is never closed, so rows cannot be told apart."
    ),
    "broken_json": gettext_lazy("A line of the file is no JSON."),
    "cell_too_long": gettext_lazy("A cell of the file is far too long. Check the quotation marks."),
    "protected_file": gettext_lazy("The file is protected by a password. Save it without one."),
    "unsafe_file": gettext_lazy("The file holds something that is not safe to open."),
    "no_sheet": gettext_lazy("There is no such sheet. Choose one of the list."),
    "no_header": gettext_lazy("The file has fewer rows than were chosen to name the columns."),
    "too_large": gettext_lazy("The file is too large. Split it into parts."),
    "too_many_columns": gettext_lazy("The file has too many columns. Check what divides them."),
    "zip_bomb": gettext_lazy("Unpacked, the file would be far too large. It was not unpacked."),
}
_IMPORTS = {
    "missing_columns": gettext_lazy("The mapping names columns that the file does not have."),
    "ambiguous_dates": gettext_lazy(
        "The dates of a column can be day first or month first. Choose the order of dates above."
    ),
    "file_gone": gettext_lazy("The uploaded file is gone. Upload it again."),
    "gave_up": gettext_lazy(
        "The import was begun three times and never finished. The worker’s log says why."
    ),
    "error": gettext_lazy("Something unexpected went wrong. The worker’s log says what."),
}


def reason(code: str) -> str:
    """Why a row was set aside."""
    return str(REASONS.get(code, code))


def problem(code: str, words: str) -> str:
    """Why a whole file or import cannot be done; `words` are the exact English ones, for codes without their own."""
    known = _FILES.get(code) or _IMPORTS.get(code)
    return str(known) if known else _("The file cannot be imported: %(words)s") % {"words": words}
