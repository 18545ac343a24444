"""Trainings by two processes, as a process of its own that imports little: each imports it.

    KERAS_BACKEND=jax python two_processes.py killed FOLDER, and then finished FOLDER

FOLDER holds ``rows.npz``, a data set.
"""

import json
import os
import signal
import sys
from multiprocessing import active_children
from pathlib import Path

from scrawl.cli import main

SETTINGS = {"epochs": 3, "batch_size": 100, "units": 8, "validation_split": 0.2}


def killed(folder):
    """The command, whose second process hears Ctrl-C after an epoch, and is killed after two."""
    from scrawl.training.progress import Bar

    said = Bar.epoch

    def say_and_kill(self, row):
        said(self, row)
        for one in active_children():
            # A terminal sends Ctrl-C to all: the first process alone is to end by it.
            os.kill(one.pid, signal.SIGINT if row.epoch == 1 else signal.SIGKILL)

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
    from scrawl.training.recipes import get
    from scrawl.training.tasks.base import Training
    from scrawl.training.trainer import resume, train

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
