"""`mindgap import` and `mindgap quarantine` as people and programs use them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mindgap.keep.models import Interaction, Organization, Promise, Quarantine
from mindgap.show.cli import importing, quarantine

pytestmark = pytest.mark.django_db(transaction=True)

MAP = """
zone = "Asia/Shanghai"
[organization]
code = "shop"
[[measure]]
code = "days"
kind = "duration"
unit = "days"
[[touchpoint]]
code = "delivery"
measure = "days"
[[record]]
as = "interactions"
key = "order"
touchpoint = { value = "delivery" }
started = "bought"
experienced = "delivered"
"""


def run(command, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments], catch_exceptions=False)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "map.toml").write_text(MAP)
    rows = "order,bought,delivered\n1,2026-01-01,2026-01-03\n2,2026-01-05,2026-01-03\n"
    (tmp_path / "orders.csv").write_text(rows)
    return tmp_path


def test_a_dry_run_tells_the_import_and_the_import_does_it(files):
    arguments = ("--map", files / "map.toml", "--json", files / "orders.csv")
    planned = json.loads(run(importing.command, "--dry-run", *arguments).stdout)
    assert not Organization.objects.exists()
    done = json.loads(run(importing.command, *arguments).stdout)
    assert planned | {"dry_run": False} == done
    assert (done["read"], done["new"], done["quarantined"]) == (2, 1, 1)
    again = json.loads(run(importing.command, *arguments).stdout)
    assert (again["new"], again["changed"], again["already"]) == (0, 0, 1)


def test_people_read_what_happened_and_where_to_look(files):
    shown = run(importing.command, "--map", files / "map.toml", files / "orders.csv").output
    assert "interactions" in shown
    assert "1 experienced_before_start" in shown
    assert "mindgap quarantine list" in shown


def test_an_error_of_the_mapping_is_one_sentence_with_its_line(files):
    (files / "map.toml").write_text(MAP.replace("started", "startd"))
    done = run(importing.command, "--map", files / "map.toml", files / "orders.csv")
    assert done.exit_code == 1
    assert (
        "map.toml, line 16, record[1].startd: 'startd' is not known here; did you mean 'started'?"
        in done.output
    )


def test_an_empty_file_is_an_error_with_a_code(files):
    (files / "orders.csv").write_text("")
    done = run(importing.command, "--map", files / "map.toml", "--json", files / "orders.csv")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["error"]["code"] == "empty_file"


def test_without_a_mapping_the_guess_is_told(files):
    run(importing.command, "--map", files / "map.toml", files / "orders.csv")
    (files / "more.csv").write_text("Order ID,Order date,Delivered at\n7,2026-01-01,2026-01-02\n")
    shown = run(importing.command, files / "more.csv").output
    assert "Order date → started" in shown
    assert Interaction.objects.get(key="7").value == 1


def test_day_and_month_are_chosen_by_an_option(files):
    (files / "orders.csv").write_text("order,bought,delivered\n9,03/04/2026,05/04/2026\n")
    arguments = ("--map", files / "map.toml", files / "orders.csv")
    assert "--date-order dmy or mdy" in run(importing.command, *arguments).output
    run(importing.command, "--date-order", "dmy", *arguments)
    assert Interaction.objects.get(key="9").value == 2


def test_a_mapping_for_another_company_does_not_mix_in(files):
    Organization.objects.create(code="acme", zone="UTC")
    done = run(importing.command, "--map", files / "map.toml", files / "orders.csv")
    assert done.exit_code == 1
    assert "--organization: acme" in done.output


def test_the_sample_company_is_never_mixed_with_real_data(files):
    Organization.objects.create(code="sample", zone="UTC", is_sample=True)
    run(importing.command, "--map", files / "map.toml", files / "orders.csv")
    assert Interaction.objects.get().organization.code == "shop"


def test_promises_come_in_as_a_list(files):
    run(importing.command, "--map", files / "map.toml", files / "orders.csv")
    (files / "promises.csv").write_text("code,touchpoint,quantity\nfast,delivery,3\n")
    done = json.loads(run(importing.command, "--as", "promises", "--json", files / "promises.csv").stdout)
    assert done["new"] == 1
    assert Promise.objects.get().quantity == 3


def test_quarantine_is_listed_exported_repaired_and_dismissed(files):
    run(importing.command, "--map", files / "map.toml", files / "orders.csv")
    entry = Quarantine.objects.get()
    assert f"{entry.pk}  orders.csv, line 3 [delivered]" in run(quarantine.command, "list").output
    listed = json.loads(run(quarantine.command, "list", "--json").stdout)
    assert listed[0]["values"] == {"order": "2", "bought": "2026-01-05", "delivered": "2026-01-03"}
    path = files / "bad.csv"
    assert "1 entries" in run(quarantine.command, "export", path).output
    assert "0 replayed, 1 refused still" in run(quarantine.command, "replay").output
    path.write_text(path.read_text().replace("2026-01-05", "2026-01-02"))
    assert "1 replayed, 0 refused still" in run(quarantine.command, "repair", path).output
    assert Interaction.objects.get(key="2").value == 1
    assert "name entries" in run(quarantine.command, "dismiss").output
    assert "0 dismissed" in run(quarantine.command, "dismiss", "--all").output
