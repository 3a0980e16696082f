"""Options that every command shares."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click


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
