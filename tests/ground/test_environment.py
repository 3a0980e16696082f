"""Settings from the environment: read once, refused loudly."""

from pathlib import Path

import pytest

from mindgap.ground import environment
from mindgap.ground.environment import BadSetting


def test_a_value_comes_from_the_environment_else_from_its_file_else_it_is_the_default(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("from file\n")
    assert environment.text("MINDGAP_X", "default") == "default"
    monkeypatch.setenv("MINDGAP_X_FILE", str(tmp_path / "secret"))
    assert environment.text("MINDGAP_X", "default") == "from file"
    monkeypatch.setenv("MINDGAP_X", "given")
    assert environment.text("MINDGAP_X", "default") == "given"


def test_a_file_that_cannot_be_read_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("MINDGAP_X_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(BadSetting, match=r"MINDGAP_X_FILE.*nowhere"):
        environment.text("MINDGAP_X")


@pytest.mark.parametrize(
    ("raw", "value"), [("1", True), ("Yes", True), (" on ", True), ("FALSE", False), ("0", False)]
)
def test_flags_are_yes_or_no(monkeypatch, raw, value):
    monkeypatch.setenv("MINDGAP_X", raw)
    assert environment.flag("MINDGAP_X") is value


def test_a_flag_that_is_neither_is_refused_and_an_empty_one_is_the_default(monkeypatch):
    monkeypatch.setenv("MINDGAP_X", "")
    assert environment.flag("MINDGAP_X", default=True) is True
    monkeypatch.setenv("MINDGAP_X", "maybe")
    with pytest.raises(BadSetting, match="maybe"):
        environment.flag("MINDGAP_X")


def test_whole_numbers_have_a_least(monkeypatch):
    assert environment.whole("MINDGAP_X", 5) == 5
    monkeypatch.setenv("MINDGAP_X", " 7 ")
    assert environment.whole("MINDGAP_X", 5) == 7
    with pytest.raises(BadSetting, match="least is 8"):
        environment.whole("MINDGAP_X", 5, least=8)
    monkeypatch.setenv("MINDGAP_X", "7.5")
    with pytest.raises(BadSetting, match="whole"):
        environment.whole("MINDGAP_X", 5)


def test_the_data_folder_is_the_one_chosen_else_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("MINDGAP_DATA", str(tmp_path / "here" / ".." / "there"))
    assert environment.data_folder() == tmp_path / "there"
    monkeypatch.delenv("MINDGAP_DATA")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert environment.data_folder() == tmp_path / "mindgap"
    monkeypatch.setattr("sys.platform", "darwin")
    assert environment.data_folder() == Path.home() / "Library" / "Application Support" / "mindgap"


def test_without_a_url_the_database_is_a_durable_file_in_the_data_folder(tmp_path):
    described = environment.database("", tmp_path)
    assert described["NAME"] == tmp_path / "mindgap.sqlite3"
    assert "synchronous=FULL" in str(described["OPTIONS"])


def test_a_url_names_a_postgresql_database(tmp_path):
    described = environment.database("postgresql://ann:p%40ss@db.example:5433/mind%20gap", tmp_path)
    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    assert [described[name] for name in names] == ["mind gap", "ann", "p@ss", "db.example", "5433"]
    socket = environment.database("postgres://ann@/mindgap?host=%2Fvar%2Frun", tmp_path)
    assert (socket["HOST"], socket["PORT"]) == ("/var/run", "")


def test_another_database_is_refused(tmp_path):
    with pytest.raises(BadSetting, match="postgresql://"):
        environment.database("mysql://x/y", tmp_path)
