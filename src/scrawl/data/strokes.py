"""Recorded pen strokes: a kind of data of their own, and the pictures that they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from scrawl.arrays import Float32, Int64, UInt8
from scrawl.data.dataset import Dataset, DatasetInfo
from scrawl.preprocess.normalise import SIZE, normalise

_SHEET = 76  # pixels of the sheet that strokes are drawn on
_LONG = 60  # pixels of their longer side: three for one of the normalised picture
_PEN = 6  # pixels: 2 of the normalised picture, about as MNIST's


@dataclass(frozen=True, eq=False)
class StrokeSample:
    """A character as one person's pen wrote it.

    Attributes:
        label: What it is, as its data set calls it.
        writer: Who wrote it, as its data set calls them.
        strokes: From pen down to pen up: float32, shape ``(n, 2)``, x to the right and y down, in
            units of the tablet.
    """

    label: str
    writer: str
    strokes: tuple[Float32, ...]

    def drawn(self) -> UInt8:
        """The strokes drawn with a round pen and normalised as MNIST was: uint8, ``(28, 28)``."""
        points = np.concatenate(self.strokes)
        low, high = points.min(axis=0), points.max(axis=0)
        scale = _LONG / max(float((high - low).max()), 1e-6)
        shift = _SHEET / 2 - scale * (low + high) / 2
        lines = [np.rint((scale * line + shift) * 16).astype(np.int32) for line in self.strokes]
        lines = [np.repeat(line, 2, axis=0) if len(line) == 1 else line for line in lines]  # a dot
        sheet = np.zeros((_SHEET, _SHEET), np.uint8)
        cv2.polylines(sheet, lines, False, 255, _PEN, cv2.LINE_AA, 4)
        return normalise(sheet.astype(np.float32) / np.float32(255))


@dataclass(frozen=True)
class StrokeDataset(Dataset):
    """A data set of recorded strokes; its images are the strokes drawn with a pen like MNIST's.

    Attributes:
        strokes_train: The strokes of each training row.
        strokes_test: Likewise, of the test rows.
    """

    strokes_train: tuple[StrokeSample, ...]
    strokes_test: tuple[StrokeSample, ...]

    @classmethod
    def of(
        cls, info: DatasetInfo, train: Iterable[StrokeSample], test: Iterable[StrokeSample]
    ) -> StrokeDataset:
        """A data set of these strokes, drawn."""
        train, test = tuple(train), tuple(test)
        return cls(info, *_rows(info, train), *_rows(info, test), train, test)

    def strokes(self, split: str) -> tuple[StrokeSample, ...]:
        """The strokes of ``"train"`` or ``"test"``.

        Raises:
            InputError: The name is neither.
        """
        self.split(split)
        return self.strokes_train if split == "train" else self.strokes_test


def writers(samples: Iterable[StrokeSample]) -> list[str]:
    """Who wrote them, each once, in order."""
    return sorted({sample.writer for sample in samples})


def _rows(info: DatasetInfo, samples: Sequence[StrokeSample]) -> tuple[UInt8, Int64]:
    place = {label: at for at, label in enumerate(info.classes)}
    images = np.empty((len(samples), SIZE, SIZE), np.uint8)
    for image, sample in zip(images, samples, strict=True):
        image[:] = sample.drawn()
    return images, np.array([place[sample.label] for sample in samples], np.int64)
