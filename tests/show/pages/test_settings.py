"""Settings: what an organization declares, who belongs to it; only its keepers may change anything."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries
from tests.show.conftest import sign_in

from mindgap.collect.key import Key
from mindgap.collect.sample import company
from mindgap.keep.models import Channel, Measure, Member, Metric, Organization, Stage, Touchpoint, Unit
from mindgap.show.pages.settings.register import REGISTERS, SECTIONS

PAGES = [
    "/settings/",
    "/settings/organization/",
    "/settings/members/",
    "/settings/members/new/",
    *(f"/settings/{code}/" for code in SECTIONS),
]


@pytest.mark.parametrize("path", PAGES)
def test_keepers_open_every_page_and_nobody_else_does(
    organization: Organization, ann: Client, bo: Client, dora: Client, path: str
) -> None:
    manager = sign_in(organization, "eve", roles=["cx_manager"])
    assert [client.get(path).status_code for client in (ann, manager, bo, dora)] == [200, 200, 403, 403]


@pytest.mark.parametrize("kind", REGISTERS)
def test_every_kind_of_thing_has_a_form(ann: Client, dora: Client, kind: str) -> None:
    assert ann.get(f"/settings/entries/{kind}/new/").status_code == 200
    assert dora.post(f"/settings/entries/{kind}/new/", {"name_en": "X"}).status_code == 403


def test_the_refusal_says_whom_to_ask(ann: Client, dora: Client) -> None:
    page = dora.get("/settings/").content.decode()
    assert "not for your role" in page
    assert "Ann" in page


def test_a_manager_of_one_unit_does_not_keep_the_whole_organization(organization: Organization) -> None:
    north = Unit.objects.get(code="north")
    assert sign_in(organization, "eve", roles=["admin"], unit=north).get("/settings/").status_code == 403


def test_the_organization_is_named_in_three_languages(ann: Client, organization: Organization) -> None:
    form = {
        "name_en": "Quay",
        "name_zh_hans": "码头",
        "name_zh_hant": "碼頭",
        "zone": "Asia/Taipei",
        "currency": "twd",
        "language": "zh-hant",
    }
    assert ann.post("/settings/organization/", form).status_code == 302
    organization.refresh_from_db()
    assert organization.name == {"en": "Quay", "zh-hans": "码头", "zh-hant": "碼頭"}
    assert (organization.zone, organization.currency) == ("Asia/Taipei", "TWD")


def test_names_in_languages_that_the_form_does_not_show_are_kept(
    ann: Client, organization: Organization
) -> None:
    Organization.objects.filter(pk=organization.pk).update(name={"en": "Shop", "fr": "Boutique"})
    ann.post(
        "/settings/organization/", {"name_en": "Store", "zone": "UTC", "currency": "EUR", "language": "en"}
    )
    organization.refresh_from_db()
    assert organization.name == {"en": "Store", "fr": "Boutique"}


def test_a_channel_is_added_with_a_code_made_from_its_name(ann: Client, organization: Organization) -> None:
    assert ann.post("/settings/entries/channels/new/", {"name_en": "WeCom group"}).status_code == 302
    assert Channel.objects.get(organization=organization, code="wecom-group")


def test_a_code_is_taken_once(ann: Client) -> None:
    page = ann.post(
        "/settings/entries/channels/new/", {"name_en": "Web again", "code": "web"}
    ).content.decode()
    assert "taken already" in page
    assert Channel.objects.filter(code="web").count() == 1


def test_a_name_in_no_language_is_refused(ann: Client) -> None:
    assert (
        "at least one language" in ann.post("/settings/entries/channels/new/", {"code": "x"}).content.decode()
    )


def test_a_code_cannot_be_changed_later(ann: Client) -> None:
    web = Channel.objects.get(code="web")
    ann.post(f"/settings/entries/channels/{web.pk}/", {"name_en": "Shop online", "code": "other"})
    web.refresh_from_db()
    assert (web.code, str(web)) == ("web", "Shop online")


def test_what_is_in_use_stays(ann: Client) -> None:
    delivery = Touchpoint.objects.get(code="delivery")
    page = ann.post(f"/settings/entries/touchpoints/{delivery.pk}/removal/", follow=True).content.decode()
    assert "in use" in page
    assert Touchpoint.objects.filter(pk=delivery.pk).exists()
    spare = Channel.objects.create(organization=delivery.organization, code="fax", name="Fax")
    ann.post(f"/settings/entries/channels/{spare.pk}/removal/")
    assert not Channel.objects.filter(code="fax").exists()


def test_the_scale_of_a_measure_with_answers_cannot_change(ann: Client) -> None:
    satisfaction = Measure.objects.get(code="satisfaction")
    form = {"name_en": "Happy", "kind": "effort", "minimum": "0", "maximum": "10", "step": "0.5", "unit": ""}
    ann.post(f"/settings/entries/measures/{satisfaction.pk}/", form)
    satisfaction.refresh_from_db()
    assert (satisfaction.kind, satisfaction.minimum, satisfaction.maximum, satisfaction.step) == (
        "satisfaction",
        1,
        5,
        1,
    )
    assert str(satisfaction) == "Happy"


def test_a_metric_counts_the_best_answers_from_a_value_on_the_scale(ann: Client) -> None:
    measure = Measure.objects.get(code="satisfaction")
    form = {"name_en": "Delighted", "measure": measure.pk, "summary": "top", "top": "5", "goal": "0.4"}
    assert ann.post("/settings/entries/metrics/new/", form).status_code == 302
    assert Metric.objects.get(code="delighted").top_from == 5
    assert (
        "not on the scale"
        in ann.post("/settings/entries/metrics/new/", {**form, "code": "x", "top": "9"}).content.decode()
    )


def test_the_net_promoter_score_needs_a_likelihood(ann: Client) -> None:
    measure = Measure.objects.get(code="satisfaction")
    page = ann.post(
        "/settings/entries/metrics/new/", {"name_en": "N", "measure": measure.pk, "summary": "nps"}
    ).content.decode()
    assert "needs a measure of likelihood" in page


def test_touchpoints_move_within_their_stage(ann: Client, organization: Organization) -> None:
    stage = Stage.objects.get(code="buy")
    new = Touchpoint.objects.create(
        organization=organization, stage=stage, code="basket", name="Basket", position=1
    )
    ann.post(f"/settings/entries/touchpoints/{new.pk}/place/", {"to": "earlier"})
    assert list(stage.touchpoints.values_list("code", flat=True)) == ["basket", "checkout"]
    ann.post(f"/settings/entries/touchpoints/{new.pk}/place/", {"to": "later"})
    assert list(stage.touchpoints.values_list("code", flat=True)) == ["checkout", "basket"]


def test_a_unit_cannot_stand_below_itself(ann: Client) -> None:
    north, below = Unit.objects.get(code="north"), Unit.objects.get(code="north-1")
    form = {"name_en": "North", "code": "north", "kind": "region", "parent": below.pk}
    assert ann.post(f"/settings/entries/units/{north.pk}/", form).status_code == 200
    north.refresh_from_db()
    assert north.parent is None


def test_things_of_another_organization_are_neither_found_nor_chosen(chen: Client) -> None:
    delivery, days = Touchpoint.objects.get(code="delivery"), Measure.objects.get(code="delivery-days")
    assert chen.get(f"/settings/entries/touchpoints/{delivery.pk}/").status_code == 404
    assert chen.post(f"/settings/entries/touchpoints/{delivery.pk}/removal/").status_code == 404
    assert chen.post(f"/settings/entries/touchpoints/{delivery.pk}/place/").status_code == 404
    form = {"name_en": "Mine", "kind": "service", "measure": days.pk}
    assert chen.post("/settings/entries/touchpoints/new/", form).status_code == 200
    assert not Touchpoint.objects.filter(code="mine").exists()


def test_an_unknown_section_or_kind_is_not_found(ann: Client) -> None:
    assert ann.get("/settings/nonsense/").status_code == 404
    assert ann.get("/settings/entries/nonsense/new/").status_code == 404


def test_somebody_is_invited_by_a_link_that_works_once(ann: Client, organization: Organization) -> None:
    north = Unit.objects.get(code="north")
    form = {
        "email": "fay@example.org",
        "roles": ["branch_manager"],
        "unit": north.pk,
        "personal_data": "masked",
    }
    page = ann.post("/settings/members/new/", form).content.decode()
    link = re.search(r"http://testserver(/welcome/[^<]+)", page)
    assert link
    fay = Client()
    answer = fay.post(link[1], {"email": "fay@example.org", "password": ""})
    assert answer.status_code == 302
    member = Member.objects.get(user__email="fay@example.org")
    assert (member.roles, member.unit, member.organization) == (["branch_manager"], north, organization)
    assert Client().get(link[1]).status_code == 410


def test_nobody_gets_a_link_into_an_account_that_exists(
    ann: Client, chen: Client, organization: Organization
) -> None:
    user = get_user_model().objects.get(username="chen")
    assert user.last_login is not None
    page = ann.post(
        "/settings/members/new/", {"email": user.email, "roles": ["analyst"], "personal_data": "none"}
    ).content.decode()
    assert "/welcome/" not in page
    member = Member.objects.get(organization=organization, user=user)
    assert "/welcome/" not in ann.post(f"/settings/members/{member.pk}/link/", follow=True).content.decode()


def test_a_manager_makes_no_administrator_and_gives_no_more_than_they_have(
    organization: Organization, ann: Client
) -> None:
    eve = sign_in(organization, "eve", roles=["cx_manager"], personal_data="masked")
    for asked in (
        {"roles": ["admin"], "personal_data": "masked"},
        {"roles": ["analyst"], "personal_data": "full"},
    ):
        assert eve.post("/settings/members/new/", {"email": "gil@example.org", **asked}).status_code == 200
    assert not Member.objects.filter(user__email="gil@example.org").exists()
    admin, self_ = Member.objects.get(name="Ann"), Member.objects.get(name="Eve")
    for member in (admin, self_):
        eve.post(f"/settings/members/{member.pk}/", {"roles": ["analyst"], "personal_data": "none"})
    assert Member.objects.get(pk=admin.pk).roles == ["admin"]
    assert Member.objects.get(pk=self_.pk).personal_data == "masked"


def test_the_last_administrator_stays_one(ann: Client) -> None:
    member = Member.objects.get(name="Ann")
    page = ann.post(
        f"/settings/members/{member.pk}/", {"roles": ["analyst"], "personal_data": "full", "is_active": "on"}
    ).content.decode()
    assert "last administrator" in page
    assert Member.objects.get(pk=member.pk).roles == ["admin"]


def test_a_member_of_another_organization_is_not_found(chen: Client, ann: Client) -> None:
    assert chen.get(f"/settings/members/{Member.objects.get(name='Ann').pk}/").status_code == 404


def test_a_key_is_shown_once_and_can_be_revoked(ann: Client, organization: Organization) -> None:
    page = ann.post("/settings/keys/", {"name": "Till"}).content.decode()
    secret = re.search(r"<code>(mg_[^<]+)</code>", page)
    assert secret
    assert secret[1] not in ann.get("/settings/keys/").content.decode()
    key = Key.objects.get(organization=organization)
    ann.post(f"/settings/keys/{key.pk}/revocation/")
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_only_administrators_make_keys_and_nobody_revokes_those_of_others(
    organization: Organization, ann: Client, chen: Client
) -> None:
    eve = sign_in(organization, "eve", roles=["cx_manager"])
    assert eve.post("/settings/keys/", {"name": "Till"}).status_code == 403
    ann.post("/settings/keys/", {"name": "Till"})
    assert chen.post(f"/settings/keys/{Key.objects.get().pk}/revocation/").status_code == 404


def test_the_sample_company_goes_with_one_click_and_leaves_an_organization_of_ones_own(
    ann: Client, organization: Organization
) -> None:
    Organization.objects.filter(pk=organization.pk).update(is_sample=True, code=company.CODE)
    assert ann.get("/settings/sample/removal/").status_code == 405
    answer = ann.post("/settings/sample/removal/")
    assert answer["Location"] == "/settings/organization/"
    assert not Organization.objects.filter(is_sample=True).exists()
    assert ann.get(answer["Location"]).status_code == 200


def test_real_data_is_not_removed_as_a_sample(ann: Client, organization: Organization) -> None:
    ann.post("/settings/sample/removal/")
    assert Organization.objects.filter(pk=organization.pk).exists()


def test_only_administrators_of_the_sample_remove_it(dora: Client, organization: Organization) -> None:
    Organization.objects.filter(pk=organization.pk).update(is_sample=True)
    assert dora.post("/settings/sample/removal/").status_code == 403
    assert Organization.objects.filter(is_sample=True).exists()


def test_beside_the_sample_one_makes_an_organization_of_ones_own(
    ann: Client, organization: Organization
) -> None:
    Organization.objects.filter(pk=organization.pk).update(is_sample=True)
    form = {"name_en": "Quay & Sons", "zone": "Europe/Berlin", "currency": "EUR", "language": "en"}
    assert ann.post("/settings/organization/new/", form).status_code == 302
    made = Organization.objects.get(code="quay-sons")
    assert made.members.get().has_role("admin")
    assert made.measures.exists()
    assert "Quay &amp; Sons" in ann.get("/settings/").content.decode()


def test_members_of_a_real_organization_make_no_other_one(ann: Client) -> None:
    assert ann.get("/settings/organization/new/").status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_pages_ask_the_database_a_bounded_number_of_times(
    ann: Client, django_assert_max_num_queries: DjangoAssertNumQueries, path: str
) -> None:
    with django_assert_max_num_queries(25):
        ann.get(path)
