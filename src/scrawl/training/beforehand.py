"""What a recipe needs of its user, looked over before anything is loaded for it.

Loading Keras and other people's hands takes a minute; what is missing is said before. Names and
labels are looked at, no picture is opened.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from scrawl import data
from scrawl.data.formats import Item, holds_numbers, refused
from scrawl.data.numbers import LabelledNumber, numbers
from scrawl.data.pictures import LabelledPicture, labelled
from scrawl.errors import InputError, ModelError
from scrawl.training.recipe import Recipe
from scrawl.weights import LINES, READER

BUNDLED = "bundled"
"""Stands for the weights that scrawl carries."""

FOR_KERAS = {"classifier": READER, "transcriber": LINES}
"""The task of each model that is carried for Keras, too."""


def check(recipe: Recipe) -> None:
    """Refuses a recipe whose first weights or pictures cannot be used.

    Raises:
        InputError: The task learns from no such pictures, or from none without first weights.
        ModelError: The weights to start from are not there.
        DataError: The pictures are in no known format, a label is none, or a file is missing.
    """
    if recipe.start:
        first_weights(recipe)
    if not recipe.pictures:
        return
    path, alphabet = Path(recipe.pictures), data.get(recipe.data).info.classes
    if recipe.task == "detector":
        refuse_boxless(recipe)
    elif recipe.task == "transcriber":
        if not recipe.start:
            raise InputError(
                f"{recipe.name}: pictures of numbers improve weights that read already; expected "
                f"--from {BUNDLED}, or --from RUN, received none"
            )
        _refuse_missing(path, numbers(path, alphabet))
    else:
        _refuse_missing(path, labelled(path, alphabet, every=True))


def first_weights(recipe: Recipe) -> Path:
    """The ``.keras`` file that a recipe starts from.

    Raises:
        ModelError: There is no such file.
        InputError: None is carried for such a task.
    """
    start = recipe.start
    path = Path(start)
    if start == BUNDLED:
        if recipe.task not in FOR_KERAS:
            raise InputError(
                f"--from {start}: scrawl carries no network of a {recipe.task} for Keras "
                f"(expected a run folder or a .keras file; it carries {' and '.join(FOR_KERAS)})"
            )
        path = FOR_KERAS[recipe.task].with_suffix(".keras")
    elif path.is_dir():
        path = path / "checkpoint.keras"
    if path.suffix != ".keras" or not path.is_file():
        raise ModelError(f"--from {start}: expected a run folder or a .keras file, found none")
    return path


def learner(recipe: Recipe, pictures: str | os.PathLike[str]) -> str:
    """The name of the recipe that learns from pictures where one names the page reader.

    A page is read by three networks. From numbers and their text it is that of lines which learns;
    the detector would need boxes.

    Raises:
        InputError: The pictures show a digit each.
        DataError: They are in no known format.
    """
    if recipe.task != "detector":
        return recipe.name
    if not holds_numbers(Path(pictures)):
        raise InputError(
            f"{recipe.name}: expected pictures of numbers with their text, {pictures} has labels "
            f"of single digits: scrawl train reader --from {BUNDLED} --pictures {pictures}"
        )
    return LINES.stem


def refuse_boxless(recipe: Recipe) -> None:
    """Says what learns from pictures instead of a detector.

    Raises:
        InputError: Always.
    """
    raise InputError(
        f"pictures: {recipe.name} learns from boxes, and pictures with their text have none; "
        f"expected the recipe {LINES.stem}, which learns from texts alone: scrawl train "
        f"{LINES.stem} --from {BUNDLED} --pictures {recipe.pictures}"
    )


def _refuse_missing(path: Path, items: Sequence[Item | LabelledNumber | LabelledPicture]) -> None:
    gone = [one.picture for one in items if isinstance(one.picture, Path)]
    wrong = [f"{file}: no such file" for file in gone if not file.exists()]
    if wrong:
        raise refused(path, wrong)
