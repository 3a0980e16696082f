"""`mindgap inbound`: the address is printed once, the secret never stands in a command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from mindgap.collect.inbound.source import InboundSource
from mindgap.keep.models import Organization
from mindgap.show.cli.inbound import command

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Organization:
    return Organization.objects.create(code="shop", name={"en": "Shop"})


def test_a_source_is_added_listed_and_removed(shop: Organization, tmp_path: Path) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text('touchpoint = "delivery"\n[scores]\nnps = "recommend"\n', encoding="utf-8")
    run = CliRunner().invoke
    added = run(command, ["add", "typeform", "After", "--map", str(mapping), "--secret"], input="hush\n")
    assert added.exit_code == 0, added.output
    row = InboundSource.objects.get()
    assert added.output.strip() == row.address
    assert f"/c/v1/in/typeform/{row.short}" in added.output
    assert (row.secret(), row.mapping["touchpoint"]) == ("hush", "delivery")
    listed = run(command, ["list"]).output
    assert "active" in listed
    assert row.short not in listed
    assert run(command, ["remove", str(row.pk)]).exit_code == 0
    assert run(command, ["remove", str(row.pk)]).exit_code == 1
    assert "removed" in run(command, ["list"]).output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["add", "typeform", "T"], "give its secret"),
        (["add", "nobody", "N"], "there is no source"),
        (["add", "haoke", "H", "--map", "gone.toml"], "gone.toml"),
    ],
)
def test_a_source_that_cannot_be_made_says_what_to_do(
    shop: Organization, words: list[str], told: str
) -> None:
    done = CliRunner().invoke(command, words)
    assert done.exit_code == 1
    assert told in done.output
