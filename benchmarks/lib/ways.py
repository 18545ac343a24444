"""Ways from a picture to the 28×28 pixels that a network of MNIST's digits takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from lib.peers import Grey
from scrawl import DigitReader, preprocess

Way = Callable[[Sequence[Grey]], list[int | None]]


def resized(picture: Grey) -> Grey:
    """What the tutorials do: resize to 28×28; the division by 255 follows."""
    return cv2.resize(picture, (28, 28), interpolation=cv2.INTER_AREA)


def inverted(picture: Grey) -> Grey:
    """The same, inverted where the paper is light."""
    small = resized(picture)
    return 255 - small if np.median(picture) > 127 else small


def otsu(picture: Grey) -> Grey:
    """Otsu's threshold, polarity by majority, the largest component and those near its size."""
    _, mask = cv2.threshold(picture, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if mask.mean() > 0.5:
        mask = 1 - mask
    _, names, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    if not len(areas):
        return np.zeros((28, 28), np.uint8)
    kept = np.flatnonzero(areas > 0.1 * areas.max()) + 1
    return preprocess.normalise(np.isin(names, kept).astype(np.float32))


def with_network(reader: DigitReader, prepare: Callable[[Grey], Grey]) -> Way:
    """The way that prepares each picture so and asks the network."""

    def read(pictures: Sequence[Grey]) -> list[int | None]:
        batch = np.array([prepare(picture) for picture in pictures])
        return [int(row[:10].argmax()) for row in reader.probabilities(batch)]

    return read
