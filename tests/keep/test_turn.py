"""Turns at a file of SQLite: one at a time, each in its turn, and none is held by the dead."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from mindgap.keep.turn import Turns

HOLDER = """
import sys, time
from contextlib import closing
from pathlib import Path
from mindgap.keep.turn import Turns
with closing(Turns(Path(sys.argv[1]))) as turns, turns.taken():
    print("in", flush=True)
    time.sleep(60)
"""


def test_whoever_comes_out_lines_up_behind_the_one_at_the_door(tmp_path: Path) -> None:
    """Two that always want in again take turns, where a plain lock lets the first one in again and again."""
    order, inside, both = list[int](), list[int](), threading.Barrier(2)

    def want(mine: int) -> None:
        turns = Turns(tmp_path / "record")
        both.wait()
        for _ in range(50):
            with turns.taken():
                inside.append(mine)
                assert inside == [mine]
                order.append(mine)
                time.sleep(0.002)
                inside.pop()
        turns.close()

    threads = [threading.Thread(target=want, args=(mine,)) for mine in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(order) == [0] * 50 + [1] * 50
    # They alternate; only one that was kept from the door for the time of a whole turn misses one.
    assert sum(one != other for one, other in pairwise(order)) >= 70


def test_a_turn_ends_with_the_process_that_holds_it(tmp_path: Path) -> None:
    """P1: a server that is killed in the middle of a commit must not lock the others out."""
    file = tmp_path / "record"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(file)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"in\n"
    taken = threading.Event()

    def want() -> None:
        with closing(Turns(file)) as turns, turns.taken():
            taken.set()

    thread = threading.Thread(target=want)
    thread.start()
    assert not taken.wait(0.3)
    os.kill(holder.pid, signal.SIGKILL)
    assert taken.wait(10)
    thread.join()
    holder.communicate()


def test_an_error_inside_gives_the_turn_up(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), closing(Turns(tmp_path / "record")) as turns, turns.taken():
        raise RuntimeError
    done = threading.Event()

    def want() -> None:
        with closing(Turns(tmp_path / "record")) as turns, turns.taken():
            done.set()

    thread = threading.Thread(target=want, daemon=True)
    thread.start()
    assert done.wait(10)
    thread.join()
