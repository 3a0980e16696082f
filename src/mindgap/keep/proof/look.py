"""Look: colours that can be read, addresses that lead where they may."""

import re

from mindgap.keep import address
from mindgap.keep.definition import LOOKS, Definition, Theme
from mindgap.keep.proof.problem import Sheet

# WCAG 2.2, success criterion 1.4.3: text against what is behind it.
CONTRAST = 4.5

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FONT = re.compile(r"[\w ,'-]{0,120}")


def check(definition: Definition, sheet: Sheet) -> None:
    """Theme, logo, hosts and redirects."""
    _check_theme(definition.theme, sheet)
    if definition.theme.logo and not address.host_of(definition.theme.logo):
        sheet.error("theme.logo", "bad_address", "the logo's address must begin with https:// and a host")
    for place, host in enumerate(definition.redirect_hosts):
        if not address.is_host(host.lower()):
            words = "{found!r} is no name of a host; write it as www.example.com"
            sheet.error(f"redirect_hosts.{place}", "bad_host", words, found=host[:80])
    for end in definition.ends:
        path = f"ends.{end.code}.redirect"
        if not end.redirect:
            continue
        if not address.host_of(end.redirect):
            sheet.error(path, "bad_address", "the address must begin with https:// and a host")
        elif not address.is_allowed(end.redirect, definition.redirect_hosts):
            words = "{host} is not among the hosts that this survey may lead to"
            sheet.error(path, "host_not_allowed", words, host=address.host_of(end.redirect))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 (black) to 1 (white) (WCAG 2.2, "relative luminance")."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _check_theme(theme: Theme, sheet: Sheet) -> None:
    if theme.look not in LOOKS:
        sheet.error("theme.look", "unknown_look", "{found!r} is no look", found=theme.look[:40])
    if not _FONT.fullmatch(theme.font):
        sheet.error("theme.font", "bad_font", "write the names of fonts with commas between them")
    named = {"accent": theme.accent, "text": theme.text, "background": theme.background}
    good = {name for name, colour in named.items() if _COLOUR.fullmatch(colour)}
    for name in sorted(named.keys() - good):
        sheet.error(
            f"theme.{name}", "bad_colour", "{found!r} is no colour; write #rrggbb", found=named[name][:40]
        )
    for name in ("text", "accent"):
        if {name, "background"} <= good and (ratio := contrast(named[name], theme.background)) < CONTRAST:
            sheet.error(
                f"theme.{name}", "low_contrast", "the contrast with the background is {ratio}; {least} is needed",
                ratio=f"{ratio:.2f}", least=CONTRAST,
            )  # fmt: skip
