"""Claims: of what there are only so many, no more are ever taken, and none by what was not appended."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from tests.keep.company import Company

from mindgap.ground import identity
from mindgap.keep import appender, claim
from mindgap.keep.appender import Claim, Item, Writer
from mindgap.keep.models import Arrival, Claimed, Organization

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def organization():
    return Organization.objects.create(code="acme")


@pytest.fixture
def writer():
    made = Writer(limit=1000)
    yield made
    made.close()


def item(organization, *claims):
    return Item(organization.id, identity.uuid7(), "answer", "survey", b"{}", claims)


def in_parallel(writers, items):
    """Hand each item over by itself, from many threads at once, to the writers in turn."""
    start = threading.Barrier(len(items))

    def hand_over(place):
        start.wait()
        return writers[place % len(writers)].put([items[place]]).result(30)

    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(hand_over, range(len(items))))


def test_of_50_at_once_with_one_personal_link_one_is_kept(organization, writer):
    """B3."""
    once = Claim("invitation:abc", 1)
    outcomes = in_parallel([writer], [item(organization, once) for _ in range(50)])
    assert sum(outcome.kept for outcome in outcomes) == 1
    assert sum(outcome.exhausted == "invitation:abc" for outcome in outcomes) == 49
    assert Arrival.objects.count() == 1
    assert claim.taken(organization.id, "invitation:abc") == 1


def test_a_quota_of_100_takes_100_of_300_at_once(organization):
    """ASVS 2.3.4, with two writers as two processes have them on PostgreSQL; SQLite has one."""
    writers = [Writer(limit=1000) for _ in range(2 if connection.vendor == "postgresql" else 1)]
    items = [item(organization, Claim(f"link:{place}", 1), Claim("quota:q", 100)) for place in range(300)]
    outcomes = in_parallel(writers, items)
    for each in writers:
        each.close()
    assert sum(outcome.kept for outcome in outcomes) == 100
    assert {outcome.exhausted for outcome in outcomes if not outcome.kept} == {"quota:q"}
    assert Arrival.objects.count() == claim.taken(organization.id, "quota:q") == 100
    # Who was turned away has spent nothing.
    assert Claimed.objects.filter(name__startswith="link:", used=1).count() == 100


def test_the_same_id_sent_again_claims_nothing_more_and_gets_the_same_receipt(organization, writer):
    """B2: the reply was lost; the client sends it again."""
    again = item(organization, Claim("invitation:abc", 1))
    assert [writer.put([again]).result(10).kept for _ in range(3)] == [1, 1, 1]
    assert claim.taken(organization.id, "invitation:abc") == 1
    both = in_parallel([writer], [again, again])
    assert [outcome.kept for outcome in both] == [1, 1]
    assert Arrival.objects.count() == 1


def test_a_hand_over_is_kept_whole_or_not_at_all_and_its_neighbours_are_unhurt(organization, writer):
    one = Claim("quota:q", 1)
    appender._append([[item(organization, one)]])
    submission, answer = item(organization, one), item(organization)
    outcomes = appender._append(
        [
            [item(organization)],
            [answer, submission],
            [item(organization, Claim("quota:r", 5)), item(organization)],
        ]
    )
    assert [(outcome.kept, outcome.exhausted) for outcome in outcomes] == [(1, ""), (0, "quota:q"), (2, "")]
    assert not Arrival.objects.filter(id__in=[submission.id, answer.id]).exists()
    assert Arrival.objects.count() == 4


def test_within_one_batch_first_come_is_first_served(organization):
    outcomes = appender._append([[item(organization, Claim("quota:q", 2))] for _ in range(4)])
    assert [outcome.kept for outcome in outcomes] == [1, 1, 0, 0]


def test_one_hand_over_may_claim_several_places_of_one_name(organization):
    two = [item(organization, Claim("quota:q", 3)) for _ in range(2)]
    assert [appender._append([list(two)])[0].kept, claim.taken(organization.id, "quota:q")] == [2, 2]
    more = [item(organization, Claim("quota:q", 3)) for _ in range(2)]
    assert appender._append([more])[0].exhausted == "quota:q"
    assert claim.taken(organization.id, "quota:q") == 2


def test_nothing_can_be_had_of_what_there_is_none(organization, writer):
    assert writer.put([item(organization, Claim("quota:q", 0))]).result(10).exhausted == "quota:q"


def test_places_of_one_organization_are_not_those_of_another(organization, writer):
    other = Company("other").organization
    for each in (organization, other):
        assert writer.put([item(each, Claim("quota:q", 1))]).result(10).kept == 1
    assert writer.put([item(other, Claim("quota:q", 1))]).result(10).kept == 0


def test_a_bad_hand_over_takes_no_place(organization, writer):
    bad = Item(organization.id + 999, identity.uuid7(), "answer", "survey", b"{}", (Claim("quota:q", 1),))
    failed, kept = writer.put([bad]), writer.put([item(organization, Claim("quota:q", 1))])
    assert failed.exception(10) is not None
    assert kept.result(10).kept == 1
    assert Claimed.objects.get().used == 1
