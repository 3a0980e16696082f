"""Reading foreign files: CSV, TSV, JSON Lines, XLSX, XLS, Parquet, as one typed and honest table.

``open_table`` reads a file and tells in ``Table.report`` everything it had to decide; ``preview`` does so
for the first records, for a person to confirm. Nothing here knows what the columns mean.
"""

from mindgap.collect.files.dates import Counted, DateColumn, DateProblem, Order, read_counted, read_dates
from mindgap.collect.files.encoding import Encoding
from mindgap.collect.files.errors import (
    BrokenFile,
    BrokenJson,
    BrokenQuotes,
    CellTooLong,
    EmptyFile,
    FileProblem,
    NoHeader,
    NoSheet,
    OverLimit,
    ProtectedFile,
    TooLarge,
    TooManyColumns,
    UnknownEncoding,
    UnknownFormat,
    UnsafeFile,
    ZipBomb,
)
from mindgap.collect.files.header import Header, HeaderKind
from mindgap.collect.files.limits import LIMITS, Limits
from mindgap.collect.files.report import Ragged, Renamed, Report
from mindgap.collect.files.table import Table, open_table, preview

__all__ = [
    "LIMITS",
    "BrokenFile",
    "BrokenJson",
    "BrokenQuotes",
    "CellTooLong",
    "Counted",
    "DateColumn",
    "DateProblem",
    "EmptyFile",
    "Encoding",
    "FileProblem",
    "Header",
    "HeaderKind",
    "Limits",
    "NoHeader",
    "NoSheet",
    "Order",
    "OverLimit",
    "ProtectedFile",
    "Ragged",
    "Renamed",
    "Report",
    "Table",
    "TooLarge",
    "TooManyColumns",
    "UnknownEncoding",
    "UnknownFormat",
    "UnsafeFile",
    "ZipBomb",
    "open_table",
    "preview",
    "read_counted",
    "read_dates",
]
