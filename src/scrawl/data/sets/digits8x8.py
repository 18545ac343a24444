"""scikit-learn's 1,797 digits of 8×8 pixels: embedded, so nothing is downloaded."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from scrawl.data.dataset import Dataset, DatasetInfo, Source
from scrawl.errors import MissingExtraError

N_TEST = 200


def load(data_dir: Path | None = None) -> Dataset:
    """Loads the digits; the last 200 rows are the test.

    Args:
        data_dir: Not used, the rows are embedded in scikit-learn.
    """
    del data_dir
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise MissingExtraError("the data set digits8x8", "scikit-learn", "data") from error
    digits = load_digits()
    x = digits.images.astype(np.uint8)
    y = digits.target.astype(np.int64)
    return Dataset(SOURCE.info, x[:-N_TEST], y[:-N_TEST], x[-N_TEST:], y[-N_TEST:])


SOURCE = Source(
    DatasetInfo(
        name="digits8x8",
        title="1,797 handwritten digits of 43 people, 8×8 pixels",
        classes=tuple("0123456789"),
        image_shape=(8, 8),
        pixel_max=16,
        n_train=1597,
        n_test=N_TEST,
        split="the last 200 rows are the test",
        licence="CC BY 4.0",
        source="E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, "
        "UCI Machine Learning Repository; the test part, as embedded in scikit-learn",
    ),
    load,
)
