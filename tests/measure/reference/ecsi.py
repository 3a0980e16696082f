"""Makes the covariances and means in `ecsi.json` from a CSV export of mobi.

Run as ``python tests/measure/reference/ecsi.py mobi.csv``; the published figures stay as they are (ecsi.R).
Twelve digits of the covariances are all that a path model needs to know of the 250 rows.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np

OUT = Path(__file__).with_suffix(".json")


def main() -> None:
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as file:
        names, *rows = list(csv.reader(file))
    table = np.array(rows, dtype=float)
    lower = np.cov(table.T)[np.tril_indices(len(names))]
    known = json.loads(OUT.read_text(encoding="utf-8"))
    known |= {
        "items": names,
        "n": len(table),
        "means": [float(f"{mean:.12g}") for mean in table.mean(axis=0)],
        "covariance_lower": [float(f"{value:.12g}") for value in lower],
    }
    lines = (f" {json.dumps(name)}: {json.dumps(value)}" for name, value in known.items())
    OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
