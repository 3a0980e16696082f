"""Verification programme: the survey and programme by which an organization asks whether it was put right.

An organization that has a recovery survey of its own with the question `right` uses that; else it gets the one of the
template. Channels, words and reminders are those of the programme `recovery`, and people change them there.
"""

import tomllib
from functools import cache
from pathlib import Path

from mindgap.act.case import recovery_promise
from mindgap.collect import register
from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.channels.delivery import Wording
from mindgap.collect.survey import templates
from mindgap.keep import survey as surveys
from mindgap.keep.models import Organization, Programme, Survey

CODE = "recovery"
KIND = "recovery"
QUESTION = "right"
# The answer to it that makes a case recovered.
YES = "yes"
_REMINDER_DAYS = [4]


def programme(organization: Organization) -> Programme:
    """The programme, made with its survey when there is none yet; in the caller's transaction."""
    found = Programme.objects.select_related("survey", "organization").filter(
        organization=organization, kind=KIND
    )
    there = next((each for each in found.order_by("id") if _asks(each.survey)), None)
    return there or _make(organization)


def ways(asked: Programme) -> list[str]:
    """The channels to try, in order: those of the programme, else all over which the organization sends."""
    if asked.channels:
        return [str(each) for each in asked.channels]
    accounts = SendingAccount.objects.filter(organization_id=asked.organization_id, is_active=True).order_by(
        "id"
    )
    return list(dict.fromkeys(each.way or each.channel for each in accounts))


def _make(organization: Organization) -> Programme:
    # Two that make it at once must make one.
    Organization.objects.select_for_update().get(pk=organization.pk)
    recovery_promise.declare_seeds(organization)
    survey = _survey(organization)
    made, is_new = Programme.objects.get_or_create(
        organization=organization,
        code=_free(organization),
        defaults={
            "survey": survey,
            "name": dict(survey.name),
            "kind": KIND,
            "state": "running",
            "trigger": "event",
            "reminders": _REMINDER_DAYS,
        },
    )
    if is_new:
        for kind, by_language in _wordings().items():
            for code, (subject, text) in by_language.items():
                Wording.objects.create(programme=made, kind=kind, language=code, subject=subject, text=text)
    return made


def _survey(organization: Organization) -> Survey:
    own = Survey.objects.filter(organization=organization, kind=KIND, state=surveys.LIVE).order_by("id")
    there = next((each for each in own if _asks(each)), None)
    if there is not None:
        return there
    made = templates.make(KIND, organization)
    register.declare(organization, made.registers)
    touchpoint = organization.touchpoints.filter(code=recovery_promise.TOUCHPOINT).first()
    taken = set(Survey.objects.filter(organization=organization).values_list("code", flat=True))
    survey = Survey.objects.create(
        organization=organization,
        code=_untaken(taken),
        name=dict(made.title),
        kind=KIND,
        touchpoint=touchpoint,
    )
    surveys.save_draft(survey, made.definition, expected_digest=surveys.draft(survey).digest)
    surveys.publish(survey)
    return survey


def _asks(survey: Survey) -> bool:
    """Whether a survey can be answered now and asks what makes a verdict."""
    version = surveys.published(survey) if survey.is_open else None
    return version is not None and any(each.code == QUESTION for each in version.read().questions)


def _free(organization: Organization) -> str:
    return _untaken(set(Programme.objects.filter(organization=organization).values_list("code", flat=True)))


def _untaken(taken: set[str]) -> str:
    candidates = [CODE, *(f"{CODE}-{number}" for number in range(2, len(taken) + 3))]
    return next(each for each in candidates if each not in taken)


@cache
def _wordings() -> dict[str, dict[str, tuple[str, str]]]:
    return tomllib.loads(Path(__file__).with_name("verification.toml").read_text(encoding="utf-8"))
