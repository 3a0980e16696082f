"""Look: a theme as style sheet, with what follows from its three colours computed so that all of it can be read."""

import re
from urllib.parse import urlsplit

from mindgap.keep.definition import Theme

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_FONT = re.compile(r"[\w ,'-]{1,120}")
_PLAIN = Theme()

Color = tuple[float, float, float]


def style(theme: Theme) -> str:
    """The custom properties of a theme; empty when it is the plain one, which also has a dark side."""
    rules = ""
    accent = _read(theme.accent, _PLAIN.accent)
    ink, paper = _read(theme.text, _PLAIN.text), _read(theme.background, _PLAIN.background)
    if (accent, ink, paper) != tuple(
        _read(color, "") for color in (_PLAIN.accent, _PLAIN.text, _PLAIN.background)
    ):
        white, black = (255.0, 255.0, 255.0), (17.0, 17.0, 17.0)
        on_accent = max((white, black), key=lambda color: contrast(color, accent))
        values = {
            "accent": accent,
            "on-accent": on_accent,
            "ink": ink,
            "paper": paper,
            "muted": _until(ink, paper, start=0.35, least=4.5),
            "edge": _until(ink, paper, start=0.6, least=3.0),
            "soft": _mix(accent, paper, 0.9),
        }
        colors = ";".join(f"--{name}:{_write(color)}" for name, color in values.items())
        # An author's colours are shown as chosen, in the dark too.
        rules += f":root:root{{color-scheme:light;{colors}}}"
    if theme.font and _FONT.fullmatch(theme.font):
        rules += f":root:root{{--font:{theme.font},system-ui,sans-serif}}"
    return rules


def logo(theme: Theme) -> tuple[str, str]:
    """The address of the logo and the origin that the page must allow for it; both empty when it has none.

    Checked when published and here again: an old row must not reach a page (A2).
    """
    address = theme.logo.strip()
    if not re.fullmatch(r"https://[\x21-\x7e]{1,2000}", address) or re.search(r"[\"'<>\\;,]", address):
        return "", ""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "", ""
    if not parts.hostname or "@" in parts.netloc or not re.fullmatch(r"[a-z0-9.-]+", parts.hostname):
        return "", ""
    return address, f"https://{parts.hostname}{port}"


def leads_to(address: str, hosts: tuple[str, ...]) -> str:
    """The address if it is https and its host is one of the allowed ones; else empty (A7)."""
    if not re.fullmatch(r"https://[\x21-\x7e]{1,2000}", address) or "\\" in address:
        return ""
    try:
        parts = urlsplit(address)
        is_plain = parts.port in (None, 443) and "@" not in parts.netloc
    except ValueError:
        return ""
    host = (parts.hostname or "").rstrip(".")
    return address if is_plain and host in {each.lower() for each in hosts} else ""


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of WCAG 2.2 of two sRGB colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _until(ink: Color, paper: Color, *, start: float, least: float) -> Color:
    """As much of the paper mixed into the ink as leaves the contrast that is needed."""
    share = start
    while share > 0 and contrast(_mix(ink, paper, share), paper) < least:
        share -= 0.05
    return _mix(ink, paper, max(share, 0.0))


def _mix(one: Color, other: Color, share: float) -> Color:
    red, green, blue = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return red, green, blue


def _read(text: str, default: str) -> Color:
    text = text if _COLOR.fullmatch(text) else default
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _write(color: Color) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in color)
