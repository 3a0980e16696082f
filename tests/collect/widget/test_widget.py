"""The widget's routes: only a site's own origins are answered, and nothing of whom is kept (R159)."""

import asyncio
import gzip
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest
from tests.collect.survey import every_type
from tests.collect.survey.conftest import limits, publish, shop

from mindgap.collect.lane.application import Lane
from mindgap.collect.lane.limits import Limits
from mindgap.collect.widget import offer, rule
from mindgap.collect.widget.site import WidgetCount, WidgetSite
from mindgap.keep import recorder
from mindgap.keep.models import Arrival, Interaction, Link, Measure, Organization, Promise, Survey, Touchpoint

__all__ = ["limits", "publish", "shop"]
pytestmark = pytest.mark.django_db(transaction=True)

HOST = "https://shop.example"
ELSEWHERE = "https://evil.example"
Request = tuple[str, str, dict[str, Any]]


@pytest.fixture
def visit(publish: Callable[..., Survey]) -> Survey:
    return publish(every_type.raw())


@pytest.fixture
def site(shop: Organization, visit: Survey) -> WidgetSite:
    """A site of the shop that shows its survey after ten seconds to every second visitor."""
    rules = [{"survey": visit.short, "delay": 10, "sample": 0.5}]
    return WidgetSite.objects.create(organization=shop, name="Web shop", origins=[HOST], rules=rules)


@pytest.fixture
def timed(site: WidgetSite, shop: Organization) -> WidgetSite:
    """The same, where pages are promised to load within two seconds."""
    seconds = Measure.objects.create(
        organization=shop, code="load", name="Load", kind="duration", unit="seconds", step="0.1", minimum=0,
        higher_is_better=False,
    )  # fmt: skip
    page = Touchpoint.objects.create(
        organization=shop, code="page", name="Page", kind="digital", measure=seconds
    )
    site.promise = Promise.objects.create(
        organization=shop, touchpoint=page, measure=seconds, code="two", name="Two seconds", quantity=20
    )
    site.save()
    return site


def ask(limits: Limits, *requests: Request) -> list[httpx.Response]:
    """Send requests to a lane, one after the other."""

    async def run() -> list[httpx.Response]:
        lane = Lane(body_max=100_000, queue_max=100, limits=limits)
        lane.start()
        transport = httpx.ASGITransport(app=lane)
        async with httpx.AsyncClient(transport=transport, base_url="http://lane") as client:
            replies = [await client.request(way, path, **more) for way, path, more in requests]
        await lane.stop()
        return replies

    return asyncio.run(run())


def get(site: WidgetSite, what: str, **headers: str) -> Request:
    return ("GET", f"/w/{site.short}/{what}", {"headers": headers})


def tell(site: WidgetSite, what: str, body: Any, *, origin: str = HOST) -> Request:
    headers = {"content-type": "text/plain;charset=UTF-8"} | ({"origin": origin} if origin else {})
    return ("POST", f"/w/{site.short}/{what}", {"content": msgspec.json.encode(body), "headers": headers})


def test_the_script_is_small_and_is_asked_for_again_without_being_sent_again(
    limits: Limits, site: WidgetSite
) -> None:
    (first,) = ask(limits, get(site, "widget.js", **{"accept-encoding": "gzip"}))
    assert first.status_code == 200
    assert first.headers["content-type"].startswith("text/javascript")
    assert len(gzip.compress(first.content)) <= 10_240
    (again,) = ask(limits, get(site, "widget.js", **{"if-none-match": first.headers["etag"]}))
    assert (again.status_code, again.content) == (304, b"")


def test_only_the_origins_of_the_site_are_told_the_rules(
    limits: Limits, site: WidgetSite, visit: Survey
) -> None:
    ours, others, null = ask(
        limits, *(get(site, "config.json", origin=each) for each in (HOST, ELSEWHERE, "null"))
    )
    assert ours.headers["access-control-allow-origin"] == HOST
    assert "origin" in ours.headers["vary"].lower()
    (told,) = ours.json()["rules"]
    assert (told["survey"], told["open"], told["delay"], told["sample"]) == (visit.short, True, 10, 0.5)
    for refused in (others, null):
        assert refused.status_code == 403
        assert "access-control-allow-origin" not in refused.headers


def test_a_site_that_is_switched_off_or_unknown_is_not_there(limits: Limits, site: WidgetSite) -> None:
    WidgetSite.objects.update(is_active=False)
    replies = ask(
        limits, get(site, "widget.js"), get(site, "config.json"), ("GET", "/w/nobody/widget.js", {}),
        ("GET", f"/w/{'x' * 200}/widget.js", {}), get(site, "else"),
    )  # fmt: skip
    assert [each.status_code for each in replies] == [404] * 5


def test_other_methods_are_refused(limits: Limits, site: WidgetSite) -> None:
    path = f"/w/{site.short}"
    replies = ask(limits, ("POST", f"{path}/widget.js", {}), ("GET", f"{path}/events", {}))
    assert [(each.status_code, each.headers["allow"]) for each in replies] == [
        (405, "GET, HEAD"),
        (405, "POST"),
    ]


def test_a_closed_survey_and_a_closed_link_say_so(limits: Limits, site: WidgetSite, visit: Survey) -> None:
    link = Link.objects.create(survey=visit, is_active=False)
    site.rules = [*site.rules, {"survey": link.short}]
    site.save()
    (reply,) = ask(limits, get(site, "config.json", origin=HOST))
    assert [each["open"] for each in reply.json()["rules"]] == [True, False]


def test_a_survey_of_another_organization_is_never_offered(limits: Limits, site: WidgetSite) -> None:
    other = Organization.objects.create(code="other", name="Other")
    foreign = Survey.objects.create(organization=other, code="theirs", state="live")
    site.rules = [{"survey": foreign.short}]
    site.save()
    (reply,) = ask(limits, get(site, "config.json", origin=HOST))
    assert reply.json()["rules"] == []


def test_what_became_of_offers_is_counted_by_day_and_nothing_else_is_kept(
    limits: Limits, site: WidgetSite, visit: Survey
) -> None:
    shown = {"survey": visit.short, "event": "shown"}
    replies = ask(
        limits,
        tell(site, "events", [shown]),
        tell(site, "events", [shown, {"survey": visit.short, "event": "dismissed"}]),
        tell(site, "events", [{"survey": "other", "event": "shown"}, {"survey": visit.short, "event": "x"}]),
        tell(site, "events", [shown], origin=ELSEWHERE),
        tell(site, "events", [shown], origin=""),
        tell(site, "events", [{**shown, "email": "a@example.org"}]),
        tell(site, "events", [shown] * 200),
    )
    assert [each.status_code for each in replies] == [202, 202, 202, 403, 403, 400, 413]
    counts = {each.event: each.count for each in WidgetCount.objects.filter(survey=visit, site=site)}
    assert counts == {"shown": 2, "dismissed": 1}
    assert not Arrival.objects.exists()


def test_a_page_load_becomes_an_interaction_at_the_touchpoint_of_the_promise(
    limits: Limits, timed: WidgetSite
) -> None:
    load = {"page": "/orders/*", "lcp": 2345.6, "cls": 0.0312, "inp": 120, "ttfb": 80.4}
    (config,) = ask(limits, get(timed, "config.json", origin=HOST))
    assert config.json()["loads"] == 0.1
    (reply,) = ask(limits, tell(timed, "loads", load))
    assert reply.status_code == 202
    recorder.catch_up()
    kept = Interaction.objects.get()
    assert (kept.touchpoint.code, kept.value, kept.promised, kept.customer_id) == ("page", 23, 20, None)
    assert kept.attributes == {"page": "/orders/*", "cls": "0.031", "inp_ms": "120.000", "ttfb_ms": "80.400"}


def test_a_page_load_that_cannot_be_is_not_kept(limits: Limits, timed: WidgetSite) -> None:
    replies = ask(
        limits,
        *(tell(timed, "loads", {"page": "/", "lcp": lcp}) for lcp in (0, -5, 1e9)),
        tell(timed, "loads", {"page": "/", "lcp": "fast"}),
        tell(timed, "loads", {"page": "/", "lcp": 900}, origin=ELSEWHERE),
    )
    assert [each.status_code for each in replies] == [202, 202, 202, 400, 403]
    assert not Arrival.objects.exists()


def test_without_a_promise_no_page_load_is_measured(limits: Limits, site: WidgetSite) -> None:
    config, load = ask(
        limits, get(site, "config.json", origin=HOST), tell(site, "loads", {"page": "/", "lcp": 900})
    )
    assert (config.json()["loads"], load.status_code) == (0, 202)
    assert not Arrival.objects.exists()


def test_the_origins_of_a_site_may_frame_the_surveys_of_its_organization_alone(
    limits: Limits, site: WidgetSite, visit: Survey
) -> None:
    site.origins = ["https://other.example"]
    site.save()
    plain, framed = ask(
        limits, ("GET", f"/s/{visit.short}", {}), ("GET", f"/s/{visit.short}", {"params": {"embed": "1"}})
    )
    assert "other.example" not in plain.headers["content-security-policy"]
    assert framed.headers["content-security-policy"].endswith(
        "frame-ancestors 'self' https://shop.example https://other.example"
    )
    assert offer.framers(visit.organization_id + 1) == ()


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("https://Shop.example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://localhost:8000", "http://localhost:8000"),
    ],
)
def test_an_origin_is_stored_as_browsers_send_it(given: str, stored: str) -> None:
    assert rule.origin(given) == stored


@pytest.mark.parametrize(
    "given",
    ["shop.example", "*", "https://*", "https://a b", "https://a/path", "https://u@a", "javascript:x", "null",
     "https://a;script-src *", "https://商店.example"],
)  # fmt: skip
def test_what_is_no_origin_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="no origin"):
        rule.origin(given)


@pytest.mark.parametrize(
    "wrong",
    [{"sample": 2}, {"scroll": 101}, {"delay": -1}, {"every_days": -1}, {"mode": "inline"}, {"into": "#a"},
     {"mode": "banner"}, {"colour": "red"}],
)  # fmt: skip
def test_a_rule_that_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        rule.read([{"survey": "abc", **wrong}])
