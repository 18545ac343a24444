"""MNIST: 70,000 handwritten digits of 28×28 pixels, in the four IDX files or Keras' mnist.npz."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import numpy as np

from scrawl.arrays import UInt8
from scrawl.data.dataset import Dataset, DatasetInfo, Source
from scrawl.data.fetch import check, fetch, sha256
from scrawl.data.formats.idx import read_idx
from scrawl.errors import DataError

MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)

FILES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}
"""Keras' name of each array to the file that holds it."""

SHA256 = {
    "x_train": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "y_train": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "x_test": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "y_test": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
"""Checksum of each compressed file."""

PIXELS_SHA256 = {
    "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}
"""Checksum of each array's bytes: an ``.npz`` may be packed in many ways, its arrays may not."""

NPZ = "mnist.npz"
NPZ_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
"""Checksum of the file that Keras downloads."""

# fmt: off
DISPUTED = (
    947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729,
)
# fmt: on
"""Of the 100 test rows that five people each looked at, those whose label fewer than three of them
gave (C. Northcutt, A. Athalye and J. Mueller, "Pervasive label errors in test sets destabilize
machine learning benchmarks", 2021; cleanlab/label-errors, mturk/mnist_mturk.json)."""


def load(data_dir: Path | None = None) -> Dataset:
    """Loads MNIST.

    Args:
        data_dir: A folder that holds the four ``.gz`` files or ``mnist.npz``, itself or in a
            folder ``mnist`` within; None downloads the four files once and then takes them from
            the cache.

    Raises:
        DataError: A file is missing, truncated or altered.
    """
    if data_dir is None:
        paths = {key: fetch(name, SHA256[key], MIRRORS, "mnist") for key, name in FILES.items()}
        return _dataset({key: read_idx(path) for key, path in paths.items()})
    for folder in (data_dir, data_dir / "mnist"):
        if all((folder / name).is_file() for name in FILES.values()):
            # Every checksum is compared before the first file is read.
            paths = {key: check(folder / name, SHA256[key]) for key, name in FILES.items()}
            return _dataset({key: read_idx(path) for key, path in paths.items()})
        if (folder / NPZ).is_file():
            return _dataset(_read_npz(folder / NPZ))
    missing = [n for n in FILES.values() if not any(data_dir.glob(f"**/{n}"))]
    raise DataError(
        f"{data_dir}: no MNIST here or in its folder 'mnist' (expected the four files "
        f"{', '.join(FILES.values())} or {NPZ}; missing: {', '.join(missing) or NPZ})"
    )


def _read_npz(path: Path) -> dict[str, UInt8]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {key: np.asarray(archive[key], np.uint8) for key in FILES}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(
            f"{path}: truncated or altered (expected SHA-256 {NPZ_SHA256}, received {sha256(path)})"
        ) from error
    for key, array in arrays.items():
        received = hashlib.sha256(array.tobytes()).hexdigest()
        if received != PIXELS_SHA256[key]:
            raise DataError(
                f"{path}: the array {key} is altered "
                f"(expected SHA-256 {PIXELS_SHA256[key]}, received {received})"
            )
    return arrays


def _dataset(arrays: dict[str, UInt8]) -> Dataset:
    y_train, y_test = arrays["y_train"].astype(np.int64), arrays["y_test"].astype(np.int64)
    return Dataset(SOURCE.info, arrays["x_train"], y_train, arrays["x_test"], y_test)


SOURCE = Source(
    DatasetInfo(
        name="mnist",
        title="70,000 handwritten digits of about 500 people, 28×28 pixels",
        classes=tuple("0123456789"),
        image_shape=(28, 28),
        pixel_max=255,
        n_train=60_000,
        n_test=10_000,
        split="as published",
        licence="CC BY-SA 3.0",
        source="Y. LeCun, C. Cortes, C. J. C. Burges, from NIST's Special Databases 1 and 3; "
        f"mirrors: {' and '.join(MIRRORS)}",
        disputed=DISPUTED,
    ),
    load,
)
