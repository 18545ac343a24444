"""Scores of a classifier, in NumPy alone.

Everywhere, ``probabilities`` has shape ``(n, classes)``, each row in [0, 1] with sum 1, and
``labels`` has shape ``(n,)``, integers in ``0 … classes - 1``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrawl.arrays import Bool, Float64, Floats, Int64

# Keras clips at the same value, so that a loss of ours agrees with the one of `model.evaluate`.
EPSILON = 1e-7
TINY = 1e-30


def accuracy(probabilities: Floats, labels: NDArray[np.integer]) -> float:
    """The share of rows whose most probable class is the label, in [0, 1]."""
    return float(np.mean(probabilities.argmax(axis=1) == labels))


def wilson_interval(right: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The interval that holds a proportion with 95% confidence.

    Wilson (1927), "Probable inference, the law of succession, and statistical inference". Unlike
    the normal approximation it stays inside [0, 1] and is not empty at 0 or 100%.

    Args:
        right: How many were right, ``0 … n``.
        n: Out of how many, at least 1.
        z: The normal quantile; 1.96 gives 95%.
    """
    p = right / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def nll(probabilities: Floats, labels: NDArray[np.integer]) -> float:
    """Mean negative log-likelihood, in nats: categorical cross-entropy of one-hot labels."""
    chosen = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.clip(chosen, EPSILON, 1.0)).mean())


def log_cosh(probabilities: Floats, labels: NDArray[np.integer]) -> float:
    """Mean logarithm of the hyperbolic cosine of the error, over rows and classes."""
    error = probabilities.astype(np.float64) - np.eye(probabilities.shape[1])[labels]
    return float(np.log(np.cosh(error)).mean())


def soften(probabilities: Floats, temperature: float, xp: Any = np) -> Float64:
    """Divides the logits by a temperature; the order of the classes stays.

    A softmax's logits are the logarithms of its probabilities, up to a constant that cancels.

    Args:
        probabilities: Shape ``(n, classes)``.
        temperature: Above 0; above 1 makes the rows less sure.
        xp: The library of the arrays, see `scrawl.preprocess.normalise`.
    """
    logits = xp.log(xp.maximum(xp.asarray(probabilities, dtype=xp.float64), TINY)) / temperature
    powers = xp.exp(logits - xp.max(logits, axis=1, keepdims=True))
    return powers / xp.sum(powers, axis=1, keepdims=True)


LOSSES = {"categorical_crossentropy": nll, "log_cosh": log_cosh}
"""The loss that a recipe names (Keras' own names) to the function that computes it here."""


def confusion_matrix(
    predicted: NDArray[np.integer], labels: NDArray[np.integer], classes: int
) -> Int64:
    """Counts, shape ``(classes, classes)``: row = the label, column = what was predicted."""
    pairs = labels.astype(np.int64) * classes + predicted
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def reliability(confidence: Floats, right: Bool, bins: int = 15) -> list[tuple[float, float, int]]:
    """Mean confidence, accuracy and count of each occupied bin of equal width over [0, 1].

    Args:
        confidence: Shape ``(n,)``, in [0, 1].
        right: Shape ``(n,)``, whether each answer was right.
        bins: How many bins.
    """
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    rows = []
    for b in range(bins):
        inside = index == b
        if inside.any():
            mean = float(confidence[inside].mean()), float(right[inside].mean())
            rows.append((*mean, int(inside.sum())))
    return rows


def ece(confidence: Floats, right: Bool, bins: int = 15) -> float:
    """Expected calibration error: the mean gap between confidence and accuracy, in [0, 1].

    Guo et al. (2017), "On calibration of modern neural networks": bins of equal width, each
    weighted by its share of the rows.
    """
    rows = reliability(confidence, right, bins)
    return sum(n * abs(c - a) for c, a, n in rows) / len(confidence)


def alignment(costs: Floats, rows: Floats, columns: Floats) -> tuple[float, list[tuple[int, int]]]:
    """Pairs of two sequences that belong together, in order, at the least cost.

    Source: S. Needleman and C. Wunsch, "A general method applicable to the search for similarities
    in the amino acid sequence of two proteins", 1970.

    Args:
        costs: What it costs to pair a member of the one with a member of the other, ``(n, m)``.
        rows: What it costs to leave each of the one without a partner, ``(n,)``.
        columns: Likewise, of the other, ``(m,)``.

    Returns:
        What all costs, and row and column of each pair, both ascending.
    """
    n, m = costs.shape
    total = np.zeros((n + 1, m + 1))
    total[1:, 0], total[0, 1:] = np.cumsum(rows), np.cumsum(columns)
    for i in range(n):
        for j in range(m):
            apart = min(total[i, j + 1] + rows[i], total[i + 1, j] + columns[j])
            total[i + 1, j + 1] = min(apart, total[i, j] + costs[i, j])
    pairs = []
    i, j = n, m
    while i and j:
        if total[i, j] == total[i - 1, j - 1] + costs[i - 1, j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif total[i, j] == total[i - 1, j] + rows[i - 1]:
            i -= 1
        else:
            j -= 1
    return float(total[n, m]), pairs[::-1]
