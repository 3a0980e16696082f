"""Mistakes: the catalogue of R72 with what the record tells of each: comments, cases, waits, answers."""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from mindgap.act.audit import evidence
from mindgap.act.audit.draft import Draft
from mindgap.act.audit.evidence import Evidence
from mindgap.act.audit.scope import Scope
from mindgap.act.audit.seeds import Seed, seeds
from mindgap.act.case.case import Case
from mindgap.explain import promise as keeping
from mindgap.explain.inquiry import Inquiry
from mindgap.ground import clock
from mindgap.keep.models import Answer

# The newest comments of the period are read, once for all mistakes.
MOST = 20_000


def drafts(inquiry: Inquiry, scope: Scope) -> Iterator[Draft]:
    """One mistake each, with all that is known of it."""
    catalogue = seeds("mistakes")
    mentioned, comments = _mentions(inquiry, scope, catalogue)
    cases = _cases(inquiry, scope)
    for code, seed in catalogue.items():
        found = [_said(inquiry, mentioned[code], comments), *_in_cases(inquiry, seed, cases)]
        for measure in seed.measures:
            found += evidence.answered(inquiry, measure)
        detect = {"long_waiting": _missed, "late_untold": _untold}.get(code)
        yield Draft(f"mistake:{code}", [*found, *(detect(inquiry, scope) if detect else [])])


def _mentions(inquiry: Inquiry, scope: Scope, catalogue: dict[str, Seed]) -> tuple[dict[str, int], int]:
    """How many of the newest comments hold a word of each mistake. A word may be denied: it is a pointer, no proof."""
    patterns = {code: pattern(seed) for code, seed in catalogue.items()}
    counted, n = dict.fromkeys(catalogue, 0), 0
    rows = Answer.objects.filter(_period(inquiry, "answered_at"), organization=inquiry.organization)
    rows = rows.filter(_units(inquiry), _touchpoints(scope)).exclude(comment="")
    for comment in rows.order_by("-id").values_list("comment", flat=True)[:MOST]:
        n += 1
        for code, words in patterns.items():
            counted[code] += words.search(comment) is not None
    return counted, n


def pattern(seed: Seed) -> re.Pattern[str]:
    """Matches a comment that holds one of the words of a mistake; Latin words count as wholes with their endings."""
    latin = "|".join(re.escape(word) for word in seed.words)
    signs = "|".join(re.escape(sign) for sign in seed.signs)
    return re.compile(rf"\b(?:{latin})(?:s|e?d|ing)?\b|{signs}", re.IGNORECASE)


def _said(inquiry: Inquiry, part: int, n: int) -> Evidence:
    if not n:
        return evidence.lacking("no_comments")
    return evidence.share(inquiry, "audit.mentioned", part, n, population="comments").write()


def _cases(inquiry: Inquiry, scope: Scope) -> list[dict[str, Any]]:
    rows = Case.objects.filter(_period(inquiry, "opened_at"), organization=inquiry.organization)
    rows = rows.filter(_units(inquiry), _touchpoints(scope)).exclude(state="merged")
    return [dict(row) for row in rows.order_by("-id").values("cause", "outcome", "repeat")[:MOST]]


def _in_cases(inquiry: Inquiry, seed: Seed, cases: list[dict[str, Any]]) -> Iterator[Evidence]:
    if not cases:
        yield evidence.lacking("no_cases")
        return
    known = [case for case in cases if case["cause"]]
    if known:
        of_cause = sum(case["cause"] in seed.causes for case in known)
        yield evidence.share(inquiry, "audit.cause", of_cause, len(known), population="cases").write()
    verified = [case for case in cases if case["outcome"] in ("recovered", "not_recovered")]
    if seed.code == "unresolved" and verified:
        lost = sum(case["outcome"] == "not_recovered" for case in verified)
        yield evidence.share(inquiry, "audit.unrecovered", lost, len(verified), population="verified").write()
    if seed.code == "repeated":
        again = sum(case["repeat"] > 1 for case in cases)
        yield evidence.share(inquiry, "audit.again", again, len(cases), population="cases").write()


def _missed(inquiry: Inquiry, scope: Scope) -> list[Evidence]:
    missed = [
        each
        for each in keeping.promises(inquiry)
        if each.code == "promise.missed" and each.rule == "calendar"
    ]
    return evidence.of(each for each in missed if scope.covers(each.touchpoint or ""))


def _untold(inquiry: Inquiry, scope: Scope) -> list[Evidence]:
    told = [each for each in keeping.told(inquiry) if scope.covers(each.touchpoint or "")]
    return evidence.of(told) or [evidence.lacking("no_interactions")]


def _period(inquiry: Inquiry, field: str) -> Q:
    assert inquiry.period.since is not None
    zone = clock.zone(inquiry.organization.zone)
    return Q(**{f"{field}__gte": clock.day_begins(inquiry.period.since, zone)})


def _units(inquiry: Inquiry) -> Q:
    return Q() if inquiry.scope is None else Q(unit__in=inquiry.scope)


def _touchpoints(scope: Scope) -> Q:
    return Q(touchpoint__code__in=scope.touchpoints) if scope.touchpoints else Q()
