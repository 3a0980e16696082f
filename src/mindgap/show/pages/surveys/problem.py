"""Problem: the words for what proofreading found, and the page on which it is mended."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from mindgap.keep.proof import Problem
from mindgap.show.pages.surveys.naming import language_name

WORDS = {
    "no_notice": gettext_lazy("It asks who people are, and no notice says what for."),
    "unknown_type": gettext_lazy("There is no type of question called %(found)s."),
    "needs_choices": gettext_lazy("Give at least %(least)s choices."),
    "needs_rows": gettext_lazy("Give at least one row."),
    "needs_purpose": gettext_lazy("Say what the consent is for."),
    "needs_fields": gettext_lazy("Say what to ask for: e-mail, phone …"),
    "contact_required": gettext_lazy("Nobody need say who they are; people who must will leave or invent."),
    "consent_required": gettext_lazy("A consent that is required is not given freely."),
    "usual_scale": gettext_lazy("The ends of the scale are not given; 1 to 5 is shown."),
    "unknown_touchpoint": gettext_lazy("There is no touchpoint %(found)s."),
    "unknown_source": gettext_lazy("Nobody has declared the source %(found)s; it will be made."),
    "unknown_expectation": gettext_lazy("%(found)s is no kind of expectation."),
    "half_a_pair": gettext_lazy("A pair asks for the experience and for at least one expectation."),
    "dangerous_ending": gettext_lazy("Files ending in %(found)s are not taken: they could do harm."),
    "least_above_most": gettext_lazy("The least (%(least)s) is more than the most (%(most)s)."),
    "bad_step": gettext_lazy("The steps of a scale are above zero, and no endless number."),
    "too_many_points": gettext_lazy("The scale has more than %(most)s points; ask for a number."),
    "too_much": gettext_lazy("At most %(most)s can be asked for."),
    "needs_measure": gettext_lazy("An expectation is counted only by its measure; name it."),
    "no_measure": gettext_lazy("Without a measure the answers are kept and not counted."),
    "unknown_measure": gettext_lazy("There is no measure %(found)s."),
    "other_unit": gettext_lazy("It asks for %(asked)s, and %(measure)s is counted in %(counted)s."),
    "off_scale": gettext_lazy(
        "Not all numbers that can be given lie on the scale of %(measure)s (%(scale)s)."
    ),
    "unknown_format": gettext_lazy("%(found)s is nothing that words can be checked as."),
    "unknown_purpose": gettext_lazy("%(found)s is no purpose of a consent."),
    "unknown_field": gettext_lazy("%(found)s is nothing that a contact has."),
    "bad_address": gettext_lazy("The address must begin with https:// and a host."),
    "bad_host": gettext_lazy("%(found)s is no name of a host; write it as www.example.com."),
    "host_not_allowed": gettext_lazy("%(host)s is not among the hosts that this survey may lead to."),
    "unknown_look": gettext_lazy("%(found)s is no look."),
    "bad_font": gettext_lazy("Write the names of fonts with commas between them."),
    "bad_colour": gettext_lazy("%(found)s is no colour; write #rrggbb."),
    "low_contrast": gettext_lazy("The contrast with the background is %(ratio)s; %(least)s is needed."),
    "no_end": gettext_lazy("Nothing of your own is said at the end; thanks are shown."),
    "branch_target": gettext_lazy("Name either a page or an end."),
    "unknown_end": gettext_lazy("There is no end %(found)s."),
    "unknown_page": gettext_lazy("There is no page %(found)s."),
    "branch_back": gettext_lazy("A branch leads forward only; %(found)s is not after this page."),
    "bad_limit": gettext_lazy("A quota is at least 1."),
    "bad_condition": gettext_lazy("The condition cannot be understood."),
    "unknown_column": gettext_lazy("There is no question and no column %(found)s."),
    "unknown_segment": gettext_lazy("Nobody has declared the segment %(found)s; it will be unknown."),
    "not_ordered": gettext_lazy(
        "The answers to %(found)s have no order; compare them with “is” or “is one of”."
    ),
    "condition_later": gettext_lazy("%(found)s is asked later; a condition refers to earlier questions."),
    "condition_same_page": gettext_lazy(
        "%(found)s is on the same page; what was answered is known when the page is sent."
    ),
    "not_a_number": gettext_lazy("The answers to %(found)s are numbers; compare them with numbers."),
    "unknown_choice": gettext_lazy("%(found)s has no choice %(choice)s; the condition never tells it."),
    "no_language": gettext_lazy("Name the language that it is written in."),
    "bad_language": gettext_lazy("%(found)s is no language code."),
    "duplicate_code": gettext_lazy("The code %(found)s is used twice."),
    "bad_code": gettext_lazy("%(found)s is no code; use letters, digits, - and _, at most 64."),
    "reserved_code": gettext_lazy("The code %(found)s means something else."),
    "no_questions": gettext_lazy("There is no question; add one."),
    "empty_text": gettext_lazy("The text is missing in %(language)s."),
    "missing_script": gettext_lazy(
        "The text is missing in %(language)s, and only the other script of Chinese is there."
    ),
    "missing_translation": gettext_lazy(
        "The text is missing in %(language)s; the language it was written in is shown."
    ),
    "too_long": gettext_lazy("The text has %(count)s characters; at most %(most)s are taken."),
    "turned_text": gettext_lazy(
        "The sign %(sign)s shows letters in another order than they have; remove it."
    ),
    "direction_sign": gettext_lazy("The sign %(sign)s sets the direction of reading; is it meant?"),
    "control_character": gettext_lazy("The text holds the control character %(sign)s; remove it."),
    "too_many_pages": gettext_lazy("There are %(count)s pages; at most %(most)s are taken."),
    "too_many_questions": gettext_lazy("There are %(count)s questions; at most %(most)s are taken."),
    "too_many_choices": gettext_lazy("There are %(count)s choices; at most %(most)s are taken."),
    "too_many_rows": gettext_lazy("There are %(count)s rows; at most %(most)s are taken."),
    "too_many": gettext_lazy("There are %(count)s; at most %(most)s are taken."),
}
# Problems of one text in one language: gathered in one line a language.
_OF_TRANSLATION = ("missing_translation", "missing_script")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: where (a code or nothing), what, and where it is mended."""

    where: str
    words: str
    url: str
    is_error: bool
    code: str


def lines(problems: Iterable[Problem], survey: str) -> list[Line]:
    """The problems in words, errors first; what is missing in a language in one line."""
    found: list[Line] = []
    gaps: dict[tuple[str, bool], int] = {}
    for each in problems:
        language = dict(each.facts).get("language", "")
        if each.code in _OF_TRANSLATION and language:
            gaps[language, each.is_error] = gaps.get((language, each.is_error), 0) + 1
        else:
            kind, item = place(each.path)
            found.append(Line(item, words(each), _url(survey, kind, item), each.is_error, each.code))
    for (language, is_error), count in gaps.items():
        told = ngettext(
            "%(count)d text is missing in %(language)s.",
            "%(count)d texts are missing in %(language)s.",
            count,
        ) % {"count": count, "language": language_name(language)}
        url = reverse("survey_translation", args=[survey, language])
        found.append(Line("", told, url, is_error, "missing_translation"))
    return sorted(found, key=lambda line: not line.is_error)


def words(problem: Problem) -> str:
    """A problem in words; one without words of its own has English ones."""
    pattern = WORDS.get(problem.code)
    facts = dict(problem.facts)
    if "language" in facts:
        facts["language"] = language_name(facts["language"])
    try:
        return str(pattern) % facts if pattern else problem.words
    except KeyError:
        return problem.words


def place(path: str) -> tuple[str, str]:
    """The form that mends what stands at a path: its kind and the code of the part."""
    parts = path.split(".")
    if parts[0] == "pages" and len(parts) > 3 and parts[2] == "questions":
        return "questions", parts[3]
    if parts[0] in ("pages", "ends", "quotas") and len(parts) > 1:
        return parts[0], parts[1]
    if parts[0] in ("hidden", "theme"):
        return parts[0], ""
    return "whole", ""


def _url(survey: str, kind: str, item: str) -> str:
    if item and "/" not in item:
        return reverse("survey_item", args=[survey, kind, item])
    return reverse("survey_part", args=[survey, kind if kind in ("hidden", "theme") else "whole"])
