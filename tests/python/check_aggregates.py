"""Counts flips and top-5 distances again from /samples/outcomes of a results.h5 and prints how far /aggregates is from them; for
tests/cli/sequences_test.cpp.

usage: check_aggregates.py results.h5 <sequence>=<stride> ...     stride 0: frames are compared with the first
"""
import sys

import h5py
import numpy

strides = dict(argument.split("=") for argument in sys.argv[2:])


def pairs(frames, stride):
    """(frame, partner) of each pair."""
    return [(i, 0) for i in range(1, frames)] if stride == 0 else [(i, i - stride) for i in range(stride, frames)]


def top5_distance(first, second):
    total = 0
    for place, label in enumerate(first):
        found = numpy.flatnonzero(second == label)
        total += abs(place - (found[0] if len(found) else 5))
    return total


with h5py.File(sys.argv[1]) as file:
    expected = {}
    for model, shifts in file["samples/outcomes"].items():
        flips, distances = [], []
        for name, stride in strides.items():
            frames = [shifts[name][str(i)] for i in range(len(shifts[name]))]
            prediction = [frame["prediction"][:] for frame in frames]
            top5 = [frame["top5"][:] for frame in frames]
            per_sample = [[], []]
            for i, partner in pairs(len(frames), int(stride)):
                per_sample[0].append(prediction[i] != prediction[partner])
                per_sample[1].append([top5_distance(a, b) for a, b in zip(top5[partner], top5[i])])
            flips.append(numpy.mean(per_sample[0], axis=0).mean())
            distances.append(numpy.mean(per_sample[1], axis=0).mean())
        expected[model] = (flips, distances)
    reference = expected["fashion_resnet"]
    rows = 0
    for row in file["aggregates"]:
        model, metric = row["model"].decode(), row["metric"].decode()
        own = expected[model]["top5" in metric]
        if metric.endswith("_to_reference"):
            value = 100 * numpy.mean(numpy.array(own) / numpy.array(reference["top5" in metric]))
        else:
            value = numpy.mean(own)
        assert row["status"] == b"ok", (model, metric, row["message"])
        assert row["low"] <= row["value"] <= row["high"] or numpy.isnan(row["low"]), (model, metric)
        print(metric, model, "%.12f" % row["value"], "off by %.1e" % abs(row["value"] - value))
        assert abs(row["value"] - value) < 1e-9, (model, metric, row["value"], value)
        rows += 1
print("checked", rows)
