"""Jobs by processes: each exactly once, whichever process is killed."""

import copy
import os
import signal
from functools import partial
from pathlib import Path

import pytest

from scrawl.errors import InputError, MissingExtraError
from scrawl.workers import processes


def double(folder, job):
    """Twice the number; 3 kills its process the first time, 5 every time, 9 is refused."""
    marker = Path(folder) / "killed"
    if 9 in job:
        raise InputError("nine: expected less")
    if 5 in job or (3 in job and not marker.exists()):
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return [2 * number for number in job]


def start(folder):
    return partial(double, folder)


def each(folder, jobs):
    return processes.each(
        partial(start, str(folder)),
        jobs,
        1,
        halves=lambda job: [job[:1], job[1:]] if len(job) > 1 else [job],
        lost=lambda job: ["lost", *job],
    )


def test_each_job_once_and_one_that_kills_is_given_back_alone(tmp_path):
    jobs = [(0,), (1, 3), (2,), (4, 5), (6,)]
    found = sorted(map(str, each(tmp_path, jobs)))
    assert found == sorted(map(str, [[0], [2, 6], [4], [8], ["lost", 5], [12]]))


def test_an_error_of_the_users_comes_through(tmp_path):
    with pytest.raises(InputError, match="nine: expected less"):
        list(each(tmp_path, [(9,)]))


def test_an_error_survives_the_way_between_processes():
    error = copy.copy(MissingExtraError("job", "package", "extra"))  # as pickle makes it anew
    assert str(error) == str(MissingExtraError("job", "package", "extra"))
