"""What the readers of single digits share: opening pictures, one by one or many."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Self

from scrawl import images
from scrawl.prediction import Prediction

ModelFile = str | os.PathLike[str]
"""A run folder or an ``.onnx`` file."""

ENOUGH = 1000
"""Pixels of a photo's long side among which a digit that is no speck has those that its 28×28
needs: more are not decoded."""

BATCH = 32
"""Pictures a call of the network: measures as fast as larger ones, and stays in the cache."""


class SingleReader(ABC):
    """Opens pictures of one digit each, and the model that reads them."""

    @classmethod
    def load(
        cls,
        model: ModelFile | None = None,
        *,
        threshold: float | None = None,
        device: str = "cpu",
        threads: int | None = None,
    ) -> Self:
        """Loads a model.

        Args:
            model: A run folder or an ``.onnx`` file; None takes the one that scrawl carries.
            threshold: Doubts digits below this confidence; None takes the model's own.
            device: What the network runs on; see ``scrawl.network.DEVICES``.
            threads: How many a call may use; None for one a core.

        Raises:
            ModelError: It is missing, damaged, of another version, or reads no single digits.
            InputError: The threshold is not in [0, 1], or there is no such device.
        """
        return cls._opened(model, threshold, device, threads)

    def read(self, picture: images.Picture) -> Prediction:
        """Reads the one digit of a picture.

        Args:
            picture: A path, bytes, a PIL image or an array; see ``scrawl.images.load``.

        Raises:
            PictureError: It is not a picture.
            InputError: The model does not read pictures of this form.
        """
        return self._read([open_page(picture)])[0]

    def read_many(self, pictures: Iterable[images.Picture]) -> Iterator[Prediction]:
        """Reads one digit from each picture, in order.

        Args:
            pictures: As `read` takes them; they are opened as the predictions are asked for.

        Raises:
            InputError: One picture, such as a path, was given and not several.
            PictureError: One of them is not a picture.
        """
        return self._in_batches(images.several(pictures))

    def _in_batches(self, pictures: Iterator[images.Picture]) -> Iterator[Prediction]:
        while batch := list(islice(pictures, BATCH)):
            yield from self._read([open_page(picture) for picture in batch])

    @classmethod
    @abstractmethod
    def _opened(
        cls, model: ModelFile | None, threshold: float | None, device: str, threads: int | None
    ) -> Self:
        """What `load` gives."""

    @abstractmethod
    def _read(self, batch: list[images.Page]) -> list[Prediction]:
        """The digit of each page."""


def open_page(
    picture: images.Picture, max_pixels: int | None = None, name: str | None = None
) -> images.Page:
    """The first page of a picture, as large as reading one digit needs.

    Args:
        picture: As `scrawl.images.load` takes it, likewise the others.
        max_pixels: The most width times height.
        name: What a message calls it.

    Raises:
        PictureError: It is not a picture.
    """
    return next(images.pages(picture, max_pixels, name, enough=ENOUGH))
