"""`mindgap organization create|list|remove-sample`: whose customers these are."""

from typing import Any

import click

from mindgap.show.cli import options


@click.group()
def command() -> None:
    """Create and list organizations, remove the sample company."""


@command.command()
@click.argument("code")
@click.option("--name", default="", help="What people call it [the code].")
@click.option("--zone", default="UTC", show_default=True, help="Its time zone, such as Asia/Shanghai.")
@click.option("--currency", default="USD", show_default=True, help="Its currency (ISO 4217).")
@options.data
def create(code: str, name: str, zone: str, currency: str) -> None:
    """Create an organization, with the usual measures and sources of expectation to begin with."""
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from mindgap.act.alert import shipped as alert_rules
    from mindgap.act.playbook import shipped
    from mindgap.collect.register import seeds
    from mindgap.keep.models import Organization

    organization = Organization(code=code, name={"en": name or code}, zone=zone, currency=currency.upper())
    try:
        organization.full_clean()
    except ValidationError as problem:
        raise click.ClickException("; ".join(problem.messages)) from problem
    with transaction.atomic():
        organization.save()
        seeds.plant(organization)
        alert_rules.plant(organization)
        shipped.plant(organization)
    click.echo(f"{organization} is there; import something or make a key: mindgap key create NAME")


@command.command(name="list")
@options.data
def list_organizations() -> None:
    """List the organizations."""
    from mindgap.keep.models import Organization

    for each in Organization.objects.all():
        click.echo(
            f"{each.code}\t{each}\t{each.zone}\t{each.currency}{' (sample)' if each.is_sample else ''}"
        )


@command.command()
@options.data
def remove_sample() -> None:
    """Remove the sample company and everything that belongs to it."""
    from mindgap.act import sample

    removed: Any = sample.remove()
    click.echo("the sample company is gone" if removed else "there is no sample company")
