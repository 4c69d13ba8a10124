#!/usr/bin/python3
"""Makes the shipped data sets out of Debian's dataset-fashion-mnist (MIT):

    python3 data.py --data /usr/share/datasets/fashion-mnist --out ../data

fashion_test: the first 100 test images of each class. fashion_fit: the first 100 training images of each class, for fitting scores;
disjoint from fashion_test because the two splits are (checked). Images stay in the order of the original files. The same input
gives the same bytes.
"""
import argparse
import hashlib
import pathlib

import numpy as np

from train import read_fashion

CLASSES = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"]
PER_CLASS = 100
CARD = """\
name: {name}
summary: {summary}
split: {split}
splits:
  fit: fashion_fit
  test: fashion_test
form: npy
images: {name}.npy
labels: {name}.labels.npy
samples: {samples}
classes: [{classes}]
licence: MIT
origin: Fashion-MNIST, Xiao, Rasul and Vollgraf 2017, {part} split; Debian package dataset-fashion-mnist
sha256:
  images: {images}
  labels: {labels}
"""


def first_of_each_class(labels: np.ndarray) -> np.ndarray:
    return np.sort(np.concatenate([np.flatnonzero(labels == c)[:PER_CLASS] for c in range(len(CLASSES))]))


def sha256(file: pathlib.Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def write(out: pathlib.Path, split: str, part: str, summary: str, images: np.ndarray, labels: np.ndarray) -> None:
    name = f"fashion_{split}"
    files = out / f"{name}.npy", out / f"{name}.labels.npy"
    np.save(files[0], images)
    np.save(files[1], labels.astype(np.uint8))
    card = CARD.format(
        name=name, summary=summary, split=split, part=part, samples=len(labels), classes=", ".join(CLASSES), images=sha256(files[0]), labels=sha256(files[1])
    )
    (out / f"{name}.yaml").write_text(card)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=pathlib.Path, required=True)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    chosen = {}
    for split, part, summary in (
        ("test", "t10k", "\"Fashion-MNIST: 1,000 of the test images, 100 a class, 28 x 28 grey\""),
        ("fit", "train", "\"Fashion-MNIST: 1,000 of the training images, 100 a class, for fitting scores\""),
    ):
        images, labels = read_fashion(options.data, part)
        rows = first_of_each_class(labels)
        chosen[split] = np.ascontiguousarray(images[rows, 0])
        write(options.out, split, part, summary, chosen[split], labels[rows])
    seen = {image.tobytes() for image in chosen["test"]}
    assert not any(image.tobytes() in seen for image in chosen["fit"]), "the splits share an image"


if __name__ == "__main__":
    main()
