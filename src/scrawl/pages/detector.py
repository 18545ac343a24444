"""Runs the detector on ink: what is a digit or a mark, where, and how surely."""

from __future__ import annotations

import cv2
import numpy as np

from scrawl.arrays import Float32, UInt8
from scrawl.bundle import DETECT, BundleInfo
from scrawl.pages.detections import Detections
from scrawl.pages.grid import CELL_HEIGHT, CELL_WIDTH, HEAT, SIDE, UNIT, channels
from scrawl.pages.page_network import PageNetwork

_LEAST = 0.1  # probability below which a peak of heat is left out
_SMALLEST = 32  # least side of an input in pixels; a smaller one would be all edge
_PEAK = np.ones((3, 3), np.uint8)  # a middle is the highest of so many cells


class Detector(PageNetwork):
    """The network that finds digits. Safe to share between threads.

    Attributes:
        info: What its bundle says of itself.
    """

    task = DETECT

    @property
    def nothing(self) -> Detections:
        """No detection of the classes that this network knows."""
        return Detections.none(len(self.info.classes), len(self.info.alphabet))

    def find(self, ink: UInt8) -> Detections:
        """Finds digits and marks.

        Args:
            ink: uint8, shape ``(H, W)``, as `scrawl.pages.ink.page_ink` gives it.

        Returns:
            What was found, each thing perhaps more than once; see `scrawl.pages.suppression`.
        """
        height, width = ink.shape
        below = max(-height % SIDE, _SMALLEST - height)
        beside = max(-width % SIDE, _SMALLEST - width)
        return decode(self.run(ink, below, beside), self.info)


def decode(output: Float32, info: BundleInfo) -> Detections:
    """What the network's output says.

    Args:
        output: float32, shape ``(H / 4, W / 4, 2 * channels)``.
        info: Of the model, for its classes, odds and temperature.
    """
    cells = output.reshape(output.shape[0], -1, channels(len(info.classes)))
    heat = np.ascontiguousarray(cells[..., HEAT]) + np.float32(np.log(info.odds))
    peaks = (heat >= cv2.dilate(heat, _PEAK)) & (heat > np.log(_LEAST / (1 - _LEAST)))
    rows, columns = np.nonzero(peaks)
    here = cells[rows, columns]
    logits = here[:, 1:-4] / np.float32(info.temperature)
    shares = np.exp(logits - logits.max(1, keepdims=True, initial=-1e30))
    shares *= 1 / (shares.sum(1, keepdims=True) * (1 + np.exp(-heat[rows, columns]))[:, None])
    sides = np.logaddexp(0, here[:, -4:]) * np.float32(UNIT)
    x = (columns + 0.5) * CELL_WIDTH
    y = (rows + 0.5) * CELL_HEIGHT
    boxes = np.stack([x - sides[:, 0], y - sides[:, 1], x + sides[:, 2], y + sides[:, 3]], 1)
    return Detections(boxes.astype(np.float32), shares.astype(np.float32), len(info.alphabet))
