"""How much of a foreign file is taken."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Ceilings checked before the work is done; over one of them an ``OverLimit`` is raised."""

    bytes: int = 1024 * MEBIBYTE
    """Bytes of a text file, or of what a .gz unpacks to."""
    workbook_bytes: int = 200 * MEBIBYTE
    """Bytes of an .xlsx, .xls or .parquet file as stored."""
    unpacked_bytes: int = 2048 * MEBIBYTE
    """Bytes all parts of a workbook unpack to together."""
    ratio: float = 200.0
    """Unpacked to stored bytes, asked only of what unpacks to more than ``ratio_from``."""
    ratio_from: int = 32 * MEBIBYTE
    entries: int = 5_000
    """Parts inside a workbook."""
    columns: int = 5_000
    rows: int = 10_000_000
    cells: int = 40_000_000
    """Cells of the rectangle a sheet spans: a reader allots all of them, filled or not."""


LIMITS = Limits()
