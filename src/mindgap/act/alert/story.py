"""Story: what whoever is told needs to know: score, words, promise, history, steps; personal data masked (R190)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count

from mindgap.act.alert.alert import Alert
from mindgap.act.alert.place import Place
from mindgap.act.alert.rule import AlertRule
from mindgap.act.alert.trigger import Happening
from mindgap.act.notice.words import Fact
from mindgap.act.playbook.suggest import suggest
from mindgap.ground import clock, language, mask
from mindgap.keep.models import Customer, Measure

SEVERITY: Final[dict[str, dict[str, str]]] = {
    "info": {"en": "For your information", "zh-hans": "提示", "zh-hant": "提示"},
    "warning": {"en": "Warning", "zh-hans": "警告", "zh-hant": "警告"},
    "critical": {"en": "Critical", "zh-hans": "紧急", "zh-hant": "緊急"},
}
_UNITS: Final[dict[str, dict[str, str]]] = {
    "days": {"en": "{n} days", "zh-hans": "{n}天", "zh-hant": "{n}天"},
    "hours": {"en": "{n} hours", "zh-hans": "{n}小时", "zh-hant": "{n}小時"},
    "minutes": {"en": "{n} minutes", "zh-hans": "{n}分钟", "zh-hant": "{n}分鐘"},
    "seconds": {"en": "{n} seconds", "zh-hans": "{n}秒", "zh-hant": "{n}秒"},
}
_SCORE: Final[dict[str, str]] = {
    "en": "{name} {n} ({low} to {high})",
    "zh-hans": "{name} {n}（{low}～{high}）",
    "zh-hant": "{name} {n}（{low}～{high}）",
}
_JOINED: Final[dict[str, str]] = {"en": "; ", "zh-hans": "；", "zh-hant": "；"}
# Complaints so far back are the history of one.
HISTORY_DAYS = 90
# What a message of a robot or a text holds beside the rest.
_WORDS_MOST = 600
_STEPS_MOST = 3
_SCORES_MOST = 4


class Story:
    """Tells of the happenings of one batch; what several of them need is asked once."""

    def __init__(self, place: Place, happenings: Sequence[Happening]) -> None:
        self._place = place
        ids = {each.customer for each in happenings if each.customer is not None}
        self._names = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "name"))
        since = clock.now() - timedelta(days=HISTORY_DAYS)
        counted = (
            Alert.objects.filter(organization=place.organization, customer__in=ids, fired_at__gte=since)
            .exclude(answer=None)
            .values_list("customer")
            .order_by()
            .annotate(Count("answer", distinct=True))
        )
        self._before: dict[int, int] = dict(counted)
        self._steps: dict[tuple[int | None, str, str], list[dict[str, str]]] = {}

    def facts(self, rule: AlertRule, happening: Happening) -> dict[str, Fact]:
        """Everything that is known, as `words.NoticeWords` wants it."""
        touchpoint = self._place.touchpoints.get(happening.touchpoint or 0)
        unit = self._place.units.get(happening.unit or 0)
        facts: dict[str, Fact] = {
            "severity": SEVERITY[rule.severity],
            "rule": dict(rule.name) or rule.code,
            "touchpoint": dict(touchpoint.name) or touchpoint.code if touchpoint else None,
            "unit": dict(unit.name) or unit.code if unit else None,
            "customer": mask.masked_name(self._names.get(happening.customer or 0, "")),
            "score": self._score(happening.row),
            "words": _cut(mask.without_contacts(happening.row.get("comment") or "")),
            "complaints": self._before.get(happening.customer or 0),
            "at": happening.since,
        }
        facts |= self._promise(happening)
        facts |= {
            f"step{place}": step for place, step in enumerate(self._suggested(rule, happening), start=1)
        }
        return facts | dict(happening.facts)

    def _score(self, row: Mapping[str, Any]) -> Fact:
        said = [
            (measure, row[f"score.{code}"])
            for code, measure in self._place.registry.measures.items()
            if row.get(f"score.{code}") is not None
        ]
        if not said:
            return None
        return {
            code: _JOINED[code].join(_one(measure, value, code) for measure, value in said[:_SCORES_MOST])
            for code in language.LANGUAGES
        }

    def _promise(self, happening: Happening) -> dict[str, Fact]:
        touchpoint = self._place.touchpoints.get(happening.touchpoint or 0)
        measure = self._place.measures.get(touchpoint.measure_id or 0) if touchpoint else None
        promised, actual = happening.row.get("promised"), happening.row.get("actual")
        if measure is None or promised is None:
            return {}
        if actual is None:
            return {"promised_only": _amount(measure, promised)}
        return {"promised": _amount(measure, promised), "actual": _amount(measure, actual)}

    def _suggested(self, rule: AlertRule, happening: Happening) -> list[dict[str, str]]:
        """The steps of the rule's playbook, else of the one that fits best here."""
        key = (happening.touchpoint, happening.topic, str(rule.playbook_id or ""))
        if key not in self._steps:
            if rule.playbook is not None and rule.playbook.is_active:
                steps = list(rule.playbook.steps)
            else:
                touchpoint = self._place.touchpoints.get(happening.touchpoint or 0)
                found = suggest(
                    self._place.organization, touchpoint=touchpoint, topic=happening.topic, limit=1
                )
                steps = [dict(step) for each in found for step in each.steps]
            self._steps[key] = steps[:_STEPS_MOST]
        return self._steps[key]


def title(rule: AlertRule, place: Place, happening: Happening) -> str:
    """What a case is called: the rule and where it was, in the organization's language."""
    code = place.organization.language
    touchpoint = place.touchpoints.get(happening.touchpoint or 0)
    names = [language.choose(rule.name, code, fallback=rule.code)]
    if touchpoint is not None:
        names.append(language.choose(touchpoint.name, code, fallback=touchpoint.code))
    return " · ".join(names)


def _one(measure: Measure, value: float, code: str) -> str:
    name = language.choose(measure.name, code, fallback=measure.code)
    if measure.minimum is None or measure.maximum is None:
        return f"{name} {_number(value)}"
    low, high = _number(float(measure.minimum)), _number(float(measure.maximum))
    return _SCORE[code].format(name=name, n=_number(value), low=low, high=high)


def _amount(measure: Measure, value: float) -> Fact:
    unit = _UNITS.get(measure.unit or "days" if measure.is_duration else "")
    if unit is None:
        return _number(value)
    return {code: text.format(n=_number(value)) for code, text in unit.items()}


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _cut(words: str) -> str:
    return words if len(words) <= _WORDS_MOST else words[: _WORDS_MOST - 1] + "…"
