"""Opens a results.h5 with h5py, PyTables/pandas and xarray and prints what they see, for tests/unit/results_store_test.cpp.

usage: read_results.py results.h5
"""
import sys

import h5py
import h5py.h5ds
import numpy
import pandas
import xarray

path = sys.argv[1]
TABLES = ["models", "shifts", "levels", "cells", "points", "breaking_points", "aggregates", "bad_inputs", "environment/timing"]

with h5py.File(path) as file:
    print("schema", file.attrs["schema"], file.attrs["schema_version"], file.attrs["complete"], file.attrs["seed"])
    sizes = {name: len(file[name]) for name in TABLES}

    def check(name, item):
        if not isinstance(item, h5py.Dataset):
            return
        kind = item.dtype.kind
        assert h5py.check_ref_dtype(item.dtype) is None and h5py.check_enum_dtype(item.dtype) is None, name
        assert kind != "b", name
        if kind == "V":
            assert not h5py.h5ds.is_scale(item.id) and not any(len(dim) for dim in item.dims), name + " is scaled"
        elif kind != "O" and item.size:
            assert item.compression == "gzip" and item.compression_opts == 4 and item.shuffle, name

    file.visititems(check)
    print("ids", file["samples/columns/id"].asstr()[0], len(file["samples/columns/id"]))
    print("camera", ",".join(file["samples/columns/camera"].asstr()[:5]))
    outcome = file["samples/outcomes/first/fog/2"]
    counted = outcome["correct"][:] >= 0
    print("accuracy_from_outcomes %.12f" % outcome["correct"][:][counted].mean())
    print("nll_from_outcomes %.12f" % outcome["loss"][:][counted].mean(dtype="f8"))
    curve = file["curves/fog/accuracy"]
    print("scales", curve.dims[0][0].name, curve.dims[1][0].name, curve.dims[1][0].attrs["units"], curve.attrs["units"])

for name in TABLES:
    frame = pandas.read_hdf(path, name)
    assert len(frame) == sizes[name], name
    for column in frame:
        assert frame[column].dtype == object or frame[column].dtype.kind in "fi", (name, column)
    if name == "points":
        points = frame
    if name == "aggregates":
        print("aggregates", ",".join(frame.columns))
print("columns", ",".join(points.columns))
cell = points.cell.iloc[0]
print("text_type", type(cell).__name__)
text = (lambda v: v.decode()) if isinstance(cell, bytes) else str
row = points[(points.cell.map(text) == "first/fog/2") & (points.metric.map(text) == "accuracy") & (points.group.map(text) == "")]
print("accuracy_from_pandas %.12f" % row["value"].iloc[0], row.n.iloc[0])

for engine in ("h5netcdf", "netcdf4"):
    with xarray.open_dataset(path, group="curves/fog", engine=engine) as curves:
        value = float(curves["accuracy"].sel(model="first", level=2.0))
        print(engine, "accuracy_from_xarray %.12f" % value, curves["accuracy"].dims, curves["accuracy.area"].dims)
        assert curves["level"].attrs["units"] == "severity" and not numpy.isnan(value)
