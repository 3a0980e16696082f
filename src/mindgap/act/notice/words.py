"""Words: a notice in its reader's language, line by line; what is not known leaves its line out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from mindgap.act.notice.wording import WORDING, Lines
from mindgap.ground import clock, language

# A plain dict is a text by language; times are told in the reader's zone, spans in words.
Fact = str | int | float | datetime | date | timedelta | Mapping[str, str] | None
# What tells who the customer is. Whoever may see no personal data is told without; all others get it masked already.
PERSONAL = frozenset({"customer", "words"})

_NAMED = re.compile(r"\{(\w+)\}")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_SPANS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "days": {"en": ("{n} day", "{n} days"), "zh-hans": ("{n}天",) * 2, "zh-hant": ("{n}天",) * 2},
    "hours": {"en": ("{n} hour", "{n} hours"), "zh-hans": ("{n}小时",) * 2, "zh-hant": ("{n}小時",) * 2},
    "minutes": {
        "en": ("{n} minute", "{n} minutes"),
        "zh-hans": ("{n}分钟",) * 2,
        "zh-hant": ("{n}分鐘",) * 2,
    },
}


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What somebody is told: `code` names the wording, `facts` fill it, `link` is the path of the page to open."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    link: str = ""

    def write(self) -> dict[str, Any]:
        """As JSON, so that the same can be said again; personal data in it is masked."""
        return {"code": self.code, "link": self.link, "facts": {k: _write(v) for k, v in self.facts.items()}}

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "NoticeWords":
        """What `write` wrote."""
        return cls(raw["code"], {k: _read(v) for k, v in raw["facts"].items()}, raw["link"])

    def render(self, code: str, zone: ZoneInfo, *, shows_people: bool = True) -> tuple[str, str]:
        """Subject and text in a language, as somebody in `zone` reads them."""
        wording = WORDING[self.code]
        lines: Lines = wording.get(language.canonical(code), wording[language.DEFAULT])
        told = self.values(code, zone, shows_people=shows_people)
        subjects, rest = lines
        kept = [_fill(line, told) for line in rest if _is_known(line, told)]
        subject = next(_fill(line, told) for line in subjects if _is_known(line, told))
        return " ".join(subject.split()), _tidy("\n".join(kept))

    def values(self, code: str, zone: ZoneInfo, *, shows_people: bool = True) -> dict[str, str]:
        """The facts that are known, each as its reader may read it."""
        return {
            name: text
            for name, fact in self.facts.items()
            if (shows_people or name not in PERSONAL) and (text := say(fact, code, zone))
        }


def say(fact: Fact, code: str, zone: ZoneInfo) -> str:
    """A fact as people read it in a language; empty when there is none."""
    if fact is None:
        return ""
    if isinstance(fact, Mapping):
        return language.choose(fact, code)
    if isinstance(fact, datetime):
        local = fact.astimezone(zone)
        return f"{day(local.date(), code)} {local:%H:%M}"
    if isinstance(fact, date):
        return day(fact, code)
    if isinstance(fact, timedelta):
        return span(fact, code)
    if isinstance(fact, float):
        return f"{fact:.1f}".removesuffix(".0")
    return str(fact)


def day(when: date, code: str) -> str:
    """A date: 28 Nov 2026, 2026年11月28日."""
    if language.canonical(code).startswith("zh"):
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def span(length: timedelta, code: str) -> str:
    """How long, in the two largest units that count: 2 days 3 hours."""
    minutes = max(1, round(abs(length.total_seconds()) / 60))
    parts = {"days": minutes // 1440, "hours": minutes // 60 % 24, "minutes": minutes % 60}
    first = next(place for place, n in enumerate(parts.values()) if n)
    shown = [(name, n) for name, n in list(parts.items())[first : first + 2] if n]
    said = (
        language.choose({each: forms[n != 1] for each, forms in _SPANS[name].items()}, code).format(n=n)
        for name, n in shown
    )
    return (" " if not language.canonical(code).startswith("zh") else "").join(said)


def _is_known(line: str, told: Mapping[str, str]) -> bool:
    return all(name in told for name in _NAMED.findall(line))


def _fill(line: str, told: Mapping[str, str]) -> str:
    # In one go: what a customer wrote may look like a place to fill and stays what it is (A5).
    return _NAMED.sub(lambda found: told[found[1]], line)


def _tidy(text: str) -> str:
    """Without the empty lines that left-out ones leave behind."""
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _write(fact: Fact) -> Any:
    if isinstance(fact, datetime):
        return {"at": fact.isoformat()}
    if isinstance(fact, date):
        return {"on": fact.isoformat()}
    if isinstance(fact, timedelta):
        return {"seconds": fact.total_seconds()}
    return {"texts": dict(fact)} if isinstance(fact, Mapping) else fact


def _read(raw: Any) -> Fact:
    if not isinstance(raw, Mapping):
        return raw
    ((kind, value),) = raw.items()
    if kind == "at":
        return datetime.fromisoformat(value)
    if kind == "on":
        return date.fromisoformat(value)
    return timedelta(seconds=value) if kind == "seconds" else dict(value)


def zone_of(*names: str) -> ZoneInfo:
    """The zone of the first name that is one."""
    return clock.zone(next((name for name in names if name), "UTC"))
