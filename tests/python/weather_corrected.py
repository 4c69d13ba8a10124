"""Weather-corrected daily electricity demand as streams for monitors: did behaviour move, or the weather?

Usage: weather_corrected.py <folder of covid-era series> <out>. Writes <out>/victoria.csv and <out>/france.csv: from 2019-01-01 to 2020-10-06, column
`unusual`: 1 where demand is further from what weather and calendar explain (boosted trees fitted on the years to 2018) than in nine of ten days of 2019.
"""
import os
import pathlib
import sys

os.environ["OMP_NUM_THREADS"] = "1"  # threads that wait for a busy core cost a minute

import numpy
import pandas
from sklearn.ensemble import HistGradientBoostingRegressor


def unusual_days(frame, target, weather):
    time = frame.index
    explaining = numpy.column_stack([
        frame[weather].to_numpy(float), frame[weather].shift(1).to_numpy(float), time.weekday, numpy.sin(2 * numpy.pi * time.dayofyear / 365.25),
        numpy.cos(2 * numpy.pi * time.dayofyear / 365.25), frame["holiday"].to_numpy(float), frame["school"].to_numpy(float)
    ])
    demand = numpy.log(frame[target].to_numpy(float))
    fitted = time < "2019-01-01"
    model = HistGradientBoostingRegressor(max_iter=300, learning_rate=0.05, random_state=0).fit(explaining[fitted], demand[fitted])
    residual = pandas.Series(demand - model.predict(explaining), index=time)["2019-01-01":"2020-10-06"]
    usual = residual[:"2019-12-31"]
    distance = (residual - usual.mean()).abs()
    return (distance > distance[:"2019-12-31"].quantile(0.9)).astype(int)


covid, out = map(pathlib.Path, sys.argv[1:])
victoria = pandas.read_csv(covid / "vic_electricity_daily.csv")
victoria.index = pandas.to_datetime(victoria["date"], format="%d-%m-%Y")
victoria["holiday"], victoria["school"] = victoria["holiday"] == "Y", victoria["school_day"] == "Y"
france = pandas.read_csv(covid / "fr_load_train.csv")
france.index = pandas.to_datetime(france["Date"])
france["holiday"], france["school"] = france["BH"] > 0, france["Holiday"]
for name, days in [("victoria", unusual_days(victoria, "demand", ["min_temperature", "max_temperature", "solar_exposure"])),
                   ("france", unusual_days(france, "Load", ["Temp", "Temp_s95", "Temp_s99", "Nebulosity"]))]:
    days.to_frame("unusual").to_csv(out / (name + ".csv"), index=False)
