"""Naming: the words for types of questions, states and kinds of surveys, and the groups in which types are offered."""

from django.conf.locale import LANG_INFO
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy, pgettext_lazy

TYPES: dict[str, Lazy | str] = {
    "nps": gettext_lazy("Recommendation, 0 to 10"),
    "stars": gettext_lazy("Stars"),
    "faces": gettext_lazy("Faces"),
    "satisfaction": gettext_lazy("Satisfaction, 1 to 5"),
    "effort": gettext_lazy("Effort, 1 to 7"),
    "rating": gettext_lazy("A scale of your own"),
    "emotion": gettext_lazy("Emotion"),
    "single": gettext_lazy("One of several"),
    "multiple": gettext_lazy("Some of several"),
    "dropdown": gettext_lazy("One of a long list"),
    "ranking": gettext_lazy("Put in order"),
    "matrix": gettext_lazy("Several things on one scale"),
    "pair": gettext_lazy("Expected and experienced, side by side"),
    "duration": gettext_lazy("How long it took"),
    "number": gettext_lazy("A number"),
    "date": gettext_lazy("A date"),
    "text": gettext_lazy("Own words"),
    "file": gettext_lazy("A file or picture"),
    "consent": gettext_lazy("Consent"),
    "contact": gettext_lazy("How to reach them"),
    "statement": gettext_lazy("Words without a question"),
}
GROUPS: tuple[tuple[Lazy | str, tuple[str, ...]], ...] = (
    (gettext_lazy("Score"), ("nps", "stars", "faces", "satisfaction", "effort", "emotion", "rating")),
    (gettext_lazy("Choice"), ("single", "multiple", "dropdown", "ranking", "matrix")),
    (gettext_lazy("Expectation"), ("pair", "duration")),
    (gettext_lazy("Facts"), ("number", "date", "text", "file")),
    (gettext_lazy("Other"), ("consent", "contact", "statement")),
)
STATES: dict[str, Lazy | str] = {
    "draft": pgettext_lazy("state of a survey", "Draft"),
    "live": pgettext_lazy("state of a survey", "Live"),
    "closed": pgettext_lazy("state of a survey", "Closed"),
}
KINDS: dict[str, Lazy | str] = {
    "relationship": gettext_lazy("Relationship: how things are in general"),
    "transaction": gettext_lazy("Transaction: how one thing went"),
    "expectation": gettext_lazy("Expectation: asked before it happens"),
    "echo": gettext_lazy("Echo: the same people once more"),
    "recovery": gettext_lazy("Recovery: after something was put right"),
    "assessment": gettext_lazy("Assessment: the company judges itself"),
}
# Languages that may be added; any other code can come in by an imported definition.
LANGUAGES = (
    "en", "zh-hans", "zh-hant", "ja", "ko", "es", "fr", "de", "pt", "it", "nl", "pl", "ru", "ar", "he", "th", "vi",
    "id", "ms", "tr", "hi",
)  # fmt: skip


def language_name(code: str) -> str:
    """A language in its own words."""
    known = LANG_INFO.get(code, {})
    return str(known.get("name_local") or code)


def types() -> list[tuple[str, list[tuple[str, str]]]]:
    """The groups of types, as a list to choose from shows them."""
    return [(str(group), [(code, str(TYPES[code])) for code in codes]) for group, codes in GROUPS]
