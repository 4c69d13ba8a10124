#!/usr/bin/python3
"""Writes a results.h5 of 4 models x 19 shifts x 5 levels x 10,000 samples, made up, to measure what reads such files.

usage: large_results.py <results.h5 of any run of images> <results.h5 to write> [samples]      the first is the pattern of its tables
"""
import sys

import h5py
import numpy


def table(pattern, name, rows):
    """Rows (tuples in the order of the pattern's columns, by name) as a compound table of the pattern's type."""
    dtype = pattern[name].dtype
    wide = numpy.dtype([(field, "S64" if dtype[field].kind == "S" else dtype[field]) for field in dtype.names])
    out = numpy.zeros(len(rows), wide)
    for at, row in enumerate(rows):
        for field in dtype.names:
            out[at][field] = row.get(field, b"" if dtype[field].kind == "S" else 0)
    return out


def main():
    pattern, path = h5py.File(sys.argv[1]), sys.argv[2]
    samples = int(sys.argv[3]) if len(sys.argv) > 3 else 10000
    models = [f"model{m}" for m in range(4)]
    shifts = [f"shift{s:02d}" for s in range(19)]
    metrics = ["accuracy", "nll", "brier", "ece", "mean_confidence", "flip_rate", "ece_debiased", "top5"]
    groups = [""] + [f"class={c}" for c in range(10)]
    rng = numpy.random.default_rng(7)
    packed = dict(compression="gzip", compression_opts=4, shuffle=True)
    with h5py.File(path, "w", libver="earliest") as out:
        for name, value in pattern.attrs.items():
            out.attrs[name] = value
        pattern.copy("environment", out, "environment")
        del out["environment/timing"]
        cells, points, points_of = [], [], []
        for model in models:
            places = [("clean", 0)] + [(shift, level) for shift in shifts for level in range(1, 6)]
            for shift, level in places:
                cells.append(dict(cell=f"{model}/{shift}/{level}", model=model, dataset="made_up", shift=shift, level=level, label=str(level),
                                  reference=int(shift == "clean"), status="ok", n=samples))
            for shift in shifts:
                for level in range(6):
                    cell = f"{model}/clean/0" if level == 0 else f"{model}/{shift}/{level}"
                    for metric in metrics:
                        for group in groups:
                            value = 0.95 - 0.15 * level * rng.random()
                            points.append(dict(cell=cell, model=model, shift=shift, level=level, label=str(level), metric=metric, group=group,
                                               value=value, low=value - 0.01, high=value + 0.01, n=samples, status="ok"))
        out.create_dataset("cells", data=table(pattern, "cells", cells), **packed)
        out.create_dataset("points", data=table(pattern, "points", points), **packed)
        timing = [dict(cell=cell["cell"], seconds=1.0) for cell in cells]
        out.create_dataset("environment/timing", data=table(pattern, "environment/timing", timing), **packed)
        first = {name: pattern["models"][0][name] for name in pattern["models"].dtype.names}
        out.create_dataset("models", data=table(pattern, "models", [{**first, "model": model, "classes": 10} for model in models]), **packed)
        breaks = [dict(model=model, shift=shift, metric="accuracy", threshold=0.5, severity=3.0, low=2.8, high=3.2, evaluations=6)
                  for model in models for shift in shifts]
        out.create_dataset("breaking_points", data=table(pattern, "breaking_points", breaks), **packed)
        for name in ("aggregates", "bad_inputs"):
            out.create_dataset(name, data=table(pattern, name, []), **packed, chunks=(1,), maxshape=(None,))
        for shift in shifts:
            group = out.create_group(f"curves/{shift}")
            group.create_dataset("model", data=models, dtype=h5py.string_dtype())
            group.create_dataset("level", data=numpy.arange(6.0)).attrs["units"] = "severity"
            for metric in metrics:
                group.create_dataset(metric, data=rng.random((4, 6))).attrs["units"] = "fraction"
                for part in ("area", "drop"):
                    group.create_dataset(f"{metric}.{part}", data=rng.random(4))
        out.create_dataset("samples/columns/id", data=[f"img/{i:06d}.png" for i in range(samples)], dtype=h5py.string_dtype())
        target = rng.integers(0, 10, samples).astype("i4")
        out.create_dataset("samples/columns/target", data=target, **packed)
        for cell in cells:
            right = rng.random(samples) < 0.95 - 0.12 * cell["level"]
            folder = out.create_group(f"samples/outcomes/{cell['cell']}")
            columns = dict(prediction=numpy.where(right, target, (target + 1) % 10).astype("i4"), correct=right.astype("i1"),
                           confidence=rng.random(samples).astype("f4"), loss=rng.random(samples).astype("f4"),
                           brier=rng.random(samples).astype("f4"), target_rank=(~right).astype("i4"))
            for name, values in columns.items():
                folder.create_dataset(name, data=values, **packed)
        out.attrs["complete"] = 1


main()
