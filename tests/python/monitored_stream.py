"""Delay and harm of streaming monitors in a run of a series, from its results.h5 and `misfire watch` alone.

Usage: monitored_stream.py <misfire> <results.h5>. Prints one line per disagreement; nothing when all agrees.
"""
import csv
import json
import subprocess
import sys
import tempfile

import h5py
import numpy
import pandas

program, path = sys.argv[1:]
monitors = pandas.read_hdf(path, "monitors")
checked = 0
with h5py.File(path) as file:
    days = pandas.to_datetime(file["samples/columns/id"].asstr()[:])
    order = numpy.argsort(days.values, kind="stable")

    def errors(model, shift, label):
        rows = file[f"samples/outcomes/{model}/{shift}/{label}"]
        return numpy.abs(rows["value"][:].astype(float) - rows["actual"][:].astype(float))[order]

    for row in monitors[(monitors.kind == "streaming") & (monitors.level > 0)].itertuples():
        clean, changed = errors(row.model, "clean", "0"), errors(row.model, row.shift, row.label)
        change = len(clean) - row.changed
        stream = numpy.concatenate([clean[:change], changed[change:]])
        reference = stream[: change // 2]
        values = (stream - reference.mean()) / reference.std(ddof=1)
        unusual = (stream > numpy.quantile(reference, 0.9)).astype(int)
        fitted = row.monitor.split(":")[0] in ("cusum", "shewhart", "e_detector", "conformal_martingale")
        binary = row.monitor.split(":")[0] in ("ddm", "e_detector", "hddm_a")
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as out:
            csv.writer(out).writerows([[repr(float(v)) if not binary else int(v)] for v in (unusual if binary else values)])
            out.flush()
            command = [program, "watch", out.name, "--monitor", row.monitor, "--json"]
            command += ["--reference", str(change // 2)] if fitted else []
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        alarms = [json.loads(line)["index"] for line in said.splitlines() if '"alarm"' in line]
        after = [index for index in alarms if index >= change]
        delay = after[0] - change if after else numpy.nan
        end = after[0] + 1 if after else len(stream)
        harm = (stream[change:end] - clean[change:end]).sum()
        false_alarms = len([index for index in alarms if index < change])
        name = f"{row.model} {row.shift}/{row.label} {row.monitor}"
        if not numpy.isclose(delay, row.delay_samples, equal_nan=True):
            print(name, "delay", delay, row.delay_samples)
        if not numpy.isclose(harm, row.harm, rtol=1e-5):
            print(name, "harm", harm, row.harm)
        if false_alarms != row.false_alarms:
            print(name, "false alarms", false_alarms, row.false_alarms)
        checked += 1
if checked < 20:
    print("only", checked, "streams were checked")
