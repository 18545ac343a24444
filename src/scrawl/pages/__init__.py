"""Whole pictures: find lines and digits on a picture of any size, and read them."""

from scrawl.pages.reader import PageReader, read
from scrawl.pages.reading import Digit, Line, Mark, Reading

__all__ = ["Digit", "Line", "Mark", "PageReader", "Reading", "read"]
