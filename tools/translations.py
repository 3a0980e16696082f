"""Texts of the interface: `update` collects them for translators, `compile` makes them readable, `missing` lists gaps.

Works without the gettext programs: texts are found by Babel in Python, and in templates after Django has turned them
into something that looks like Python.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "mindgap"
LOCALE = SOURCE / "show" / "locale"
# Directory (what Django looks for) and the name that Babel knows.
LANGUAGES = {"zh_Hans": "zh_Hans_CN", "zh_Hant": "zh_Hant_TW"}

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_PLACE = re.compile(r"%\((\w+)\)[a-z]|%[sd]|\{(\w*)[^{}]*\}")

Found = tuple[str | tuple[str, ...], str | None, str, int]


def main(arguments: list[str]) -> int:
    command = arguments[0] if arguments else ""
    if command == "compile":
        return compile_all()
    if command == "update":
        return update_all()
    if command == "missing":
        return report(list(missing()))
    print("usage: translations.py compile|update|missing", file=sys.stderr)
    return 2


def texts() -> Iterator[Found]:
    """Every text of the interface: id (or singular and plural), context, file, line."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield from _found(path, path.read_bytes())
    _prepare_django()
    from django.utils.translation.template import templatize

    for path in sorted(SOURCE.rglob("*.html")):
        text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        # What is left of a template is no program: its indentation would stop the reader half-way.
        yield from _found(path, "\n".join(line.strip() for line in text.splitlines()).encode())


def _prepare_django() -> None:
    from django.conf import settings

    if not settings.configured:
        settings.configure()


def _found(path: Path, source: bytes) -> Iterator[Found]:
    name = path.relative_to(ROOT).as_posix()
    for line, message, _comments, context in extract("python", io.BytesIO(source), keywords=KEYWORDS):
        if isinstance(message, tuple):
            yield tuple(part for part in message if part is not None), context, name, line
        elif message:
            yield message, context, name, line


def template() -> Catalog:
    """All texts as one catalogue without translations."""
    catalog = Catalog(project="Mindgap", fuzzy=False)
    for message, context, name, _line in texts():
        catalog.add(message, locations=[(name, 0)], context=context)
    return catalog


def load(directory: str) -> Catalog:
    """The catalogue of a language; empty when there is none yet."""
    path = _path(directory)
    if not path.exists():
        return Catalog(locale=LANGUAGES[directory], project="Mindgap", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGES[directory])


def update_all() -> int:
    """Bring each catalogue to the texts of today: keep translations, add what is new, drop what is gone."""
    fresh = template()
    for directory, locale in LANGUAGES.items():
        known = load(directory)
        catalog = Catalog(locale=locale, project="Mindgap", fuzzy=False)
        for message in fresh:
            if not message.id:
                continue
            old = known.get(message.id, message.context)
            catalog.add(
                message.id,
                old.string if old else "",
                locations=sorted({(name, 0) for name, _line in message.locations}),
                context=message.context,
            )
        path = _path(directory)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=110, sort_output=True, no_location=False, include_lineno=False)
    return report(list(missing()))


def compile_all() -> int:
    """Write the .mo files that Django reads."""
    for directory in LANGUAGES:
        path = _path(directory)
        if not path.exists():
            continue
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        with compiled.open("wb") as file:
            write_mo(file, load(directory))
    return 0


def missing() -> Iterator[str]:
    """What is not translated, or translated with other placeholders."""
    fresh = template()
    for directory in LANGUAGES:
        known = load(directory)
        for message in fresh:
            if message.id:
                yield from (
                    f"{directory}: {problem}"
                    for problem in _problems(message, known.get(message.id, message.context))
                )


def _problems(message: Message, translated: Message | None) -> Iterator[str]:
    name = message.id[0] if isinstance(message.id, tuple) else message.id
    strings = (
        ()
        if translated is None
        else translated.string
        if isinstance(translated.string, tuple)
        else (translated.string,)
    )
    if not strings or not all(strings):
        yield f"{name!r} ({message.locations[0][0]}) is not translated"
        return
    if translated is not None and translated.fuzzy:
        yield f"{name!r} is marked fuzzy"
    forms = message.id if isinstance(message.id, tuple) else (message.id,)
    allowed = {frozenset(_places(form)) for form in forms}
    for string in strings:
        if frozenset(_places(string)) not in allowed:
            yield f"{name!r} has other placeholders in {string!r}"


def _places(text: str) -> list[str]:
    return [match.group(0) for match in _PLACE.finditer(text)]


def report(problems: list[str]) -> int:
    for problem in problems[:60]:
        print(problem)
    if len(problems) > 60:
        print(f"… and {len(problems) - 60} more")
    return 1 if problems else 0


def _path(directory: str) -> Path:
    return LOCALE / directory / "LC_MESSAGES" / "django.po"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
