"""Which rows an epoch has."""

import dataclasses

import numpy as np
import pytest

from scrawl.training.feeder import Feeder, epoch_rows
from scrawl.training.recipes import get

RECIPE = dataclasses.replace(get("tiny").change({"epochs": 5}), plain_share=0.4)


@pytest.fixture
def rows(random_dataset):
    dataset = random_dataset((28, 28), 255)
    return dataset.x_train, dataset.y_train


def sorted_rows(rows):
    return sorted((image.tobytes(), int(label)) for image, label in zip(*rows, strict=True))


@pytest.mark.parametrize(("epoch", "plain"), [(0, False), (1, False), (3, False), (4, True)])
def test_the_last_epochs_have_the_rows_as_they_are(rows, epoch, plain):
    made = epoch_rows(RECIPE, rows, epoch)
    assert (sorted_rows(made) == sorted_rows(rows)) == plain
    assert sorted(made[1]) == sorted(rows[1])
    assert not np.array_equal(made[0], rows[0])  # in another order, at least


def test_fewer_epochs_have_their_share(rows):
    assert [RECIPE.change({"epochs": n}).augmented_epochs for n in (1, 2, 10)] == [1, 1, 6]


def test_the_feeder_gives_the_rows_of_each_epoch(rows):
    with Feeder(RECIPE, rows) as feeder:
        for epoch in range(1, 6):
            for given, expected in zip(
                feeder.rows(epoch), epoch_rows(RECIPE, rows, epoch), strict=True
            ):
                assert np.array_equal(given, expected)
