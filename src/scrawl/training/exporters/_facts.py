"""What a file of any format says of the model in it: what the ``.onnx`` file does."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict
from pathlib import Path

from scrawl.bundle import METADATA_KEY, BundleInfo

NAME = f"{METADATA_KEY}.json"
"""What the text is called in formats that hold files."""


def facts(info: BundleInfo) -> str:
    """What a bundle says of itself, as JSON, without the ``.onnx`` file's checksum."""
    return json.dumps({key: value for key, value in asdict(info).items() if key != "sha256"})


def pack(path: Path, info: BundleInfo) -> None:
    """Adds the facts to a file that is a ZIP archive, or that one may be hung on.

    TensorFlow Lite's models carry their associated files so, after the model itself.
    """
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(NAME, facts(info))
