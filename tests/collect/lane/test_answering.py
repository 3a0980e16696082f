"""The answering pages over HTTP: looking stores nothing, sending stores once, and what cannot be taken is said."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import msgspec
import pytest
from tests.collect.survey import every_type
from tests.collect.survey.respondent import Respondent

from mindgap.collect.lane.limits import Limits
from mindgap.collect.survey import address
from mindgap.collect.survey.state import Seal
from mindgap.ground import clock
from mindgap.keep import incoming, invitation, recorder, submissions
from mindgap.keep.models import Arrival, Customer, Identity, Link, Organization, Survey, Unit

pytestmark = pytest.mark.django_db(transaction=True)

ONE = {"one": {"nps": ["9"], "text": ["Late again"]}}


def short_survey(**more):
    """One page: a score and a comment."""
    questions = [
        every_type.question("nps", measure="recommend", required=True),
        every_type.question("text", long=True, most=500),
    ]
    raw = every_type.raw()
    return {**raw, "pages": [{"code": "one", "questions": questions}], **more}


def stored(kind: str):
    """The bodies of what arrived of one kind, in order."""
    read = incoming.read_submission if kind == "submission" else incoming.read
    return [read(each.body) for each in Arrival.objects.filter(kind=kind)]


def keep_up() -> None:
    """Let the readers of arrivals do their work."""
    recorder.catch_up()
    submissions.catch_up()


def test_looking_stores_nothing_however_often_and_with_whatever_method(
    ann: Respondent, visit: Survey
) -> None:
    """B6: scanners open each link several times."""
    path = address.path(visit.short, first="9")
    for method, where in (("HEAD", path), ("GET", path), ("GET", path), ("GET", path + "%27"), ("GET", path)):
        assert ann.talk((method, where, {}))[0].status == 200
    assert Arrival.objects.count() == 0


def test_a_one_click_link_preselects_and_is_stored_only_when_it_is_sent(
    ann: Respondent, visit: Survey
) -> None:
    """B6, R41."""
    shown = ann.open(address.path(visit.short, first="9"))
    assert shown.is_chosen("nps", "9")
    assert "You chose 9" in shown.text
    assert Arrival.objects.count() == 0
    assert not ann.open(address.path(visit.short, first="11")).is_chosen("nps", "11")


def test_every_type_is_stored_as_it_was_answered(ann: Respondent, visit: Survey) -> None:
    end = ann.answer_all(f"/s/{visit.short}", every_type.FIELDS)
    assert "Thank you for your time" in end.text
    told = stored("submission")
    assert [each.state for each in told] == ["partial", "partial", "partial", "finished"]
    last = told[-1]
    flat = {"matrix.price": 4, "matrix.speed": None, "pair.got": 3, "contact.email": "ann@shop.example"}
    plain = {name: value for name, value in every_type.VALUES.items() if not isinstance(value, dict)}
    assert (plain | flat).items() <= last.answers.items()
    assert set(last.seconds) == set(every_type.FIELDS)
    assert [(each.purpose, each.given) for each in last.consents] == [("contact", True)]
    (answer,) = stored("answer")
    assert answer.key == last.key
    assert answer.touchpoint == "store"
    assert answer.scores == {
        "recommend": 9, "faces": 4, "satisfaction": 5, "effort": 6, "clean": 1.5, "emotion": 2,
        "value": 4, "friendly": 3, "days": 4,
    }  # fmt: skip
    assert {(each.measure, each.kind, each.value, each.source) for each in answer.expected} == {
        ("friendly", "should", 5, ""),
        ("friendly", "will", 4, ""),
        ("days", "will", 2, "advertising"),
        ("pieces", "will", 3, ""),
    }
    assert answer.comment == every_type.VALUES["text"]
    assert answer.attributes["q.multiple"] == "price,speed"


def test_double_click_reload_and_back_are_one_answer(ann: Respondent, publish: Callable[..., Survey]) -> None:
    """B1, B2."""
    path = f"/s/{publish(short_survey()).short}"
    shown = ann.open(path)
    twice = ann.talk(*[ann.post(shown, ONE["one"])] * 5, at_once=True)
    assert {each.status for each in twice} == {200}
    assert all("Thank you for your time" in each.text for each in twice)
    again = ann.send(shown, {"nps": ["2"], "text": ["changed my mind"]})
    assert "Thank you for your time" in again.text
    assert [each.scores for each in stored("answer")] == [{"recommend": 9}]
    assert len(stored("submission")) == 1


def test_two_tabs_of_a_personal_link_are_one_answer(ann: Respondent, publish: Callable[..., Survey]) -> None:
    """B1, B3."""
    made = publish(short_survey())
    _, token = invitation.make(made)
    tabs = [ann.open(f"/s/{made.short}/{token}") for _ in range(2)]
    replies = ann.talk(*[ann.post(tab, {"nps": [str(n)]}) for n in range(10) for tab in tabs], at_once=True)
    assert {each.status for each in replies} == {200}
    assert len(stored("answer")) == 1
    assert len(stored("submission")) == 1


def test_an_invitation_brings_whom_and_where_and_an_address_cannot_change_it(
    ann: Respondent, publish: Callable[..., Survey], shop: Organization
) -> None:
    made = publish(short_survey())
    customer = Customer.objects.create(id=7, organization=shop, segments={"tier": "gold"})
    Identity.objects.create(organization=shop, customer=customer, kind="email", value="ann@shop.example")
    unit = Unit.objects.create(organization=shop, code="north", name={"en": "North"})
    _, token = invitation.make(
        made, customer=customer, unit=unit, channel="email", language="zh-hant", hidden={"order": "o-1"}
    )
    shown = ann.open(f"/s/{made.short}/{token}?order=o-2&store=south&campaign=spring&city=Lin%27an")
    assert 'lang="zh-Hant"' in shown.text
    ann.send(shown, ONE["one"])
    (answer,) = stored("answer")
    assert answer.customer.identities == {"email": "ann@shop.example"}
    assert (answer.unit, answer.channel, answer.language) == ("north", "email", "zh-hant")
    assert answer.segments == {"tier": "gold", "city": "Lin'an"}
    assert answer.attributes["campaign"] == "spring"
    assert stored("submission")[0].hidden["order"] == "o-1"


def test_an_address_cannot_make_up_units(
    ann: Respondent, publish: Callable[..., Survey], shop: Organization
) -> None:
    made = publish(short_survey())
    Unit.objects.create(organization=shop, code="north", name={"en": "North"})
    for code in ("north", "nowhere"):
        ann.send(ann.open(f"/s/{made.short}?store={code}"), ONE["one"])
    assert [each.unit for each in stored("answer")] == ["north", ""]


def test_a_link_of_a_store_says_where_it_hangs(ann: Respondent, publish: Callable[..., Survey], shop) -> None:
    unit = Unit.objects.create(organization=shop, code="north", name={"en": "North"})
    link = Link.objects.create(
        survey=publish(short_survey()), unit=unit, channel="qr", hidden={"campaign": "till"}
    )
    ann.answer_all(f"/s/{link.short}", ONE)
    (answer,) = stored("answer")
    assert (answer.unit, answer.channel, answer.attributes["campaign"]) == ("north", "qr", "till")
    assert stored("submission")[0].link == link.short


def test_faults_are_shown_and_nothing_of_the_other_fields_is_lost(ann: Respondent, visit: Survey) -> None:
    """B7, B9."""
    shown = ann.open(f"/s/{visit.short}?lang=zh-hans")
    reply = ann.send(shown, {"nps": ["11"], "stars": ["3"], "faces": ["4.5"], "effort": ["6"]})
    assert reply.status == 422
    assert reply.text.count('class="fault"') == 2
    assert "请从所列选项中选择" in reply.text
    assert reply.is_chosen("stars", "3")
    assert reply.is_chosen("effort", "6")
    assert "autofocus" in reply.text
    assert Arrival.objects.count() == 0


def test_a_missing_answer_is_asked_for_and_then_taken(ann: Respondent, visit: Survey) -> None:
    shown = ann.send(ann.open(f"/s/{visit.short}"), {"faces": ["4"]})
    assert shown.status == 422
    assert ann.send(shown, {"nps": ["0"], "faces": ["4"]}).status == 200
    assert stored("submission")[0].answers == {"nps": 0, "faces": 4}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("%ED%A0%80", "cannot be stored"),
        ("a%00b", "cannot be stored"),
        ("%FF%FE", "cannot be stored"),
        ("x" * 5_000_000, "at most 500"),
    ],
)
def test_text_that_cannot_be_stored_is_refused_with_words(
    ann: Respondent, publish: Callable[..., Survey], text: str, code: str
) -> None:
    """B9."""
    shown = ann.open(f"/s/{publish(short_survey()).short}")
    body = f"_s={shown.sealed}&nps=9&text={text}".encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    (reply,) = ann.talk(("POST", shown.action, {"content": body, "headers": headers}))
    assert reply.status == 422
    assert code in reply.text
    assert reply.is_chosen("nps", "9")
    assert len(reply.text) < 60_000
    assert Arrival.objects.count() == 0


def test_ten_thousand_choices_are_one_fault(ann: Respondent, visit: Survey) -> None:
    """B7."""
    shown = ann.send(ann.open(f"/s/{visit.short}"), every_type.FIELDS["scored"])
    reply = ann.send(shown, {**every_type.FIELDS["chosen"], "multiple": [str(n) for n in range(10_000)]})
    assert reply.status == 422
    assert reply.text.count('class="fault"') == 1


def test_answers_that_are_repeated_on_a_page_stay_text(
    ann: Respondent, publish: Callable[..., Survey]
) -> None:
    """B8."""
    raw = short_survey()
    raw["ends"] = [{"code": "thanks", "text": {"en": "You said: {{text}} {{7*7}} {{request.user.password}}"}}]
    shown = ann.open(f"/s/{publish(raw).short}")
    end = ann.send(shown, {"nps": ["1"], "text": ['<img src=x onerror="alert(1)">{{nps}}']})
    assert "You said: &lt;img src=x onerror=&quot;alert(1)&quot;&gt;{{nps}} {{7*7}} </p>" in end.text


def test_back_and_another_language_keep_what_was_typed_and_store_nothing(
    ann: Respondent, visit: Survey
) -> None:
    shown = ann.send(ann.open(f"/s/{visit.short}"), every_type.FIELDS["scored"])
    count = Arrival.objects.count()
    other = ann.send(shown, {"single": ["web"], "multiple": ["wrong"]}, _lang="zh-hant")
    assert 'lang="zh-Hant"' in other.text
    assert "您在哪裡下單" in other.text
    assert other.is_chosen("single", "web")
    back = ann.send(other, {"single": ["shop"]}, _go="back")
    assert back.is_chosen("nps", "9")
    assert Arrival.objects.count() == count
    again = ann.send(back, every_type.FIELDS["scored"])
    assert again.is_chosen("single", "shop")


def test_a_question_that_an_answer_brings_up_is_shown_before_the_page_is_left(
    ann: Respondent, publish: Callable[..., Survey]
) -> None:
    raw = short_survey()
    raw["pages"][0]["questions"][1]["show_if"] = {"all": [{"column": "nps", "op": "at_most", "value": 6}]}
    path = f"/s/{publish(raw).short}"
    shown = ann.open(path)
    assert "text" not in shown.names
    more = ann.send(shown, {"nps": ["3"]})
    assert more.status == 200
    assert "text" in more.names
    assert Arrival.objects.count() == 0
    assert "Thank you" in ann.send(more, {"nps": ["3"], "text": ["slow"]}).text
    assert stored("answer")[0].comment == "slow"
    assert "Thank you" in ann.send(ann.open(path), {"nps": ["9"]}).text


def test_a_full_quota_shows_its_end_and_keeps_the_submission_apart(
    ann: Respondent, publish: Callable[..., Survey]
) -> None:
    quota = {
        "code": "promoters",
        "limit": 2,
        "end": "full",
        "when": {"all": [{"column": "nps", "op": "at_least", "value": 9}]},
    }
    path = f"/s/{publish(short_survey(quotas=[quota])).short}"
    forms = [ann.open(path) for _ in range(6)]
    replies = ann.talk(*[ann.post(each, {"nps": ["9"]}) for each in forms], at_once=True)
    assert sum("We have enough answers" in each.text for each in replies) == 4
    assert "Thank you" in ann.answer_all(path, {"one": {"nps": ["3"]}}).text
    assert len(stored("answer")) == 3
    assert sorted(each.state for each in stored("submission")) == ["finished"] * 3 + ["over_quota"] * 4
    # Sent again, it is over as before.
    late = next(form for form, reply in zip(forms, replies, strict=True) if "enough" in reply.text)
    assert "We have enough answers" in ann.send(late, {"nps": ["9"]}).text
    assert len(stored("answer")) == 3


def test_whoever_was_invited_goes_on_where_they_left_off_on_another_device(
    ann: Respondent, limits: Limits, visit: Survey, shop: Organization
) -> None:
    """B10."""
    _, token = invitation.make(visit)
    path = f"/s/{visit.short}/{token}"
    shown = ann.send(ann.open(path), every_type.FIELDS["scored"])
    ann.send(shown, every_type.FIELDS["chosen"])
    keep_up()
    with clock.frozen(clock.now() + timedelta(days=3)):
        phone = Respondent(limits)
        left = phone.open(path)
        assert {"pair.got", "date"} <= left.names
        back = phone.send(left, {}, _go="back")
        assert back.is_chosen("single", "else")
        shown = phone.send(back, every_type.FIELDS["chosen"])
        for page in ("sides", "said"):
            shown = phone.send(shown, every_type.FIELDS[page])
    assert "Thank you" in shown.text
    assert stored("answer")[0].scores["recommend"] == 9
    keep_up()
    assert ann.open(path).status == 410
    assert "already" in ann.open(path).text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "does not work"), ("zh-CN", "链接无效"), ("zh-TW", "連結無效"), ("fr", "does not work")],
)
def test_an_address_that_leads_nowhere_says_so_in_the_readers_language(
    ann: Respondent, visit: Survey, language: str, words: str
) -> None:
    for path in ("/s/nothing", f"/s/{visit.short}/wrong-token", f"/s/{visit.short}/a/b", "/s/"):
        shown = ann.open(path, **{"accept-language": language})
        assert shown.status == 404
        assert words in shown.text


def test_closed_expired_and_revoked_are_gone(ann: Respondent, publish: Callable[..., Survey]) -> None:
    made = publish(short_survey())
    _, late = invitation.make(made, expires_at=clock.now() - timedelta(days=1))
    assert ann.open(f"/s/{made.short}/{late}", **{"accept-language": "zh-TW"}).status == 410
    shown = ann.open(f"/s/{made.short}")
    Survey.objects.update(state="closed")
    assert ann.open(f"/s/{made.short}").status == 410
    assert ann.send(shown, ONE["one"]).status == 410
    assert Arrival.objects.count() == 0


def test_a_state_that_was_changed_or_is_of_another_survey_is_refused(
    ann: Respondent, publish: Callable[..., Survey]
) -> None:
    one, other = publish(short_survey()), publish(short_survey(), code="other")
    shown = ann.open(f"/s/{one.short}")
    for sealed in ("", "x", shown.sealed[:-4] + "AAAA", "A" + shown.sealed[1:]):
        assert ann.send(shown, ONE["one"], _s=sealed).status == 400
    shown.action = f"/s/{other.short}"
    assert ann.send(shown, ONE["one"]).status == 400
    assert Arrival.objects.count() == 0


def test_a_personal_visit_cannot_be_sent_without_its_token(
    ann: Respondent, publish: Callable[..., Survey]
) -> None:
    """B3."""
    made = publish(short_survey())
    tokens = [invitation.make(made)[1] for _ in range(2)]
    shown = ann.open(f"/s/{made.short}/{tokens[0]}")
    for action in (f"/s/{made.short}", f"/s/{made.short}/{tokens[1]}"):
        shown.action = action
        assert ann.send(shown, ONE["one"]).status == 400
    assert Arrival.objects.count() == 0


def test_guessing_tokens_is_slowed_down_per_address_and_a_forged_header_does_not_help(
    ann: Respondent, publish: Callable[..., Survey]
) -> None:
    """B4, B5."""
    made = publish(short_survey())
    _, token = invitation.make(made)
    tries = [
        ("GET", f"/s/{made.short}/{n}", {"headers": {"x-forwarded-for": f"203.0.113.{n}"}}) for n in range(25)
    ]
    replies = ann.talk(*tries, ("GET", f"/s/{made.short}/{token}", {}), ("GET", f"/s/{made.short}", {}))
    assert [each.status for each in replies] == [404] * 20 + [429] * 6 + [200]
    assert replies[20].headers["retry-after"] == "60"


def test_what_cannot_be_stored_now_is_not_lost(limits: Limits, publish: Callable[..., Survey]) -> None:
    """K4: 503, Retry-After, the same page filled in."""

    ann, unlucky = Respondent(limits), Respondent(limits, is_started=False)
    shown = ann.open(f"/s/{publish(short_survey()).short}")
    reply = unlucky.send(shown, ONE["one"])
    assert reply.status == 503
    assert int(reply.headers["retry-after"]) > 0
    assert "Late again" in reply.text
    assert "Nothing is lost" in reply.text
    assert "Thank you" in ann.send(reply, ONE["one"]).text
    assert len(stored("answer")) == 1


def test_the_suspect_are_flagged_and_kept(ann: Respondent, visit: Survey) -> None:
    """B5."""
    shown = ann.open(f"/s/{visit.short}")
    ann.send(shown, {"nps": ["9"], "stars": ["3"], "faces": ["3"], "_homepage": ["https://spam.example"]})
    (told,) = stored("submission")
    assert told.flags == ("honeypot", "too_fast")


def test_many_from_one_address_are_flagged(ann: Respondent, publish: Callable[..., Survey]) -> None:
    """B5."""
    path = f"/s/{publish(short_survey()).short}"
    forms = [ann.open(path) for _ in range(2)]
    requests = [ann.post(forms[0], {"nps": ["9"]})] * 30 + [ann.post(forms[1], {"nps": ["9"]})]
    ann.talk(*requests)
    assert [each.flags for each in stored("submission")] == [(), ("crowd",)]


def test_a_trial_makes_no_answer_and_needs_a_signed_mark(
    ann: Respondent, limits: Limits, visit: Survey
) -> None:
    end = ann.answer_all(address.preview_path(visit.short, Seal(limits.secret)), every_type.FIELDS)
    assert "Test: nothing of this is counted" in end.text
    assert [each.kind for each in Arrival.objects.all()] == ["submission"]
    assert "Test:" not in ann.open(f"/s/{visit.short}?test=1").text


def test_headers_let_in_nothing_foreign_and_leak_no_address(ann: Respondent, visit: Survey) -> None:
    headers = ann.open(f"/s/{visit.short}").headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert policy.endswith("frame-ancestors 'self'")
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "private, no-cache"
    _, token = invitation.make(visit)
    for path in (f"/s/{visit.short}/{token}", f"/s/{visit.short}?nps=9", "/s/unknown"):
        assert ann.open(path).headers["cache-control"] == "no-store"
    framed = ann.open(f"/s/{visit.short}?embed=1").headers["content-security-policy"]
    assert framed.endswith("frame-ancestors 'self' https://shop.example")


def test_a_visit_ends_with_the_version_it_began_with(ann: Respondent, publish: Callable[..., Survey]) -> None:
    made = publish(short_survey())
    shown = ann.open(f"/s/{made.short}")
    raw = short_survey()
    raw["pages"][0]["questions"][0]["code"] = "other"
    publish(raw, number=2)
    ann.send(shown, ONE["one"])
    assert [each.version for each in stored("submission")] == [1]
    assert "other" in ann.open(f"/s/{made.short}").names


def test_a_file_is_stored_under_a_random_name_and_stays_when_another_field_is_wrong(
    ann: Respondent, publish: Callable[..., Survey], limits: Limits
) -> None:
    """B12."""
    raw = short_survey()
    raw["pages"][0]["questions"].append(every_type.question("file", accepts=["png"], most=1, required=True))
    shown = ann.open(f"/s/{publish(raw).short}")
    png = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40 + b"IEND\xaeB`\x82"
    files = {"file": ("../../<img onerror=1>.png", png, "text/html")}
    (reply,) = ann.talk(("POST", shown.action, {"data": {"_s": shown.sealed}, "files": files}))
    assert reply.status == 422
    assert "Received: img onerror=1.png" in reply.text
    end = ann.talk(
        ("POST", reply.action, {"data": {"_s": reply.sealed, "nps": "9"}, "files": {"file": ("", b"")}})
    )[0]
    assert "Thank you" in end.text
    kept = stored("submission")[0].answers["file"]
    assert kept["type"] == "image/png"
    (place,) = [path for path in limits.folder.rglob("*") if path.is_file()]
    assert place.name == kept["file"]
    assert place.read_bytes() == png
    assert place.stat().st_mode & 0o77 == 0


def test_ids_of_what_is_sent_follow_from_the_submission(ann: Respondent, visit: Survey) -> None:
    """B2: page after page, all of one key."""
    ann.answer_all(f"/s/{visit.short}", every_type.FIELDS)
    told = stored("submission")
    assert len({each.key for each in told}) == 1
    assert all(one.changed_at <= other.changed_at for one, other in pairwise(told))
    assert msgspec.json.encode(told[-1])
