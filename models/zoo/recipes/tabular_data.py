#!/usr/bin/python3
"""Makes the shipped tables out of Debian's r-cran-modeldata (MIT), which has them as R data:

    python3 tabular_data.py --out ../data

chicago_ridership: table `Chicago`, one row a day without gaps, 2001-01-22 to 2016-08-28. Added: calendar columns and the columns
named x.7 and x.14, which are x of 7 and 14 days before (empty in the first days, which are history only). Left out: Clark_Lake,
because it is ridership.14 (checked). credit_fit, credit_test: table `credit_data` with the names of its columns in small letters;
of each class every third row goes to the test, two equal rows never to both (checked). Missing values are empty cells. Numbers have
12 significant digits, which is what survives in float32 and no rounding errors of the source. The same input gives the same bytes.
"""
import argparse
import datetime
import hashlib
import io
import math
import pathlib
import subprocess

import pandas
from pandas.tseries import holiday, offsets

LAGS = (7, 14)
SPLITS = {
    "train": ("2001-02-05", "2012-12-31"),
    "validation": ("2013-01-01", "2013-12-31"),
    "test": ("2014-01-01", "2016-08-28"),
}
CALENDAR = ["weekday", "year_sin", "year_cos", "holiday", "minor_holiday", "bridge_day"]
LAGGED = ["ridership", "holiday", "minor_holiday", "bridge_day"]
CLASSES = ["good", "bad"]
CATEGORIES = {
    "home": ["ignore", "other", "owner", "parents", "priv", "rent"],
    "marital": ["divorced", "married", "separated", "single", "widow"],
    "records": ["no", "yes"],
    "job": ["fixed", "freelance", "others", "partime"],
}
ORIGIN = {
    "chicago": "Chicago of the R package modeldata: Kuhn and Johnson 2020, Feature Engineering and Selection (City of Chicago, "
    "Chicago Transit Authority); Debian package r-cran-modeldata",
    "credit": "credit_data of the R package modeldata: Belanche and Sanchez, github.com/gastonstat/CreditScoring; "
    "Debian package r-cran-modeldata",
}


def read_r(table: str, *dates: str) -> pandas.DataFrame:
    program = f"data({table}, package = 'modeldata'); write.csv({table}, row.names = FALSE, na = '')"
    text = subprocess.run(["Rscript", "--vanilla", "-e", program], check=True, capture_output=True, text=True).stdout
    return pandas.read_csv(io.StringIO(text), parse_dates=list(dates), keep_default_na=False, na_values=[""])


def stations() -> list:
    program = "data(Chicago, package = 'modeldata'); writeLines(stations)"
    return subprocess.run(["Rscript", "--vanilla", "-e", program], check=True, capture_output=True, text=True).stdout.split()


def both_days(name: str, month: int, day: int) -> list:
    """A holiday of fixed date: the day itself and the workday on which it is observed."""
    return [
        holiday.Holiday(name, month=month, day=day),
        holiday.Holiday(name + " observed", month=month, day=day, observance=holiday.nearest_workday),
    ]


def thanksgiving(name: str, days_after: int) -> holiday.Holiday:
    return holiday.Holiday(name, month=11, day=1, offset=[offsets.DateOffset(weekday=holiday.TH(4)), offsets.Day(days_after)])


class Holidays(holiday.AbstractHolidayCalendar):
    """Days on which most of the city does not work."""

    rules = [
        *both_days("New Year", 1, 1),
        holiday.USMemorialDay,
        *both_days("Independence", 7, 4),
        holiday.USLaborDay,
        thanksgiving("Thanksgiving", 0),
        *both_days("Christmas", 12, 25),
    ]


class MinorHolidays(holiday.AbstractHolidayCalendar):
    """The other federal holidays."""

    rules = [holiday.USMartinLutherKingJr, holiday.USPresidentsDay, holiday.USColumbusDay, *both_days("Veterans", 11, 11)]


class BridgeDays(holiday.AbstractHolidayCalendar):
    """Workdays that many take off: after Thanksgiving, around Christmas."""

    rules = [
        thanksgiving("after Thanksgiving", 1),
        *(holiday.Holiday(f"December {day}", month=12, day=day) for day in (24, 26, 27, 28, 29, 30, 31)),
    ]


def flags(calendar: holiday.AbstractHolidayCalendar, dates: pandas.Series) -> pandas.Series:
    # A year more on both sides: the first of January can be observed on the last of December.
    days = calendar.holidays(dates.min() - datetime.timedelta(366), dates.max() + datetime.timedelta(366))
    return dates.isin(days).astype(int)


def chicago() -> pandas.DataFrame:
    table = read_r("Chicago", "date")
    assert (table["date"].diff().dropna() == datetime.timedelta(1)).all(), "the dates have gaps"
    assert not table.isna().any().any(), "the source has missing values"
    assert (table["Clark_Lake"] == table["ridership"].shift(14))[14:].all(), "Clark_Lake is not ridership of 14 days before"
    source = [name for name in table if name not in ("date", "ridership", "Clark_Lake")]
    angle = 2 * math.pi * (table["date"].dt.dayofyear - 1) / 365.25
    table["weekday"] = table["date"].dt.isocalendar().day.astype(int)
    table["year_sin"], table["year_cos"] = angle.map(math.sin).round(6), angle.map(math.cos).round(6)
    table["holiday"] = flags(Holidays(), table["date"])
    table["minor_holiday"] = flags(MinorHolidays(), table["date"])
    table["bridge_day"] = flags(BridgeDays(), table["date"]) * (1 - table["holiday"])
    lags = []
    for name in LAGGED:
        for lag in LAGS:
            lags.append(f"{name}.{lag}")
            # Int64: whole numbers stay whole beside empty cells.
            column = table[name].shift(lag)
            table[lags[-1]] = column if name == "ridership" else column.astype("Int64")
    return table[["date", "ridership", *lags[: len(LAGS)], *CALENDAR, *lags[len(LAGS) :], *source]]


def credit() -> tuple:
    table = read_r("credit_data").rename(columns=str.lower)
    for name, values in {"status": CLASSES, **CATEGORIES}.items():
        found = set(table[name].dropna())
        assert found == set(values), f"{name} has the values {sorted(found)}"
    for name in table.columns.difference(["status", *CATEGORIES]):
        table[name] = table[name].astype("Int64")
    # A repeated row counts as the row before of its class, and so goes where its twin goes.
    place = (~table.duplicated()).groupby(table["status"]).cumsum() - 1
    test = place % 3 == 2
    fit, test = table[~test], table[test]
    assert fit.merge(test, how="inner").empty, "the splits share a row"
    return fit, test


def write_csv(table: pandas.DataFrame, file: pathlib.Path) -> str:
    table.to_csv(file, index=False, float_format="%.12g", date_format="%Y-%m-%d", lineterminator="\n")
    return hashlib.sha256(file.read_bytes()).hexdigest()


def listed(names) -> str:
    """A YAML list; yes and no would be truth values without quotes."""
    return "[" + ", ".join(f'"{name}"' if name in ("yes", "no") else str(name) for name in names) + "]"


def mapped(pairs: dict) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"


def chicago_card(table: pandas.DataFrame, sha256: str) -> str:
    derived = {f"{name}.{lag}": f'"lag({name},{lag})"' for name in LAGGED for lag in LAGS}
    derived.update({name: "lagged(14)" for name in stations() if name in table})
    lines = [
        "name: chicago_ridership",
        "summary: \"Rides a day that begin at the Chicago station Clark/Lake, 2001 to 2016, with calendar, weather, games and the "
        'rides of 19 other stations 14 days before"',
        "split: all",
        "splits:",
        *(f"  {name}: {first}..{last}" for name, (first, last) in SPLITS.items()),
        "series: chicago_ridership.csv",
        "task: regression",
        "time: date",
        "target: ridership",
        "unit: thousand rides a day",
        f"features: {listed(table.columns[2:])}",
        f"derived: {mapped(derived)}",
        f"samples: {len(table) - max(LAGS)}",  # the first days are history only
        "licence: MIT",
        f"origin: \"{ORIGIN['chicago']}\"",
        "sha256:",
        f"  series: {sha256}",
    ]
    return "\n".join(lines) + "\n"


def credit_card(split: str, table: pandas.DataFrame, sha256: str) -> str:
    lines = [
        f"name: credit_{split}",
        f'summary: "Loan applicants, paid back (good) or not (bad): {"a third" if split == "test" else "two thirds"} of the rows of '
        f'each class{", for fitting and training" if split == "fit" else ""}"',
        f"split: {split}",
        "splits:",
        "  fit: credit_fit",
        "  test: credit_test",
        f"table: credit_{split}.csv",
        "task: classification",
        "target: status",
        f"classes: {listed(CLASSES)}",
        f"features: {listed(table.columns.drop('status'))}",
        f"categories: {mapped({name: listed(values) for name, values in CATEGORIES.items()})}",
        f"attributes: {listed(CATEGORIES)}",
        f"samples: {len(table)}",
        "licence: MIT",
        f"origin: \"{ORIGIN['credit']}\"",
        "sha256:",
        f"  table: {sha256}",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    out = arguments.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    rides = chicago()
    (out / "chicago_ridership.yaml").write_text(chicago_card(rides, write_csv(rides, out / "chicago_ridership.csv")))
    for split, table in zip(("fit", "test"), credit()):
        name = f"credit_{split}"
        (out / f"{name}.yaml").write_text(credit_card(split, table, write_csv(table, out / f"{name}.csv")))
        missing = table.isna().sum()
        print(f"{name}: {len(table)} rows, {table['status'].value_counts().to_dict()}, missing {missing[missing > 0].to_dict()}")
    print(f"chicago_ridership: {len(rides)} rows, {len(rides.columns)} columns, {rides['date'].min():%F} to {rides['date'].max():%F}")


if __name__ == "__main__":
    main()
