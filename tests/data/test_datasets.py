"""The contract of every data set that is embedded, and of the registry."""

import numpy as np
import pytest

from scrawl import data
from scrawl.errors import InputError


@pytest.mark.parametrize("name", data.DATASETS)
def test_the_facts_are_stated(name):
    info = data.DATASETS[name].info
    assert info.name == name
    assert all((info.title, info.licence, info.source, info.split))
    assert info.pixel_max in range(1, 256)


@pytest.mark.parametrize("name", data.DATASETS)
def test_the_rows_are_as_stated(name, request):
    if name == "digits8x8":
        loaded = data.load(name)
    elif name == "mnist":
        loaded = request.getfixturevalue("mnist")
    else:
        loaded = data.load(name, request.getfixturevalue("hands_folder"))
    info = loaded.info
    for split, n in (("train", info.n_train), ("test", info.n_test)):
        x, y = loaded.split(split)
        assert (x.shape, x.dtype) == ((n, *info.image_shape), np.uint8)
        assert (y.shape, y.dtype) == ((n,), np.int64)
        assert x.max() == info.pixel_max
    both = set(loaded.y_train.tolist()) | set(loaded.y_test.tolist())
    assert both == set(range(len(info.classes)))


def test_digits8x8_are_scikit_learns_in_their_order():
    from sklearn.datasets import load_digits

    loaded, digits = data.load("digits8x8"), load_digits()
    np.testing.assert_array_equal(loaded.x_test, digits.images[-200:])
    np.testing.assert_array_equal(loaded.y_train, digits.target[:-200])


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(InputError, match="unknown data set 'minst'; did you mean 'mnist'"):
        data.load("minst")


def test_an_unknown_split_is_refused():
    with pytest.raises(InputError, match="expected 'train' or 'test', received 'valid'"):
        data.load("digits8x8").split("valid")


def test_the_checksum_depends_on_pixels_and_labels(random_dataset):
    made = [random_dataset((8, 8), 16) for _ in range(4)]
    made[2].y_train[0] += 1
    made[3].x_train[0, 0, 0] ^= 1
    assert made[0].sha256 == made[1].sha256
    assert len({item.sha256 for item in made}) == 3
