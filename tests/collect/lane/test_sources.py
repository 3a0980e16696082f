"""Messages of other tools become answers: genuine ones only, each once, with everything they said."""

import logging
from typing import Any

import pytest
from tests.collect.inbound.messages import MAPPINGS, MESSAGES, SECRETS, signed
from tests.collect.lane.caller import Request, talk

from mindgap.collect.inbound import source
from mindgap.collect.inbound.source import InboundSource
from mindgap.ground import clock
from mindgap.keep import incoming, recorder
from mindgap.keep.models import Answer, Arrival, Measure, Organization, Quarantine, Touchpoint

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Organization:
    shop = Organization.objects.create(code="shop", name={"en": "Shop"})
    Touchpoint.objects.create(organization=shop, code="delivery", name={"en": "Delivery"})
    for code, kind, minimum, maximum in (("recommend", "nps", 0, 10), ("satisfaction", "satisfaction", 1, 5)):
        Measure.objects.create(
            organization=shop, code=code, kind=kind, name={"en": code}, minimum=minimum, maximum=maximum
        )
    return shop


def made(shop: Organization, kind: str, **more: Any) -> InboundSource:
    mapping = {"touchpoint": "delivery", "channel": kind} | MAPPINGS[kind] | more
    return source.make(shop.pk, kind, kind, secret=SECRETS[kind], mapping=mapping)


def message(row: InboundSource, content: bytes, headers: dict[str, str]) -> Request:
    return ("POST", f"{source.PATH}{row.kind}/{row.short}", {"content": content, "headers": headers})


def genuine(row: InboundSource, found: dict[str, Any] | None = None) -> Request:
    return message(row, *signed(row.kind, found or MESSAGES[row.kind]))


def answers() -> list[incoming.Answer]:
    return [incoming.read(each.body) for each in Arrival.objects.order_by("seq")]  # type: ignore[misc]


@pytest.mark.parametrize("kind", MESSAGES)
def test_a_message_is_an_answer_with_its_scores_its_comment_and_its_instants(
    shop: Organization, kind: str
) -> None:
    (reply,) = talk("", genuine(made(shop, kind)))
    assert reply.status_code == 200, reply.text
    assert [each["state"] for each in reply.json()["receipts"]] == ["kept"]
    (told,) = answers()
    assert told.scores == {"recommend": 9.0, "satisfaction": 4.0}
    assert told.comment == "送货很快"
    assert (told.touchpoint, told.channel) == ("delivery", kind)
    assert told.answered_at.astimezone(clock.zone("Asia/Shanghai")).strftime("%m-%d %H:%M") in (
        "11-01 10:02",
        "11-01 10:01",
    )
    if kind in ("tencent", "wjx", "typeform"):
        assert told.interaction == "A1001"
    recorder.catch_up()
    assert Answer.objects.count() == 1
    assert Quarantine.objects.count() == 0


@pytest.mark.parametrize("kind", MESSAGES)
def test_the_same_message_again_is_the_same_answer_and_a_changed_one_corrects_it(
    shop: Organization, kind: str
) -> None:
    row = made(shop, kind)
    first, again = talk("", genuine(row), genuine(row))
    assert first.content == again.content
    assert Arrival.objects.count() == 1
    later = dict(MESSAGES[kind])
    if kind == "wjx":
        later["q3"] = "后来又坏了"
        talk("", genuine(row, later))
        recorder.catch_up()
        assert Answer.objects.get().comment == "后来又坏了"


@pytest.mark.parametrize("kind", ["wjx", "formbricks", "typeform"])
def test_a_forged_or_unsigned_message_is_refused_and_noted(
    shop: Organization, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    row = made(shop, kind)
    content, headers = signed(kind, MESSAGES[kind])
    bare = {"content-type": "application/json"}
    forged = content.replace(b'"index": "17"', b'"index": "18"') if kind == "wjx" else content + b" "
    unsigned = content.replace(b'"sign"', b'"nosign"')
    with caplog.at_level(logging.WARNING, "mindgap.audit"):
        replies = talk("", message(row, forged, headers), message(row, unsigned, bare))
    assert [each.status_code for each in replies] == [401, 401]
    assert replies[0].json()["error"]["code"] == "not_genuine"
    assert [record.name for record in caplog.records].count("mindgap.audit") == 2
    assert "送货" not in caplog.text
    row.refresh_from_db()
    assert row.refused_at is not None
    assert row.refused
    assert Arrival.objects.count() == 0


def test_a_signed_message_of_ten_minutes_ago_is_refused(shop: Organization) -> None:
    row = made(shop, "formbricks")
    for seconds in (-600, 600):
        old = signed("formbricks", MESSAGES["formbricks"], at=clock.now().timestamp() + seconds)
        assert talk("", message(row, *old))[0].status_code == 401
    assert Arrival.objects.count() == 0


def test_what_the_mapping_does_not_name_is_kept_as_an_attribute(shop: Organization) -> None:
    talk("", genuine(made(shop, "wjx")))
    talk("", genuine(made(shop, "haoke")))
    wjx, haoke = answers()
    assert wjx.attributes == {"timetaken": "52", "name": "满意度", "q4": "1,2"}
    assert haoke.attributes == {"region": "上海"}
    assert haoke.customer is not None
    assert haoke.customer.identities == {"haoke": "u1", "email": "wang@example.com", "phone": "13800001111"}


def test_a_score_that_is_no_number_waits_in_quarantine_with_its_reason(shop: Organization) -> None:
    row = made(shop, "wjx", scores={"q3": "satisfaction"})
    (reply,) = talk("", genuine(row))
    (told,) = reply.json()["receipts"]
    assert told["state"] == "quarantined"
    assert "scores" in told["reason"]
    recorder.catch_up()
    assert Quarantine.objects.get().source == "inbound:wjx"


def test_a_genuine_message_without_what_an_answer_needs_is_kept_whole(shop: Organization) -> None:
    found = {"object": "Answer", "action": "answer.create", "payload": {"survey_id": 1}}
    (reply,) = talk("", genuine(made(shop, "tencent"), found))
    assert reply.json()["receipts"][0]["reason"] == "answer_id is missing"
    recorder.catch_up()
    assert "answer.create" in str(Quarantine.objects.get().raw)


def test_an_answer_that_is_deleted_over_there_says_nothing_any_more(shop: Organization) -> None:
    row = made(shop, "tencent")
    deleted = MESSAGES["tencent"] | {"action": "answer.delete"}
    talk("", genuine(row), genuine(row, deleted))
    recorder.catch_up()
    assert answers()[1].scores == {}
    assert Answer.objects.get().comment == ""


def test_a_test_message_is_greeted_and_stores_nothing(shop: Organization) -> None:
    for kind, found in (
        ("tencent", {"object": "Test", "action": "webhook.test"}),
        ("typeform", {"event_type": "form_partial"}),
        ("formbricks", {"event": "responseCreated", "data": {"id": "1", "surveyId": "2", "finished": False}}),
        ("haoke", {"event_type": "ping"}),
    ):
        (reply,) = talk("", genuine(made(shop, kind), found))
        assert (reply.status_code, reply.json()) == (200, {"receipts": []})
    assert Arrival.objects.count() == 0


def test_an_address_that_is_not_there_is_not_told_apart_and_guessing_is_slowed_down(
    shop: Organization,
) -> None:
    """B4"""
    row = made(shop, "tencent")
    gone = made(shop, "haoke")
    InboundSource.objects.filter(pk=gone.pk).update(is_active=False)
    body = {"json": {}}
    wrong = [
        f"{source.PATH}tencent/wrong",
        f"{source.PATH}haoke/{gone.short}",
        f"{source.PATH}wjx/{row.short}",
    ]
    replies = talk("", *[("POST", path, body) for path in wrong])
    assert {(each.status_code, each.content) for each in replies} == {(404, replies[0].content)}
    many = talk("", *[("POST", wrong[0], body)] * 25, genuine(row))
    assert [each.status_code for each in many] == [404] * 20 + [429] * 6


def test_a_source_without_the_secret_or_with_a_wrong_mapping_is_not_made(shop: Organization) -> None:
    with pytest.raises(source.NotMade, match="secret"):
        source.make(shop.pk, "typeform", "t", secret="", mapping={})
    with pytest.raises(source.NotMade, match="scorse"):
        source.make(shop.pk, "haoke", "h", secret="", mapping={"scorse": {}})
    with pytest.raises(source.NotMade, match="there are: events, formbricks, haoke, tencent, typeform, wjx"):
        source.make(shop.pk, "delighted", "d", secret="", mapping={})


def test_the_secret_of_a_source_is_stored_encrypted(shop: Organization) -> None:
    row = made(shop, "typeform")
    assert SECRETS["typeform"] not in row.sealed
    assert row.secret() == SECRETS["typeform"]
