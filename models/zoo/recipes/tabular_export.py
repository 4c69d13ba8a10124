#!/usr/bin/python3
"""Makes the shipped files of the nets for tables out of what tabular.py leaves: TorchScript and card (YAML), with the score measured on
the file itself and beside it the baselines that it has to beat.

    python3 tabular_export.py chicago_ridership           --trained <folder of tabular.py> --data ../data --out ../models
    python3 tabular_export.py chicago_ridership_quantiles --trained <folder of tabular.py> --data ../data --out ../models
    python3 tabular_export.py credit                      --trained <folder of tabular.py> --data ../data --out ../models
"""
import argparse
import hashlib
import os
import pathlib
import sys

import torch

import tabular
import tabular_scores
from export import save
from tabular_data import listed, mapped

# Of the score in the card. Ridership: at most this share of the error of the same weekday a week before.
MOST_OF_NAIVE = {"chicago_ridership": 0.6, "chicago_ridership_quantiles": 0.6}
LEAST_ACCURACY = {"credit": 0.79}
SUMMARIES = {
    "chicago_ridership": "rides a day (thousands) that begin at the Chicago station Clark/Lake, from own and other stations' rides of a "
    "week or two before, calendar, weather and games",
    "chicago_ridership_quantiles": "chicago_ridership with three quantiles instead of one value",
    "credit": "will a loan be paid back (good) or not (bad), from 13 facts about the applicant",
}


def scored(name: str, program, data: pathlib.Path, card: dict) -> tuple:
    """Scores of the program, scores of baselines, metric of the card, description of the test rows."""
    recipe = tabular.RECIPES[name]
    x, y, times = tabular.read_rows(data, card)
    if card["task"] == "classification":
        test_card = tabular.read_card(data, "credit_test")
        test = tabular.read_rows(data, test_card)[:2]
        with torch.no_grad():
            probabilities = torch.softmax(program(torch.from_numpy(test[0])), 1).numpy()
        baselines = tabular_scores.majority_and_logistic(card, (x, y), test)
        return tabular_scores.classification(test[1], probabilities), baselines, "accuracy", f"credit_test, {len(test[1]):,} rows"
    train, test = (tabular.chosen(times, card["splits"][part]) for part in ("train", "test"))
    with torch.no_grad():
        predicted = program(torch.from_numpy(x[test])).numpy()
    on = f"Chicago ridership, {test.sum()} days from {times[test][0]} to {times[test][-1]}, thousand rides a day"
    if "quantiles" not in recipe:
        return tabular_scores.regression(y[test], predicted), tabular_scores.seasonal_naive(card, y[test], x[test]), "mae", on
    week = x[:, card["features"].index("ridership.7")]
    baselines = tabular_scores.empirical_quantiles(recipe["quantiles"], (y - week)[train], y[test], week[test])
    return tabular_scores.quantiles(y[test], predicted, recipe["quantiles"]), baselines, "pinball", on


def shortfall(name: str, scores: dict, baselines: dict, metric: str) -> str:
    """What is promised and not kept; "" when all is well."""
    if name in LEAST_ACCURACY:
        rival = baselines["logistic regression"]
        if scores["accuracy"] < LEAST_ACCURACY[name]:
            return f"accuracy {scores['accuracy']:.4f} is below the promised {LEAST_ACCURACY[name]}"
        if scores["log_loss"] >= rival["log_loss"]:
            return f"log loss {scores['log_loss']:.4f} is not below {rival['log_loss']:.4f} of logistic regression"
        return ""
    share = scores[metric] / baselines["7 days before"][metric]
    return f"{metric} is {share:.3f} of the seasonal-naive one, promised {MOST_OF_NAIVE[name]}" if share > MOST_OF_NAIVE[name] else ""


def written(scores: dict) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in scores.items())


def model_card(name: str, card: dict, sha256: str, scores: dict, baselines: dict, metric: str, on: str) -> str:
    recipe = tabular.RECIPES[name]
    classifies = card["task"] == "classification"
    lines = [
        f"# {on}",
        f"# {name}: {written(scores)}",
        *(f"# {rival}: {written(figures)}" for rival, figures in baselines.items()),
        f'summary: "{SUMMARIES[name]}"',
        f"task: {card['task']}",
        *([f"classes: {listed(card['classes'])}"] if classifies else []),
        f"output: {'logits' if classifies else 'regression'}",
        f"columns: {listed(card['features'])}",
        *([f"categories: {mapped({key: listed(values) for key, values in card['categories'].items()})}"] if classifies else []),
        *([f"quantiles: {listed(recipe['quantiles'])}"] if "quantiles" in recipe else []),
        "# The model fills in by itself: the median of the training rows"
        f"{'' if classifies else ' (of rides: of their share of the level)'}, in a column of codes the most frequent code.",
        "missing: nan",
        'licence: "MIT (data: modeldata, MIT)"',
        f"origin: \"{card['origin']}\"",
        f'recipe: "tabular_data.py, then tabular.py {name}, then tabular_export.py {name} (models/zoo/recipes)"',
        f"sha256: {sha256}",
        f'clean_score: {{metric: {metric}, value: {scores[metric]:.4f}, on: "{on}"}}',
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("name", choices=SUMMARIES)
    arguments.add_argument("--trained", type=pathlib.Path, required=True)
    arguments.add_argument("--data", type=pathlib.Path, required=True)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    name = options.name
    recipe = tabular.RECIPES[name]
    card = tabular.read_card(options.data, recipe["data"])
    (x, y), _ = tabular.parts(options.data, card)
    model = tabular.build(recipe, card, x, y)
    model.load_state_dict(torch.load(options.trained / f"{name}.state.pt"))
    path = options.out / f"{name}.pt"
    save(torch.jit.script(model.eval()), path)

    scores, baselines, metric, on = scored(name, torch.jit.load(str(path)), options.data, card)
    missed = shortfall(name, scores, baselines, metric)
    if missed:
        path.unlink()
        raise SystemExit(f"{name}: {missed}; not shipped")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".yaml").write_text(model_card(name, card, sha256, scores, baselines, metric, on))
    print(f"{name} on {on}: {path.stat().st_size} bytes, {sum(p.numel() for p in model.parameters())} parameters, sha256 {sha256}")
    for title, figures in {name: scores, **baselines}.items():
        print(f"  {title}: {written(figures)}")


if __name__ == "__main__":
    # torch.jit.script writes sets of names in the order of their hashes: with a fixed seed the same weights give the same file.
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    main()
