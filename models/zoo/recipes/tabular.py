#!/usr/bin/python3
"""Trains the shipped nets for tables. One recipe, one process, well under a minute on one core:

    OMP_NUM_THREADS=1 python3 tabular.py chicago_ridership           --data ../data --out <folder>
    OMP_NUM_THREADS=1 python3 tabular.py chicago_ridership_quantiles --data ../data --out <folder>
    OMP_NUM_THREADS=1 python3 tabular.py credit                      --data ../data --out <folder>

--data has what tabular_data.py makes. The result is a state_dict (<name>.state.pt); tabular_export.py makes file and card of it.

Ridership is trained on 2001-02-05 to 2012-12-31, the epoch is chosen on 2013, where the interval of quantiles is calibrated too;
the test begins with 2014. Credit is trained on four
fifths of credit_fit, the epoch is chosen on every fifth row of it. Test rows are not looked at here.
"""
import argparse
import csv
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
import yaml
from torch import nn

from tabular_nets import Classifier, Encoder, Level, Net, QuantileRegressor, Regressor

RIDERSHIP = dict(
    data="chicago_ridership",
    hidden=(64, 32),
    epochs=80,
    rate=5e-3,
    decay=0.05,
    drop=0.1,
    batch=64,
    asinh=(),
    level=("ridership.7", "ridership.14"),
)
RECIPES = {
    # decay: weight decay; drop: dropout of hidden units; asinh: numbers whose logarithm matters; level: columns whose
    # greater one is the level that rides are divided by. Rides grow by half from 2004 to 2015, out of the range of the training: when
    # trained to the end of 2005, 2007, 2009, 2011 and measured on 2007, 2009, 2011, 2013 the level lowered the mean error by a fifth.
    "chicago_ridership": RIDERSHIP,
    "chicago_ridership_quantiles": dict(RIDERSHIP, quantiles=(0.1, 0.5, 0.9)),
    "credit": dict(
        data="credit_fit",
        hidden=(32, 16),
        epochs=60,
        rate=5e-3,
        decay=0.1,
        drop=0.3,
        batch=64,
        asinh=("seniority", "expenses", "income", "assets", "debt", "amount", "price"),
    ),
}
# The column of whole numbers 1 to 7 that is a category all the same.
CODED = {"weekday": range(1, 8)}


def read_card(data: pathlib.Path, name: str) -> dict:
    return yaml.safe_load((data / f"{name}.yaml").read_text())


def read_rows(data: pathlib.Path, card: dict):
    """Raw columns float32 [n, k] in the card's order with NaN for empty cells, targets float32 or class index [n], times [n]."""
    with open(data / (card.get("series") or card["table"]), newline="") as file:
        rows = list(csv.DictReader(file))
    categories = card.get("categories", {})

    def number(name: str, cell: str) -> float:
        if cell == "":
            return float("nan")
        return categories[name].index(cell) if name in categories else float(cell)

    x = np.array([[number(name, row[name]) for name in card["features"]] for row in rows], np.float32)
    if card["task"] == "classification":
        y = np.array([card["classes"].index(row[card["target"]]) for row in rows], np.int64)
    else:
        y = np.array([float(row[card["target"]]) for row in rows], np.float32)
    return x, y, np.array([row[card["time"]] for row in rows] if "time" in card else [])


def chosen(times: np.ndarray, span: str) -> np.ndarray:
    first, last = span.split("..")
    return (times >= first) & (times <= last)


def pinball(y: torch.Tensor, predicted: torch.Tensor, quantiles) -> torch.Tensor:
    """Mean over rows and quantiles of max(q (y - p), (q - 1) (y - p)); Koenker and Bassett 1978."""
    q = torch.tensor(quantiles)
    over = y.unsqueeze(1) - predicted
    return torch.maximum(q * over, (q - 1) * over).mean()


def build(recipe: dict, card: dict, x: torch.Tensor, y: torch.Tensor) -> nn.Module:
    """Untrained, fitted to the columns' scales."""
    codes = {name: range(len(values)) for name, values in card.get("categories", {}).items()}
    codes.update({name: values for name, values in CODED.items() if name in card["features"]})
    outputs = len(card.get("classes", recipe.get("quantiles", [0.5])))
    if card["task"] == "classification":
        encoder = Encoder(card["features"], codes, recipe["asinh"], x)
        return Classifier(encoder, Net(encoder.features, recipe["hidden"], outputs, recipe["drop"]))
    rides = [name for name, rule in card["derived"].items() if rule.startswith("lagged")]
    level = Level(card["features"], recipe["level"], rides, x)
    now = level(x)
    encoder = Encoder(card["features"], codes, recipe["asinh"], level.relative(x, now))
    net = Net(encoder.features, recipe["hidden"], outputs, recipe["drop"])
    return (QuantileRegressor if "quantiles" in recipe else Regressor)(level, encoder, net, y / now)


def parts(data: pathlib.Path, card: dict):
    """(columns, targets) to train on and (columns, targets) to choose the epoch on."""
    x, y, times = read_rows(data, card)
    if "series" in card:
        train, validation = (chosen(times, card["splits"][part]) for part in ("train", "validation"))
    else:
        validation = np.arange(len(x)) % 5 == 4
        train = ~validation
    return [(torch.from_numpy(x[part]), torch.from_numpy(y[part])) for part in (train, validation)]


def loss_of(recipe: dict, card: dict, model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    if card["task"] == "classification":
        return F.cross_entropy(model(x), y)
    if "quantiles" in recipe:
        return pinball(y, model(x), recipe["quantiles"])
    return F.l1_loss(model(x), y)


@torch.no_grad()
def conformal_margin(x: torch.Tensor, y: torch.Tensor, model: nn.Module, quantiles) -> torch.Tensor:
    """What to add on both sides, in shares of the level, so that the interval holds its share of these rows; Romano, Patterson and
    Candes 2019."""
    level = model.level(x)
    predicted, y = model(x) / level.unsqueeze(1), y / level
    miss = torch.maximum(predicted[:, 0] - y, y - predicted[:, -1]).sort().values
    rank = math.ceil((quantiles[-1] - quantiles[0]) * (len(y) + 1))
    return miss[rank - 1]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("name", choices=RECIPES)
    arguments.add_argument("--data", type=pathlib.Path, required=True)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    recipe = RECIPES[options.name]
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)

    card = read_card(options.data, recipe["data"])
    (x, y), validation = parts(options.data, card)
    model = build(recipe, card, x, y)
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe["rate"], weight_decay=recipe["decay"])
    steps = len(x) // recipe["batch"]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe["rate"], epochs=recipe["epochs"], steps_per_epoch=steps, pct_start=0.2)
    least, best = float("inf"), {}
    for epoch in range(recipe["epochs"]):
        model.train()
        order = torch.randperm(len(x))
        total = 0.0
        for step in range(steps):
            rows = order[step * recipe["batch"] : (step + 1) * recipe["batch"]]
            loss = loss_of(recipe, card, model, x[rows], y[rows])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        model.eval()
        with torch.no_grad():
            current = loss_of(recipe, card, model, *validation).item()
        if current < least:
            least, best = current, {key: value.clone() for key, value in model.state_dict().items()}
        print(f"epoch {epoch + 1} loss {total / steps:.4f} validation {current:.4f}", flush=True)
    if "quantiles" in recipe:
        model.load_state_dict(best)
        best["margin"] = conformal_margin(*validation, model, recipe["quantiles"])
    torch.save(best, options.out / f"{options.name}.state.pt")
    print(f"{options.name}: least validation loss {least:.4f} of {len(validation[1])} rows", flush=True)


if __name__ == "__main__":
    main()
