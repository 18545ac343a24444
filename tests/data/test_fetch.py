"""Downloads, from a server on loopback."""

import hashlib
import http.server
import threading

import pytest

from scrawl.data import fetch
from scrawl.errors import DataError

pytest.importorskip("pooch")
CONTENT = b"the right bytes" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def mirrors(tmp_path, monkeypatch):
    """A server whose folder ``good`` holds the file, ``cut`` half of it, ``none`` nothing."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name, content in {"good": CONTENT, "cut": CONTENT[:700]}.items():
        (tmp_path / "www" / name).mkdir(parents=True)
        (tmp_path / "www" / name / "file.gz").write_bytes(content)

    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(tmp_path / "www"))

        def do_GET(self):
            asked.append(self.path)
            super().do_GET()

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def test_a_file_is_downloaded_once_and_then_taken_from_the_cache(mirrors):
    base, asked = mirrors
    for _ in range(2):
        path = fetch.fetch("file.gz", SHA256, (f"{base}/good/",), "mnist")
        assert path.read_bytes() == CONTENT
    assert asked == ["/good/file.gz"]


@pytest.mark.parametrize("bad", ["none", "cut"])
def test_the_next_mirror_is_asked_when_one_fails(mirrors, bad):
    base, asked = mirrors
    path = fetch.fetch("file.gz", SHA256, (f"{base}/{bad}/", f"{base}/good/"), "mnist")
    assert path.read_bytes() == CONTENT
    assert asked == [f"/{bad}/file.gz", "/good/file.gz"]


def test_a_damaged_download_leaves_nothing_behind(mirrors, tmp_path):
    base, _ = mirrors
    with pytest.raises(DataError, match="truncated or altered"):
        fetch.fetch("file.gz", SHA256, (f"{base}/cut/",), "mnist")
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_a_damaged_cache_is_mended(mirrors):
    base, asked = mirrors
    path = fetch.fetch("file.gz", SHA256, (f"{base}/good/",), "mnist")
    path.write_bytes(CONTENT[:-1])
    assert fetch.fetch("file.gz", SHA256, (f"{base}/good/",), "mnist").read_bytes() == CONTENT
    assert len(asked) == 2
