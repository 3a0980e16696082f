"""Several rows of one key: the same content is one thing; other content needs a rule, and what it drops is counted."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Single:
    """Rows with one left per key; `repeated` were equal, `dropped` differed and lost, `conflicting` await a decision."""

    frame: pl.DataFrame
    repeated: int
    dropped: int
    conflicting: pl.Series


def single(frame: pl.DataFrame, *, rule: str, by: pl.Series | None = None) -> Single:
    """One row per `key` of a ready frame (which has `row`, the place in its table).

    `rule` is first, last, latest (the greatest of `by`, aligned with the frame; ties go to the later row, empty
    values lose) or refuse, which leaves out every row of a key whose rows differ.
    """
    none = pl.Series("row", [], dtype=frame["row"].dtype)
    if not frame["key"].is_duplicated().any():
        return Single(frame, 0, 0, none)
    marked = frame.with_columns(frame.drop("row").hash_rows().alias("content"))
    if by is not None:
        marked = marked.with_columns(by.alias("by"))
        # Equal rows must not differ by the column that decides between unequal ones.
        marked = marked.sort(["by", "row"], nulls_last=False)
    equal = marked.unique(
        ["key", "content"], keep="first" if rule == "first" else "last", maintain_order=True
    )
    repeated = frame.height - equal.height
    differing = equal["key"].is_duplicated()
    if rule == "refuse":
        conflicting = marked.filter(pl.col("key").is_in(equal.filter(differing)["key"].unique().implode()))[
            "row"
        ]
        kept = equal.filter(~differing)
        repeated -= len(conflicting) - int(differing.sum())
        return Single(_tidy(kept, frame), repeated, 0, conflicting)
    kept = equal.unique("key", keep="first" if rule == "first" else "last", maintain_order=True)
    return Single(_tidy(kept, frame), repeated, equal.height - kept.height, none)


def _tidy(kept: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    return kept.select(frame.columns).sort("row")
