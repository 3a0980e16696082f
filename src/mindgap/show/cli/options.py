"""Options that every command shares."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

import click

DATE = click.DateTime(formats=["%Y-%m-%d"])


def common(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--data DIR` and `--organization CODE`; the function gets `organization` (an Organization).

    Without the option it is the only organization, or the only one that is no sample.
    """

    @data
    @click.option(
        "--organization",
        "code",
        metavar="CODE",
        help="Which organization; needed only where there are several.",
    )
    @wraps(function)
    def with_organization(*args: Any, code: str | None, **kwargs: Any) -> Any:
        return function(*args, organization=find_organization(code), **kwargs)

    return with_organization


def data(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--data DIR`: where the installation lives; the tables are brought up to date before the command runs."""

    @click.option("--data", metavar="DIR", help="Data folder [MINDGAP_DATA, else the user's data folder].")
    @wraps(function)
    def with_data(*args: Any, data: str | None, **kwargs: Any) -> Any:  # noqa: ARG001 - read before loading
        from mindgap.keep import store

        store.ready()
        return function(*args, **kwargs)

    return with_data


def find_organization(code: str | None) -> Any:
    """The organization of that code, or the one that can be meant; else a message that lists them."""
    from mindgap.keep.models import Organization

    every = list(Organization.objects.all())
    if code:
        chosen = [each for each in every if each.code == code]
    else:
        own = [each for each in every if not each.is_sample]
        chosen = own or every
    if len(chosen) == 1:
        return chosen[0]
    if not every:
        raise click.ClickException(
            "there is no organization yet; import something first: mindgap import --map FILE.toml FOLDER"
        )
    codes = ", ".join(each.code for each in every)
    raise click.ClickException(f"name one organization with --organization: {codes}")


def findings(function: Callable[..., Any]) -> Callable[..., Any]:
    """`common`, the options of an inquiry and `--json`; the function gets `asked` (an Inquiry) and returns findings.

    What it returns is printed; what was asked wrongly is said.
    """
    from mindgap.explain.errors import ExplainError
    from mindgap.explain.finding import Period
    from mindgap.explain.inquiry import Inquiry, conditions
    from mindgap.show import words
    from mindgap.show.words.table import print_findings

    @common
    @click.option("--touchpoint", metavar="CODE", help="Only this touchpoint.")
    @click.option("--since", type=DATE, metavar="DATE", help="First day, as 2026-11-22.")
    @click.option("--until", type=DATE, metavar="DATE", help="Last day, included.")
    @click.option(
        "--where", "wheres", multiple=True, metavar="COLUMN=VALUE", help="Only these; != for all others."
    )
    @click.option("--json", "as_json", is_flag=True, help="A list of findings.")
    @wraps(function)
    def with_inquiry(
        *, organization: Any, touchpoint: str | None, since: datetime | None, until: datetime | None,
        wheres: tuple[str, ...], as_json: bool, **own: Any,
    ) -> None:  # fmt: skip
        period = Period(since.date() if since else None, until.date() if until else None)
        try:
            asked = Inquiry(organization=organization, touchpoint=touchpoint, period=period)
            asked = asked.narrowed(conditions(wheres, asked.catalog))
            found = function(asked, **own)
        except ExplainError as problem:
            raise click.ClickException(str(problem)) from problem
        print_findings(found, words.Names.of_inquiry(asked), as_json=as_json)

    return with_inquiry
