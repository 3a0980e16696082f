"""Reference figures that other software made; each file names the command."""

import json
from pathlib import Path
from typing import Any


def frozen(name: str) -> Any:
    """The figures of ``reference/<name>.json``."""
    return json.loads((Path(__file__).parent / "reference" / f"{name}.json").read_text(encoding="utf-8"))
