"""Several processes count while one writes, closes and merges: every count is exact, and fresh within a second."""

import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest
from django.conf import settings
from django.db import connection
from tests.keep.company import Company, at

from mindgap.ground import identity
from mindgap.keep import appender, facts, incoming, recorder
from mindgap.keep.models import Answer, FactFile

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SECONDS = 6.0


def reader(company):
    command = [
        sys.executable,
        "-m",
        "tests.keep.facts.reader",
        connection.settings_dict["NAME"],
        str(company.organization.id),
    ]
    environment = {**os.environ, "FACTS_DIR": str(settings.FACTS)}
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def write(company, commits):
    """Answers in small batches, some of them sent again with another score; the tail closed and merged on the way."""
    end, number, turn = time.monotonic() + SECONDS, 0, 0
    while time.monotonic() < end:
        items = []
        for place in range(20):
            key = number - 30 if place % 5 == 4 and number > 60 else number
            number += key == number
            said = incoming.Answer(
                f"r{key}", at(1 + key % 70), "delivery", {"satisfaction": 1 + (turn + place) % 5}
            )
            items.append((identity.uuid7(), "answer", "test", incoming.write(said)))
        appender.append(company.organization.id, items)
        recorder.catch_up()
        commits.append((number, time.monotonic()))
        turn += 1
        if turn % 7 == 0:
            facts.close_tail(company.organization, force=True)
        if turn % 21 == 0:
            facts.compact(company.organization, force=True)
        time.sleep(0.01)


def test_counts_are_exact_and_fresh_while_files_are_closed_and_merged():
    company = Company()
    readers = [reader(company) for _ in range(2)]
    commits = []
    try:
        firsts = [process.stdout.readline() for process in readers]
        assert all(json.loads(first)[1] == 0 for first in firsts)
        write(company, commits)
    finally:
        outputs = [process.communicate(timeout=60)[0] for process in readers]
    assert [process.returncode for process in readers] == [0, 0]
    assert FactFile.objects.exists()
    assert facts.verify(company.organization) == ()
    for output in outputs:
        looks = [json.loads(line) for line in output.splitlines()]
        assert len(looks) > 5
        for before, counted, after, _moment in looks:
            assert before <= counted <= after
        assert looks[-1][1] == Answer.objects.count() == commits[-1][0]
        seen = np.array([[look[1], look[3]] for look in looks])
        delays = [seen[np.argmax(seen[:, 0] >= number), 1] - committed for number, committed in commits]
        # Here everybody works as fast as they can, on whatever machine; the benchmark measures the tail of this.
        assert np.median(delays) < 1.0
