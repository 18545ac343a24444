"""One training by two processes over loopback: the figures of one with the same batches."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)

from scrawl.errors import InputError
from scrawl.training import together
from scrawl.training.recipes import get
from scrawl.training.trainer import train

PROGRAM = Path(__file__).parents[1] / "lib" / "two_processes.py"
ROWS = 450  # 360 to learn from, 90 held out: two processes divide each batch


@pytest.mark.slow
def test_two_processes_learn_what_one_does_though_one_of_them_is_killed(tmp_path):
    if find_spec("jax") is None:
        pytest.skip('the backend jax is not installed: make test BACKENDS="jax"')
    keep_rows(tmp_path)
    killed = child("killed", tmp_path)
    assert killed.returncode == 1
    _begun, *lines, last = killed.stderr.splitlines()
    # The other process let Ctrl-C pass: there was a second epoch.
    said = [line.split()[:2] for line in lines]
    assert said == [["epoch", "1/3"], ["epoch", "2/3"]], killed.stderr
    assert last.startswith("scrawl: --processes: another process of the training has ended")
    done = child("finished", tmp_path)
    assert done.returncode == 0, done.stderr[-4000:]
    two, one = json.loads(done.stdout)  # and nothing else is said there
    assert len(two["losses"]) == 6
    assert two["losses"] == pytest.approx(one["losses"], rel=1e-5)
    assert two["weights"] == pytest.approx(one["weights"], rel=1e-4)
    assert one["losses"][1] < one["losses"][0]


def child(name, folder):
    """A process of JAX that does one of the functions of `PROGRAM`."""
    return subprocess.run(
        [sys.executable, PROGRAM, name, str(folder)],
        env={**os.environ, "KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        timeout=200,
    )


def test_what_cannot_be_divided_is_one_line(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="--processes 2: expected KERAS_BACKEND=jax, received"):
        train(get("cnn-8x8"), tmp_path / "run", processes=2)
    monkeypatch.setattr(together.backend, "name", lambda: "jax")
    with pytest.raises(InputError, match="--processes 3: expected batches that it divides"):
        train(get("cnn-8x8"), tmp_path / "run", processes=3)
    assert not (tmp_path / "run").exists()


def keep_rows(folder):
    rows, labels = load_digits(return_X_y=True)
    images = (rows * 15).astype(np.uint8).reshape(-1, 8, 8)
    names = ("x_train", "y_train", "x_test", "y_test")
    parts = (images[:ROWS], labels[:ROWS], images[-50:], labels[-50:])
    np.savez(folder / "rows.npz", **dict(zip(names, parts, strict=True)))
