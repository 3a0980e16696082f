"""Makes `weight.json` from a CSV export of survey's `apiclus1`: sums per cell.

Run as ``python tests/measure/reference/weight.py apiclus1.csv > tests/measure/reference/weight.json``.
A school counts only by its district, type and whether the whole school met its target, so the
numbers and sums of these cells are all that mean, standard error and weights need.
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

TYPES, WIDE = ["E", "H", "M"], ["No", "Yes"]


def main() -> None:
    cells: dict[tuple[int, int, int], list[float]] = defaultdict(lambda: [0, 0, 0])
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            score = float(row["api00"])
            cell = cells[int(row["dnum"]), TYPES.index(row["stype"]), WIDE.index(row["sch.wide"])]
            cell[0] += 1
            cell[1] += score
            cell[2] += score * score
            weight, districts = float(row["pw"]), float(row["fpc"])
    out = {
        "source": "reference figures: weight.R, R 4.2.2 with survey; cells: weight.py",
        "columns": ["district", "type", "wide", "schools", "sum", "sum_of_squares"],
        "cells": [[*key, *sums] for key, sums in sorted(cells.items())],
        "weight": weight,
        "districts": districts,
        "schools": 6194,
        "type_totals": [4421, 755, 1018],
        "wide_totals": [1072, 5122],
        "mean": 641.2303,
        "se": 23.7036,
        "smallest": 29.8707,
        "largest": 67.1255,
        "effective_n": 174,
        "design_effect": 9.35,
    }
    json.dump(out, sys.stdout)


if __name__ == "__main__":
    main()
