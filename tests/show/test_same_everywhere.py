"""One figure, wherever one asks: page, file, command, and whoever works it out from what was sent (I5).

Each case is a made-up quarter of its own, with answers sent twice, corrected, and in part. `MINDGAP_SETS=200` tries as
many as the catalogue of attacks asks for; every run of the tests tries some.
"""

import csv
import io
import json
import math
import os
import re
from collections import Counter, defaultdict
from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from click.testing import CliRunner
from tests.show.conftest import NOW, sign_in

from mindgap.keep import appender, incoming, recorder
from mindgap.keep.models import Arrival, Organization
from mindgap.show.cli import report

SETS = int(os.environ.get("MINDGAP_SETS", "12"))
# Of fewer answers nothing is told.
LEAST = 5
Z = 1.959963984540054
Cell = tuple[str, str]
NAMES = {
    "Delivery": "delivery", "Checkout": "checkout", "Web shop": "web", "App": "app",
}  # fmt: skip


@pytest.mark.parametrize("seed", range(SETS))
def test_page_file_command_and_a_plain_sum_agree(bare: Organization, seed: int) -> None:
    chance = np.random.default_rng([5, seed])
    _send(bare, chance)
    told = _plainly(bare)
    ann = sign_in(bare, "ann", roles=["admin"], personal_data="full")
    for metric, scored in (("nps", "likelihood"), ("csat", "satisfaction")):
        query = f"metric={metric}&by=channel&period=all"
        page = ann.get(f"/explore/?{query}").content.decode()
        file = ann.get(f"/explore/download/raw/?{query}").content.decode("utf-8-sig")
        command = _by_command(metric)
        assert set(command) == {cell for name, cell in told if name == scored}
        for cell, value, low, high, n in _of_file(file):
            values = told[scored, cell]
            share = _share(metric, values)
            assert command[cell] == pytest.approx((value, low, high, n))
            if value is None:
                # Small, or one from which a small one beside it could be worked out.
                assert low is high is n is None
                assert any(len(told[name, each]) < LEAST for name, each in told if name == scored)
                continue
            assert n == len(values) >= LEAST
            assert value == pytest.approx(share * (100 if metric == "nps" else 1))
            if metric == "csat":
                assert (low, high) == pytest.approx(_wilson(share, n))
            assert low <= value <= high
        _same_on_page(page, command, steps=1 if metric == "nps" else 100)
        _parts_make_the_whole(metric, command)


def _send(organization: Organization, chance: np.random.Generator) -> None:
    """Answers of a quarter; a tenth are sent twice and a tenth are corrected, in the order in which they are appended."""
    rows = []
    for number in range(int(chance.integers(15, 90))):
        about = {
            "answered_at": NOW - timedelta(days=float(chance.uniform(0.1, 80))),
            "touchpoint": str(chance.choice(["delivery", "checkout"], p=[0.7, 0.3])),
            "channel": str(chance.choice(["web", "app"], p=[0.6, 0.4])),
        }
        rows.append(_row(chance, f"a{number}", about))
        fate = chance.random()
        if fate < 0.1:
            rows.append(rows[-1])
        elif fate < 0.2:
            rows.append(_row(chance, f"a{number}", about))
    appender.append(organization.pk, rows)
    recorder.catch_up()


def _row(chance: np.random.Generator, key: str, about: dict[str, object]) -> tuple[UUID, str, str, bytes]:
    scores = {"likelihood": float(chance.integers(0, 11)), "satisfaction": float(chance.integers(1, 6))}
    if chance.random() < 0.2:
        del scores[str(chance.choice(sorted(scores)))]
    answer = incoming.Answer(key=key, scores=scores, **about)  # type: ignore[arg-type]
    return UUID(bytes=chance.bytes(16), version=4), "answer", "test", incoming.write(answer)


def _plainly(organization: Organization) -> dict[tuple[str, Cell], list[float]]:
    """What was answered of each measure in each cell, from the raw arrivals and by nothing of ours."""
    latest = {}
    for each in Arrival.objects.filter(organization=organization).order_by("seq"):
        body = json.loads(bytes(each.body))
        latest[body["key"]] = body
    found = defaultdict(list)
    for body in latest.values():
        for measure, value in body["scores"].items():
            found[measure, (body["touchpoint"], body["channel"])].append(value)
    return dict(found)


def _share(metric: str, values: list[float]) -> float:
    if metric == "csat":
        return sum(value >= 4 for value in values) / len(values)
    return (sum(value >= 9 for value in values) - sum(value <= 6 for value in values)) / len(values)


def _wilson(share: float, n: int) -> tuple[float, float]:
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return middle - half, middle + half


Row = tuple[float | None, float | None, float | None, int | None]


def _by_command(metric: str) -> dict[Cell, Row]:
    done = CliRunner().invoke(report.command, ["--by", "channel", "--json"], catch_exceptions=False)
    return {
        (each["touchpoint"], each["group"]["channel"]): (each["value"], each["low"], each["high"], each["n"])
        for each in json.loads(done.output)
        if each["metric"] == metric
    }


def _of_file(file: str) -> list[tuple[Cell, float | None, float | None, float | None, int | None]]:
    return [
        (
            (NAMES[row["Touchpoint"]], NAMES[row["Channel"]]),
            *(float(row[name]) if row[name] else None for name in ("Value", "Low", "High")),
            int(row["n"]) if row["n"] else None,
        )
        for row in csv.DictReader(io.StringIO(file))
    ]


def _same_on_page(page: str, command: dict[Cell, Row], *, steps: int) -> None:
    table = re.search(r'id="rows".*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    assert table
    shown = Counter[Cell]()
    for row in re.findall(r"<tr>(.*?)</tr>", table[1], re.DOTALL):
        name, *_ = [
            re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r"<th.*?</th>", row, re.DOTALL)
        ]
        touchpoint, channel = (NAMES[part] for part in name.split(", "))
        value, _low, _high, n = command[touchpoint, channel]
        shown[touchpoint, channel] += 1
        cells = dict(re.findall(r'data-label="([^"]+)">(.*?)</td>', row, re.DOTALL))
        if value is None:
            assert not re.search(r"\d", cells.get("Value", ""))
            continue
        assert int(cells["n"].replace(",", "")) == n
        read = float(re.sub(r"[^\d.\-]", "", cells["Value"].replace("\N{MINUS SIGN}", "-")))
        # It is rounded to as many digits as its interval carries.
        assert read == pytest.approx(steps * value, abs=0.51)
    assert shown == Counter(dict.fromkeys(command, 1))


def _parts_make_the_whole(metric: str, command: dict[Cell, Row]) -> None:
    done = CliRunner().invoke(report.command, ["--json"], catch_exceptions=False)
    for each in json.loads(done.output):
        parts = [row for (touchpoint, _), row in command.items() if touchpoint == each["touchpoint"]]
        if each["metric"] == metric and all(row[0] is not None for row in parts):
            assert each["n"] == sum(row[3] or 0 for row in parts)
            whole = sum((row[0] or 0) * (row[3] or 0) for row in parts) / each["n"]
            assert each["value"] == pytest.approx(whole)
