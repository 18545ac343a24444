"""Jobs by processes: each exactly once, whichever process is killed."""

import copy
from functools import partial

import killing
import pytest

from scrawl.errors import InputError, MissingExtraError
from scrawl.workers import processes


def each(folder, jobs):
    start = partial(killing.start, str(folder))
    return processes.each(start, jobs, 1, halves=killing.halves, lost=killing.lost)


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
