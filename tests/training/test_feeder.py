"""Which rows an epoch has."""

import dataclasses
import signal
import subprocess
import sys

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


KILLED = """
import multiprocessing, os, signal
import numpy as np
from scrawl.training.feeder import Feeder
from scrawl.training.recipes import get

if __name__ == "__main__":
    rows = np.zeros((40, 28, 28), np.uint8), np.arange(40) % 10
    feeder = Feeder(get("tiny").change({"epochs": 5}), rows)
    feeder.rows(1), feeder.rows(2)
    [other] = multiprocessing.active_children()
    print(other.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_second_process_ends_when_the_first_is_killed(tmp_path):
    (tmp_path / "killed.py").write_text(KILLED)
    # It holds the pipe, too: what it ends with is what is waited for.
    done = subprocess.run(
        [sys.executable, tmp_path / "killed.py"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert int(done.stdout) > 0
