"""A job that kills its process, which workers load from here."""

import os
import signal
from functools import partial
from pathlib import Path

from scrawl.errors import InputError


def start(folder):
    return partial(double, folder)


def double(folder, job):
    """Twice the number; 3 kills its process the first time, 5 every time, 9 is refused."""
    marker = Path(folder) / "killed"
    if 9 in job:
        raise InputError("nine: expected less")
    if 5 in job or (3 in job and not marker.exists()):
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return [2 * number for number in job]


def halves(job):
    return [job[:1], job[1:]] if len(job) > 1 else [job]


def lost(job):
    return ["lost", *job]
