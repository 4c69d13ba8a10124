#!/usr/bin/python3
"""Streaming monitors once more, as simply as they can be said: most look at the whole history since the last alarm at every step.

Reads {"cases": [{"monitor", "stream", "settings", "reference"}]} from the file named first, writes a list of {"alarms", "warnings"} to the
second. Written from the definitions (docs/monitors.md), not from the C++ code; only the random numbers are the same (Philox 4x32-10).
"""
import json
import math
import sys

import numpy as np
from scipy import stats

MASK64 = (1 << 64) - 1


# --- core/random.h ---------------------------------------------------------------------------------------------------------------

def key_hash(name, seed):
    state = 0xCBF29CE484222325
    data = len(name).to_bytes(8, "little") + name.encode() + seed.to_bytes(8, "little")
    for byte in data:
        state = ((state ^ byte) * 0x100000001B3) & MASK64
    z = (state + 0x9E3779B97F4A7C15) & MASK64
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK64
    return z ^ (z >> 31)


def philox(key, stream, index):
    c = [index & 0xFFFFFFFF, index >> 32, stream, 0]
    k = [key & 0xFFFFFFFF, key >> 32]
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def uniforms(key, stream, first, count):
    return [(philox(key, stream, e // 4)[e % 4] >> 8) * 2.0 ** -24 for e in range(first, first + count)]


# --- monitors: f(history since the last alarm, settings, memo) -> "", "warning" or "alarm" -------------------------------------------

def level(alarm, warning=False):
    return "alarm" if alarm else "warning" if warning else ""


def running_mean(x):
    return np.cumsum(x) / np.arange(1, len(x) + 1)


def ddm(h, s, _):
    if len(h) <= s["min"]:
        return ""
    n = np.arange(1, len(h) + 1)
    p = running_mean(h)
    d = np.sqrt(np.maximum(0, p * (1 - p)) / n)
    tested = (p + d)[s["min"]:]
    best = s["min"] + len(tested) - 1 - np.argmin(tested[::-1])
    return level(p[-1] + d[-1] > p[best] + s["drift"] * d[best], p[-1] + d[-1] > p[best] + s["warning"] * d[best])


def eddm(h, s, memo):
    errors = np.flatnonzero(np.asarray(h) == 1) + 1
    if h[-1] != 1:
        return level(False, memo.get("warned", False))
    distances = np.diff(np.concatenate([[0], errors]))
    best, q = -1.0, None
    for k in range(1, len(distances) + 1):
        if errors[k - 1] <= s["min"]:
            continue
        ddof = min(int(s["ddof"]), k - 1)
        q = np.mean(distances[:k]) + 2 * np.std(distances[:k], ddof=ddof)
        new = q > best + 1e-12
        best = max(best, q)
    if q is None or new or len(errors) <= s["min"]:
        return level(False, memo.get("warned", False))
    memo["warned"] = bool(q < s["warning"] * best)
    return level(q < s["drift"] * best, memo["warned"])


class Rddm:
    """The reactive one keeps what it saw, so it is a machine rather than a function of the history."""

    def __init__(self):
        self.n, self.p, self.best, self.kept, self.warned, self.length = 0, 0.0, None, [], None, 0
        self.pending = None

    def spread(self):
        return math.sqrt(max(0.0, self.p * (1 - self.p)) / self.n)

    def remember_best(self):
        if self.best is None or self.p + self.spread() < sum(self.best):
            self.best = (self.p, self.spread())

    def react(self, s):
        if self.pending == "change":
            self.best = None
        if self.warned is not None:
            self.kept = self.kept[self.warned:]
        self.n = 1
        for x in self.kept:
            self.p = x if self.n == 1 else self.p + (x - self.p) / self.n
            if self.pending == "change" and self.n > s["min"]:
                self.remember_best()
            self.n += 1
        self.warned, self.length, self.pending = None, 0, None

    def step(self, x, s):
        if self.pending:
            self.react(s)
        self.kept.append(x)
        if len(self.kept) > s["buffer"]:
            self.kept.pop(0)
            if self.warned is not None:
                self.warned = self.warned - 1 if self.warned > 0 else None
        self.n += 1
        self.p += (x - self.p) / self.n
        if self.n <= s["min"]:
            return ""
        self.remember_best()
        now = self.p + self.spread()
        if now > self.best[0] + s["drift"] * self.best[1]:
            self.pending = "change"
            if self.warned is None:
                self.kept = self.kept[-1:]
            return "alarm"
        if now > self.best[0] + s["warning"] * self.best[1]:
            if self.length == 0:
                self.warned = len(self.kept) - 1
            self.length += 1
            if self.length <= s["warning_limit"]:
                return "warning"
            self.pending, self.kept, self.warned = "change", self.kept[-1:], None
            return "alarm"
        self.warned, self.length = None, 0
        if self.n > s["max_concept"]:
            self.pending = "length"
            return "alarm"
        return ""


def hddm_a(h, s, _):
    n = np.arange(1, len(h) + 1)
    z = running_mean(h)
    e = np.sqrt(np.log(1 / s["drift"]) / (2 * n))
    low = len(h) - 1 - np.argmin((z + e)[::-1])
    high = len(h) - 1 - np.argmax((z - e)[::-1])

    def beyond(difference, cut, confidence):
        k, total = n[cut], n[-1]
        return k != total and difference >= math.sqrt((total - k) / (2 * k * total) * math.log(float(s["c"]) / confidence))

    def says(confidence):
        falls = s["sides"] == "two" and beyond(z[high] - z[-1], high, confidence)
        return beyond(z[-1] - z[low], low, confidence) or falls

    return level(says(s["drift"]), says(s["warning"]))


def ewma(x, lam):
    value = x[0]
    for v in x[1:]:
        value = lam * v + (1 - lam) * value
    bound = 1.0
    for _ in x:
        bound = lam ** 2 + (1 - lam) ** 2 * bound
    return value, bound


def hddm_w(h, s, memo):
    lam = s["lambda"]
    mean, bound = ewma(h, lam)
    eps = math.sqrt(bound * math.log(1 / s["drift"]) / 2)
    if mean + eps < memo.get("low", math.inf):
        memo["low"], memo["low_at"] = mean + eps, len(h)
    if mean - eps > memo.get("high", -math.inf):
        memo["high"], memo["high_at"] = mean - eps, len(h)

    def apart(cut, sign, confidence):
        if cut == len(h):
            return False
        (m1, b1), (m2, b2) = ewma(h[:cut], lam), ewma(h[cut:], lam)
        return sign * (m2 - m1) > math.sqrt((b1 + b2) * math.log(1 / confidence) / 2)

    def says(confidence):
        return apart(memo["low_at"], 1, confidence) or (s["sides"] == "two" and apart(memo["high_at"], -1, confidence))

    return level(says(s["drift"]), says(s["warning"]))


def adwin(h, s, memo):
    rows = memo.setdefault("rows", [[]])  # rows[r]: buckets of 2^r raw values, oldest first
    rows[0].append([h[-1]])
    r = 0
    while len(rows[r]) > s["buckets"]:
        if r + 1 == len(rows):
            rows.append([])
        rows[r + 1].append(rows[r].pop(0) + rows[r].pop(0))
        r += 1

    def cut():
        window = [x for row in reversed(rows) for bucket in row for x in bucket]
        w, total, v = len(window), sum(window), np.var(window)
        d = math.log(2 * math.log(w) / s["delta"])
        n0 = u0 = 0
        for row in reversed(rows):
            for bucket in row[:-1] if s["boundaries"] == "older" else row:
                n0, u0 = n0 + len(bucket), u0 + sum(bucket)
                n1 = w - n0
                if n0 < s["min"] or n1 < s["min"]:
                    continue
                m = 1 / (n0 - s["min"] + 1) + 1 / (n1 - s["min"] + 1)
                if abs(u0 / n0 - (total - u0) / n1) > math.sqrt(2 * m * v * d) + 2 / 3 * m * d:
                    return True
        return False

    alarm = False
    if len(h) % s["clock"] == 0 and sum(len(b) for row in rows for b in row) > s["grace"]:
        while cut():
            alarm = True
            rows[-1].pop(0)
            if not rows[-1]:
                rows.pop()
    return level(alarm)


def page_hinkley(h, s, _):
    form = s["form"]
    mode = s["mode"] if s["mode"] != "auto" else "both" if form == "river" else "up"
    m = running_mean(h)
    highest = -math.inf
    for sign, name in ((1, "up"), (-1, "down")):
        if mode not in (name, "both"):
            continue
        total, lowest = 0.0, math.inf
        for dev in sign * (np.asarray(h) - m):
            total = s["alpha"] * total + dev - s["delta"]
            if form == "older":
                total = max(0.0, total)
            lowest = min(lowest, total)
        highest = max(highest, total - lowest if form == "river" else total)
    if len(h) < s["min"] - (form == "older"):
        return ""
    return level(highest >= s["threshold"] if form == "older" else highest > s["threshold"])


def limits(h, s, memo):
    """Mean and deviation of the reference, or of the first values; None before."""
    values = memo.get("reference") or h[:s["min"]]
    return None if not memo.get("reference") and len(h) < s["min"] else (np.mean(values), np.std(values, ddof=1))


def cusum(h, s, memo):
    river = s["form"] == "river"
    mode = s["mode"] if s["mode"] != "auto" else "both" if river else "up"
    if river:
        known = limits(h, s, memo)
        if known is None:
            return ""
        first = 0 if memo.get("reference") else s["min"] - 1
        devs, slack = np.asarray(h[first:]) - known[0], s["slack"] * known[1]
        limit = (5 if s["threshold"] is None else s["threshold"]) * known[1]
    else:
        devs, slack, limit = np.asarray(h) - running_mean(h), s["delta"], 50 if s["threshold"] is None else s["threshold"]
    up = down = 0.0
    for dev in devs:
        up, down = max(0.0, up + dev - slack), max(0.0, down - dev - slack)
    if not river and len(h) < s["min"]:
        return ""
    return level((mode != "down" and up > limit) or (mode != "up" and down > limit))


def shewhart(h, s, memo):
    known = limits(h, s, memo)
    if known is None:
        return ""
    off = (h[-1] - known[0]) / known[1]
    return level((s["mode"] != "down" and off > s["k"]) or (s["mode"] != "up" and -off > s["k"]))


def gma(h, s, _):
    a, n = s["alpha"], len(h)
    devs = np.asarray(h) - running_mean(h)
    return level(n >= s["min"] and np.sum((1 - a) * a ** np.arange(n - 1, -1, -1.0) * devs) > s["threshold"])


def stepd(h, s, _):
    w = s["window"]
    if len(h) < 2 * w:
        return ""
    recent, older = np.asarray(h[-w:]), np.asarray(h[:-w])
    p = np.mean(h)
    if p in (0, 1):
        return ""
    parts = 1 / len(older) + 1 / w
    t = (abs(older.mean() - recent.mean()) - 0.5 * parts) / math.sqrt(p * (1 - p) * parts)
    value = stats.norm.sf(abs(t))
    return level(value < s["drift"], value < s["warning"])


def sliding(h, weights):
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(h, float), len(weights))
    return windows @ (np.asarray(weights) / np.sum(weights))


def fhddm(h, s, _):
    if len(h) < s["window"]:
        return ""
    means = sliding(h, np.ones(s["window"]))
    return level(means.max() - means[-1] > math.sqrt(math.log(1 / s["delta"]) / (2 * s["window"])))


def mddm(h, s, weights):
    if len(h) < s["window"]:
        return ""
    means = sliding(1 - np.asarray(h), weights)
    off = max(0.0, means.max()) - means[-1]
    squares = np.sum((weights / np.sum(weights)) ** 2)
    says = lambda confidence: off > math.sqrt(0.5 * squares * math.log(1 / confidence))
    return level(says(s["drift"]), says(s["warning"]))


def mddm_a(h, s, _):
    return mddm(h, s, 1 + s["difference"] * np.arange(s["window"]))


def mddm_e(h, s, _):
    return mddm(h, s, np.exp(s["lambda"] * np.arange(s["window"])))


def mddm_g(h, s, _):
    return mddm(h, s, s["ratio"] ** np.arange(1.0, s["window"] + 1))


def wstd(h, s, _):
    w = s["window"]
    recent, older = h[-w:], h[max(0, len(h) - w - s["older"]):len(h) - w] if len(h) > w else []
    if len(recent) < w or len(older) < s["min"]:
        return ""
    ranks = stats.rankdata(older + recent)
    of_older, of_recent = ranks[:len(older)].sum(), ranks[len(older):].sum()
    if len(recent) == len(older):
        total = min(of_older, of_recent)
    else:
        total = of_recent if len(recent) < len(older) else of_older
    n1, n2 = sorted((len(recent), len(older)))
    z = (total - n1 * (n1 + n2 + 1) / 2) / math.sqrt(n1 * n2 * (n1 + n2 + 1) / 12)
    value = 2 * stats.norm.sf(abs(z))
    return level(value < s["drift"], value < s["warning"])


def kswin(h, s, memo):
    w, r = s["window"], s["sample"]
    if len(h) < w:
        return ""
    drawn = memo["forever"].setdefault("drawn", 0)
    memo["forever"]["drawn"] += r
    older = list(h[-w:-r])
    for i, u in enumerate(uniforms(key_hash("kswin", s["seed"]), 0, drawn, r)):
        j = i + int(u * (len(older) - i))
        older[i], older[j] = older[j], older[i]
    distance, value = stats.ks_2samp(older[:r], h[-r:])
    return level(value <= s["alpha"] and distance > s["distance"])


def bocd(h, s, memo):
    shift, scale = memo.get("standard", (0.0, 1.0))
    x = (h[-1] - shift) / scale
    log_r, mean, precision = memo.get("posterior", (np.zeros(1), np.array([s["prior_mean"]]), np.array([1 / s["prior_variance"]])))
    density = stats.norm.logpdf(x, mean, np.sqrt(1 / precision + s["variance"]))
    grown, changed = log_r + density + math.log(1 - s["hazard"]), log_r + density + math.log(s["hazard"])
    new = np.concatenate([[np.logaddexp.reduce(changed)], grown])
    new -= np.logaddexp.reduce(new)
    new_precision = precision + 1 / s["variance"]
    new_mean = (mean * precision + x / s["variance"]) / new_precision
    memo["posterior"] = (new, np.concatenate([[s["prior_mean"]], new_mean]),
                         np.concatenate([[1 / s["prior_variance"]], new_precision]))
    return level(len(h) >= s["min"] and int(np.argmax(new)) != len(h))


def e_detector(h, s, memo):
    x = np.asarray(h, float)
    baseline = s["baseline"]
    if memo.get("reference"):
        reference = np.asarray(memo["reference"])
        margin = math.sqrt(math.log(1 / s["delta"]) / (2 * len(reference)))
        baseline = (reference.mean() if s["mode"] == "up" else 1 - reference.mean()) + margin
    elif s["mode"] == "down":
        baseline = 1 - baseline
    if s["mode"] == "down":
        x = 1 - x
    logs = []
    for stake in [s["bet"]] if s["bet"] > 0 else [2.0 ** -k for k in range(1, 6)]:
        steps = np.log1p(stake / baseline * (x - baseline))
        starts = np.cumsum(steps[::-1])  # evidence of a change at each beginning
        logs.append(np.logaddexp.reduce(starts) if s["form"] == "sr" else np.max(starts))
    return level(np.logaddexp.reduce(logs) - math.log(len(logs)) >= math.log(1 / s["alpha"]))


def conformal_martingale(h, s, memo):
    drawn = memo["forever"].setdefault("drawn", 0)
    memo["forever"]["drawn"] += 1
    u = uniforms(key_hash("conformal_martingale", s["seed"]), 0, drawn, 1)[0] + 2.0 ** -25
    bag = (memo.get("reference") or []) + list(h)
    n = len(bag)
    greater, equal = sum(a > h[-1] for a in bag), sum(a == h[-1] for a in bag)
    p = (greater + u * equal) / n
    bets = np.array([-1, 0, 1.0]) if s["bets"] == "3" else np.array([-1, -0.5, 0, 0.5, 1])
    capital = memo.get("capital", np.ones(len(bets)) / len(bets))
    capital = (1 - s["jump"]) * capital + s["jump"] / len(bets) * capital.sum()
    memo["capital"] = capital * (1 + bets * (p - 0.5))
    path = memo.setdefault("path", [0.0])  # logarithm of the capital at each time
    now = math.log(memo["capital"].sum())
    past = np.array(path)
    path.append(now)
    value = {"ville": now, "cusum": np.max(now - past), "sr": np.logaddexp.reduce(now - past)}[s["form"]]
    return level(value >= math.log(s["threshold"]))


def run(case):
    name, s = case["monitor"], case["settings"]
    reference = case.get("reference") or []
    forever = {}

    def fresh():
        memo = {"forever": forever}
        if reference:
            memo["reference"] = reference
            memo["standard"] = (np.mean(reference), np.std(reference, ddof=1))
        return memo

    history, memo, machine = [], fresh(), Rddm()
    out = {"alarms": [], "warnings": []}
    for i, x in enumerate(case["stream"]):
        if name == "rddm":
            said = machine.step(x, s)
        else:
            history.append(x)
            said = globals()[name](history, s, memo)
        if said == "warning":
            out["warnings"].append(i)
        elif said == "alarm":
            out["alarms"].append(i)
            history, memo = [], fresh()
    return out


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        cases = json.load(file)["cases"]
    with open(sys.argv[2], "w") as file:
        json.dump([run(case) for case in cases], file)
