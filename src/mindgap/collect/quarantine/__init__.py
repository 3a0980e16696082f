"""Quarantine: what came in readable but not valid; listed, exported, mended, replayed or dismissed. Never lost."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from mindgap.collect.quarantine.replay import Replayed, replay
from mindgap.collect.quarantine.sheet import export, mend_from
from mindgap.collect.quarantine.values import mend, values_of
from mindgap.keep.models import Organization, Quarantine

__all__ = ["Replayed", "dismiss", "entries", "export", "mend", "mend_from", "reasons", "replay", "values_of"]


def entries(
    organization: Organization, *, state: str = "open", reason: str = "", source: str = ""
) -> QuerySet[Quarantine]:
    """The entries in one state (all with an empty one), oldest first."""
    given = {"state": state, "reason": reason, "source": source}
    return Quarantine.objects.filter(
        organization=organization, **{name: value for name, value in given.items() if value}
    )


def reasons(organization: Organization) -> dict[str, int]:
    """How many entries are open, by reason, most first."""
    counted = (
        entries(organization)
        .order_by()
        .values_list("reason")
        .annotate(n=Count("id"))
        .order_by("-n", "reason")
    )
    return dict(counted)


def dismiss(organization: Organization, ids: Iterable[int] | None = None) -> int:
    """Put entries (None: all open ones) aside for good; they are kept, and how many they were is told."""
    chosen = entries(organization)
    if ids is not None:
        chosen = chosen.filter(pk__in=list(ids))
    return chosen.update(state="dismissed")
