"""The same rows on a cluster."""

import socket
import sys
from types import SimpleNamespace

import pytest

from scrawl.batch import Job, run
from scrawl.batch.block import Reader
from scrawl.batch.source import Input
from scrawl.errors import DataError, InputError, MissingExtraError
from scrawl.workers import cluster

parquet = pytest.importorskip("pyarrow.parquet")


def test_a_cluster_that_does_not_answer_is_one_line(monkeypatch):
    asked = []

    def init(address, **options):
        asked.append(address)
        raise ConnectionError("Could not find any running Ray instance.\nPlease …")

    data = SimpleNamespace()
    there = {"init": init, "shutdown": lambda: None}
    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace(**there, data=data))
    monkeypatch.setitem(sys.modules, "ray.data", data)
    why = r"--cluster auto: expected the address of a Ray cluster, or local \(Could not find any"
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
    stranger = RuntimeError("Traceback …\nnone of ours")
    assert str(cluster._cause(stranger)) == "the cluster failed (RuntimeError: none of ours)"


@pytest.mark.slow
def test_the_same_rows_as_by_processes(tmp_path):
    pytest.importorskip("ray")
    (tmp_path / "in").mkdir()
    for name in ("a.png", "b.png"):
        (tmp_path / "in" / name).write_bytes(b"broken" if name == "b.png" else PIXELS)
    figures = run([str(tmp_path / "in")], tmp_path / "out", Job("one"), workers=1, cluster="local")
    assert (figures.pictures, figures.errors) == (2, 1)
    block = tuple(Input(str(tmp_path / "in" / name)) for name in ("a.png", "b.png"))
    assert parquet.read_table(tmp_path / "out").equals(Reader(Job("one"))()(block))


PIXELS = b"P5 1 1 255 \xff"
