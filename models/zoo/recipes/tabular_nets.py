"""The networks of tabular.py. Their input is a float32 table [n, k] of raw values in the order of the card, NaN for missing ones and
codes 0, 1, ... for categories; statistics of the training rows are stored in buffers."""
import torch
import torch.nn.functional as F
from torch import nn


class Encoder(nn.Module):
    """Raw columns [n, k] to standardised numbers and one-hot codes [n, features].

    NaN becomes the median of the training rows, in a column of codes the most frequent code. A code that is none of the known ones
    gives zeros only. Columns in asinh go through asinh(x) before they are standardised.
    """

    def __init__(self, columns, codes: dict, asinh, rows: torch.Tensor):
        super().__init__()
        coded = [c for c, name in enumerate(columns) if name in codes]
        numbers = [c for c in range(len(columns)) if c not in coded]
        fill = [rows[:, c][~rows[:, c].isnan()] for c in range(len(columns))]
        self.register_buffer("fill", torch.stack([v.mode().values if c in coded else v.median() for c, v in enumerate(fill)]))
        self.register_buffer("numbers", torch.tensor(numbers))
        self.register_buffer("curved", torch.tensor([columns[c] in asinh for c in numbers]))
        self.register_buffer("code_column", torch.tensor([c for c in coded for _ in codes[columns[c]]]))
        self.register_buffer("code", torch.tensor([float(code) for c in coded for code in codes[columns[c]]]))
        self.register_buffer("mean", torch.zeros(len(numbers)))
        self.register_buffer("deviation", torch.ones(len(numbers)))
        values = self.values(torch.where(rows.isnan(), self.fill, rows))
        self.mean.copy_(values.mean(0))
        # Flags that never vary among the training rows must not divide by zero.
        self.deviation.copy_(values.std(0).clamp_min(1e-3))
        self.features = len(numbers) + len(self.code)

    def values(self, x):
        numbers = x.index_select(1, self.numbers)
        return torch.where(self.curved, torch.asinh(numbers), numbers)

    def forward(self, x):
        x = torch.where(torch.isnan(x), self.fill, x)
        hot = torch.round(x.index_select(1, self.code_column)) == self.code
        return torch.cat([(self.values(x) - self.mean) / self.deviation, hot.to(x.dtype)], 1)


class Net(nn.Module):
    """A multilayer perceptron beside a linear path."""

    def __init__(self, features: int, hidden, outputs: int, drop: float):
        super().__init__()
        layers = []
        inputs = features
        for width in hidden:
            layers += [nn.Linear(inputs, width), nn.SiLU(), nn.Dropout(drop)]
            inputs = width
        self.deep = nn.Sequential(*layers, nn.Linear(inputs, outputs))
        self.wide = nn.Linear(features, outputs, bias=False)
        nn.init.zeros_(self.wide.weight)

    def forward(self, x):
        return self.deep(x) + self.wide(x)


class Classifier(nn.Module):
    """Raw columns [n, k] to logits [n, classes]."""

    def __init__(self, encoder: Encoder, net: Net):
        super().__init__()
        self.encoder = encoder
        self.net = net

    def forward(self, x):
        return self.net(self.encoder(x))


class Level(nn.Module):
    """The recent level of the target, [n]: the greater of its two lags, of at least 0.1. A lag that is NaN does not count; where both
    are, the level is the median of the training rows."""

    def __init__(self, columns, lags, rides, rows: torch.Tensor):
        super().__init__()
        self.register_buffer("lags", torch.tensor([columns.index(name) for name in lags]))
        self.register_buffer("rides", torch.tensor([name in rides or name in lags for name in columns]))
        self.register_buffer("typical", rows[:, self.lags].amax(1).median())

    def forward(self, x):
        lags = x.index_select(1, self.lags)
        missing = torch.isnan(lags)
        level = torch.where(missing, torch.zeros_like(lags), lags).amax(1)
        return torch.where(missing.all(1), self.typical, level).clamp_min(0.1)

    def relative(self, x, level):
        """The columns with rides divided by the level."""
        return torch.where(self.rides, x / level.unsqueeze(1), x)


class Regressor(nn.Module):
    """Raw columns [n, k] to the target in its own unit, [n]. Rides twice as high everywhere give a prediction twice as high."""

    def __init__(self, level: Level, encoder: Encoder, net: Net, targets: torch.Tensor):
        super().__init__()
        self.level = level
        self.encoder = encoder
        self.net = net
        self.register_buffer("shift", targets.mean())
        self.register_buffer("scale", targets.std())

    def forward(self, x):
        level = self.level(x)
        y = self.net(self.encoder(self.level.relative(x, level))).squeeze(1)
        return (y * self.scale + self.shift) * level


class QuantileRegressor(nn.Module):
    """Raw columns [n, k] to three quantiles of the target in its own unit, [n, 3], lowest first. margin widens the interval on both
    sides, in shares of the level."""

    def __init__(self, level: Level, encoder: Encoder, net: Net, targets: torch.Tensor):
        super().__init__()
        self.level = level
        self.encoder = encoder
        self.net = net
        self.register_buffer("shift", targets.mean())
        self.register_buffer("scale", targets.std())
        self.register_buffer("margin", torch.zeros(()))

    def forward(self, x):
        level = self.level(x)
        y = self.net(self.encoder(self.level.relative(x, level)))
        middle = y[:, 1] * self.scale + self.shift
        below = F.relu(F.softplus(y[:, 0] - 2) * self.scale + self.margin)
        above = F.relu(F.softplus(y[:, 2] - 2) * self.scale + self.margin)
        return torch.stack([middle - below, middle, middle + above], 1) * level.unsqueeze(1)
