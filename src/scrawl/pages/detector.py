"""Runs the detector on ink: what is a digit or a mark, where, and how surely."""

from __future__ import annotations

import os
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scrawl.bundle import DIGITS, BundleInfo
from scrawl.errors import ModelError
from scrawl.pages.grid import CELL_HEIGHT, CELL_WIDTH, CHANNELS, HEAT, SIDE, UNIT
from scrawl.session import open_model

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_LEAST = 0.1  # heat below which a peak is nothing
_SMALLEST = 32  # side in pixels of an input: in less, all is edge
_PEAK = np.ones((3, 3), np.uint8)  # cells about a middle in which there is no other


@dataclass(frozen=True)
class Found:
    """Digits and marks that were found, ``n`` of them.

    Attributes:
        boxes: float32, shape ``(n, 4)``: left, top, right, bottom in pixels.
        chances: float32, shape ``(n, len(CLASSES))``: of each class; what the sum lacks to 1 is
            the chance that nothing is there.
    """

    boxes: Floats
    chances: Floats

    @property
    def scores(self) -> Floats:
        """float32, shape ``(n,)``: the chance of the most probable class."""
        return np.asarray(self.chances.max(1, initial=0), np.float32)

    @property
    def are_digits(self) -> npt.NDArray[np.bool_]:
        """bool, shape ``(n,)``: whether the most probable class is a digit."""
        return np.asarray(self.chances.argmax(1) < DIGITS)

    def moved(self, scale: float, left: float = 0, top: float = 0) -> Found:
        """The same, enlarged and then shifted."""
        shift = np.array([left, top, left, top], np.float32)
        return Found(self.boxes * np.float32(scale) + shift, self.chances)

    def only(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> Found:
        """Some of them."""
        return Found(self.boxes[rows], self.chances[rows])

    @classmethod
    def joined(cls, parts: list[Found]) -> Found:
        """All that several hold."""
        if not parts:
            return cls(np.zeros((0, 4), np.float32), np.zeros((0, CHANNELS - 5), np.float32))
        boxes, chances = [part.boxes for part in parts], [part.chances for part in parts]
        return cls(np.concatenate(boxes), np.concatenate(chances))


class Detector:
    """The network that finds digits. Safe to share between threads.

    Attributes:
        info: What its bundle says of itself.
    """

    def __init__(self, model: str | os.PathLike[str], threads: int | None = None) -> None:
        """Loads a model.

        Args:
            model: A run folder or an ``.onnx`` file.
            threads: How many a call may use; None for one a core.

        Raises:
            ModelError: It is missing, damaged, of another version, or reads single digits.
        """
        self._session, self.info = open_model(model, threads)
        self._input = self._session.get_inputs()[0].name
        if self.info.loss != "detection":
            raise ModelError(f"{model}: reads single digits (expected a model that reads pages)")

    def find(self, ink: Bytes) -> Found:
        """Finds digits and marks.

        Args:
            ink: uint8, shape ``(H, W)``, as `scrawl.pages.ink.page_ink` gives it.

        Returns:
            What was found, each thing perhaps more than once; see `scrawl.pages.overlap`.
        """
        height, width = ink.shape
        below = max(-height % SIDE, _SMALLEST - height)
        beside = max(-width % SIDE, _SMALLEST - width)
        if below or beside:
            ink = np.pad(ink, ((0, below), (0, beside)))
        tensor = ink[None, :, :, None].astype(np.float32) / np.float32(255)
        return decode(self._session.run(None, {self._input: tensor})[0][0], self.info)


def decode(output: Floats, info: BundleInfo) -> Found:
    """What the network's output says.

    Args:
        output: float32, shape ``(H / 4, W / 4, 2 * CHANNELS)``.
        info: Of the model, for its odds and temperature.
    """
    cells = output.reshape(output.shape[0], -1, CHANNELS)
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
    return Found(boxes.astype(np.float32), shares.astype(np.float32))
