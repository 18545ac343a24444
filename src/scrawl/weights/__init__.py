"""The models that scrawl carries."""

from pathlib import Path

READER = Path(__file__).parent / "reader.onnx"
"""Reads single digits."""

PAGES = Path(__file__).parent / "pages.onnx"
"""Finds digits and marks on whole pictures."""
