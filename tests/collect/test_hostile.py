"""Hostile things that belong to no part alone: pictures, foreign frames, fields nobody may set, errors that tell (A, C)."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.collect.lane.caller import post, talk
from tests.collect.survey import every_type
from tests.collect.survey.conftest import ann, limits, publish, shop, visit
from tests.collect.survey.respondent import Respondent

from mindgap.collect import key
from mindgap.collect.models import Key
from mindgap.collect.survey import attachment
from mindgap.collect.survey.attachment import Upload
from mindgap.collect.survey.fault import Fault
from mindgap.keep import definition, recorder
from mindgap.keep.definition import Question
from mindgap.keep.models import Answer, Arrival, Organization, Quarantine, Survey

__all__ = ["ann", "limits", "publish", "shop", "visit"]

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
PICTURES = (
    b'<svg xmlns="http://www.w3.org/2000/svg"><a href="javascript:alert(1)"><text>x</text></a></svg>',
    b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    b'<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><body onload="alert(1)"/></foreignObject></svg>',
    b'<?xml version="1.0"?><!DOCTYPE svg SYSTEM "https://evil.example/x.dtd"><svg/>',
    b"\xff\xd8\xff\xe0 a picture, and <svg onload=alert(1)> behind it",
)
SECRETS = re.compile(
    r"(?i)select |insert |traceback|sqlite|psycopg|/site-packages/|\.py\b|\d+\.\d+\.\d+|django"
)


@pytest.mark.parametrize("content", PICTURES)
@pytest.mark.parametrize("name", ["x.svg", "x.png", "x.txt"])
def test_a_drawing_that_acts_is_no_picture(content: bytes, name: str) -> None:
    """A3: whatever its name, also when the author asks for drawings."""
    asked = Question("file", "file", {"en": "File"}, accepts=("svg", "png", "jpg", "txt"))
    with pytest.raises(Fault):
        attachment.check(Upload(name, content), asked)


def test_no_part_of_a_survey_shows_a_frame_or_a_video(ann: Respondent, visit: Survey) -> None:
    """A4: nothing from elsewhere but a logo, and the policy lets nothing else in."""
    assert not {"video", "frame", "iframe", "embed", "html"} & set(definition.TYPES)
    shown = ann.open(f"/s/{visit.short}")
    assert not re.search(r"<(?:iframe|video|embed|object|audio)\b", shown.text)
    policy = shown.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert not re.search(r"(?:frame|child|media|object)-src (?!'none')", policy)


@pytest.mark.parametrize(
    "more",
    [
        {"organization": 2}, {"tenant": "other"}, {"state": "kept"}, {"verified": True}, {"received_at": "2020-01-01"},
        {"seq": 1}, {"source": "import:1"}, {"is_test": True}, {"digest": "x"},
    ],
)  # fmt: skip
def test_a_sender_sets_nothing_but_what_is_described(shop: Organization, more: dict[str, object]) -> None:
    """C3: kept aside with words, never taken over."""
    other = Organization.objects.create(code="other", name={"en": "Other"})
    secret = key.make(shop.pk, "till")[1]
    answer = {"key": "a1", "answered_at": "2026-11-01T10:00:00Z", "comment": "fine"}
    (reply,) = talk(secret, post(answer | more))
    assert reply.status_code == 200
    recorder.catch_up()
    assert not Answer.objects.exists()
    assert set(Arrival.objects.values_list("organization", "source")) == {
        (shop.pk, Arrival.objects.get().source)
    }
    assert "import" not in Arrival.objects.get().source
    assert Quarantine.objects.get().organization_id == shop.pk
    assert not Quarantine.objects.filter(organization=other).exists()


def test_a_key_is_stored_as_a_digest_and_known_by_its_beginning(shop: Organization) -> None:
    """C6."""
    secret = key.make(shop.pk, "till")[1]
    assert secret.startswith("mg_")
    stored = json.dumps(list(Key.objects.values()), default=str)
    assert secret not in stored
    assert secret[3:] not in stored


@pytest.mark.parametrize("body", ["{", '{"key": 1}', '[{"answered_at": "x"}]', '{"id": "not-an-id"}', "\x00"])
def test_an_error_says_what_to_do_and_nothing_of_the_inside(shop: Organization, body: str) -> None:
    """C9."""
    secret = key.make(shop.pk, "till")[1]
    asks = [
        (
            "POST",
            "/c/v1/answers",
            {"content": body.encode(), "headers": {"content-type": "application/json"}},
        ),
        ("POST", "/c/v1/nowhere", {"content": body.encode()}),
        ("GET", "/c/v1/answers?fields=password&sort=password&expand=organization", {}),
    ]
    for reply in talk(secret, *asks):
        assert reply.status_code < 500
        assert not SECRETS.search(reply.text), reply.text
        assert secret not in reply.text
        assert "server" not in reply.headers


def test_what_is_asked_for_in_an_address_changes_no_reply(shop: Organization) -> None:
    """C11: nothing is expanded, chosen or sorted by what an address says."""
    secret = key.make(shop.pk, "till")[1]
    answer = {
        "id": "0192f0c1-7c2e-7b3a-9d5e-3f1f6a2b4c5d",
        "key": "a1",
        "answered_at": "2026-11-01T10:00:00Z",
    }
    plain, asked = talk(
        secret, post(answer), post(answer, "/c/v1/answers?fields=secret&sort=password&expand=customer")
    )
    assert plain.json() == asked.json()


def test_the_table_names_tests_that_exist_and_cite_the_code(publish: Callable[..., Survey]) -> None:
    """Each line of docs/hostile.md leads to files that are there; at least one of them cites the code."""
    table = (ROOT / "docs/hostile.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| ([ABC]\d+) \|.*\| ([^|]+) \|$", table, re.MULTILINE)
    assert len(lines) >= 30
    assert every_type.raw()
    for code, shown in lines:
        files = re.findall(r"`([^`]+\.py)`", shown)
        assert files, code
        texts = [(ROOT / each).read_text(encoding="utf-8") for each in files]
        assert any(re.search(rf"\b{code}\b", text) for text in texts), code
