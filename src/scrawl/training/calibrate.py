"""Confidence that means something: a temperature, and a threshold below which nothing is read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from scrawl import metrics
from scrawl.arrays import Bool, Floats

_WIDEST = np.log(20.0)  # temperatures from 1/20 to 20
_NEAR = 1e-6  # of the logarithm, from which on two answers count as one


def fit_temperature(probabilities: Floats, labels: NDArray[np.integer]) -> float:
    """The temperature of least negative log-likelihood on held-out data.

    Source: C. Guo, G. Pleiss, Y. Sun and K. Weinberger, "On calibration of modern neural
    networks", 2017. The likelihood has one optimum in the inverse temperature, so that a search
    within bounds finds it.

    Args:
        probabilities: The network's, shape ``(n, classes)``, on pictures that it was not trained
            on.
        labels: The true classes, shape ``(n,)``.

    Returns:
        The temperature, from 0.05 to 20.
    """

    def loss(log_temperature: float) -> float:
        return metrics.nll(metrics.soften(probabilities, float(np.exp(log_temperature))), labels)

    return float(np.exp(_lowest(loss, _WIDEST)))


def fit_odds(logits: Floats, hold: Bool) -> float:
    """The factor on the odds of yes or no answers that makes them likeliest on held-out data.

    Args:
        logits: The network's, shape ``(n,)``.
        hold: Which answers should be yes, shape ``(n,)``.

    Returns:
        The factor, from 1/400 to 400.
    """

    def loss(shift: float) -> float:
        return float(np.logaddexp(0, np.where(hold, -1, 1) * (logits + shift)).mean())

    return float(np.exp(_lowest(loss, 2 * _WIDEST)))


def fit_threshold(scores: Floats, keep: float) -> float:
    """The highest threshold that still keeps a given share of held-out digits.

    Args:
        scores: The confidence of held-out digits, shape ``(n,)``.
        keep: The share to keep, in (0, 1]: those whose score is at least the threshold.

    Returns:
        The threshold, in [0, 1].

    Raises:
        ValueError: No scores, or a share out of range.
    """
    if not 0 < keep <= 1:
        raise ValueError(f"keep: expected a share above 0 and at most 1, received {keep}")
    if not len(scores):
        raise ValueError("scores: expected at least one, received none")
    drop = len(scores) - int(np.ceil(keep * len(scores)))
    return float(np.sort(scores)[drop])


def fit_precision(scores: Floats, right: Bool, share: float) -> float:
    """The lowest threshold above which a given share of held-out answers is right.

    Args:
        scores: The confidence of held-out answers, shape ``(n,)``.
        right: Whether each is right, shape ``(n,)``.
        share: The share, in (0, 1).

    Returns:
        The threshold, in [0, 1]; 1 where no threshold gives the share.
    """
    order = np.argsort(-scores, kind="stable")
    enough = np.cumsum(right[order]) >= share * np.arange(1, len(scores) + 1)
    last = np.flatnonzero(enough)
    return float(scores[order][last[-1]]) if len(last) else 1.0


def _lowest(function: Callable[[float], float], widest: float) -> float:
    """Where a function with one minimum has it, from -widest to widest."""
    bounds, options = (-widest, widest), {"xatol": _NEAR}
    return float(minimize_scalar(function, bounds=bounds, method="bounded", options=options).x)
