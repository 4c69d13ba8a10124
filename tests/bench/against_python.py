#!/usr/bin/env python3
"""Compares misfire_bench with what the same corruptions cost in Python.

    misfire_bench --benchmark_repetitions=7 --benchmark_min_time=0.05 \\
        --benchmark_out=bench.json --benchmark_out_format=json
    tests/bench/against_python.py bench.json python_costs.csv [--column imagecorruptions_s3]

The CSV has a column `corruption` and, in the column named, milliseconds per image of 224 x 224 x 3 on one thread; lines
that start with # are left out. Of several repetitions the quickest counts: other programs can only make a run slower.
Prints per unit the milliseconds at 224, how many times quicker than Python that is, nanoseconds per pixel at every side
measured (1080 is 1920 x 1080) and the largest of these over that at 224, and, where rows `parallel/` were run, how many
times more images two threads perturb. Exits with 1 where a row is missing.
"""

import argparse
import csv
import json
import math
import re
import sys

PIXELS = {32: 32 * 32, 64: 64 * 64, 224: 224 * 224, 1080: 1920 * 1080}
STANDS_IN = {"frost": "frost_synthetic"}  # the published textures cannot be shipped
MILLISECONDS = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3}


def read_bench(path):
    """Quickest CPU milliseconds by row, and most items a second by row of `parallel/`."""
    quickest, most = {}, {}
    with open(path, encoding="utf-8") as file:
        for row in json.load(file)["benchmarks"]:
            if row.get("run_type") == "aggregate" or row.get("error_occurred"):
                continue
            name = re.sub(r"/repeats:\d+", "", row["name"])
            cost = row["cpu_time"] * MILLISECONDS[row["time_unit"]]
            quickest[name] = min(cost, quickest.get(name, math.inf))
            most[name] = max(row.get("items_per_second", 0.0), most.get(name, 0.0))
    return quickest, most


def read_costs(path, column):
    with open(path, encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    if not rows or column not in rows[0]:
        sys.exit(f"{path} has no column {column}; there are: {', '.join(rows[0]) if rows else 'none'}.")
    return {row["corruption"]: float(row[column]) for row in rows}


def geometric_mean(values):
    return math.exp(sum(math.log(value) for value in values) / len(values))


def scaling(most, unit):
    one, two = (most.get(f"parallel/{unit}/224/real_time/threads:{threads}") for threads in (1, 2))
    return two / one if one and two else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", help="output of misfire_bench --benchmark_out_format=json")
    parser.add_argument("costs", help="CSV of milliseconds in Python")
    parser.add_argument("--column", default="imagecorruptions_s3", help="of the CSV (default: %(default)s)")
    given = parser.parse_args()
    quickest, most = read_bench(given.bench)
    costs = read_costs(given.costs, given.column)

    print(f"calibration/224: {quickest.get('calibration/224', math.nan):.3f} ms")
    sides = "".join(f"{f'ns/px {side}':>11}" for side in PIXELS)
    print(f"{'unit':20}{'ms':>8}{'Python':>8}{'times':>8}{sides}{'spread':>8}{'2 threads':>11}")
    ratios, missing = [], []
    for corruption, python in costs.items():
        unit = STANDS_IN.get(corruption, corruption)
        cost = quickest.get(f"perturb/{unit}/224")
        if cost is None:
            missing.append(f"perturb/{unit}/224")
            continue
        ratios.append(python / cost)
        per_pixel = {}
        for side, pixels in PIXELS.items():
            if f"perturb/{unit}/{side}" in quickest:
                per_pixel[side] = quickest[f"perturb/{unit}/{side}"] * 1e6 / pixels
        cells = "".join(f"{per_pixel[side]:11.2f}" if side in per_pixel else f"{'-':>11}" for side in PIXELS)
        times = scaling(most, unit)
        print(
            f"{unit:20}{cost:8.3f}{python:8.2f}{python / cost:8.1f}{cells}{max(per_pixel.values()) / per_pixel[224]:8.1f}"
            + (f"{times:11.2f}" if times else f"{'-':>11}")
        )
    if ratios:
        print(f"geometric mean of {len(ratios)}: {geometric_mean(ratios):.1f} times quicker than Python, least {min(ratios):.1f}")
    if missing:
        sys.exit("Rows missing: " + ", ".join(missing) + ". Run misfire_bench with a filter that takes them in.")


if __name__ == "__main__":
    main()
