#!/usr/bin/python3
"""Has the behaviour of the program changed? Compares a 20-second run's coarsely rounded outcomes with those in tests/signature.txt.

Outcomes are only the same bit for bit on one kind of processor and one LibTorch, so there is one signature per (instruction set, LibTorch).
Exit code 0: same, or nothing is recorded for this machine; 1: changed.
"""
import argparse
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile

import h5py

# Coarse enough to survive the last digits of a logit, fine enough to see a changed perturbation or metric.
STEPS = {"accuracy": 0.01, "mean_confidence": 0.02}


def run_signature(program, folder):
    """Runs the shipped scenario; returns the key of this machine and its outcomes, one line of text per cell and metric."""
    command = [str(program), "run", "signature", "--out", str(folder / "signature")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with code {done.returncode}:\n{done.stdout}{done.stderr}")
    with h5py.File(folder / "signature" / "results.h5") as results:
        environment = results["environment"].attrs
        key = f"{text(environment['isa'])} libtorch-{text(environment['libtorch'])}"
        rows = [(text(row["cell"]), text(row["metric"]), float(row["value"])) for row in results["points"][:] if text(row["group"]) == ""]
    lines = [f"{cell} {metric} {rounded(value, STEPS[metric])}" for cell, metric, value in rows if metric in STEPS]
    if not lines:
        sys.exit("The signature run gave no outcomes.")
    return key, sorted(set(lines))  # a shared clean cell stands in the table once per shift


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def rounded(value, step):
    return f"{round(value / step) * step:.2f}"


def hash_of(lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def read_signatures(path):
    """{key: lines}. A section is `[key] hash`, then its lines."""
    signatures, lines = {}, []
    for line in path.read_text().splitlines() if path.exists() else []:
        if line.startswith("["):
            lines = signatures.setdefault(line[1:line.index("]")], [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return signatures


def write_signatures(path, signatures):
    parts = ["# Written by ./dev signature --accept: outcomes of scenarios/library/signature.yaml, rounded, per instruction set and LibTorch.\n"]
    for key in sorted(signatures):
        parts.append(f"[{key}] {hash_of(signatures[key])}\n" + "\n".join(signatures[key]) + "\n")
    path.write_text("\n".join(parts))


def report_change(key, before, now):
    print(f"signature of {key} changed: {hash_of(before)} -> {hash_of(now)}")
    for line in sorted(set(before) - set(now)):
        print(f"  - {line}")
    for line in sorted(set(now) - set(before)):
        print(f"  + {line}")
    print("If the change is meant: ./dev signature --accept, and say why in the commit.")


def main():
    tree = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(prog="./dev signature", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=tree / "build/release/bin/misfire", help="the misfire to run")
    parser.add_argument("--file", type=pathlib.Path, default=tree / "tests/signature.txt", help="the recorded signatures")
    parser.add_argument("--accept", action="store_true", help="record this run's outcomes as the right ones")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="misfire-signature-") as folder:
        key, lines = run_signature(options.program.resolve(), pathlib.Path(folder))
    signatures = read_signatures(options.file)
    if options.accept:
        signatures[key] = lines
        write_signatures(options.file, signatures)
        print(f"signature of {key} recorded: {hash_of(lines)} in {os.path.relpath(options.file)}")
        return 0
    if key not in signatures:
        print(f"signature of {key}: {hash_of(lines)}")
        print(f"SKIPPED: no signature is recorded for {key}, so nothing was compared (./dev signature --accept records this one)")
        return 0
    if signatures[key] != lines:
        report_change(key, signatures[key], lines)
        return 1
    print(f"signature of {key}: {hash_of(lines)}, unchanged")
    return 0


if __name__ == "__main__":
    sys.exit(main())
