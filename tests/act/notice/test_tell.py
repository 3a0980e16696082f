"""Telling: once for a key, over the first way that reaches, in the reader's language; or a reason why not (R36, R190)."""

from datetime import timedelta

import pytest
from django.db import transaction
from tests.act.conftest import NOW

from mindgap.act.notice.notice import Notice, Reach
from mindgap.act.notice.tell import resend, tell
from mindgap.act.notice.words import NoticeWords
from mindgap.collect.channels import deliver
from mindgap.collect.channels.delivery import Delivery
from mindgap.collect.models import SendingAccount
from mindgap.ground import clock
from mindgap.keep.models import Member

pytestmark = pytest.mark.django_db

WORDS = NoticeWords(
    "case_assigned",
    {
        "number": 12,
        "title": {"en": "Late delivery", "zh-hans": "配送延误"},
        "customer": "王**",
        "due": NOW + timedelta(hours=8),
        "step1": {"en": "Call within the hour", "zh-hans": "一小时内致电"},
    },
    "/cases/12/",
)


def say(to: Member | SendingAccount, key: str = "case:12:owner", **more) -> Notice:
    return tell(organization=to.organization, kind="case_assigned", key=key, to=to, message=WORDS, **more)


def test_a_member_is_told_by_mail_with_a_link_to_the_page(staff, mail, post, send_all, settings) -> None:
    say(staff["ann"])
    send_all()
    (got,) = post.mails
    assert (got["To"], got["Subject"]) == ("ann@example.org", "Case 12 is yours: Late delivery")
    text = got.get_body(("plain",)).get_content()
    assert "Customer: 王**" in text
    assert "Contact the customer by 4 Nov 2026 18:00." in text
    assert "1. Call within the hour" in text
    assert "2." not in text
    assert f"{settings.SITE_URL}/cases/12/" in text
    assert "Open it" in got.get_body(("html",)).get_content()


def test_the_same_is_told_once_however_often(staff, mail, post, send_all) -> None:
    first = say(staff["ann"])
    assert say(staff["ann"]).pk == first.pk
    send_all()
    assert say(staff["ann"]).pk == first.pk
    send_all()
    assert (len(post.mails), Notice.objects.count(), Delivery.objects.count()) == (1, 1, 1)


def test_what_was_not_committed_was_never_said(staff, mail, post, send_all) -> None:
    def fail() -> None:
        with transaction.atomic():
            say(staff["ann"])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    send_all()
    assert (post.mails, Notice.objects.count()) == ([], 0)


def test_it_can_be_said_again_even_when_the_letter_is_forgotten(staff, mail, post, send_all) -> None:
    notice = say(staff["ann"])
    send_all()
    deliver.sweep()
    resend(notice)
    send_all()
    first, second = post.mails
    assert first["Subject"] == second["Subject"]
    assert first["Message-ID"] != second["Message-ID"]
    assert (notice.resent, Notice.objects.count()) == (1, 1)


def test_everybody_reads_their_own_language(staff, mail, post, send_all) -> None:
    say(staff["cai"])
    send_all()
    (got,) = post.mails
    assert got["Subject"] == "工单 12 由您负责：配送延误"
    assert "请在 2026年11月4日 18:00 前联系客户。" in got.get_body(("plain",)).get_content()


def test_who_may_see_no_personal_data_is_told_without(staff, mail, post, send_all) -> None:
    say(staff["dora"])
    send_all()
    assert "王" not in str(post.mails[0].get_body(("plain",)).get_content())


def test_quiet_hours_let_it_leave_later(staff, mail, post, send_all) -> None:
    with clock.frozen(NOW):
        say(staff["ann"], at=NOW + timedelta(hours=3))
        send_all()
        assert post.mails == []
    with clock.frozen(NOW + timedelta(hours=3)):
        send_all()
    assert len(post.mails) == 1


def test_the_first_address_with_an_active_account_is_used(staff, mail) -> None:
    for place, (channel, address) in enumerate([("wecom_app", "ann.wang"), ("smtp", "private@example.org")]):
        Reach.objects.create(member=staff["ann"], channel=channel, address=address, position=place)
    assert say(staff["ann"]).delivery.account == mail
    app = SendingAccount.objects.create(
        organization=mail.organization, channel="wecom_app", name="WeCom", way="wecom", settings={}
    )
    assert say(staff["ann"], "second").delivery.account == app
    Reach.objects.filter(channel="wecom_app").update(is_active=False)
    assert say(staff["ann"], "third").delivery.account == mail


def test_a_group_is_told_where_it_is(staff, company) -> None:
    robot = SendingAccount.objects.create(
        organization=company, channel="wecom_robot", name="Shift", way="wecom_group", settings={}
    )
    notice = say(robot)
    assert (notice.account, notice.member, notice.delivery.account) == (robot, None, robot)


def test_whoever_cannot_be_reached_leaves_a_reason_and_no_silence(staff, company, member) -> None:
    assert say(staff["ann"]).problem == "no_account"
    assert say(member("gus", "front_line", email=""), "case:12:gus").problem == "no_address"
    assert Delivery.objects.count() == 0


def test_the_account_of_another_company_is_never_used(staff, mail) -> None:
    assert say(staff["fay"]).problem == "no_account"
