import gzip
import hashlib
import shutil

import numpy as np
import pytest

from scrawl import data
from scrawl.data import fetch
from scrawl.data.sets import mnist
from scrawl.errors import DataError


def idx(array):
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return gzip.compress(head + array.astype(np.uint8).tobytes())


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A folder with four small files in MNIST's form, whose checksums are the expected ones."""
    rng = np.random.default_rng(0)
    arrays = {
        "x_train": rng.integers(0, 256, (6, 28, 28), dtype=np.uint8),
        "y_train": np.arange(6, dtype=np.uint8),
        "x_test": rng.integers(0, 256, (3, 28, 28), dtype=np.uint8),
        "y_test": np.arange(3, dtype=np.uint8),
    }
    for key, name in mnist.FILES.items():
        (tmp_path / name).write_bytes(idx(arrays[key]))
        monkeypatch.setitem(mnist.SHA256, key, fetch.sha256(tmp_path / name))
        pixels = hashlib.sha256(arrays[key].tobytes()).hexdigest()
        monkeypatch.setitem(mnist.PIXELS_SHA256, key, pixels)
    return tmp_path, arrays


def test_the_four_files_are_read(small):
    folder, arrays = small
    loaded = data.load("mnist", folder)
    np.testing.assert_array_equal(loaded.x_train, arrays["x_train"])
    np.testing.assert_array_equal(loaded.y_test, arrays["y_test"])
    assert loaded.y_train.dtype == np.int64


def test_a_folder_mnist_within_is_found(small, tmp_path):
    folder, arrays = small
    (tmp_path / "mnist").mkdir()
    for name in mnist.FILES.values():
        shutil.move(folder / name, tmp_path / "mnist" / name)
    np.testing.assert_array_equal(data.load("mnist", tmp_path).x_test, arrays["x_test"])


def test_the_environment_names_the_folder(small, monkeypatch):
    folder, arrays = small
    monkeypatch.setenv("SCRAWL_DATA", str(folder))
    assert len(data.load("mnist").x_train) == len(arrays["x_train"])


def test_keras_npz_is_read_however_it_is_packed(small, tmp_path):
    _, arrays = small
    folder = tmp_path / "keras"
    folder.mkdir()
    np.savez_compressed(folder / "mnist.npz", **arrays)
    np.testing.assert_array_equal(data.load("mnist", folder).x_train, arrays["x_train"])


@pytest.mark.parametrize("key", list(mnist.FILES))
def test_a_truncated_file_is_refused_by_name(small, key):
    folder, _ = small
    path = folder / mnist.FILES[key]
    expected = mnist.SHA256[key]
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(DataError) as caught:
        data.load("mnist", folder)
    message = str(caught.value)
    assert path.name in message
    assert expected in message
    assert fetch.sha256(path) in message


def test_an_altered_npz_is_refused_by_name(small, tmp_path):
    _, arrays = small
    folder = tmp_path / "keras"
    folder.mkdir()
    altered = arrays["x_test"].copy()
    altered[0, 0, 0] ^= 1
    np.savez(folder / "mnist.npz", **{**arrays, "x_test": altered})
    with pytest.raises(DataError, match=r"mnist\.npz: the array x_test is altered \(expected"):
        data.load("mnist", folder)


def test_a_truncated_npz_is_refused_by_name(small, tmp_path):
    _, arrays = small
    folder = tmp_path / "keras"
    folder.mkdir()
    np.savez(folder / "mnist.npz", **arrays)
    whole = (folder / "mnist.npz").read_bytes()
    (folder / "mnist.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"mnist\.npz: truncated or altered \(expected SHA-256"):
        data.load("mnist", folder)


def test_a_missing_file_is_named(small):
    folder, _ = small
    (folder / mnist.FILES["y_test"]).unlink()
    with pytest.raises(DataError, match=r"missing: t10k-labels-idx1-ubyte\.gz"):
        data.load("mnist", folder)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DataError, match="nowhere: expected a folder"):
        data.load("mnist", tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"not gzip", "expected a gzip file"),
        (gzip.compress(b"\0\0\x0d\x01", mtime=0), "expected an IDX file"),
        (
            gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 9]) + b"abc", mtime=0),
            "expected .* bytes, received 3",
        ),
    ],
)
def test_what_is_no_idx_file_is_refused(tmp_path, content, reason):
    path = tmp_path / "x.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=reason):
        mnist.read_idx(path)


def test_the_real_files_have_the_facts_stated(mnist):
    info = mnist.info
    assert mnist.x_train.shape == (info.n_train, *info.image_shape)
    assert mnist.x_test.shape == (info.n_test, *info.image_shape)
    assert (mnist.x_train.min(), mnist.x_train.max()) == (0, info.pixel_max)
    assert np.bincount(mnist.y_test).tolist()[:3] == [980, 1135, 1032]


def test_offline_it_says_where_it_looked_and_where_to_put_the_files(monkeypatch, tmp_path):
    pytest.importorskip("pooch")
    monkeypatch.delenv("SCRAWL_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    mirrors = ("http://127.0.0.1:9/a/", "http://127.0.0.1:9/b/")
    monkeypatch.setattr(mnist, "MIRRORS", mirrors)
    with pytest.raises(DataError) as caught:
        data.load("mnist")
    message = str(caught.value)
    for part in (mnist.FILES["x_train"], *mirrors, "--data-dir", "SCRAWL_DATA"):
        assert part in message
