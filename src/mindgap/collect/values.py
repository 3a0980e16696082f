"""Whole columns at once: the text, number, amount or truth that a mapping's source gives for every row of a table.

Each reader gives a column and a mask of the rows whose text it could not read; an empty cell is null, not bad.
"""

from string import Formatter

import polars as pl

from mindgap.collect.mapping.schema import Field, Source

Read = tuple[pl.Series, pl.Series]

_YES = ("true", "yes", "y", "1", "是", "有", "t")
_NO = ("false", "no", "n", "0", "否", "无", "無", "f")
_AMOUNT = r"^[+-]?\d+(\.\d+)?$"
_WIDE = dict(zip("０１２３４５６７８９．－", "0123456789.-", strict=True))


def field_of(source: Source) -> Field:
    """A source in its long form: a plain string is a column."""
    return Field(column=source) if isinstance(source, str) else source


def raw(frame: pl.DataFrame, source: Source) -> pl.Series:
    """The values of a source with the type they have in the table; texts are stripped, empty ones null."""
    field = field_of(source)
    if field.value is not None:
        column = pl.Series("value", [field.value]).new_from_index(0, frame.height)
    elif field.template:
        column = _filled(frame, field.template)
    else:
        column = clean(frame[field.column])
    if field.map:
        known = {str(key): value for key, value in field.map.items()}
        column = clean(text(column).replace(list(known), list(known.values())))
    if field.default is not None:
        column = text(column).fill_null(str(field.default))
    return column


def clean(column: pl.Series) -> pl.Series:
    """Texts without the blanks around them; a blank text is null."""
    if column.dtype == pl.String:
        stripped = column.str.strip_chars()
        return stripped.set(stripped == "", None)
    return column


def text(column: pl.Series) -> pl.Series:
    """Any column as text; whole numbers of a spreadsheet lose the `.0` that the file never showed."""
    if column.dtype == pl.String:
        return column
    if column.dtype.is_float() and bool((column.drop_nulls() % 1 == 0).all()):
        column = column.cast(pl.Int64, strict=False)
    if isinstance(column.dtype, pl.Datetime):
        return column.dt.to_string("iso:strict")
    return column.cast(pl.String)


def number(column: pl.Series) -> Read:
    """Numbers; a text must be a plain decimal number, in narrow or full-width digits."""
    if column.dtype == pl.String:
        read = column.str.replace_many(_WIDE).cast(pl.Float64, strict=False)
    elif column.dtype.is_numeric() or column.dtype.is_decimal():
        read = column.cast(pl.Float64)
    else:
        read = pl.Series(column.name, [None] * len(column), dtype=pl.Float64)
    read = read.set(~read.is_finite().fill_null(value=True), None)
    return read, column.is_not_null() & read.is_null()


def is_number(column: pl.Series) -> bool:
    """Whether every value of the column is a number."""
    _, bad = number(column)
    return not bad.any() and not column.dtype.is_temporal()


def amount(column: pl.Series) -> Read:
    """Amounts of money as decimal text, exact as they were written."""
    if column.dtype.is_float():
        # Twelve significant places: what a spreadsheet stores, without the noise of binary fractions.
        column = column.round_sig_figs(12)
    written = text(column).str.replace_many(_WIDE)
    bad = written.is_not_null() & ~written.str.contains(_AMOUNT)
    return written.set(bad, None), bad.fill_null(value=False)


def truth(column: pl.Series) -> Read:
    """Yes or no in the usual words of English and Chinese."""
    if column.dtype == pl.Boolean:
        return column, pl.repeat(value=False, n=len(column), eager=True)
    low = text(column).str.to_lowercase()
    read = low.replace_strict(
        [*_YES, *_NO], [True] * len(_YES) + [False] * len(_NO), default=None, return_dtype=pl.Boolean
    )
    return read, low.is_not_null() & read.is_null()


def _filled(frame: pl.DataFrame, template: str) -> pl.Series:
    """A template filled for every row; null where one of its columns is."""
    parts: list[pl.Expr] = []
    for words, name, _, _ in Formatter().parse(template):
        if words:
            parts.append(pl.lit(words))
        if name:
            parts.append(pl.lit(text(clean(frame[name]))))
    return frame.select(pl.concat_str(parts).alias("template")).to_series()
