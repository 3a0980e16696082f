"""What is being worded: a kind of message of a programme over one channel, its languages, and how it looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mindgap.collect import channels
from mindgap.collect.channels import trial, wording
from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.channels.contract import INVITATION
from mindgap.collect.channels.delivery import Wording
from mindgap.collect.channels.trial import Over
from mindgap.keep import survey as surveys
from mindgap.keep.definition import Definition
from mindgap.keep.models import Channel, Programme
from mindgap.show.pages.programmes import naming
from mindgap.show.pages.settings import sending_words
from mindgap.show.pages.surveys.naming import language_name


@dataclass(frozen=True, slots=True)
class Place:
    """What is being worded: a kind of message of a programme, over one channel."""

    programme: Programme
    definition: Definition
    over: Over
    kind: str
    rows: Sequence[Wording]

    @property
    def codes(self) -> tuple[str, ...]:
        """Those of the survey, that of the organization, and those in which there are words already."""
        own = sorted({row.language for row in self.rows})
        return tuple(dict.fromkeys([*self.definition.languages, self.programme.organization.language, *own]))

    def now(self, code: str) -> wording.Words:
        """The words as they are sent now."""
        return wording.of(
            self.programme.pk,
            self.kind,
            way=self.over.way,
            code=code,
            is_short=self.over.channel.is_short,
            known=self.rows,
        )

    def looks(self, code: str, words: wording.Words) -> dict[str, Any]:
        """What a customer of that language would read, for the template."""
        made = trial.message(
            self.programme, self.definition, self.over, kind=self.kind, code=code, words=words
        )
        return {
            "code": code,
            "language": language_name(code),
            "trial": made,
            "problem": sending_words.reason(made.problem, "") if made.problem else "",
            "counted": naming.counted(made.segments) if made.segments else "",
            "is_paid_by_length": self.over.channel.reads is not None,
            "over": self.over,
        }


def definition_of(programme: Programme) -> Definition:
    """What is published, else what is being written."""
    version = surveys.published(programme.survey) or surveys.draft(programme.survey)
    return version.read()


def ways(programme: Programme) -> list[tuple[str, str]]:
    """The channels of the programme by code, with their names; all that there are, for one that takes any."""
    named = {each.code: str(each) for each in Channel.objects.filter(organization=programme.organization_id)}
    codes = programme.channels
    if not codes and programme.kind == "recovery":
        accounts = SendingAccount.objects.filter(organization=programme.organization_id, is_active=True)
        able = [
            each.way for each in accounts.order_by("id") if INVITATION in channels.channel(each.channel).kinds
        ]
        codes = list(dict.fromkeys(able))
    return [(way, named.get(way, way)) for way in codes]
