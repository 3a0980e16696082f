"""Translation: every text of a draft beside its words in another language.

Each field says what stood there when the page was opened: of two translators who changed the same text, the second
is shown both; all other texts of both are saved.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mindgap.keep import definition as definitions
from mindgap.keep.definition import Definition
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.surveys import draft as drafts
from mindgap.show.pages.surveys.draft import get_survey, head, opened
from mindgap.show.pages.surveys.editor import moved_meanwhile
from mindgap.show.pages.surveys.naming import LANGUAGES, language_name

_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
_LONG = 70


@dataclass(slots=True)
class Text:
    """One text: its path, the words it was written in, and those of the other language."""

    path: str
    base: str
    target: str
    place: str = ""
    theirs: str = ""
    was: str = ""

    @property
    def is_long(self) -> bool:
        """Whether it wants several lines."""
        return len(self.base) > _LONG or "\n" in self.base


@dataclass(slots=True)
class Sent:
    """What a form brought: the new texts by path, and those that somebody else changed too, with both."""

    texts: dict[str, str] = field(default_factory=dict)
    clashes: dict[str, tuple[str, str]] = field(default_factory=dict)


@only(*KEEPERS)
def languages(request: HttpRequest, code: str) -> HttpResponse:
    """Which languages there are and how complete each is; POST adds one or takes one away."""
    survey = get_survey(request, code)
    if request.method == "POST":
        return _change_languages(request, survey)
    definition = opened(survey).definition
    known = definition.languages
    lines = [
        {"code": each, "name": language_name(each), "done": done, "all": total, "is_base": number == 0}
        for number, each in enumerate(known)
        for done, total in [completeness(definition, each)]
    ]
    addable = [(each, language_name(each)) for each in LANGUAGES if each not in known]
    more = {**head(request, survey, "translation"), "lines": lines, "addable": addable}
    return render(request, "surveys/languages.html", more)


@only(*KEEPERS)
def translate(request: HttpRequest, code: str, language: str) -> HttpResponse:
    survey = get_survey(request, code)
    there = opened(survey)
    if language not in there.definition.languages:
        raise Http404
    sent = Sent()
    if request.method == "POST":
        sent = drafts.change(survey, lambda definition: _written(definition, language, request))
        if not sent.clashes:
            messages.success(request, _("The translation is saved."))
            return redirect("survey_translation", survey.code, language)
        there = opened(survey)
    texts = list(read(there.definition, language))
    for text in texts:
        text.was = text.target
        if text.path in sent.clashes:
            text.target, text.theirs = sent.clashes[text.path]
    base = there.definition.languages[0]
    more = {
        **head(request, survey, "translation"),
        "texts": texts,
        "language": language,
        "name": language_name(language),
        "base": base,
        "base_name": language_name(base),
        "is_base": language == base,
        "direction": "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr",
        "done": sum(1 for text in texts if text.was),
        "clashes": len(sent.clashes),
    }
    return render(request, "surveys/translation.html", more, status=409 if sent.clashes else 200)


def read(definition: Definition, language: str) -> Iterator[Text]:
    """Every text there is, in the order of the survey."""
    base = definition.languages[0]
    for path, words in _words(definitions.write(definition)):
        yield Text(path, words.get(base, ""), words.get(language, ""), place=_place(path))


def completeness(definition: Definition, language: str) -> tuple[int, int]:
    """How many texts are there in a language, and how many there are."""
    texts = list(read(definition, language))
    return sum(1 for text in texts if text.target.strip()), len(texts)


def _written(definition: Definition, language: str, request: HttpRequest) -> tuple[Definition, Sent]:
    raw, sent = definitions.write(definition), Sent()
    base, copied = definition.languages[0], request.POST.get("copy", "")
    for path, words in _words(raw):
        now = words.get(language, "")
        new = request.POST.get(f"t.{path}", now).replace("\r\n", "\n")[:20_000]
        was = request.POST.get(f"was.{path}", now).replace("\r\n", "\n")
        if copied == path or (copied == "all" and not new.strip()):
            new = words.get(base, "")
        if new in (was, now):
            continue
        if now != was:
            sent.clashes[path] = (new, now)
            continue
        if new.strip():
            words[language] = new
        else:
            words.pop(language, None)
    return definitions.read(raw), sent


def _change_languages(request: HttpRequest, survey: Any) -> HttpResponse:
    add, remove = request.POST.get("add", ""), request.POST.get("remove", "")

    def make(definition: Definition) -> tuple[Definition, None]:
        known = list(definition.languages)
        if add in LANGUAGES and add not in known:
            known.append(add)
        if remove in known[1:]:
            known.remove(remove)
        raw = {**definitions.write(definition), "languages": known}
        return definitions.read(raw), None

    try:
        drafts.change(survey, make)
    except drafts.DraftMoved:
        messages.warning(request, moved_meanwhile())
    if add in LANGUAGES:
        return redirect("survey_translation", survey.code, add)
    return redirect("survey_languages", survey.code)


def _words(raw: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Path and words of every text, as parts of `raw` itself: what is changed there is changed in it."""
    yield from _of(raw, "", ("title", "intro", "notice", "notice_full"))
    for page in raw.get("pages", ()):
        yield from _of(page, f"pages.{page['code']}.", ("title",))
        for question in page.get("questions", ()):
            path = f"pages.{page['code']}.questions.{question['code']}."
            yield from _of(question, path, ("text", "help", "low", "high"))
            for kind in ("choices", "rows"):
                for thing in question.get(kind, ()):
                    yield from _of(thing, f"{path}{kind}.{thing['code']}.", ("text",))
    for end in raw.get("ends", ()):
        yield from _of(end, f"ends.{end['code']}.", ("title", "text", "button"))


def _of(thing: dict[str, Any], path: str, names: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    for name in names:
        words = thing.get(name)
        if words and any(text.strip() for text in words.values()):
            yield path + name, words


def _place(path: str) -> str:
    """What a text belongs to, for people: the code of its question, page or end."""
    parts = path.split(".")
    if len(parts) > 4 and parts[2] == "questions":
        return parts[3]
    return parts[1] if len(parts) > 1 else ""
