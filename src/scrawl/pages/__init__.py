"""Whole pictures: find lines and digits on a picture of any size, and read them."""

from scrawl.pages.digit import Digit, Mark
from scrawl.pages.reader import PageReader, read
from scrawl.pages.reading import Line, Reading
from scrawl.pages.table import Cell, Table

__all__ = ["Cell", "Digit", "Line", "Mark", "PageReader", "Reading", "Table", "read"]
