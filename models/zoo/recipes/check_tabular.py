#!/usr/bin/python3
"""Checks the shipped nets for tables as a user would feed them, by card and CSV alone (nothing of tabular.py is used):

    python3 check_tabular.py --data ../data --models ../models

Data: digests, number of rows, gapless dates, derived columns that follow from their rule, categories. Models: digest, size, the clean
score to the printed digits, the same output for a row alone and in a batch, finite outputs for missing values, quantiles in order.
"""
import argparse
import hashlib
import pathlib
import re

import numpy as np
import pandas
import torch
import yaml
from sklearn.metrics import accuracy_score, mean_absolute_error, mean_pinball_loss

MOST_BYTES = 200_000
TEST_DATA = {"credit": "credit_test"}  # of the others: chicago_ridership


def check(true: bool, what: str) -> None:
    if not true:
        raise SystemExit(f"wrong: {what}")


def digest(file: pathlib.Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def read_data(folder: pathlib.Path, name: str) -> tuple:
    """Card and table; text stays text, empty cells are NaN."""
    card = yaml.safe_load((folder / f"{name}.yaml").read_text())
    kind = "series" if "series" in card else "table"
    file = folder / card[kind]
    check(digest(file) == card["sha256"][kind], f"sha256 of {file.name}")
    table = pandas.read_csv(file, keep_default_na=False, na_values=[""])
    history = max([int(rows) for rows in re.findall(r"lag\(\w+,(\d+)\)", str(card.get("derived", {})))], default=0)
    check(len(table) - history == card["samples"], f"rows of {file.name}")
    check(set(card["features"]) <= set(table.columns), f"features of {name}")
    for column, values in card.get("categories", {}).items():
        check(set(table[column].dropna()) <= set(values), f"categories of {column} in {name}")
    if kind == "series":
        days = pandas.to_datetime(table[card["time"]], format="%Y-%m-%d")
        check((days.diff().dropna() == pandas.Timedelta("1D")).all(), f"the dates of {name} have gaps")
    for column, rule in card.get("derived", {}).items():
        lag = re.fullmatch(r"lag\((\w+),(\d+)\)", rule)
        if lag:
            check(table[column].equals(table[lag[1]].shift(int(lag[2])).astype(table[column].dtype)), f"{column} is not {rule}")
    return card, table


def inputs(card: dict, table: pandas.DataFrame) -> np.ndarray:
    """float32 [n, k] in the order of the model's card."""
    columns = []
    for name in card["columns"]:
        values = table[name]
        if name in card.get("categories", {}):
            values = values.map({value: code for code, value in enumerate(card["categories"][name])})
        columns.append(values.to_numpy(np.float32))
    return np.stack(columns, 1)


def run(program, x: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        return program(torch.from_numpy(x)).numpy()


def score(card: dict, y: np.ndarray, output: np.ndarray) -> float:
    metric = card["clean_score"]["metric"]
    if metric == "accuracy":
        return accuracy_score(y, output.argmax(1))
    if metric == "pinball":
        return float(np.mean([mean_pinball_loss(y, output[:, c], alpha=level) for c, level in enumerate(card["quantiles"])]))
    check(metric == "mae", f"unknown metric {metric}")
    return mean_absolute_error(y, output)


def check_model(file: pathlib.Path, data: pathlib.Path) -> None:
    name = file.stem
    card = yaml.safe_load(file.with_suffix(".yaml").read_text())
    check(digest(file) == card["sha256"], f"sha256 of {file.name}")
    check(file.stat().st_size < MOST_BYTES, f"size of {file.name}")
    data_card, table = read_data(data, TEST_DATA.get(name, "chicago_ridership"))
    check(card["columns"] == data_card["features"] and card.get("categories") == data_card.get("categories"), f"columns of {name}")
    if "series" in data_card:
        first, last = data_card["splits"]["test"].split("..")
        table = table[table[data_card["time"]].between(first, last)]
        y = table[data_card["target"]].to_numpy()
    else:
        check(card["classes"] == data_card["classes"], f"classes of {name}")
        y = table[data_card["target"]].map(card["classes"].index).to_numpy()
    torch.set_num_threads(1)
    program = torch.jit.load(str(file))
    x = inputs(card, table)
    output = run(program, x)
    found, promised = score(card, y, output), card["clean_score"]["value"]
    check(f"{found:.4f}" == f"{promised:.4f}", f"clean score of {name}: {found:.6f}, in the card {promised}")

    alone = np.concatenate([run(program, x[row : row + 1]) for row in range(20)])
    check(np.allclose(alone, output[:20], rtol=1e-5, atol=1e-5), f"{name} depends on the batch")
    check(card["missing"] == "nan", f"missing values of {name}")
    for column in range(x.shape[1]):
        holed = x.copy()
        holed[:, column] = np.nan
        check(np.isfinite(run(program, holed)).all(), f"{name} without {card['columns'][column]}")
    check(np.isfinite(run(program, np.full_like(x[:2], np.nan))).all(), f"{name} without anything")
    if "quantiles" in card:
        check((np.diff(output, axis=1) >= 0).all(), f"quantiles of {name} cross")
    print(f"{name}: {card['clean_score']['metric']} {found:.4f} of {len(y)} rows, as the card says")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=pathlib.Path, required=True)
    arguments.add_argument("--models", type=pathlib.Path, required=True)
    options = arguments.parse_args()
    read_data(options.data, "credit_fit")
    for name in ("chicago_ridership", "chicago_ridership_quantiles", "credit"):
        check_model(options.models / f"{name}.pt", options.data)


if __name__ == "__main__":
    main()
