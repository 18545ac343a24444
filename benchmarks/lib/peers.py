"""The OCR engines that people would pick instead, each told all it can be told.

``apt install tesseract-ocr``, ``pip install rapidocr-onnxruntime``
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from scrawl import images

Grey = NDArray[np.uint8]
Ocr = Callable[[Sequence[Grey]], list[str]]

LINE, CHARACTER = "7", "10"
"""What Tesseract may be told to expect."""


def grey(picture: images.Picture) -> Grey:
    """The picture in grey, as every other way takes it."""
    image = images.load(picture)
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) if image.ndim == 3 else image


def legible(picture: Grey) -> Grey:
    """For OCR: dark on light, at least 100 pixels high, with a margin."""
    if np.median(picture) < 128:
        picture = 255 - picture
    scale = max(1.0, 100 / min(picture.shape))
    picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return cv2.copyMakeBorder(picture, 20, 20, 20, 20, cv2.BORDER_REPLICATE)


def tesseract(expected: str) -> Ocr:
    """Tesseract, told what to expect and that all are digits."""

    def read(pictures: Sequence[Grey]) -> list[str]:
        answers = []
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "picture.png"
            for picture in pictures:
                cv2.imwrite(str(path), legible(picture))
                command = ["tesseract", str(path), "-", "--psm", expected, "-c"]
                command.append("tessedit_char_whitelist=0123456789")
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                answers.append(re.sub(r"\D", "", done.stdout))
        return answers

    return read


def rapidocr(pictures: Sequence[Grey]) -> list[str]:
    """RapidOCR (PP-OCR on ONNX Runtime), told not to look for lines: the picture is one."""
    from rapidocr_onnxruntime import RapidOCR

    engine = RapidOCR()
    answers = []
    for picture in pictures:
        colour = cv2.cvtColor(legible(picture), cv2.COLOR_GRAY2BGR)
        result, _ = engine(colour, use_det=False, use_cls=False, use_rec=True)
        answers.append(re.sub(r"\D", "", result[0][0]) if result else "")
    return answers


def installed(expected: str) -> dict[str, Ocr]:
    """The engines that are installed; those that are not are named."""
    engines: dict[str, Ocr] = {}
    if shutil.which("tesseract"):
        engines["Tesseract"] = tesseract(expected)
    else:
        print("tesseract is not installed: left out")
    if find_spec("rapidocr_onnxruntime"):
        engines["RapidOCR"] = rapidocr
    else:
        print("rapidocr-onnxruntime is not installed: left out")
    return engines
