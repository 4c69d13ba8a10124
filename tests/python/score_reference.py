#!/usr/bin/python3
"""Every score once more, in NumPy, SciPy and scikit-learn, from the formulas of the papers and of OpenOOD 1.5.

usage: score_reference.py <folder>
Reads case.json and raw float32 files of the folder: fit_logits, fit_features, logits, features, weight, bias, and int32
fit_labels. Writes <score>.f64 for each entry of case["scores"], {"name": .., options..}.
"""
import json
import pathlib
import sys

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.spatial.distance import cdist
from scipy.special import logsumexp, rel_entr, softmax
from sklearn.covariance import EmpiricalCovariance


class Data:
    def __init__(self, folder, case):
        n, m, c, d = case["fit_rows"], case["rows"], case["classes"], case["features"]

        def read(name, shape, kind=np.float32):
            values = np.fromfile(folder / name, dtype=kind).reshape(shape)
            return values.astype(np.float64) if kind == np.float32 else values

        self.fit_z, self.fit_f = read("fit_logits", (n, c)), read("fit_features", (n, d))
        self.z, self.f = read("logits", (m, c)), read("features", (m, d))
        self.w, self.b = read("weight", (c, d)), read("bias", (c,))
        self.labels = read("fit_labels", (n,), np.int32)


def energy(z, temperature=1.0):
    return temperature * logsumexp(z / temperature, axis=1)


def kl_matching(data):
    p, q = softmax(data.fit_z, axis=1), softmax(data.z, axis=1)
    predicted = data.fit_z.argmax(1)
    typical = [p[predicted == k].mean(0) if (predicted == k).any() else np.eye(p.shape[1])[k] for k in range(p.shape[1])]
    return -np.min([rel_entr(q, t).sum(1) for t in typical], axis=0)


def temperature_scaled(data):
    known = data.labels >= 0

    def loss(log_temperature):
        z = data.fit_z[known] / np.exp(log_temperature)
        return (logsumexp(z, axis=1) - z[np.arange(len(z)), data.labels[known]]).mean()

    best = minimize_scalar(loss, bounds=(-6, 6), method="bounded", options={"xatol": 1e-10}).x
    return softmax(data.z / np.exp(best), axis=1).max(1)


def class_distances(data):
    """Squared distances from the class means with the covariance within classes."""
    known = data.labels >= 0
    classes = np.unique(data.labels[known])
    means = {c: data.fit_f[data.labels == c].mean(0) for c in classes}
    centred = np.concatenate([data.fit_f[data.labels == c] - means[c] for c in classes])
    precision = EmpiricalCovariance(assume_centered=False).fit(centred).precision_
    return np.stack([np.einsum("nd,de,ne->n", data.f - m, precision, data.f - m) for m in means.values()], axis=1)


def relative_mahalanobis(data):
    known = data.fit_f[data.labels >= 0]
    precision = EmpiricalCovariance(assume_centered=False).fit(known).precision_
    away = data.f - known.mean(0)
    return np.max(-class_distances(data) + np.einsum("nd,de,ne->n", away, precision, away)[:, None], axis=1)


def unit(x):
    norm = np.linalg.norm(x, axis=1, keepdims=True)
    return np.divide(x, norm, out=np.zeros_like(x), where=norm > 0)


def knn(data, k):
    return -np.sort(cdist(unit(data.f), unit(data.fit_f), "sqeuclidean"), axis=1)[:, k - 1]


def nnguide(data, k):
    guides = unit(data.fit_f) * energy(data.fit_z)[:, None]
    similar = np.sort(unit(data.f) @ guides.T, axis=1)[:, -k:]
    return energy(data.z) * similar.mean(1)


def vim(data, dimension=None):
    d = data.f.shape[1]
    dimension = dimension or (1000 if d >= 2048 else 512 if d >= 768 else d // 2)
    origin = -np.linalg.pinv(data.w) @ data.b
    covariance = EmpiricalCovariance(assume_centered=True).fit(data.fit_f - origin).covariance_
    values, vectors = np.linalg.eigh(covariance)
    residual = vectors[:, np.argsort(-values)[dimension:]]

    def left(f):
        return np.linalg.norm((f - origin) @ residual, axis=1)

    alpha = data.fit_z.max(1).mean() / left(data.fit_f).mean()
    return energy(data.z) - alpha * left(data.f)


def head(data, features, weight=None):
    return energy(features @ (data.w if weight is None else weight).T + data.b)


def react(data, percentile):
    return head(data, np.minimum(data.f, np.percentile(data.fit_f, percentile)))


def dice(data, percentile):
    contribution = data.fit_f.mean(0)[None, :] * data.w
    return head(data, data.f, np.where(contribution > np.percentile(contribution, percentile), data.w, 0.0))


def keep_largest(f, percentile):
    k = f.shape[1] - int(np.round(f.shape[1] * percentile / 100.0))
    mask = np.zeros_like(f)
    np.put_along_axis(mask, np.argsort(-f, axis=1, kind="stable")[:, :k], 1.0, axis=1)
    return mask, k


def ash(data, percentile, variant):
    mask, k = keep_largest(data.f, percentile)
    before, after = data.f.sum(1, keepdims=True), (data.f * mask).sum(1, keepdims=True)
    shaped = {"b": mask * before / k, "p": data.f * mask, "s": data.f * mask * np.exp(before / after)}[variant]
    return head(data, shaped)


def scale(data, percentile):
    mask, _ = keep_largest(data.f, percentile)
    return head(data, data.f * np.exp(data.f.sum(1, keepdims=True) / (data.f * mask).sum(1, keepdims=True)))


def grad_norm(data):
    """Through the gradient itself, sample by sample: dL/dW = (C p - 1) f'."""
    p = softmax(data.z, axis=1)
    return np.array([np.abs(np.outer(p.shape[1] * p[i] - 1.0, data.f[i])).sum() for i in range(len(p))])


def gen(data, gamma, classes):
    p = np.sort(softmax(data.z, axis=1), axis=1)[:, ::-1][:, : int(classes)]
    return -np.sum(p**gamma * (1 - p) ** gamma, axis=1)


def odin(data, temperature, step):
    """Of the linear model z = W x + b, whose input are the features: its gradient is W'(p - onehot) / T."""
    p = softmax(data.z / temperature, axis=1)
    p[np.arange(len(p)), data.z.argmax(1)] -= 1.0
    moved = data.f - step * np.where(p @ data.w >= 0, 1.0, -1.0)
    return softmax((moved @ data.w.T + data.b) / temperature, axis=1).max(1)


SCORES = {
    "msp": lambda data: softmax(data.z, axis=1).max(1),
    "max_logit": lambda data: data.z.max(1),
    "energy": lambda data, temperature: energy(data.z, temperature),
    "entropy": lambda data: np.sum(softmax(data.z, axis=1) * (data.z - logsumexp(data.z, axis=1, keepdims=True)), axis=1),
    "gen": gen,
    "kl_matching": kl_matching,
    "temperature_scaled": temperature_scaled,
    "mahalanobis": lambda data: -class_distances(data).min(1),
    "relative_mahalanobis": relative_mahalanobis,
    "knn": knn,
    "nnguide": nnguide,
    "vim": vim,
    "react": react,
    "dice": dice,
    "ash": ash,
    "scale": scale,
    "grad_norm": grad_norm,
    "odin": odin,
}


def main():
    folder = pathlib.Path(sys.argv[1])
    case = json.loads((folder / "case.json").read_text())
    data = Data(folder, case)
    for number, entry in enumerate(case["scores"]):
        options = {key: value for key, value in entry.items() if key != "name" and value != "auto"}
        options = {key: int(value) if key in ("k", "dimension") else value for key, value in options.items()}
        SCORES[entry["name"]](data, **options).astype(np.float64).tofile(folder / f"{number}.f64")


if __name__ == "__main__":
    main()
