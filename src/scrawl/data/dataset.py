"""What all data sets have in common, wherever they come from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from scrawl.arrays import Int64, UInt8
from scrawl.errors import InputError


@dataclass(frozen=True)
class DatasetInfo:
    """The facts of a data set, known before it is loaded.

    Attributes:
        name: The key in ``DATASETS``.
        title: One line that says what it is.
        classes: The name of each class, in the order of the labels.
        image_shape: Height and width in pixels.
        pixel_max: The value of full ink; pixels are uint8 in ``0 … pixel_max``, 0 is paper.
        n_train: Rows of the training split.
        n_test: Rows of the test split.
        split: How training and test rows are told apart.
        licence: The licence as its source states it.
        source: Who made it and where it is found.
        disputed: The test rows whose label most people do not share.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    image_shape: tuple[int, int]
    pixel_max: int
    n_train: int
    n_test: int
    split: str
    licence: str
    source: str
    disputed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """A loaded data set.

    Attributes:
        info: The facts.
        x_train: uint8, shape ``(n_train, H, W)``, in ``0 … info.pixel_max``.
        y_train: int64, shape ``(n_train,)``, in ``0 … classes - 1``.
        x_test: As ``x_train``, for the test split.
        y_test: As ``y_train``, for the test split.
    """

    info: DatasetInfo
    x_train: UInt8
    y_train: Int64
    x_test: UInt8
    y_test: Int64

    def split(self, name: str) -> tuple[UInt8, Int64]:
        """Images and labels of ``"train"`` or ``"test"``.

        Raises:
            InputError: The name is neither.
        """
        if name == "train":
            return self.x_train, self.y_train
        if name == "test":
            return self.x_test, self.y_test
        raise InputError(f"split: expected 'train' or 'test', received '{name}'")

    @cached_property
    def sha256(self) -> str:
        """Checksum of the training rows: says which data made a model."""
        digest = hashlib.sha256(np.ascontiguousarray(self.x_train).tobytes())
        digest.update(self.y_train.astype("<i8").tobytes())
        return digest.hexdigest()


@dataclass(frozen=True)
class Source:
    """An entry of ``DATASETS``: the facts, and how to load the rows.

    Attributes:
        info: The facts.
        load: Given the user's folder or None, returns the data set. Raises ``DataError``.
    """

    info: DatasetInfo
    load: Callable[[Path | None], Dataset]
