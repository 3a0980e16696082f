"""Languages of the product and the choice of a text among its translations."""

from collections.abc import Mapping

LANGUAGES = ("en", "zh-hans", "zh-hant")
DEFAULT = "en"

# Each script of Chinese stands for itself: a reader of one is never handed the other in silence.
_HANT = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")
_HANS = ("zh-hans", "zh-cn", "zh-sg", "zh-my", "zh")


def canonical(code: str) -> str:
    """`zh_TW`, `zh-Hant-HK` and the like as the one code that is stored: lower case, hyphens, script for Chinese."""
    code = code.strip().replace("_", "-").lower()
    if code.startswith(_HANT):
        return "zh-hant"
    if code == "zh" or code.startswith(_HANS[:-1]):
        return "zh-hans"
    return code


def choose(texts: Mapping[str, str], language: str, *, fallback: str = "") -> str:
    """The text in `language`, else its base language, else English, else any text that is not the other Chinese.

    `fallback` (usually the thing's code) is returned when nothing else may be shown.
    """
    wanted = canonical(language)
    known = {canonical(code): text for code, text in texts.items() if text}
    for code in (wanted, wanted.split("-")[0] if not wanted.startswith("zh") else wanted, DEFAULT):
        if code in known:
            return known[code]
    other = {"zh-hant": "zh-hans", "zh-hans": "zh-hant"}.get(wanted)
    for code, text in known.items():
        if code != other:
            return text
    return fallback
