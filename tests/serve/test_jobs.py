"""Jobs: what takes long, page by page, kept for a while, through a restart too."""

import io
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from scrawl.serve.job_store import LEASE, JobStore
from scrawl.serve.refusal import RefusalError

EXAMPLES = Path(__file__).parents[2] / "examples" / "digits"


def sheets(count: int, side: int = 300) -> bytes:
    """A TIFF of pages, page n showing n."""
    pages = []
    for number in range(1, count + 1):
        page = np.full((side, side), 255, np.uint8)
        cv2.putText(page, str(number), (side // 3, 2 * side // 3), 0, side / 70, 0, 12)
        pages.append(Image.fromarray(page))
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    return buffer.getvalue()


def ended(server, path: str) -> dict:
    server.until(lambda: server.client.get(path).json()["state"] in ("done", "failed"))
    return server.client.get(path).json()


def test_a_job_gives_what_reading_at_once_does(server, canvas):
    files = [("file", ("a.tif", sheets(3))), ("file", ("c", canvas))]
    answer = server.client.post("/v1/jobs", files=files)
    assert answer.status_code == 202
    state = answer.json()
    assert (state["pages"], state["error"], state["ended"]) == (4, None, None)
    path = answer.headers["location"]
    assert path == f"/v1/jobs/{state['id']}"
    done = ended(server, path)
    assert (done["state"], done["done"], done["pages"]) == ("done", 4, 4)
    assert done["rows"] == server.client.post("/v1/read", files=files).json()
    rest = server.client.get(path, params={"after": 3}).json()
    assert rest["rows"] == done["rows"][3:]
    assert server.client.delete(path).status_code == 204
    for method in ("GET", "DELETE"):
        gone = server.client.request(method, path)
        assert (gone.status_code, "there is no" in gone.json()["error"]) == (404, True)


def test_a_job_of_one_digit_each(server, canvas):
    answer = server.post("/v1/jobs?one=true&threshold=1", canvas)
    done = ended(server, answer.headers["location"])
    [row] = done["rows"]
    assert (row["rejected"], row["reason"], row["page"]) == (True, "unsure", 1)


@pytest.mark.parametrize(
    ("query", "data", "status"),
    [
        ("", b"none", 400),
        ("", b"", 400),
        ("?one=true&model=none", EXAMPLES / "5-canvas.png", 404),
        ("?on=true", EXAMPLES / "5-canvas.png", 422),
    ],
)
def test_what_cannot_be_a_job_is_refused_at_once(server, query, data, status):
    data = data if isinstance(data, bytes) else data.read_bytes()
    assert server.post(f"/v1/jobs{query}", data).status_code == status


def test_what_is_damaged_says_so_and_the_rest_is_read(server, canvas):
    sent = {"cut.png": canvas[:-2000], "none.png": b"none", "whole.png": canvas}
    files = [("file", (name, data)) for name, data in sent.items()]
    done = ended(server, server.client.post("/v1/jobs", files=files).headers["location"])
    assert done["state"] == "done"
    assert [row["file"] for row in done["rows"]] == list(sent)
    assert "cut.png: is damaged or cut short" in done["rows"][0]["error"]
    assert "none.png: cannot be opened" in done["rows"][1]["error"]
    assert done["rows"][2]["error"] is None


def test_a_restart_loses_no_job(serve, tmp_path):
    """Killed while it reads, it goes on where it was."""
    file = tmp_path / "jobs.sqlite"
    first = serve("--jobs", file)
    data = sheets(5, 1500)
    path = first.post("/v1/jobs", data, "image/tiff").headers["location"]
    first.until(lambda: first.client.get(path).json()["done"] > 0)
    before = first.client.get(path).json()
    first.finish(signal.SIGKILL)
    assert file.stat().st_mode & 0o077 == 0  # pictures are nobody else's business
    second = serve("--jobs", file)
    after = ended(second, path)
    assert (after["state"], [row["page"] for row in after["rows"]]) == ("done", [1, 2, 3, 4, 5])
    assert after["rows"][: before["done"]] == before["rows"]
    third_time = second.post("/v1/jobs", data, "image/tiff").headers["location"]
    second.finish()
    third = serve("--jobs", file)
    assert third.client.get(path).json() == after
    assert third.client.delete(third_time).status_code == 204


def test_two_workers_share_their_jobs(serve, canvas):
    server = serve("--workers", 2)
    paths = [server.post("/v1/jobs", canvas).headers["location"] for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(lambda path: ended(server, path)["state"], paths))
    assert states == ["done"] * 4


def test_results_are_kept_for_a_time(serve, canvas):
    server = serve("--keep", 0.1)
    path = server.post("/v1/jobs", canvas).headers["location"]
    server.until(lambda: server.client.get(path).status_code == 404)


@pytest.fixture
def store():
    return JobStore(None, 2, 1000, "me")


def test_a_store_holds_so_many_jobs_and_bytes(store):
    store.add({}, [("a", b"x" * 900, 1)])
    with pytest.raises(RefusalError, match="the jobs have 902 bytes"):
        store.add({}, [("b", b"x" * 200, 1)])
    store.add({}, [])
    with pytest.raises(RefusalError, match="there are 2 jobs"):
        store.add({}, [])


def test_bytes_are_given_back_as_files_are_read(store):
    job = store.add({}, [("a", b"x" * 900, 1)])
    assert store.claim().files == [(0, "a", 0)]
    store.add_row(job, 0, "{}")
    store.end_file(job, 0)
    store.end(job)
    assert store.data(job, 0) == b""
    store.add({}, [("b", b"x" * 900, 1)])


def test_a_job_whose_worker_is_gone_is_anothers_and_not_forever(tmp_path, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr("scrawl.serve.job_store.time.time", lambda: clock[0])
    stores = [JobStore(tmp_path / "j", 5, 1000, name) for name in ("a", "b", "c")]
    job = stores[0].add({"one": True}, [("f", b"data", 2)])
    assert stores[0].claim().id == job
    stores[0].add_row(job, 0, "1")
    assert stores[1].claim() is None
    clock[0] += LEASE / 2
    assert stores[0].beat(job)
    clock[0] += LEASE * 0.75
    assert stores[1].claim() is None  # it has said that it is at it
    clock[0] += LEASE
    found = stores[1].claim()
    assert (found.id, found.wanted, found.files) == (job, {"one": True}, [(0, "f", 1)])
    assert not stores[0].beat(job)
    stores[0].add_row(job, 0, "2")  # too late: it is not its own any more
    assert stores[1].get(job)["rows"] == [1]
    clock[0] += 2 * LEASE
    assert stores[2].claim().id == job
    clock[0] += 2 * LEASE
    assert stores[0].claim() is None
    assert "not finished in 3 tries" in stores[0].get(job)["error"]


def test_a_worker_that_stops_leaves_its_jobs_to_others(tmp_path):
    first, second = (JobStore(tmp_path / "j", 5, 1000, name) for name in "ab")
    job = first.add({}, [])
    assert first.claim().id == job
    first.close()
    assert second.claim().id == job


def test_a_file_that_is_no_store_is_one_line(tmp_path):
    from scrawl.errors import InputError

    path = tmp_path / "jobs"
    path.write_bytes(b"something else, and long enough that it is no empty database" * 20)
    with pytest.raises(InputError, match="jobs: cannot be used for jobs"):
        JobStore(path, 1, 1, "me")
