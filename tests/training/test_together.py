"""One training by two processes over loopback: the figures of one with the same batches."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)

from scrawl.cli import main
from scrawl.errors import InputError
from scrawl.training import together
from scrawl.training.progress import Bar
from scrawl.training.recipes import get
from scrawl.training.tasks.base import Training
from scrawl.training.trainer import resume, train

SETTINGS = {"epochs": 2, "batch_size": 100, "units": 8, "validation_split": 0.2}
ROWS = 450  # 360 to learn from, 90 held out: two processes divide each batch


@pytest.mark.slow
def test_two_processes_learn_what_one_does_though_one_of_them_is_killed(tmp_path):
    if find_spec("jax") is None:
        pytest.skip('the backend jax is not installed: make test BACKENDS="jax"')
    keep_rows(tmp_path)
    killed = child("killed", tmp_path)
    assert killed.returncode == 1
    _begun, *lines, last = killed.stderr.splitlines()
    assert [line.split()[:2] for line in lines] == [["epoch", "1/2"]], killed.stderr
    assert last.startswith("scrawl: --processes: another process of the training has ended")
    done = child("finished", tmp_path)
    assert done.returncode == 0, done.stderr[-4000:]
    two, one = json.loads(done.stdout)  # and nothing else is said there
    assert len(two["losses"]) == 4
    assert two["losses"] == pytest.approx(one["losses"], rel=1e-5)
    assert two["weights"] == pytest.approx(one["weights"], rel=1e-4)
    assert one["losses"][1] < one["losses"][0]


def child(name, folder):
    """A process of JAX that does one of the functions below."""
    return subprocess.run(
        [sys.executable, __file__, name, str(folder)],
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


def killed(folder):
    """The command, whose second process is killed after the first epoch."""
    said = Bar.epoch

    def say_and_kill(self, row):
        said(self, row)
        for one in active_children():
            one.kill()

    Bar.epoch = say_and_kill
    changes = [part for key, value in SETTINGS.items() for part in ("--set", f"{key}={value}")]
    data = ("--data", str(folder / "rows.npz"), "--out", str(folder / "2"))
    sys.argv = ["scrawl", "train", "mlp-512", *data, *changes, "--processes", "2"]
    main()


def finished(folder):
    """The training that was killed, and one by one process."""
    print(json.dumps([learn(folder, count) for count in (2, 1)]))


def learn(folder, processes):
    """The losses of a short training, and a sum of each weight."""
    found = {}

    def finish(self, run, model, log):
        found["losses"] = [epoch.loss for epoch in log] + [epoch.val_loss for epoch in log]
        found["weights"] = [float(abs(weight).sum()) for weight in model.get_weights()]

    Training.finish = finish
    run = folder / str(processes)
    if run.exists():
        resume(run, processes=processes)
    else:
        recipe = get("mlp-512").change({**SETTINGS, "data": str(folder / "rows.npz")})
        train(recipe, run, processes=processes)
    return found


if __name__ == "__main__":
    {"killed": killed, "finished": finished}[sys.argv[1]](Path(sys.argv[2]))
