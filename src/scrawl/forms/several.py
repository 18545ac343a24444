"""Reads sheets of several forms, each told by its layout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scrawl import images
from scrawl.errors import InputError, PictureError
from scrawl.forms.form import Form
from scrawl.forms.parse import load_form
from scrawl.forms.reader import FormReader
from scrawl.forms.reading import DOUBTFUL, FormReading

_NEAR = 0.02  # of its lines, by which two forms explain a sheet equally well


def load_forms(folder: Path) -> list[Form]:
    """The form files of a folder, by name.

    Raises:
        InputError: There is none, one is none, or two have the same name.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise InputError(f"{folder}: expected form files (.toml), found none")
    forms = [load_form(path) for path in paths]
    names = [form.name for form in forms]
    for path, name in zip(paths, names, strict=True):
        if names.count(name) > 1:
            raise InputError(f"{path}: expected a name of its own, received '{name}' twice")
    return forms


class FormsReader:
    """Reads sheets of several forms. Safe to share between threads.

    Attributes:
        readers: One for each form.
    """

    def __init__(self, readers: Sequence[FormReader]) -> None:
        """Takes the readers of the forms, at least one."""
        self.readers = tuple(readers)

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms."""
        return tuple(reader.form for reader in self.readers)

    def read(self, picture: images.Picture) -> tuple[Form, FormReading]:
        """Reads a sheet of whichever form its lines fit best.

        Args:
            picture: As `FormReader.read` takes it.

        Raises:
            PictureError: It is no picture, or shows none of the forms.
        """
        if len(self.readers) == 1:
            return self.readers[0].form, self.readers[0].read(picture)
        page = next(images.pages(picture))
        found: list[tuple[float, int, FormReader]] = []
        refused = []
        for reader in self.readers:
            try:
                located = reader.locate(page)
            except PictureError as error:
                refused.append(f"{reader.form.name}: {str(error).removeprefix(f'{page.name}: ')}")
                continue
            # Of forms that fit equally well, the one with more on it says more.
            worth = located.laid_share - (located.laid == DOUBTFUL)
            found.append((worth // _NEAR, len(reader.form.fields), reader))
        if not found:
            raise PictureError(f"{page.name}: shows none of the forms ({'; '.join(refused)})")
        best = max(found, key=lambda item: item[:2])[2]
        return best.form, best.read(page)
