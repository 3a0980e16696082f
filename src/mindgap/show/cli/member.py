"""`mindgap member add|link`: let people in."""

from typing import Any

import click

from mindgap.show.cli import options


@click.group()
def command() -> None:
    """Add members and make sign-in links."""


@command.command()
@click.argument("email")
@click.option("--role", "roles", multiple=True, default=["analyst"], show_default=True)
@click.option("--unit", "unit_code", metavar="CODE", help="Limit to this unit and all below it.")
@options.common
def add(email: str, roles: tuple[str, ...], unit_code: str | None, organization: Any) -> None:
    """Make a person a member, and print a link with which they sign in."""
    from django.conf import settings
    from django.contrib.auth import get_user_model

    from mindgap.keep.member import ROLES
    from mindgap.keep.models import Member
    from mindgap.show.pages.account import link

    if unknown := set(roles) - set(ROLES):
        raise click.ClickException(f"unknown role {', '.join(unknown)}; use {', '.join(ROLES)}")
    unit = organization.units.filter(code=unit_code).first() if unit_code else None
    if unit_code and unit is None:
        raise click.ClickException(f"there is no unit {unit_code!r}")
    people = get_user_model().objects
    user = people.filter(email__iexact=email).first() or people.create_user(email[:150], email=email)
    Member.objects.update_or_create(
        organization=organization, user=user, defaults={"roles": list(roles), "unit": unit, "is_active": True}
    )
    click.echo(settings.SITE_URL + link.make(user))


@command.command(name="link")
@click.argument("email", required=False)
@options.data
def make_link(email: str | None) -> None:
    """Print a new sign-in link for a person (without e-mail: the administrator)."""
    from django.conf import settings
    from django.contrib.auth import get_user_model

    from mindgap.show.pages.account import link
    from mindgap.show.server import welcome

    user = get_user_model().objects.filter(email__iexact=email).first() if email else welcome.first_person()
    if user is None:
        raise click.ClickException(f"nobody has the e-mail {email}")
    click.echo(settings.SITE_URL + link.make(user))
