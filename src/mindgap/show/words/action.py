"""What now: the next step that a problem asks for. Each side of a gap has an owner of its own (R24)."""

from django.utils.translation import gettext as _

from mindgap.explain.finding import Finding
from mindgap.show.words.name import Names
from mindgap.show.words.number import figure, interval


def action(kind: str) -> str:
    """The step to take, by the kind of the problem."""
    return {
        "experience_short": _(
            "Mend the experience: find what the bad ones have in common, then change how the work is done."
        ),
        "expectation_too_high": _(
            "Mend the promise: promise what can be kept nearly always, in the same words everywhere."
        ),
        "expectation_too_low": _("Promise more: what is delivered would carry a bolder promise."),
        "both": _(
            "Mend both sides: first raise only expectations that can be kept, then mend the experience itself."
        ),
        "none_clear": _(
            "Nothing is clearly wrong here. Keep watching, and ask more customers if it matters."
        ),
    }.get(kind, "")


def meaning(kind: str) -> str:
    """What the kind of a problem says."""
    return {
        "experience_short": _("The experience falls short: what was expected of it is not too much."),
        "expectation_too_high": _(
            "The expectation is too high: customers were led to expect more than is delivered."
        ),
        "expectation_too_low": _(
            "The expectation is too low: a needlessly modest promise keeps customers away."
        ),
        "both": _(
            "Both sides are at fault: the experience falls short, and more was expected or promised than is delivered."
        ),
        "none_clear": _("No side is clearly at fault."),
    }.get(kind, kind)


def evidence(sign: dict[str, object], names: Names) -> str:
    """One sign that speaks for the kind of a problem, as a sentence."""
    finding = Finding(
        code=str(sign["code"]),
        measure="",
        value=sign["value"],  # type: ignore[arg-type]
        low=sign["low"],  # type: ignore[arg-type]
        high=sign["high"],  # type: ignore[arg-type]
        n=sign["n"],  # type: ignore[arg-type]
        population="",
        metric=sign["metric"],  # type: ignore[arg-type]
        unit=str(sign["unit"]),
    )
    parts = {"metric": names.metric(finding.metric), "value": figure(finding), "range": interval(finding)}
    return {
        "goal": _("%(metric)s lies clearly off its goal: %(value)s (%(range)s)."),
        "worse_than_peers": _(
            "Bad scores are clearly more frequent than at other touchpoints: %(value)s (%(range)s)."
        ),
        "not_deliverable": _("The promise is kept in only %(value)s of cases (%(range)s)."),
        "stated_expectation": _("Customers got less than they had expected: %(value)s (%(range)s)."),
        "needless_slack": _("The promise could be shorter by %(value)s (%(range)s) and still be kept."),
    }.get(str(sign["reason"]), "%(metric)s %(value)s (%(range)s)") % parts
