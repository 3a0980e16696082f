"""The key of an installation."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from mindgap.ground import secret


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    folder = tmp_path / "home"
    key = secret.key(folder)
    assert len(key) >= 50
    assert secret.key(folder) == key
    assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_installations_have_two_keys(tmp_path):
    assert secret.key(tmp_path / "one") != secret.key(tmp_path / "other")


def test_processes_that_start_together_agree(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret.key(tmp_path), range(32)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_half_a_key_is_refused(tmp_path):
    (tmp_path / "secret.key").write_text("short")
    with pytest.raises(RuntimeError, match="backup"):
        secret.key(tmp_path)
