"""Erasures: requests with clocks and proofs, for those who keep the organization's data (P10)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.show.conftest import sign_in

from mindgap.collect.erasure import run
from mindgap.ground import clock
from mindgap.keep import erasure
from mindgap.keep.models import Customer, Erasure, Identity, Organization


@pytest.fixture
def keeper(bare: Organization) -> Client:
    return sign_in(bare, "kim", roles=["cx_manager"])


@pytest.fixture
def bo(bare: Organization) -> Customer:
    made = Customer.objects.create(id=1_000_001, organization=bare, name="Bo")
    Identity.objects.create(organization=bare, customer=made, kind="email", value="bo@shop.example")
    return made


@pytest.mark.django_db(transaction=True)
def test_whoever_asks_by_telephone_is_entered_and_forgotten(keeper: Client, bo: Customer) -> None:
    assert "Nobody asked to be forgotten" in keeper.get("/erasures/").content.decode()
    unsure = keeper.post("/erasures/", {"who": "bo@shop.example"})
    unknown = keeper.post("/erasures/", {"who": "chen@shop.example", "is_sure": "on"})
    assert (unsure.status_code, unknown.status_code) == (422, 422)
    assert "Nobody is known by this" in unknown.content.decode()
    assert not Erasure.objects.exists()
    keeper.post("/erasures/", {"who": "BO@shop.example ", "is_sure": "on"})
    assert "due by" in keeper.get("/erasures/").content.decode()
    run.run_next()
    assert not Customer.objects.exists()
    done = Erasure.objects.get()
    assert (done.source, str(done.member)) == ("office", "Kim")
    page = keeper.get("/erasures/").content.decode()
    assert "Scores stay, with nobody behind them" in page
    assert "bo@shop.example" not in page
    assert "due by" not in page


def test_the_policy_is_chosen(keeper: Client, bare: Organization) -> None:
    keeper.post("/erasures/policy/", {"readings": "removed"})
    assert erasure.policy(bare.pk).readings == "removed"
    keeper.post("/erasures/policy/", {"readings": "sold"})
    assert erasure.policy(bare.pk).readings == "removed"


def test_a_request_that_is_late_or_failed_says_so(keeper: Client, bo: Customer) -> None:
    asked = erasure.ask(bo.organization_id, source="preferences", customer=bo)
    Erasure.objects.filter(pk=asked.pk).update(
        due_at=clock.now() - timedelta(seconds=1), problem="OSError", attempts=5
    )
    page = keeper.get("/erasures/").content.decode()
    assert "is-worse" in page
    assert "The last try failed (OSError)" in page


@pytest.mark.parametrize("role", ["analyst", "executive", "front_line"])
def test_others_neither_see_nor_ask(bare: Organization, bo: Customer, role: str) -> None:
    other = sign_in(bare, "dora", roles=[role], personal_data="full")
    assert other.get("/erasures/").status_code == 403
    assert other.post("/erasures/", {"who": "bo@shop.example", "is_sure": "on"}).status_code == 403
    assert other.post("/erasures/policy/", {"readings": "removed"}).status_code == 403
    assert not Erasure.objects.exists()


def test_a_keeper_of_another_organization_finds_nobody(bo: Customer) -> None:
    elsewhere = Organization.objects.create(code="elsewhere", name={"en": "Elsewhere"})
    outsider = sign_in(elsewhere, "olga", roles=["admin"])
    assert outsider.post("/erasures/", {"who": "bo@shop.example", "is_sure": "on"}).status_code == 422
    erasure.ask(bo.organization_id, source="office", customer=bo)
    assert "Nobody asked to be forgotten" in outsider.get("/erasures/").content.decode()


def test_the_rail_says_that_erasures_belong_to_the_settings(ann: Client) -> None:
    page = ann.get("/erasures/").content.decode()
    assert re.search(r'href="/settings/" aria-current="page"', page)
