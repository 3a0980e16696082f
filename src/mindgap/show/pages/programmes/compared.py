"""Wave against wave on the page of a programme: each question a table, each step with its interval and a word."""

from typing import Any

from django.utils.translation import gettext as _

from mindgap.explain import wave as waves
from mindgap.explain.wave import Comparison, Round
from mindgap.ground import clock
from mindgap.keep import survey as surveys
from mindgap.keep.models import Programme
from mindgap.show.pages.surveys.question import SIDES
from mindgap.show.pages.surveys.results import text
from mindgap.show.words import moment
from mindgap.show.words.number import count, number


def compared(programme: Programme) -> list[dict[str, Any]]:
    """What the template shows; nothing before two waves have answers."""
    newest = surveys.published(programme.survey)
    if newest is None:
        return []
    definition, zone = newest.read(), clock.zone(programme.organization.zone)
    found = []
    for line in waves.compare(programme):
        row = next((each for each in line.question.rows if each.code == line.part), None)
        part = text(row.text, definition) if row else str(SIDES.get(line.part, line.part))
        found.append(
            {
                "title": text(line.question.text, definition) or line.question.code,
                "part": part,
                "what": _("Net Promoter Score") if line.is_nps else _("Mean"),
                "clear": line.clear,
                "rounds": [
                    {**_round(line, each), "starts": moment.date(each.wave.starts_at.astimezone(zone).date())}
                    for each in line.rounds
                ],
            }
        )
    return found


def _round(line: Comparison, each: Round) -> dict[str, Any]:
    decimals = 0 if line.is_nps else 2

    def said(value: float, *, signed: bool = line.is_nps) -> str:
        return number(value, decimals=decimals, signed=signed)

    made: dict[str, Any] = {
        "number": each.wave.number,
        "n": count(each.n) if each.score else "",
        "is_few": each.is_few,
    }
    if each.score is not None:
        made["score"] = said(each.score.value)
        made["interval"] = f"{said(each.score.low)} … {said(each.score.high)}"
    if each.change is not None:
        low, high = said(each.change.low, signed=True), said(each.change.high, signed=True)
        made["change"] = f"{said(each.change.value, signed=True)} ({low} … {high})"
        made["word"] = _("clear change") if each.is_clear else _("within noise")
        made["is_clear"] = each.is_clear
    return made
