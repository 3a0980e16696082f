"""Writes the part "made" of `expectation.json`: sums that stand for a data set which is not committed.

Run as ``MINDGAP_REFERENCE=folder python -m tests.measure.reference.expectation`` from the root; the folder
holds ``mobi.csv`` (250 European mobile phone customers, 24 items; R packages plspm and semPLS).
The part "r" comes from `expectation.R` and is kept as it is.
"""

import json
from pathlib import Path

import numpy as np
from tests.measure.sets import mobi

PLACE = Path(__file__).with_suffix(".json")
BLOCKS = ("IMAG", "CUEX", "PERQ", "PERV", "CUSA", "CUSL")


def rounded(matrix: np.ndarray) -> list:
    return [[float(f"{value:.12g}") for value in row] for row in np.atleast_2d(matrix)]


def main() -> None:
    table = mobi()
    block = {name: np.column_stack([table[one] for one in table if one.startswith(name)]) for name in BLOCKS}
    e, p, s = (block[name].mean(axis=1) for name in ("CUEX", "PERQ", "CUSA"))
    x, y = e - 5.5, p - 5.5
    columns = np.column_stack([np.ones_like(x), x, y, x * x, x * y, y * y, s])
    both = np.column_stack([e, p])
    made = {
        "source": f"mobi.csv, 250 x 24; numpy {np.__version__}; 12 digits",
        "n": 250,
        "covariance": {name: rounded(np.cov(rows, rowvar=False)) for name, rows in block.items()},
        "covariance_both": rounded(np.cov(np.hstack([block["CUEX"], block["PERQ"]]), rowvar=False)),
        "means": rounded(both.mean(axis=0))[0],
        "covariance_means": rounded(np.cov(both, rowvar=False)),
        "products": rounded(columns.T @ columns),
    }
    whole = json.loads(PLACE.read_text(encoding="utf-8")) | {"made": made}
    PLACE.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
