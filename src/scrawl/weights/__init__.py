"""The models that scrawl carries."""

from pathlib import Path

READER = Path(__file__).parent / "reader.onnx"
"""Reads single digits."""

READER_INT8 = READER.with_name("reader-int8.onnx")
"""The same network with weights and activations of 8 bits: half of the processor's time."""

PAGES = Path(__file__).parent / "pages.onnx"
"""Finds digits and marks on whole pictures."""

PAGES_INT8 = PAGES.with_name("pages-int8.onnx")
"""The same network with weights and activations of 8 bits: a third of the processor's time."""

LINES = Path(__file__).parent / "lines.onnx"
"""Reads a line as a whole, with weights and activations of 8 bits."""


def reader_for(device: str) -> Path:
    """The file of the reader of single digits that suits a device; see `pages_for`."""
    return READER_INT8 if device == "cpu" else READER


def pages_for(device: str) -> Path:
    """The file of the detector that suits a device.

    Processors multiply 8 bits quicker than floats, with VNNI or without; other devices have float32
    as their own and no use for a graph of 8 bits.
    """
    return PAGES_INT8 if device == "cpu" else PAGES
