"""The reader of submissions: keeps one row for each person's way through a survey, from the pages that arrive.

It goes behind the recorder, so that a finished submission finds the customer of its answer. Pages may come late,
twice or out of order: the furthest and latest of them is what is kept.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import DataError, IntegrityError, transaction

from mindgap.keep import appender, bulk, erasure, incoming, ledger, people, recorder, transcript
from mindgap.keep.batch import REFUSED, Verdict
from mindgap.keep.models import Answer, Consent, Identity, Invitation, Link, Submission, SurveyVersion
from mindgap.keep.reader import Arrived, Reader, Stretch
from mindgap.keep.registry import Needs, Registry
from mindgap.keep.submission import FINISHED, OVER_QUOTA, PARTIAL, SCREENED, WITHDRAWN
from mindgap.keep.transcript import Refused

READER = "submissions"
BATCH = 1_000

# Who has finished is never again on the way; who has really answered was never turned away.
_RANKS = {PARTIAL: 0, SCREENED: 1, OVER_QUOTA: 1, FINISHED: 2}
_KNOWN = (*_RANKS, WITHDRAWN)
_COLUMNS = (
    "id", "key", "survey_id", "version_id", "invitation_id", "link_id", "customer_id", "state", "started_at",
    "changed_at", "finished_at", "language", "channel_id", "unit_id", "touchpoint_id", "page", "answers", "seconds",
    "hidden", "flags", "is_test",
)  # fmt: skip

_reader = Reader(READER, kinds=("submission",), behind=recorder.READER)


def run_batch(*, limit: int = BATCH) -> int:
    """Take the next submissions in; how many arrivals that were, 0 also when another process was faster."""
    stretch = _reader.batch(limit)
    if not stretch:
        return 0
    try:
        return _write(stretch)
    except (DataError, IntegrityError):
        # Some row is one that the database will not hold: find it by halves, so that the others get through.
        if len(stretch.arrivals) == 1:
            return _set_aside(stretch)
        return run_batch(limit=len(stretch.arrivals) // 2)


def catch_up() -> int:
    """Take in all that the recorder has been past when this is called; how many arrivals that were."""
    return sum(run_batch() for _ in _reader.chase())


def _write(stretch: Stretch) -> int:
    grouped: dict[int, list[Arrived]] = defaultdict(list)
    for arrival in stretch.arrivals:
        grouped[arrival.organization].append(arrival)
    intakes = [Intake(organization, arrivals).prepare() for organization, arrivals in grouped.items()]
    with transaction.atomic():
        if not _reader.advance(stretch):
            return 0
        # Customers must not be merged away under our hands.
        recorder.hold_still()
        for each in intakes:
            each.write()
    return len(stretch.arrivals)


def _set_aside(stretch: Stretch) -> int:
    (arrival,) = stretch.arrivals
    words = "the database cannot hold a value of this submission; correct it and send it again"
    with transaction.atomic():
        if not _reader.advance(stretch):
            return 0
        refused = (arrival.kind, arrival.source, arrival.body, Verdict(REFUSED, "not_storable", words))
        ledger.set_aside(arrival.organization, [refused])
    return 1


@dataclass(slots=True)
class _Row:
    """What decides between two pages of one submission, and what outlives the later one."""

    id: int
    state: str
    started_at: datetime
    changed_at: datetime
    invitation: int | None = None
    link: int | None = None
    customer: int | None = None
    # Whether more than an address that anybody can type says that they are this customer.
    is_proven: bool = False
    # The page that has come now; none when what is stored stands.
    item: incoming.Submission | None = None


class Intake:
    """Submissions of one organization on their way into their table."""

    def __init__(self, organization: int, arrivals: Sequence[Arrived]) -> None:
        self._organization = organization
        self._arrivals = arrivals
        self._refused: list[tuple[str, str, bytes, Verdict]] = []
        self._accepted: list[tuple[Arrived, incoming.Submission]] = []
        self._stored: set[UUID] = set()
        self._now: dict[UUID, _Row] = {}
        # The pages that went further than what there was before, in order.
        self._pages: list[tuple[UUID, incoming.Submission]] = []

    def prepare(self) -> "Intake":
        """Decode and check them, and look up what never changes; writes only codes that nobody had declared."""
        read = [(arrival, item) for arrival in self._arrivals if (item := self._decode(arrival)) is not None]
        self._find_names([item for _, item in read])
        for arrival, item in read:
            if (item.survey, item.version) in (self._tried if item.test else self._versions):
                self._accepted.append((arrival, item))
            else:
                words = f"there is no published version {item.version} of a survey {item.survey!r}"
                self._refuse(arrival, Refused("unknown_survey", words, "survey"))
        return self

    def write(self) -> None:
        """Find what is kept of them, let the furthest pages win, and write; in the caller's transaction."""
        ledger.set_aside(self._organization, self._refused)
        self._find_kept([item for _, item in self._accepted])
        for arrival, item in self._accepted:
            if item.state == WITHDRAWN:
                self._let_go(item)
            elif item.state != PARTIAL or self._visit(item) not in self._withdrawn:
                self._take(arrival, item)
        self._now = {key: row for key, row in self._now.items() if row.item is not None}
        self._know_customers()
        made = (self._values(key, row) for key, row in self._now.items() if key not in self._stored)
        columns = ("organization_id", *_COLUMNS)
        bulk.insert("keep_submission", columns, ((self._organization, *values) for values in made))
        again = (self._values(key, row) for key, row in self._now.items() if key in self._stored)
        bulk.update("keep_submission", _COLUMNS[1:], again)
        self._write_consents()
        self._mark_invitations()

    def _decode(self, arrival: Arrived) -> incoming.Submission | None:
        if b"\\u0000" in arrival.body:
            words = "the text holds a NUL character; remove it"
            self._refuse(arrival, Refused("control_character", words))
            return None
        try:
            item = incoming.read_submission(arrival.body)
            _check(item)
        except Refused as refused:
            self._refuse(arrival, refused)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            self._refuse(arrival, Refused("unreadable", f"{problem}; correct the field and send it again"))
        else:
            return item
        return None

    def _refuse(self, arrival: Arrived, refused: Refused) -> None:
        verdict = Verdict(REFUSED, refused.reason, refused.words, refused.column)
        self._refused.append((arrival.kind, arrival.source, arrival.body, verdict))

    def _find_names(self, items: Sequence[incoming.Submission]) -> None:
        versions = SurveyVersion.objects.filter(
            survey__organization_id=self._organization, survey__code__in={item.survey for item in items}
        ).values_list("survey__code", "number", "survey_id", "id", "published_at")
        # (survey code, number) -> (survey, version); trials may be of a draft.
        self._tried = {(code, number): (survey, id_) for code, number, survey, id_, _ in versions}
        published = {(code, number) for code, number, _, _, at in versions if at is not None}
        self._versions = {name: ids for name, ids in self._tried.items() if name in published}
        links = Link.objects.filter(
            survey__organization_id=self._organization, short__in={item.link for item in items if item.link}
        )
        self._links = {
            (short, survey): id_ for short, survey, id_ in links.values_list("short", "survey_id", "id")
        }
        self._registry = Registry(self._organization)
        channels, units = {item.channel for item in items}, {item.unit for item in items}
        self._registry.learn(Needs(channels=channels - {""}, units=units - {""}), create=True)

    def _find_kept(self, items: Sequence[incoming.Submission]) -> None:
        mine = {"organization_id": self._organization}
        found = Invitation.objects.filter(
            **mine, token_digest__in={item.invitation for item in items if item.invitation}
        )
        # (token digest, survey) -> (invitation, customer)
        self._invitations = {
            (digest, survey): (id_, customer)
            for digest, survey, id_, customer in found.values_list(
                "token_digest", "survey_id", "id", "customer_id"
            )
        }
        names = ("id", "state", "started_at", "changed_at", "invitation_id", "link_id", "customer_id")
        kept = Submission.objects.filter(**mine, key__in={UUID(item.key) for item in items})
        for key, *values in kept.values_list("key", *names):
            self._now[key] = _Row(*values)
        self._stored = set(self._now)
        begun = {self._visit(item) for item in items if item.state == PARTIAL}
        self._withdrawn = appender.appended(list(begun)) if begun else set()

    def _let_go(self, item: incoming.Submission) -> None:
        """Forget what this batch has of a visit; what is stored of it is removed by whoever carries erasures out."""
        key = UUID(item.key)
        self._pages = [page for page in self._pages if page[0] != key]
        row = self._now.get(key)
        is_finished = row is not None and row.state != PARTIAL
        if row is not None and key not in self._stored:
            del self._now[key]
        elif row is not None:
            row.item = None
        scope = erasure.EVERYTHING if is_finished else erasure.VISIT
        erasure.ask(self._organization, source="answering", scope=scope, submission_key=key)

    def _visit(self, item: incoming.Submission) -> UUID:
        return incoming.withdrawal_id(item.key, item.started_at)

    def _take(self, arrival: Arrived, item: incoming.Submission) -> None:
        key = UUID(item.key)
        row = self._now.get(key)
        if row is None:
            row = self._now[key] = _Row(arrival.seq, item.state, item.started_at, item.changed_at)
        elif (_RANKS[item.state], item.changed_at) < (_RANKS[row.state], row.changed_at):
            return
        self._pages.append((key, item))
        row.item, row.state, row.changed_at = item, item.state, item.changed_at
        row.started_at = min(row.started_at, item.started_at)
        # One that belongs to another survey is none, whatever the page said.
        survey, _ = self._tried[item.survey, item.version]
        invitation, customer = self._invitations.get((item.invitation, survey), (None, None))
        row.invitation = invitation or row.invitation
        row.link = self._links.get((item.link, survey)) or row.link
        row.customer = customer or row.customer

    def _know_customers(self) -> None:
        """Whose they are: as the answer of the same key says, else by invitation, else by identities."""
        mine = {"organization_id": self._organization}
        answers = Answer.objects.filter(
            **mine, key__in=[str(key) for key in self._now], customer__isnull=False
        )
        answered = {
            key: (customer, id_) for key, customer, id_ in answers.values_list("key", "customer_id", "id")
        }
        wanted = {
            key: people.identities_of(row.item.customer)
            for key, row in self._now.items()
            if row.item is not None and row.item.customer is not None
        }
        texts = {value for identities in wanted.values() for _, value in identities}
        found = Identity.objects.filter(**mine, value__in=texts)
        known = {
            (kind, value): customer
            for kind, value, customer in found.values_list("kind", "value", "customer_id")
        }
        for key, row in self._now.items():
            named = next((known[each] for each in wanted.get(key, ()) if each in known), None)
            by_answer, answer = answered.get(str(key), (None, None))
            # Whom the answer itself brought is whoever gave it.
            row.is_proven = bool(row.customer or wanted.get(key) or (by_answer and by_answer == answer))
            row.customer = by_answer or row.customer or named

    def _values(self, key: UUID, row: _Row) -> tuple[Any, ...]:
        item = row.item
        assert item is not None
        survey, version = self._tried[item.survey, item.version]
        touchpoint = self._registry.touchpoints.get(item.touchpoint)
        finished = (item.finished or item.changed_at) if item.state == FINISHED else None
        return (
            row.id, key if bulk.is_postgres() else key.hex, survey, version, row.invitation, row.link, row.customer,
            row.state, bulk.instant(row.started_at), bulk.instant(row.changed_at), bulk.instant(finished),
            item.language, self._registry.channels.get(item.channel), self._registry.units.get(item.unit),
            touchpoint.id if touchpoint else None, item.page, bulk.json(item.answers), bulk.json(item.seconds),
            bulk.json(item.hidden), bulk.json({"suspect": list(item.flags)} if item.flags else {}),
            item.test,
        )  # fmt: skip

    def _write_consents(self) -> None:
        """Add what was not yet said in that submission: each page says it all again."""
        mine = Consent.objects.filter(organization_id=self._organization)
        said: dict[tuple[UUID, str], tuple[bool, str, str]] = {}
        ownerless: set[UUID] = set()
        for old in mine.filter(submission_key__in=list(self._now)):
            assert old.submission_key is not None
            said[old.submission_key, old.purpose] = (old.given, old.text_version, old.text_hash)
            if old.customer_id is None and self._owner(old.submission_key) is not None:
                ownerless.add(old.submission_key)
        for key in ownerless:
            # Said while nobody knew whose it was.
            mine.filter(submission_key=key, customer=None).update(customer=self._owner(key))
        made = []
        for key, item in self._pages:
            for each in item.consents:
                words, before = (each.given, each.text_version, each.text_hash), said.get((key, each.purpose))
                # A box that is left empty withdraws nothing; one that is made empty again does.
                if words == before or (not each.given and (before is None or not before[0])):
                    continue
                said[key, each.purpose] = words
                made.append(self._consent(key, item, each))
        Consent.objects.bulk_create(made)

    def _owner(self, key: UUID) -> int | None:
        """Whose the consents of a submission are: nobody agrees for somebody else by typing their address."""
        row = self._now[key]
        return row.customer if row.is_proven else None

    def _consent(self, key: UUID, item: incoming.Submission, said: incoming.Consent) -> Consent:
        return Consent(
            organization_id=self._organization,
            customer_id=self._owner(key),
            submission_key=key,
            purpose=said.purpose,
            given=said.given,
            text_version=said.text_version,
            text_hash=said.text_hash,
            channel=item.channel,
            at=item.changed_at,
            proof={"survey": item.survey, "version": item.version, "language": item.language},
        )

    def _mark_invitations(self) -> None:
        for row in self._now.values():
            if row.invitation is None:
                continue
            mine = Invitation.objects.filter(id=row.invitation)
            mine.filter(opened_at=None).update(opened_at=row.started_at)
            if row.state == PARTIAL:
                mine.filter(state__in=("waiting", "sent")).update(state="opened")
            else:
                mine.filter(answered_at=None).update(answered_at=row.changed_at)
                mine.exclude(state="revoked").update(state="answered")


def _check(item: incoming.Submission) -> None:
    """Refuse what no table could hold."""
    try:
        UUID(item.key)
    except ValueError as problem:
        raise Refused("bad_key", f"{item.key!r} is no UUID; a submission's key is one", "key") from problem
    if item.state not in _KNOWN:
        raise Refused("unknown_state", f"{item.state!r} is none of {', '.join(_KNOWN)}", "state")
    for name in ("started_at", "changed_at", "finished"):
        transcript.check_instant(getattr(item, name), name)
    transcript.fits(item.language, 16, "language")
    transcript.fits(item.channel, 64, "channel")
    transcript.fits(item.unit, 128, "unit")
    transcript.fits(item.page, 64, "page")
    for each in item.consents:
        transcript.fits(each.purpose, 64, "consents.purpose")
        transcript.fits(each.text_version, 64, "consents.text_version")
        transcript.fits(each.text_hash, 64, "consents.text_hash")
    if item.customer is not None:
        transcript.check_person(item.customer)
