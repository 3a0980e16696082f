"""Survey: what is asked, in numbered versions. A draft changes, a published version never does.

Every published version stays answerable and reportable: who began with version 2 ends with version 2.
"""

import secrets
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from mindgap.ground import clock
from mindgap.keep import definition as definitions
from mindgap.keep import proof
from mindgap.keep.definition import Definition
from mindgap.keep.member import Member
from mindgap.keep.texts import TextsField

KINDS = ("relationship", "transaction", "expectation", "echo", "recovery", "assessment")
DRAFT, LIVE, CLOSED = "draft", "live", "closed"
STATES = (DRAFT, LIVE, CLOSED)
PUBLISHED = "published"
VERSION_STATES = (DRAFT, PUBLISHED)

# No signs that are mistaken for others, and none that a chat drops at the end of an address: 13 of 31 are 64 bits.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_SHORT = 13


class DraftMoved(Exception):
    """Somebody else saved or published the draft meanwhile: `expected` is what the caller had, `found` what is
    there now (empty: there is no draft any more).
    """

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"the draft is {found or 'gone'}, not {expected}; load it again")
        self.expected, self.found = expected, found


class NotPublishable(Exception):
    """The draft has errors: `problems` holds these and the warnings; empty when there is no draft at all."""

    def __init__(self, problems: tuple[proof.Problem, ...] = ()) -> None:
        words = "; ".join(each.words for each in problems if each.is_error) or "there is no draft"
        super().__init__(words)
        self.problems = problems


def new_short() -> str:
    """A public name that cannot be guessed, for addresses that people may have to type."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_SHORT))


class Survey(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="surveys")
    # Names it in what arrives, hence never changed.
    code = models.SlugField(max_length=64, allow_unicode=True)
    name = TextsField()
    short = models.CharField(max_length=22, unique=True, default=new_short, editable=False)
    touchpoint = models.ForeignKey(
        "keep.Touchpoint", models.SET_NULL, null=True, blank=True, related_name="surveys"
    )
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in KINDS], default="transaction")
    state = models.CharField(max_length=8, choices=[(state, state) for state in STATES], default=DRAFT)
    closes_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="survey_code_once")]

    def __str__(self) -> str:
        return str(self.name) or self.code

    @property
    def is_open(self) -> bool:
        """Whether it takes submissions now."""
        return self.state == LIVE and (self.closes_at is None or clock.now() < self.closes_at)


class SurveyVersion(models.Model):
    survey = models.ForeignKey("keep.Survey", models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    # What `definition.write` makes.
    definition = models.JSONField(default=dict)
    digest = models.CharField(max_length=32)
    state = models.CharField(
        max_length=16, choices=[(state, state) for state in VERSION_STATES], default=DRAFT
    )
    saved_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        "keep.Member", models.SET_NULL, null=True, blank=True, related_name="published_surveys"
    )

    class Meta:
        ordering = ["survey", "number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="survey_version_once"),
            models.UniqueConstraint(fields=["survey"], condition=Q(state="draft"), name="survey_one_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.number}"

    def read(self) -> Definition:
        """What it asks."""
        return definitions.read(self.definition)


def draft(survey: Survey) -> SurveyVersion:
    """The draft: the one that is there, else one made from the newest published version, else an empty one."""
    newest = published(survey)
    start = newest.read() if newest else _empty(survey)
    version, _ = SurveyVersion.objects.get_or_create(
        survey=survey,
        state=DRAFT,
        defaults={
            "number": newest.number + 1 if newest else 1,
            "definition": definitions.write(start),
            "digest": definitions.digest(start),
        },
    )
    return version


def save_draft(survey: Survey, definition: Definition, *, expected_digest: str) -> SurveyVersion:
    """Replace the draft, provided that it is still the one of `expected_digest`; else `DraftMoved`.

    Saving what is there already is no conflict. A draft may have problems; only publishing refuses them.
    """
    kept = definitions.read(_storable(definitions.write(definition)))
    digest = definitions.digest(kept)
    drafts = SurveyVersion.objects.filter(survey=survey, state=DRAFT)
    saved = drafts.filter(digest__in={expected_digest, digest}).update(
        definition=definitions.write(kept), digest=digest, saved_at=clock.now()
    )
    there = drafts.first()
    if not saved or there is None:
        raise DraftMoved(expected_digest, there.digest if there else "")
    return there


@transaction.atomic
def publish(survey: Survey, by: Member | None = None, *, expected_digest: str | None = None) -> SurveyVersion:
    """Freeze the draft as the next version and let the survey be live.

    `NotPublishable` when it has errors, `DraftMoved` when it is not the draft of `expected_digest`.
    """
    there = SurveyVersion.objects.select_for_update().filter(survey=survey, state=DRAFT).first()
    if there is None:
        raise NotPublishable
    if expected_digest not in (None, there.digest):
        raise DraftMoved(str(expected_digest), there.digest)
    found = proof.problems(there.read(), proof.known(survey.organization_id))
    if any(each.is_error for each in found):
        raise NotPublishable(found)
    # Only what was proofread is published, even when somebody saves at this moment.
    frozen = SurveyVersion.objects.filter(id=there.id, state=DRAFT, digest=there.digest).update(
        state=PUBLISHED, published_at=clock.now(), published_by=by
    )
    if not frozen:
        raise DraftMoved(there.digest, "")
    Survey.objects.filter(id=survey.id).update(state=LIVE)
    survey.state = LIVE
    there.refresh_from_db()
    return there


def close(survey: Survey) -> None:
    """Take no more submissions; what was answered stays."""
    _set(survey, state=CLOSED)


def reopen(survey: Survey) -> None:
    """Take submissions again; a closing day that has passed is forgotten."""
    if published(survey) is None:
        raise NotPublishable
    is_over = survey.closes_at is not None and survey.closes_at <= clock.now()
    _set(survey, state=LIVE, **({"closes_at": None} if is_over else {}))


def version(survey: Survey, number: int) -> SurveyVersion | None:
    """The published version of that number; none when there is none."""
    return SurveyVersion.objects.filter(survey=survey, number=number, state=PUBLISHED).first()


def published(survey: Survey) -> SurveyVersion | None:
    """The newest published version, which new respondents get."""
    return SurveyVersion.objects.filter(survey=survey, state=PUBLISHED).order_by("-number").first()


def _empty(survey: Survey) -> Definition:
    title = dict(survey.name) or {survey.organization.language: survey.code}
    return Definition(title=title, languages=tuple(title))


def _storable(value: Any) -> Any:
    """PostgreSQL holds every character but NUL, which nobody can mean."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {_storable(name): _storable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(each) for each in value]
    return value


def _set(survey: Survey, **values: Any) -> None:
    Survey.objects.filter(id=survey.id).update(**values)
    for name, value in values.items():
        setattr(survey, name, value)
