"""The words of a programme's messages: which there are, by channel and language; their editor, and what they look like."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mindgap.collect.channels import texts, trial, wording
from mindgap.keep.models import Programme
from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.programmes import naming
from mindgap.show.pages.programmes.view import get_programme
from mindgap.show.pages.programmes.worded import Place, definition_of, ways
from mindgap.show.pages.programmes.wording_form import WordsForm
from mindgap.show.pages.surveys.naming import language_name


@only(*KEEPERS)
def words(request: HttpRequest, code: str) -> HttpResponse:
    """Every kind of message over every channel of the programme, and in which languages it has which words."""
    found = get_programme(request, code)
    definition, written = definition_of(found), wording.rows(found.pk)
    rows = []
    for way, name in ways(found):
        over = trial.over(found.organization_id, way)
        for kind in _kinds(found):
            label = naming.word(naming.MESSAGES, kind)
            languages = list(_states(Place(found, definition, over, kind, written)))
            rows.append({"kind": kind, "label": label, "way": way, "channel": name, "languages": languages})
    return render(request, "programmes/words.html", {"programme": found, "rows": rows})


@only(*KEEPERS)
def edit(request: HttpRequest, code: str, way: str, kind: str) -> HttpResponse:
    """The words of one kind of message over one channel, in all languages of the survey."""
    place = _place(request, code, way, kind)
    form = WordsForm(request.POST or None, place=place)
    if request.method == "POST" and "preview" not in request.POST:
        if (taken := request.POST.get("ours")) in place.codes:
            wording.write(place.programme.pk, kind, way=way, code=str(taken), words=None)
            messages.success(
                request, _("The words for this channel are taken away; what holds without them is sent.")
            )
            return redirect("programme_wording", code, way, kind)
        if form.is_valid():
            form.save()
            messages.success(request, _("The words are saved. They hold from the next message on."))
            return redirect("programme_words", code)
    context = {
        "programme": place.programme,
        "over": place.over,
        "way": way,
        "kind": kind,
        "title": naming.word(naming.MESSAGES, kind),
        "channel": dict(ways(place.programme)).get(way, way),
        "form": form,
        "parts": [_part(place, form, each) for each in place.codes],
        "placeholders": naming.placeholders(wording.placeholders(place.definition)),
        "name_characters": len(trial.NAMES["en"]),
    }
    return render(request, "programmes/wording.html", context)


@require_POST
@only(*KEEPERS)
def preview(request: HttpRequest, code: str, way: str, kind: str, language: str) -> HttpResponse:
    """What the words of one language look like, as they are typed."""
    place = _place(request, code, way, kind)
    if language not in place.codes:
        raise Http404
    form = WordsForm(request.POST, place=place)
    form.is_valid()
    return render(request, "programmes/_trial.html", {"part": _part(place, form, language)})


def _part(place: Place, form: WordsForm, code: str) -> dict[str, Any]:
    """The fields of one language and what comes of them."""
    fields, now = form.of(code), place.now(code)
    return {
        **place.looks(code, form.words(code)),
        "fields": fields,
        "errors": [error for field in fields for error in field.errors],
        "state": naming.word(naming.WORDS, now.source),
        "source": now.source,
        "can_go": now.is_for_channel,
    }


def _states(place: Place) -> Iterator[dict[str, Any]]:
    for code in place.codes:
        now = place.now(code)
        made = trial.message(
            place.programme, place.definition, place.over, kind=place.kind, code=code, words=now
        )
        yield {
            "code": code,
            "name": language_name(code),
            "source": now.source,
            "state": naming.word(naming.WORDS, now.source),
            "counted": naming.messages_of(made.segments) if made.segments else "",
        }


def _place(request: HttpRequest, code: str, way: str, kind: str) -> Place:
    """What the address names; 404 for a channel that the programme does not use and a kind that there is not."""
    found = get_programme(request, code)
    if kind not in texts.KINDS or way not in dict(ways(found)):
        raise Http404
    over = trial.over(found.organization_id, way)
    return Place(found, definition_of(found), over, kind, wording.rows(found.pk))


def _kinds(programme: Programme) -> tuple[str, ...]:
    """The kinds of messages that it sends."""
    raw = programme.event if programme.trigger == "event" else programme.schedule
    left_out = set()
    if not programme.reminders:
        left_out.add(texts.REMINDER)
    if not raw.get("thanks"):
        left_out.add(texts.THANKS)
    return tuple(kind for kind in texts.KINDS if kind not in left_out)
