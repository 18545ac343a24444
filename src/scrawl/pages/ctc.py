"""What stands in a line, from what a network says of each step along it.

Connectionist temporal classification (A. Graves, S. Fernández, F. Gomez and J. Schmidhuber,
"Connectionist temporal classification: labelling unsegmented sequence data with recurrent neural
networks", 2006). Class 0 is the blank: a step says nothing new. All takes logarithms of
probabilities, float32, shape ``(steps, 1 + classes)``, and texts are tuples of classes from 1 on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from scrawl.arrays import Float32, Floats

Text = tuple[int, ...]

_NEVER = -1e30
_RARE = -6.0  # logarithm of a probability below which a class is not followed


def best_path(steps: Floats) -> list[tuple[int, int, int]]:
    """The classes of the most probable path, each with its first step and the one behind its last.

    Args:
        steps: Logarithms of probabilities.
    """
    best = steps.argmax(1)
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    stops = [*starts[1:].tolist(), len(best)]
    runs = zip(best[starts].tolist(), starts.tolist(), stops, strict=True)
    return [run for run in runs if run[0]]


def scores(steps: Floats, texts: Sequence[Text]) -> Float32:
    """The logarithm of the probability of each text, whatever the path: the forward algorithm.

    Args:
        steps: Logarithms of probabilities.
        texts: At least one.
    """
    long = max(map(len, texts))
    states = np.zeros((len(texts), 2 * long + 1), np.int64)
    for row, text in zip(states, texts, strict=True):
        row[1 : 2 * len(text) : 2] = text
    # From a character the path may go on to the next without a blank, if that is another.
    skips = np.zeros(states.shape, bool)
    skips[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    emitted = np.asarray(steps, np.float64)[:, states]
    alpha = np.full(states.shape, _NEVER)
    alpha[:, :2] = emitted[0, :, :2]
    one, two = np.full_like(alpha, _NEVER), np.full_like(alpha, _NEVER)
    for now in emitted[1:]:
        one[:, 1:] = alpha[:, :-1]
        two[:, 2:] = np.where(skips[:, 2:], alpha[:, :-2], _NEVER)
        alpha = np.logaddexp(np.logaddexp(alpha, one), two) + now
    rows, ends = np.arange(len(texts)), np.array([2 * len(text) for text in texts])
    last = alpha[rows, ends]
    before = np.where(ends > 0, alpha[rows, np.maximum(ends - 1, 0)], _NEVER)
    return np.logaddexp(last, before).astype(np.float32)


def likeliest(steps: Floats, width: int) -> list[Text]:
    """The likeliest texts, about: a search by prefixes, of which a few are followed.

    Source: A. Hannun et al., "First-pass large vocabulary continuous speech recognition using
    bi-directional recurrent DNNs", 2014, without a language model.

    Args:
        steps: Logarithms of probabilities.
        width: How many prefixes are followed, and at most how many texts come back.

    Returns:
        The texts, the likeliest first.
    """
    beams: dict[Text, tuple[float, float]] = {(): (0.0, _NEVER)}  # ending in a blank; in a class
    followed = [(np.flatnonzero(step[1:] > _RARE) + 1).tolist() for step in steps]
    for step, classes in zip(steps.tolist(), followed, strict=True):
        after: dict[Text, list[float]] = {}
        for text, (blank, same) in beams.items():
            here = after.setdefault(text, [_NEVER, _NEVER])
            both = _sum(blank, same)
            here[0] = _sum(here[0], both + step[0])
            if text:
                here[1] = _sum(here[1], same + step[text[-1]])
            for each in classes:
                source = blank if text and text[-1] == each else both
                longer = after.setdefault((*text, each), [_NEVER, _NEVER])
                longer[1] = _sum(longer[1], source + step[each])
        kept = sorted(after.items(), key=lambda item: -_sum(*item[1]))[:width]
        beams = {text: (blank, same) for text, (blank, same) in kept}
    return list(beams)


def _sum(one: float, other: float) -> float:
    """The logarithm of the sum of two numbers given by theirs."""
    return max(one, other) + math.log1p(math.exp(-abs(one - other)))


def places(steps: Floats, text: Text) -> list[tuple[int, int]]:
    """Where each class of a text is on its most probable path: its first step and behind its last.

    Source: the algorithm of A. Viterbi, 1967, over the path's states.

    Args:
        steps: Logarithms of probabilities; at least so many as the text needs.
        text: What stands in the line.
    """
    states = np.zeros(2 * len(text) + 1, np.int64)
    states[1::2] = text
    skips = np.zeros(len(states), bool)
    skips[3::2] = states[3::2] != states[1:-2:2]
    emitted = np.asarray(steps, np.float64)[:, states]
    best = np.full(len(states), _NEVER)
    best[:2] = emitted[0, :2]
    came = np.zeros(emitted.shape, np.int64)
    for at, now in enumerate(emitted[1:], 1):
        ways = np.full((3, len(states)), 2 * _NEVER)
        ways[0], ways[1, 1:] = best, best[:-1]
        ways[2, 2:] = np.where(skips[2:], best[:-2], 2 * _NEVER)
        came[at] = ways.argmax(0)
        best = ways.max(0) + now
    state = len(states) - 1
    if len(states) > 1 and best[-2] > best[-1]:
        state -= 1
    spans = [(0, 0)] * len(text)
    stop = len(steps)
    for at in range(len(steps) - 1, -1, -1):
        before = state - int(came[at, state]) if at else -1
        if before != state:
            if state % 2:
                spans[state // 2] = at, stop
            stop = at
        state = before
    return spans
