"""The same rows on a cluster."""

import os
import socket
import sys
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import killing
import pytest

from scrawl.batch import Job, run
from scrawl.batch.block import Reader
from scrawl.batch.source import Input
from scrawl.errors import DataError, InputError, MissingExtraError
from scrawl.workers import cluster

parquet = pytest.importorskip("pyarrow.parquet")


def test_a_cluster_that_does_not_answer_is_one_line(monkeypatch):
    asked = []
    monkeypatch.delenv("RAY_AUTH_MODE", raising=False)

    def init(address, **options):
        asked.append(address)
        raise ConnectionError("Could not find any running Ray instance.\nPlease …")

    data = SimpleNamespace()
    there = {"init": init, "shutdown": lambda: None}
    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace(**there, data=data))
    monkeypatch.setitem(sys.modules, "ray.data", data)
    why = r"--cluster auto: expected the address of a Ray cluster, or local \(Could not.*=token\)"
    with pytest.raises(InputError, match=why), cluster.connected("auto", 1):
        pass
    with pytest.raises(InputError), cluster.connected("local", 1):
        pass
    assert asked == ["auto", "local", "local", "local"]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        address = f"ray://127.0.0.1:{taken.getsockname()[1]}"
        refused = pytest.raises(InputError, match=f"{address}: .*refused")
        with refused, cluster.connected(address, 1):
            pass


def test_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"Ray.*scrawl\[ray\]"), cluster.connected("x", 1):
        pass


def test_an_error_comes_through_what_is_wrapped_around_it():
    inner = DataError("a.parquet: no column")
    wrapped = RuntimeError("traceback")
    wrapped.cause = inner
    outer = RuntimeError("another")
    outer.__cause__ = wrapped
    assert cluster._cause(outer) is inner
    assert cluster._cause(inner) is inner

    class BothError(RuntimeError, DataError):
        """As Ray makes of what a task raised: its text is a traceback."""

        cause = inner

    assert cluster._cause(BothError("Traceback …")) is inner
    stranger = RuntimeError("Traceback …\nnone of ours")
    assert str(cluster._cause(stranger)) == "the cluster failed (RuntimeError: none of ours)"


@pytest.mark.slow
def test_each_job_once_whichever_actor_is_killed(tmp_path, monkeypatch, capsys):
    """On one Ray, since it takes long to start: the rows of processes, and jobs that kill."""
    pytest.importorskip("ray")
    (tmp_path / "in").mkdir()
    for name in ("a.png", "b.png"):
        (tmp_path / "in" / name).write_bytes(b"broken" if name == "b.png" else PIXELS)
    lib = str(Path(killing.__file__).parent)  # which actors and their children import from, too
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([lib, *os.environ.get("PYTHONPATH", "").split()])
    )
    with cluster.connected("local", 1):
        monkeypatch.setattr(cluster, "connected", lambda *_: nullcontext())
        out = tmp_path / "out"
        figures = run([str(tmp_path / "in")], out, Job("one"), workers=1, cluster="local")
        jobs = [[(0,), (1, 3)], [(2,), (4, 5)], [(6,)]]
        start = partial(killing.start, str(tmp_path))
        told = {"halves": killing.halves, "lost": killing.lost}
        found = sorted(map(str, cluster.stream(start, list, jobs, 1, **told)))
        (tmp_path / "each").mkdir()
        trial = partial(killing.start, str(tmp_path / "each"))
        trained = sorted(cluster.each(trial, [(1,), (3,)]))  # 3 is killed, and done again
        with pytest.raises(InputError, match=r"^nine: expected less$"):
            list(cluster.each(trial, [(9,)]))
    assert capsys.readouterr().out == ""
    assert trained == [[2], [6]]
    assert (figures.pictures, figures.errors) == (2, 1)
    block = tuple(Input(str(tmp_path / "in" / name)) for name in ("a.png", "b.png"))
    assert parquet.read_table(out).equals(Reader(Job("one"))()(block))
    assert found == sorted(map(str, [[0], [2, 6], [4], [8], ["lost", 5], [12]]))


PIXELS = b"P5 1 1 255 \xff"
