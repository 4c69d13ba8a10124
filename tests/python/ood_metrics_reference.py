#!/usr/bin/python3
"""Metrics of scores that tell known from unknown samples, by scikit-learn and by the definitions written out sample by sample.

Reads {"cases": [{"score": [..], "ood": [0 or 1 ..], "correct": [0 or 1 ..]}]} from the file named first, writes a list of {metric: value}
to the second. Not written from the C++ code.
"""
import json
import sys

import numpy as np
from scipy import stats
from sklearn import metrics


def first_at_95(fpr, tpr):
    return fpr[np.argmax(tpr >= 0.95)]


def delong(known, unknown):
    """Value and 95 % interval by the structural components, pair by pair."""
    psi = (known[:, None] > unknown[None, :]) + 0.5 * (known[:, None] == unknown[None, :])
    area = psi.mean()
    variance = psi.mean(axis=1).var(ddof=1) / len(known) + psi.mean(axis=0).var(ddof=1) / len(unknown)
    half = stats.norm.ppf(0.975) * np.sqrt(variance)
    return max(0.0, area - half), min(1.0, area + half)


def expected_mistakes(score, wrong):
    """Mistakes among the first k by descending score; inside a tie each sample carries the mean of the tie."""
    smooth = wrong.astype(float)
    for value in np.unique(score):
        smooth[score == value] = wrong[score == value].mean()
    return np.cumsum(smooth[np.argsort(-score, kind="stable")])


def answer(case):
    score, ood = np.array(case["score"], dtype=np.float64), np.array(case["ood"])
    wrong = np.where(ood == 1, 1, 1 - np.array(case["correct"]))
    known = 1 - ood
    fpr, tpr, _ = metrics.roc_curve(known, score, drop_intermediate=False)
    ood_fpr, ood_tpr, _ = metrics.roc_curve(ood, -score, drop_intermediate=False)
    precision, recall, _ = metrics.precision_recall_curve(known, score)
    ood_precision, ood_recall, _ = metrics.precision_recall_curve(ood, -score)
    low, high = delong(score[ood == 0], score[ood == 1])
    mistakes = expected_mistakes(score, wrong)
    coverage = np.arange(1, len(score) + 1)
    out = {
        "auroc": metrics.roc_auc_score(known, score),
        "auroc.low": low,
        "auroc.high": high,
        "aupr_in": metrics.auc(recall, precision),
        "aupr_out": metrics.auc(ood_recall, ood_precision),
        "fpr95_id_positive": first_at_95(fpr, tpr),
        "fpr95_ood_positive": first_at_95(ood_fpr, ood_tpr),
        "detection_error": float(np.min(0.5 * (1 - tpr) + 0.5 * fpr)),
        "aurc": float(np.mean(mistakes / coverage)),
    }
    for percent in (50, 80, 90, 95):
        k = -(-len(score) * percent // 100)
        out[f"accuracy_at_coverage_{percent}"] = 1 - mistakes[k - 1] / k
    return out


def main():
    with open(sys.argv[1]) as file:
        cases = json.load(file)["cases"]
    with open(sys.argv[2], "w") as file:
        json.dump([{name: float(value) for name, value in answer(case).items()} for case in cases], file)


if __name__ == "__main__":
    main()
