"""Forms: named boxes and grids on a page, read from its scans.

form file ──parse──▶ Form ─┐
scan ──rules──▶ ruled lines ──laying──▶ where each cell is ──cells──▶ ink ──reader──▶ fields
"""

from scrawl.forms.form import Form, Region
from scrawl.forms.parse import load_form
from scrawl.forms.reader import FormReader, read_form
from scrawl.forms.reading import FieldReading, FormReading

__all__ = [
    "FieldReading",
    "Form",
    "FormReader",
    "FormReading",
    "Region",
    "load_form",
    "read_form",
]
