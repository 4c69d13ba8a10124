"""Paired tests by other means than the product's, for tests/unit/gate_statistics_test.cpp.

usage: paired_tests_reference.py mcnemar GAINED LOST ... | tango TAIL N GAINED LOST ... | holm P ...
"""
import sys

import numpy
from scipy import optimize, stats


def mcnemar_mid_p(gained, lost):
    """Exact two-sided p less half of what the observed table weighs on both sides (statsmodels has no mid-p)."""
    n = gained + lost
    if n == 0 or gained == lost:
        return 1.0
    exact = stats.binomtest(min(gained, lost), n, 0.5).pvalue
    return exact - stats.binom.pmf(min(gained, lost), n, 0.5)


def tango_score(n, gained, lost, delta):
    """The score statistic, with the nuisance parameter found by maximising the likelihood numerically."""
    def minus_log_likelihood(q):  # q: probability of a lost sample; gained has q + delta
        parts = [(lost, q), (gained, q + delta), (n - gained - lost, 1 - 2 * q - delta)]
        return -sum(count * numpy.log(max(p, 1e-300)) for count, p in parts if count > 0)
    low, high = max(0.0, -delta), (1 - delta) / 2
    q = optimize.minimize_scalar(minus_log_likelihood, bounds=(low, high), method="bounded", options={"xatol": 1e-13}).x
    return (gained - lost - n * delta) / numpy.sqrt(n * (2 * q + delta - delta * delta))


def tango(n, gained, lost, tail):
    z = stats.norm.ppf(1 - tail)
    difference = (gained - lost) / n
    low = optimize.brentq(lambda d: tango_score(n, gained, lost, d) - z, -1 + 1e-9, difference - 1e-9)
    high = optimize.brentq(lambda d: tango_score(n, gained, lost, d) + z, difference + 1e-9, 1 - 1e-9)
    return low, high


def holm(p):
    """By closed testing: an adjusted value is the largest Bonferroni p of all intersections that hold the hypothesis."""
    from itertools import combinations
    members = range(len(p))
    return [max(min(1.0, len(s) * min(p[j] for j in s)) for size in range(1, len(p) + 1)
                for s in combinations(members, size) if i in s) for i in members]


kind, words = sys.argv[1], sys.argv[2:]
if kind == "mcnemar":
    counts = [int(word) for word in words]
    for g, l in zip(counts[::2], counts[1::2]):
        print(repr(float(mcnemar_mid_p(g, l))))
elif kind == "tango":
    counts = [int(word) for word in words[1:]]
    for n, g, l in zip(counts[::3], counts[1::3], counts[2::3]):
        print(*(repr(float(end)) for end in tango(n, g, l, float(words[0]))))
else:
    print(*(repr(float(value)) for value in holm([float(word) for word in words])))
