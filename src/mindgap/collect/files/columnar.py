"""Parquet files: typed already, so hardly anything has to be decided."""

import json
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from mindgap.collect.files.errors import BrokenFile, TooLarge, TooManyColumns
from mindgap.collect.files.limits import Limits


def read_parquet(path: Path, *, limits: Limits, rows: int | None = None) -> pl.DataFrame:
    """The table with its own types; lists and structures as JSON texts, bytes as texts.

    What the file declares (rows, columns, unpacked bytes) is checked before it is read. Raises
    BrokenFile, TooManyColumns, TooLarge.
    """
    try:
        with pq.ParquetFile(path) as file:
            about = file.metadata
            columns, records = len(file.schema_arrow.names), about.num_rows
            unpacked = sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
    except (OSError, ValueError) as error:  # pyarrow's errors are kinds of these
        raise BrokenFile("the Parquet file cannot be read") from error
    if columns > limits.columns:
        raise TooManyColumns(found=columns, limit=limits.columns)
    if records > limits.rows:
        raise TooLarge(found=records, limit=limits.rows, unit="rows")
    if records * columns > 10 * limits.cells:
        raise TooLarge(found=records * columns, limit=10 * limits.cells, unit="cells")
    if unpacked > limits.unpacked_bytes:
        raise TooLarge(found=unpacked, limit=limits.unpacked_bytes, unit="bytes")
    try:
        frame = pl.read_parquet(path, n_rows=rows, glob=False, hive_partitioning=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BrokenFile("the Parquet file cannot be read") from error
    return frame.with_columns(_flat(column) for column in frame.iter_columns() if _is_odd(column.dtype))


def _is_odd(dtype: pl.DataType) -> bool:
    return dtype.is_nested() or dtype in {pl.Binary, pl.Categorical, pl.Enum, pl.Null, pl.Object}


def _flat(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Binary:
        texts = [None if cell is None else cell.decode("utf-8", "replace") for cell in column]
    elif column.dtype.is_nested():
        texts = [None if cell is None else _json(cell) for cell in column.to_list()]
    else:
        return column.cast(pl.String)
    return pl.Series(column.name, texts, dtype=pl.String)


def _json(cell: object) -> str:
    return json.dumps(cell, ensure_ascii=False, default=str)
