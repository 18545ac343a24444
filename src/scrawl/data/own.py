"""A data set of a user's own: labelled pictures in any format, as training and test rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from scrawl import images, preprocess
from scrawl.arrays import Bool, UInt8
from scrawl.data.dataset import Dataset, DatasetInfo, Source
from scrawl.data.formats import Item, read, refused
from scrawl.data.numbers import LabelledNumber, refuse_numbers
from scrawl.data.pictures import LabelledPicture
from scrawl.errors import DataError, PictureError
from scrawl.preprocess.normalise import SIZE

FOLD = 5
"""A fifth is held out to test on, where the source says nothing of it."""

NUMBER = "number"
"""The class of all numbers, whatever their digits."""

_DEEPEST = 16  # the highest value of pixels that are counts, as in scikit-learn's 8×8 digits


def source(path: Path) -> Source:
    """The entry of a data set that lies in a file or folder.

    Raises:
        DataError: It is in no known format, or no data set can be made of it.
    """
    dataset = load(path.resolve())
    return Source(dataset.info, lambda _: dataset)


@lru_cache(maxsize=2)
def load(path: Path) -> Dataset:
    """Labelled pictures as a data set.

    Rows of pixels of one size are taken as they are, white paper made 0. Pictures are found,
    normalised to 28×28 and so put in the form of MNIST's. The rows to train on are shuffled, always
    in the same way.

    Args:
        path: A file or folder in one of ``scrawl.data.formats.FORMATS``.

    Raises:
        DataError: There are fewer than two classes, or a picture is blank or cannot be opened.
    """
    items = read(path)
    refuse_numbers(path, items)
    classes = class_order(item.label for item in items)
    if len(classes) < 2:
        raise DataError(f"{path}: expected at least two classes, received '{classes[0]}' alone")
    pixels, top = _pixels(path, items)
    place = {name: at for at, name in enumerate(classes)}
    labels = np.array([place[item.label] for item in items], np.int64)
    test, how = held_out(items)
    if test.all() or not test.any():
        raise DataError(f"{path}: expected pictures to train on and to test on, received too few")
    info = DatasetInfo(
        name=str(path),
        title=f"{len(items):,} pictures of the user's own",
        classes=classes,
        image_shape=(pixels.shape[1], pixels.shape[2]),
        pixel_max=top,
        n_train=int((~test).sum()),
        n_test=int(test.sum()),
        split=how,
        licence="as the user has it",
        source="pictures of the user's own",
    )
    # Folders come class by class, and the last rows are those that validate.
    order = np.random.default_rng(0).permutation(np.flatnonzero(~test))
    return Dataset(info, pixels[order], labels[order], pixels[test], labels[test])


def class_order(labels: Iterable[str]) -> tuple[str, ...]:
    """Each label once: numbers by their size, then the others by alphabet."""

    def key(label: str) -> tuple[bool, int, str]:
        return not label.isdecimal(), int(label) if label.isdecimal() else 0, label

    return tuple(sorted(set(labels), key=key))


def held_out(
    items: Sequence[Item | LabelledPicture | LabelledNumber],
) -> tuple[Bool, str]:
    """Which pictures test a model, and how they were chosen.

    As the source says; else whole sources, so that no writer is in both parts, where every class
    is left to train on; else a fifth of each class. Numbers are all of one class.

    Returns:
        bool, shape ``(n,)``, and the way in words.
    """
    if any(item.split == "test" for item in items):
        return np.array([item.split == "test" for item in items]), "as the source says"
    who = np.array([item.source for item in items])
    sizes = Counter(item.source for item in items)
    chosen: list[str] = []
    for name in sorted(sizes, key=lambda name: hashlib.sha256(name.encode()).digest()):
        if sum(sizes[one] for one in (*chosen, name)) * FOLD <= 2 * len(items):
            chosen.append(name)
        if sum(sizes[one] for one in chosen) * FOLD >= len(items):
            break
    test = np.isin(who, chosen)
    classes = [_class(item) for item in items]
    labels = np.array(classes)
    if chosen and set(labels[~test]) == set(labels):
        return test, f"by source: {', '.join(sorted(chosen))} held out"
    seen: Counter[str] = Counter()
    test = np.zeros(len(items), bool)
    for at, one in enumerate(classes):
        seen[one] += 1
        test[at] = seen[one] % FOLD == 0
    of = "" if set(classes) == {NUMBER} else " of each class"
    return test, f"every fifth{of} held out"


def _class(item: Item | LabelledPicture | LabelledNumber) -> str:
    if isinstance(item, LabelledNumber) or (isinstance(item, Item) and item.number):
        return NUMBER
    return str(item.label)


def _pixels(path: Path, items: Sequence[Item]) -> tuple[UInt8, int]:
    """All pictures as rows, ink high, and the value of full ink."""
    pictures = [item.picture for item in items if item.rows]
    arrays = [one for one in pictures if isinstance(one, np.ndarray)]
    if len(arrays) == len(items) and len({one.shape for one in arrays}) == 1:
        rows = np.stack(arrays)
        rim = np.concatenate([rows[:, [0, -1]].ravel(), rows[:, :, [0, -1]].ravel()])
        top = _DEEPEST if rows.max() <= _DEEPEST else 255
        return (top - rows if np.median(rim) * 2 > top else rows), top
    rows = np.empty((len(items), SIZE, SIZE), np.uint8)
    wrong = []
    for row, item in zip(rows, items, strict=True):
        try:
            ink = preprocess.find_digit(images.load(item.picture))
        except PictureError as error:
            wrong.append(str(error))
            continue
        if ink is None:
            wrong.append(f"{item.name}: blank")
        else:
            row[:] = ink.normalised
    if wrong:
        raise refused(path, wrong)
    return rows, 255
