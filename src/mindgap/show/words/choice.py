"""The words for codes that people choose from: kinds, summaries, bounds, places, roles. Codes are stored, words shown."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy, pgettext_lazy

Words = Mapping[str, Lazy | str]

TOUCHPOINT_KINDS: Words = {
    "advertising": gettext_lazy("Advertising"),
    "content": gettext_lazy("Content"),
    "digital": gettext_lazy("Digital experience"),
    "physical": gettext_lazy("Physical experience"),
    "communication": gettext_lazy("Communication from the company"),
    "representative": gettext_lazy("Representative"),
    "product": gettext_lazy("Product or service bought"),
    "service": gettext_lazy("Customer service"),
    "friction": gettext_lazy("Friction along the way"),
    "reputation": gettext_lazy("Brand reputation"),
}
MEASURE_KINDS: Words = {
    "likelihood": gettext_lazy("Likelihood to recommend"),
    "satisfaction": gettext_lazy("Satisfaction"),
    "effort": gettext_lazy("Effort"),
    "emotion": gettext_lazy("Emotion"),
    "duration": gettext_lazy("Duration"),
    "share": gettext_lazy("Share"),
    "money": gettext_lazy("Money"),
    "count": gettext_lazy("Count"),
}
SUMMARIES: Words = {
    "nps": gettext_lazy("Net Promoter Score"),
    "top": gettext_lazy("Share of the best answers"),
    "mean": gettext_lazy("Mean"),
    "effort": gettext_lazy("Customer Effort Score"),
    "gap": gettext_lazy("Expectation gap"),
    "kept": gettext_lazy("Promise-kept rate"),
}
DURATION_UNITS: Words = {
    "days": gettext_lazy("days"),
    "hours": gettext_lazy("hours"),
    "minutes": gettext_lazy("minutes"),
    "seconds": gettext_lazy("seconds"),
}
BOUNDS: Words = {
    "at_most": pgettext_lazy("bound of a promise", "at most"),
    "at_least": pgettext_lazy("bound of a promise", "at least"),
    "exactly": pgettext_lazy("bound of a promise", "exactly"),
}
RULES: Words = {
    "calendar": gettext_lazy("late by calendar day"),
    "timestamp": gettext_lazy("late by timestamp"),
}
PLACES: Words = {
    "advertisement": gettext_lazy("Advertisement"),
    "social": gettext_lazy("Social media post"),
    "website": gettext_lazy("Website"),
    "script": gettext_lazy("Call script"),
    "warranty": gettext_lazy("Warranty"),
    "policy": gettext_lazy("Policy"),
    "contract": gettext_lazy("Contract"),
    "message": gettext_lazy("Message to the customer"),
    "staff": gettext_lazy("Spoken by staff"),
}
ROLES: Words = {
    "executive": gettext_lazy("Executive"),
    "cx_manager": gettext_lazy("Customer experience manager"),
    "branch_manager": gettext_lazy("Branch manager"),
    "front_line": gettext_lazy("Front line"),
    "analyst": gettext_lazy("Analyst"),
    "admin": gettext_lazy("Administrator"),
}
PERSONAL_DATA: Words = {
    "none": gettext_lazy("No personal data"),
    "masked": gettext_lazy("Masked personal data"),
    "full": gettext_lazy("Full personal data"),
}
UNIT_KINDS: Words = {
    "region": gettext_lazy("Region"),
    "branch": gettext_lazy("Store or branch"),
    "team": gettext_lazy("Team"),
    "partner": gettext_lazy("Partner"),
    "other": gettext_lazy("Other"),
}


def choices(words: Words, *more: str) -> list[tuple[str, Lazy | str]]:
    """Pairs for a list to choose from; `more` are codes an organization made itself, shown as they are."""
    return [*words.items(), *((code, code) for code in dict.fromkeys(more) if code and code not in words)]


def word(words: Words, code: str) -> str:
    """The word for one code; a code without words stands for itself."""
    return str(words.get(code, code))


def listed(words: Words, codes: Iterable[str]) -> list[str]:
    """The words for several codes, in the order of the words."""
    wanted = list(codes)
    known = [str(text) for code, text in words.items() if code in wanted]
    return known + [code for code in wanted if code not in words]
