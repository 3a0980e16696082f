"""Suggest: which playbooks fit a case, those first that led to recovered customers here (R190)."""

from dataclasses import dataclass

from django.db.models import Count, Q

from mindgap.act.playbook.playbook import Playbook
from mindgap.keep import texts
from mindgap.keep.models import Organization, Touchpoint
from mindgap.keep.texts import Texts
from mindgap.measure import proportion

# A case counts once the customer has said whether it was put right; silence says nothing.
_VERIFIED = ("recovered", "not_recovered")
# A playbook is ordered as if so many cases of the usual outcome here had been added, so that 1 of 1 does not win.
_WEIGHT = 10.0
# The usual outcome while nothing is known.
_UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Recovered:
    """The share (0 to 1) of verified cases with this playbook whose customers said that it was put right."""

    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A playbook that fits; `fits` says by what (`touchpoint`, `kind`, `cause`, `topic`, `severity`), empty: everywhere.

    `recovered` is None where it was not tried here yet: no customer has said so far what it led to.
    """

    playbook: Playbook
    steps: tuple[Texts, ...]
    fits: tuple[str, ...]
    recovered: Recovered | None

    def in_language(self, code: str) -> tuple[str, ...]:
        """The steps in a language, those without a text in it (or in English) left out."""
        return tuple(text for step in self.steps if (text := step.in_language(code)))


@dataclass(frozen=True, slots=True)
class _Fit:
    """What a playbook asks for and got (`met`), and what it asks for and nobody knows yet (`open`)."""

    met: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def order(self) -> tuple[int, ...]:
        """What fits for sure before what may fit; then by the touchpoint, its kind, the cause, the topic, severity."""
        return (len(self.open) > 0, *(name not in self.met for name in _NAMES), len(self.open))


_NAMES = ("touchpoint", "kind", "cause", "topic", "severity")
_ABOUT = ("cause", "topic")
_LISTS = ("touchpoints", "kinds", "causes", "topics", "severities")


def suggest(
    organization: Organization,
    *,
    touchpoint: Touchpoint | None = None,
    cause: str = "",
    topic: str = "",
    severity: str = "",
    limit: int = 3,
) -> list[Suggestion]:
    """The active playbooks that fit best, at most `limit`.

    A playbook that asks for something else (another cause, another kind of touchpoint) is left out. Among those
    that fit alike the order is that of the share recovered, drawn towards the usual share here by ten cases.
    """
    known = {
        "touchpoint": touchpoint.code if touchpoint else "",
        "kind": touchpoint.kind if touchpoint else "",
        "cause": cause,
        "topic": topic,
        "severity": severity,
    }
    rows = list(_counted(organization).filter(is_active=True))
    usual = _usual(rows)
    found = [(fit, row) for row in rows if (fit := _fit(row, known)) is not None]
    found.sort(key=lambda pair: (*pair[0].order, -_expected(pair[1], usual), pair[1].pk))
    return [_suggestion(row, fit.met) for fit, row in found[:limit]]


def tried(organization: Organization) -> list[tuple[Playbook, Recovered | None]]:
    """Every playbook, also those that are put away, with what it led to here."""
    return [(row, _recovered(row)) for row in _counted(organization).order_by("id")]


def _counted(organization: Organization):  # type: ignore[no-untyped-def]  # noqa: ANN202 - an annotated queryset
    """The playbooks with `verified` and `recovered`, the numbers of their cases, asked of the database at once."""
    return Playbook.objects.filter(organization=organization).annotate(
        verified=Count("cases", filter=Q(cases__outcome__in=_VERIFIED)),
        recovered=Count("cases", filter=Q(cases__outcome="recovered")),
    )


def _usual(rows: list[Playbook]) -> float:
    """The share recovered over all playbooks here."""
    n = sum(row.verified for row in rows)  # type: ignore[attr-defined]
    return sum(row.recovered for row in rows) / n if n else _UNKNOWN  # type: ignore[attr-defined]


def _expected(row: Playbook, usual: float) -> float:
    return float((row.recovered + _WEIGHT * usual) / (row.verified + _WEIGHT))  # type: ignore[attr-defined]


def _fit(row: Playbook, known: dict[str, str]) -> _Fit | None:
    met: list[str] = []
    unknown: list[str] = []
    refused: list[str] = []
    for name, listed in zip(_NAMES, _LISTS, strict=True):
        wanted = getattr(row, listed)
        if wanted:
            (met if known[name] in wanted else refused if known[name] else unknown).append(name)
    if row.causes and row.topics and set(_ABOUT) & set(met):
        # Two ways of saying what it is about: one of them is enough.
        unknown, refused = ([name for name in names if name not in _ABOUT] for names in (unknown, refused))
    return None if refused else _Fit(tuple(met), tuple(unknown))


def _suggestion(row: Playbook, fits: tuple[str, ...]) -> Suggestion:
    return Suggestion(row, tuple(texts.read(step) for step in row.steps), fits, _recovered(row))


def _recovered(row: Playbook) -> Recovered | None:
    n, recovered = row.verified, row.recovered  # type: ignore[attr-defined]
    if not n:
        return None
    found = proportion(recovered, n)
    return Recovered(found.value, found.low, found.high, n)
