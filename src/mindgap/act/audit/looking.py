"""Looking: what people say of an item. Nothing is lost by two people at once: each says which version they saw."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from mindgap.act.audit import permission
from mindgap.act.audit.audit import Audit, AuditFinding, AuditItem
from mindgap.act.audit.errors import BadScore, ChangedMeanwhile
from mindgap.act.audit.seeds import seeds
from mindgap.ground import clock
from mindgap.keep import texts
from mindgap.keep.member import Member
from mindgap.keep.models import Occurrence

LOWEST, HIGHEST = 0, 10
MOST_STEPS = 999
SEVERITIES = ("quick", "warning", "critical")
_SELF = "m"
_TRIES = 50


def dimensions(item: AuditItem) -> tuple[str, ...]:
    """What is scored 0 to 10 of an item; `checks` and `steps` come on top. COURTED has one per member instead."""
    kind = item.subject.partition(":")[0]
    return {
        "occurrence": ("accuracy", "empathy"),
        "level": ("score", "effort", "impact"),
        "site": ("speed", "ease", "design"),
        "channel": ("ease", "design"),
        "mistake": ("score",),
        "own": ("score",),
    }.get(kind, ())


def checks(item: AuditItem) -> tuple[str, ...]:
    """Yes or no of an item, kept as 10 and 0."""
    kind, code = item.subject.split(":", 1)
    if kind == "touchpoint":
        return ("bare",)
    return tuple(f"check_{each.code}" for each in seeds("pyramid")[code].checks) if kind == "level" else ()


def look(
    item: AuditItem,
    member: Member,
    *,
    version: int,
    scores: Mapping[str, int | None],
    words: str = "",
    after: Mapping[str, str] | None = None,
) -> AuditItem:
    """Say what one found; scores that are not given stay, those that are None are taken away.

    `ChangedMeanwhile` when the item is no longer the version that was seen.
    """
    permission.need(member, "look", item.audit)
    with transaction.atomic():
        fresh = AuditItem.objects.select_related("audit").get(pk=item.pk)
        if fresh.version != version:
            raise ChangedMeanwhile(fresh)
        kept = {**fresh.scores, **_checked(fresh, scores)}
        fresh.scores = {name: value for name, value in kept.items() if value is not None}
        fresh.words = words.strip()
        if after is not None:
            fresh.wording = {**fresh.wording, "after": dict(texts.read(dict(after)))}
        return _write(fresh, member, version)


def assess(item: AuditItem, member: Member, score: int | None) -> AuditItem:
    """One member's own view of a part of COURTED; those of others stay, whoever is first."""
    permission.need(member, "assess", item.audit)
    _range(score, "score", HIGHEST)
    for _ in range(_TRIES):
        fresh = AuditItem.objects.select_related("audit").get(pk=item.pk)
        mine = {f"{_SELF}{member.pk}": score}
        fresh.scores = {name: value for name, value in {**fresh.scores, **mine}.items() if value is not None}
        try:
            return _write(fresh, member, fresh.version)
        except ChangedMeanwhile:
            continue
    raise ChangedMeanwhile(fresh)


def views(item: AuditItem) -> list[int]:
    """The views of all members on a part of COURTED."""
    return [value for name, value in sorted(item.scores.items()) if name.startswith(_SELF)]


def view_of(item: AuditItem, member: Member) -> int | None:
    """The member's own view."""
    value: int | None = item.scores.get(f"{_SELF}{member.pk}")
    return value


def reword(item: AuditItem, member: Member, *, version: int) -> Occurrence:
    """Let the new wording stand at the place itself; the old one stays in the item."""
    permission.need(member, "reword", item.audit)
    with transaction.atomic():
        fresh = AuditItem.objects.select_related("audit").get(pk=item.pk)
        after = fresh.wording.get("after")
        if fresh.version != version or not after:
            raise ChangedMeanwhile(fresh)
        place = Occurrence.objects.get(
            pk=int(fresh.subject.split(":")[1]), promise__organization=fresh.audit.organization
        )
        # Languages that were not written anew keep their words.
        place.words = texts.read({**place.words, **after})
        place.seen_at = clock.now()
        place.save(update_fields=["words", "seen_at"])
        fresh.wording = {**fresh.wording, "accepted_at": clock.now().isoformat()}
        _write(fresh, member, version)
    return place


def add(audit: Audit, member: Member, name: str) -> AuditItem:
    """One more thing to look at, of one's own: the lists that come along are a beginning."""
    permission.need(member, "manage", audit)
    with transaction.atomic():
        taken = set(audit.items.values_list("subject", flat=True))
        number = next(n for n in range(1, len(taken) + 2) if f"own:{n}" not in taken)
        position = (audit.items.values_list("position", flat=True).last() or 0) + 1
        made: AuditItem = audit.items.create(
            subject=f"own:{number}", position=position, wording={"name": name.strip()}
        )
        return made


def note(item: AuditItem, member: Member, *, words: str, severity: str = "warning") -> AuditFinding:
    """Something to mend."""
    permission.need(member, "look", item.audit)
    assert severity in SEVERITIES
    return AuditFinding.objects.create(item=item, words=words.strip(), severity=severity)


def settle(finding: AuditFinding, member: Member) -> None:
    """It is mended, or need not be."""
    permission.need(member, "look", finding.item.audit)
    AuditFinding.objects.filter(pk=finding.pk, closed_at=None).update(closed_at=clock.now())


def _write(item: AuditItem, member: Member, version: int) -> AuditItem:
    """Write the item unless it was changed since that version."""
    changed = AuditItem.objects.filter(pk=item.pk, version=version).update(
        scores=item.scores,
        words=item.words,
        wording=item.wording,
        looked_at=clock.now(),
        by=member,
        version=version + 1,
    )
    fresh = AuditItem.objects.select_related("audit").get(pk=item.pk)
    if not changed:
        raise ChangedMeanwhile(fresh)
    return fresh


def _checked(item: AuditItem, scores: Mapping[str, int | None]) -> dict[str, Any]:
    known = {*dimensions(item), *checks(item)}
    for name, value in scores.items():
        if name == "steps" and item.subject.startswith(("channel:", "site:")):
            _range(value, name, MOST_STEPS)
        elif name not in known:
            raise BadScore(name, value)
        else:
            _range(value, name, HIGHEST)
    return dict(scores)


def _range(value: int | None, name: str, most: int) -> None:
    if value is not None and (not isinstance(value, int) or not LOWEST <= value <= most):
        raise BadScore(name, value)
