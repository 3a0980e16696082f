"""Rows that say what happened: interactions, ready to be made."""

from datetime import time

import polars as pl

from mindgap.collect import person, values
from mindgap.collect.mapping.schema import Status
from mindgap.collect.ready import CODE_MOST, KEY_MOST, Preparing, shown_name

UNKNOWN_TOUCHPOINT = (
    "{} is no touchpoint here; add it under Settings or as [[touchpoint]] in the mapping, or correct the row"
)
UNKNOWN_PROMISE = (
    "{} is no promise here; add it under Promises or as [[promise]] in the mapping, or correct the row"
)


def prepare(at: Preparing) -> None:
    """Read, check and decide: key, place, times, quantities, state."""
    record = at.record
    at.text("key", record.key, most=KEY_MOST)
    at.need(
        "key", record.key, "no_key", "the key is empty; every interaction needs one, such as the order number"
    )
    touchpoint = at.coded(
        "touchpoint",
        record.touchpoint,
        at.setting.known.touchpoint_names,
        "unknown_touchpoint",
        UNKNOWN_TOUCHPOINT,
    )
    at.need(
        "touchpoint",
        record.touchpoint,
        "touchpoint_missing",
        "the touchpoint is empty; say where it happened",
    )
    at.instant("started_at", record.started)
    at.need("started_at", record.started, "started_missing", "it is empty when this started; fill it in")
    person.prepare(at)
    for name in ("channel", "unit"):
        if at.has(name):
            at.text(name, getattr(record, name), most=CODE_MOST[name])
    if at.has("promise"):
        names = {code.lower(): code for code in at.setting.known.promises}
        at.coded("promise", record.promise, names, "unknown_promise", UNKNOWN_PROMISE)
    _quantities(at, touchpoint)
    for name in ("revenue", "cost"):
        if at.has(name):
            at.amount(name, getattr(record, name))
    if at.has("currency"):
        at.text("currency", record.currency, most=3)
    if at.has("told_before_due"):
        at.truth("told_before_due", record.told_before_due)
    _state(at)
    _order(at)


def _quantities(at: Preparing, touchpoint: pl.Series) -> None:
    """What was promised, experienced and expected, each as an instant or as a number on the touchpoint's scale."""
    codes = {
        code: each.measure.code if each.measure else None
        for code, each in at.setting.known.touchpoints.items()
    }
    measure = (
        touchpoint.replace_strict(list(codes), list(codes.values()), default=None, return_dtype=pl.String)
        if codes
        else at.nothing()
    )
    for name in ("promised", "experienced", "expected"):
        if not at.has(name):
            continue
        source = getattr(at.record, name)
        at.moment_or_number(name, source)
        if name in at.columns:
            lost = at.columns[name].is_not_null() & measure.is_null()
            words = "there is a number, but the touchpoint has no measure; give the touchpoint one"
            at.refusals.add(lost, "nothing_measured", shown_name(source), words)
            at.on_scale(name, measure, source)
    if "promised_at" in at.columns:
        at.put("due_at", at.columns.pop("promised_at"))


def _state(at: Preparing) -> None:
    """Completed, open or cancelled; what is not completed has no experience, what is open was seen open until then."""
    done = _done(at)
    if not at.has("experienced") and at.record.status is None:
        # It took no time: a visit, a call, a view. It was experienced when it began.
        at.put("experienced_at", at.columns["started_at"])
        done = at.columns["started_at"].is_not_null()
    cancelled = at.all(is_so=False)
    if at.record.status is not None:
        done, cancelled = _by_status(at, at.record.status, done)
    for name in ("experienced", "experienced_at"):
        if name in at.columns:
            at.put(name, at.columns[name].set(~done, None))
    at.put("cancelled", cancelled)
    if at.setting.as_of is not None:
        started = at.columns["started_at"]
        seen = pl.Series("seen", [at.setting.as_of], dtype=started.dtype).new_from_index(0, len(started))
        is_seen = (~done & ~cancelled & (started <= seen)).fill_null(value=False)
        at.put("observed_until", seen.set(~is_seen, None))


def _done(at: Preparing) -> pl.Series:
    done = at.all(is_so=False)
    for name in ("experienced", "experienced_at"):
        if name in at.columns:
            done |= at.columns[name].is_not_null()
    return done


def _by_status(at: Preparing, status: Status, experienced: pl.Series) -> tuple[pl.Series, pl.Series]:
    """(completed, cancelled) by the words of the status column."""
    shown = values.text(values.clean(at.frame[status.column]))
    word = shown.fill_null("")
    completed = experienced if status.completed is None else word.is_in(list(status.completed))
    cancelled = word.is_in(list(status.cancelled)) & ~completed
    if status.open is not None:
        unknown = ~(completed | cancelled | word.is_in(list(status.open)))
        words = "{} is no status that the mapping knows; add it to completed, cancelled or open"
        at.refusals.add(unknown, "unknown_status", status.column, words, shown=word)
    words = "the status says completed, but it is empty when; fill it in, or correct the status"
    column = shown_name(at.record.experienced) if at.has("experienced") else status.column
    at.refusals.add(completed & ~experienced, "experience_missing", column, words)
    return completed, cancelled


def _order(at: Preparing) -> None:
    """Nothing is experienced, due or expected before it began, but for a bare date that is the date of the start."""
    for name, field, reason in (
        ("experienced_at", "experienced", "experienced_before_start"),
        ("due_at", "promised", "due_before_start"),
        ("expected_at", "expected", "expected_before_start"),
    ):
        if name not in at.columns:
            continue
        end, started = at.columns[name], at.columns["started_at"]
        there, zone = end.dt.convert_time_zone(at.setting.zone.key), at.setting.zone.key
        is_date = (there.dt.time() == time(0)) & (
            there.dt.date() == started.dt.convert_time_zone(zone).dt.date()
        )
        before = ((end < started) & ~is_date).fill_null(value=False)
        words = "{} is before the start; correct one of the two"
        at.refusals.add(before, reason, shown_name(getattr(at.record, field)), words, shown=there)
