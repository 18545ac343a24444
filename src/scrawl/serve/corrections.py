"""Corrected pictures, kept as a data set: a folder for each label."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Literal, get_args

from PIL import Image

from scrawl.arrays import UInt8
from scrawl.files import make_folder, writing
from scrawl.pixels import shrink
from scrawl.serve.refusal import RefusalError

Label = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "not-a-digit"]
LABELS: tuple[Label, ...] = get_args(Label)
LONGEST = 1280
"""The longest side in pixels of a picture that is kept; a larger one is averaged down."""


class Corrections:
    """Keeps pictures as ``FOLDER/LABEL/SHA256.png``, which ``scrawl evaluate --pictures`` reads.

    Only pixels are kept: no name, no time, no place of a photo.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self._folder = make_folder(folder)
        self._most = most

    def keep(self, pixels: UInt8, label: Label) -> str:
        """Keeps a picture; one that was kept under another label is moved.

        Args:
            pixels: uint8, shape ``(H, W)`` or ``(H, W, 3)``.
            label: One of `LABELS`.

        Returns:
            The name of its file below the folder.

        Raises:
            RefusalError: The folder holds as many as it may, 507.
            InputError: It cannot be written.
        """
        buffer = io.BytesIO()
        Image.fromarray(shrink(pixels, LONGEST)).save(buffer, "PNG")
        data = buffer.getvalue()
        name = f"{hashlib.sha256(data).hexdigest()}.png"
        before = [path for path in self._folder.glob(f"*/{name}") if path.parent.name in LABELS]
        if not before and self._count() >= self._most:
            raise RefusalError(507, f"corrections: the folder is full ({self._most:,} pictures)")
        with writing(make_folder(self._folder / label) / name) as path:
            path.write_bytes(data)
        for path in before:
            if path.parent.name != label:
                path.unlink(missing_ok=True)
        return f"{label}/{name}"

    def _count(self) -> int:
        return sum(1 for label in LABELS for _ in (self._folder / label).glob("*.png"))
