"""The first words of a start: the sample company where it is wanted, the address, and a link that lets one in."""

from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.contrib.auth import get_user_model

from mindgap.keep.models import Member, Organization
from mindgap.show.pages.account import link


def greet(*, sample: bool) -> None:
    """Say where it runs, and, until somebody has signed in, how to get in."""
    if sample and (_unfinished().exists() or not Organization.objects.exists()):
        load_sample()
    click.echo(f"\n  Mindgap runs at {settings.SITE_URL}")
    user = first_person()
    if user.last_login is None:
        click.echo(
            f"  Sign in once with this link (valid for a day):\n  {settings.SITE_URL}{link.make(user)}\n"
        )
    else:
        click.echo("  A new sign-in link: mindgap member link E-MAIL\n")


def load_sample(*, scale: float = 1.0) -> None:
    """Load the sample company, and say so: it takes some seconds. One whose loading was broken off is loaded anew."""
    from mindgap.act import sample as company

    click.echo("Loading the sample company …")
    if _unfinished().exists():
        company.remove()
    _unfinished().touch()
    company.load(progress=None, scale=scale)
    _unfinished().unlink()


def _unfinished() -> Path:
    """A file that is there while the sample company is being loaded."""
    return Path(settings.DATA) / "sample.unfinished"


def first_person() -> Any:
    """The administrator of this installation, made on the first start, member of every organization."""
    people = get_user_model().objects
    user = people.filter(is_superuser=True).order_by("pk").first()
    if user is None:
        user = people.create_user("admin", email="")
        user.is_superuser = True
        user.set_unusable_password()
        user.save()
    for organization in Organization.objects.exclude(members__user=user):
        Member.objects.create(
            organization=organization, user=user, name="", roles=["admin", "cx_manager"], personal_data="full"
        )
    return user
