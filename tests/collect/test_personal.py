"""Personal links: one for each line of a list, for the customers that they are, and none for who wants none."""

from datetime import timedelta
from typing import Any

import pytest

from mindgap.collect import personal
from mindgap.collect.personal import NotAList
from mindgap.ground import clock
from mindgap.keep import invitation, optout
from mindgap.keep.models import Customer, Invitation, OptOut, Organization, Survey

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "Email,Name,Language,Store\nann@Example.org,王小明,zh-hans,North\nbo@example.org,Bo,,South\n"


@pytest.fixture
def survey() -> Survey:
    shop = Organization.objects.create(code="shop", name={"en": "Shop"})
    return Survey.objects.create(organization=shop, code="visit", state="live")


def tokens(sheet: personal.Sheet) -> list[str]:
    place = sheet.head.index(personal.LINK)
    return [row[place].rpartition("/")[2] for row in sheet.rows]


def test_everybody_on_the_list_gets_a_link_of_their_own(survey: Survey) -> None:
    until = clock.now() + timedelta(days=3)
    made = personal.for_people(survey, personal.read(LIST.encode("utf-8-sig")), expires_at=until)
    assert made.head == ("email", "name", "language", "store", "personal_link", "expires_at")
    assert [row[:4] for row in made.rows] == [
        ("ann@Example.org", "王小明", "zh-hans", "North"),
        ("bo@example.org", "Bo", "", "South"),
    ]
    first, second = (invitation.find(each) for each in tokens(made))
    assert first is not None
    assert second is not None
    assert first.customer is not None
    assert first.customer.name == "王小明"
    assert first.customer_id != second.customer_id
    assert (first.language, first.expires_at) == ("zh-hans", until)


def test_who_is_known_stays_who_they_are(survey: Survey) -> None:
    for _ in range(2):
        personal.for_people(survey, personal.read(LIST.encode()))
    assert Customer.objects.count() == 2
    assert Invitation.objects.count() == 4


def test_who_wants_no_more_letters_gets_no_link(survey: Survey) -> None:
    personal.for_people(survey, personal.read(LIST.encode()))
    ann = Customer.objects.get(name="王小明")
    out = OptOut.objects.create(organization=survey.organization, customer=ann)
    assert optout.is_out(ann, "")
    assert [bool(each) for each in tokens(personal.for_people(survey, personal.read(LIST.encode())))] == [
        False, True,
    ]  # fmt: skip
    out.lifted_at = clock.now()
    out.save()
    assert all(tokens(personal.for_people(survey, personal.read(LIST.encode()))))


def test_links_for_nobody_in_particular_are_all_different(survey: Survey) -> None:
    made = personal.for_anybody(survey, 20)
    assert len(set(tokens(made))) == 20
    assert set(Invitation.objects.values_list("customer", "survey")) == {(None, survey.pk)}
    stored: list[Any] = list(Invitation.objects.values_list("token_digest", flat=True))
    assert not set(stored) & set(tokens(made))


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "empty", 0),
        (b"email\n", "empty", 0),
        (b"name\nAnn\n", "no_identity", 0),
        (b"email,email\na,b\n", "no_identity", 0),
        (b"email,name\na@b.c\n", "line", 2),
        (b"email,name\na@b.c,Ann\n,Bo\n", "line", 3),
        (b"email\n" + b"x" * 201, "line", 2),
        ("email\n王@b.c\n".encode("gbk"), "encoding", 0),
        (b"email\n" + b"a@b.c\n" * 5001, "too_many", 0),
    ],
)
def test_what_is_no_list_is_refused_with_its_line(content: bytes, code: str, line: int) -> None:
    with pytest.raises(NotAList) as refused:
        personal.read(content)
    assert (refused.value.code, refused.value.line) == (code, line)
