"""What the networks of pages share: how they are opened, and run on a picture of any size."""

from __future__ import annotations

import os
from typing import ClassVar

import numpy as np

from scrawl.arrays import Float32, UInt8
from scrawl.network import Network
from scrawl.preprocess import to_tensor


class PageNetwork:
    """A network that looks at pieces of a page. Safe to share between threads.

    Attributes:
        info: What its bundle says of itself.
    """

    task: ClassVar[str]
    """What it has to be for, a name of ``scrawl.bundle``."""

    def __init__(
        self,
        model: str | os.PathLike[str],
        *,
        device: str = "cpu",
        threads: int | None = None,
    ) -> None:
        """Loads a model.

        Args:
            model: A run folder or an ``.onnx`` file.
            device: What the network runs on; see ``scrawl.network.DEVICES``.
            threads: How many a call may use; None for one a core.

        Raises:
            ModelError: It is missing, damaged, of another version or for another task, or takes
                other pictures.
            InputError: There is no such device.
        """
        self._network = Network(model, task=self.task, device=device, threads=threads)
        self.info = self._network.info
        self._check(model)

    def _check(self, model: str | os.PathLike[str]) -> None:
        """Raises ModelError for a network of the right task that takes other pictures."""

    def run(self, ink: UInt8, below: int, beside: int) -> Float32:
        """The network's output for one picture.

        Args:
            ink: uint8, shape ``(H, W)``, 0 for paper.
            below: Rows of paper that are added.
            beside: Columns of it: networks take sides of certain sizes alone.
        """
        padded = np.pad(ink, ((0, below), (0, beside))) if below or beside else ink
        return self._network.run(to_tensor(padded[None]))[0]
