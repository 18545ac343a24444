"""Ten minutes of mixed load: nothing good fails, and memory is flat.

    python benchmarks/service_soak.py [--minutes 10]

Among the good requests are bad ones, photos, clients that leave while their photo is on its way or
being read, and one that has pictures read as jobs, asking after each until it is done.
"""

from __future__ import annotations

import argparse
import os
import socket
import threading
import time
from collections import Counter
from itertools import cycle
from pathlib import Path

import httpx

from lib.photos import photo
from lib.service_load import Load, load, request, served

EXAMPLES = Path(__file__).parents[1] / "examples" / "digits"
POLL = 0.2
"""Seconds from asking after a job to asking again."""

KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}


def good() -> list[bytes]:
    """Requests that must be answered with 200."""
    found = []
    for path in sorted(EXAMPLES.iterdir()):
        if path.suffix in KINDS:
            data, kind = path.read_bytes(), KINDS[path.suffix]
            found += [request("/v1/read?one=true", data, kind)] * 3
            found += [request("/v1/explain", data, kind), request("/v1/read", data, kind)]
    return [*found, request("/metrics", method="GET"), request("/v2/models/reader", method="GET")]


def bad() -> list[bytes]:
    """Requests that must be answered with 4xx."""
    picture = (EXAMPLES / "9-chalk.jpg").read_bytes()
    form = "multipart/form-data; boundary=x"
    infer = "/v2/models/reader/infer"
    return [
        request("/v1/read"),
        request("/v1/read", b"not a picture" * 100),
        request("/v1/read", picture[: len(picture) // 2], "image/jpeg"),
        request("/v1/read", b"{}", "application/json"),
        request("/v1/read", b"--x\r\nbroken", form),
        request("/v1/read?one=perhaps", picture),
        request("/v1/read?one=true&model=none", picture),
        request("/v1/corrections?label=1", picture),
        request(infer, b'{"inputs":[{"name":"pixels","shape":[2,28,28],"datatype":"UINT8"}]}', ""),
        request("/v2/models/none/infer", b"{}", "application/json"),
        request("/none", method="GET"),
    ]


def hang_up(port: int, stop: threading.Event) -> None:
    """Sends half of a request and goes away, or stays silent, again and again."""
    whole = request("/v1/read", photo(), "image/jpeg")
    silent: list[socket.socket] = []
    while not stop.wait(0.2):
        try:
            connection = socket.create_connection(("127.0.0.1", port))
            # One of ten leaves when its photo is there, and is being read or waits for that.
            connection.sendall(whole if len(silent) == 9 else whole[: len(whole) // 2])
        except OSError:
            continue
        silent.append(connection)
        if len(silent) > 10:
            for each in silent:
                each.close()
            silent.clear()


def jobs(port: int, seconds: float) -> Counter[str]:
    """Has pictures read as jobs, one after the other; counts how they ended."""
    ends: Counter[str] = Counter()
    pictures = cycle(path for path in sorted(EXAMPLES.iterdir()) if path.suffix in KINDS)
    until = time.monotonic() + seconds
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        while time.monotonic() < until:
            answer = client.post("/v1/jobs", content=next(pictures).read_bytes())
            if answer.status_code != 202:
                ends[str(answer.status_code)] += 1
                continue
            where = answer.headers["location"]
            while (job := client.get(where).json())["state"] in ("waiting", "running"):
                time.sleep(POLL)
            ends[job["state"] if job["rows"] else "without a row"] += 1
            client.delete(where)
    return ends


def memory(pid: int) -> float:
    """Megabytes of a process that are in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    """Loads, prints a row a minute, and fails if a good request did."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    minutes = parser.parse_args().minutes
    results: dict[str, Load] = {}
    ends: Counter[str] = Counter()

    with served("--keep", "5") as (port, process):

        def run(name: str, requests: list[bytes], connections: int) -> None:
            results[name] = load(port, requests, connections, 60 * minutes)

        def work() -> None:
            ends.update(jobs(port, 60 * minutes))

        stop = threading.Event()
        photos = [request("/v1/read", photo(1), "image/jpeg")]
        threads = [
            threading.Thread(target=run, args=("good", good(), 6)),
            threading.Thread(target=run, args=("bad", bad(), 2)),
            threading.Thread(target=run, args=("photos", photos, 1)),
            threading.Thread(target=work),
            threading.Thread(target=hang_up, args=(port, stop)),
        ]
        for thread in threads:
            thread.start()
        print("| minute | memory MB |\n| --- | --- |")
        start = time.monotonic()
        while threads[0].is_alive():
            print(
                f"| {(time.monotonic() - start) / 60:.1f} | {memory(process.pid):.0f} |", flush=True
            )
            threads[0].join(min(60.0, 6 * minutes))
        stop.set()
        for thread in threads:
            thread.join()
    for name, done in results.items():
        print(f"{name}: {dict(done.answers)}, p99 {done.percentile(99):.0f} ms")
    print(f"jobs: {dict(ends)}")
    assert set(results["good"].answers) == {200}
    assert set(results["photos"].answers) == {200}
    assert set(ends) == {"done"}
    assert all(400 <= status < 500 for status in results["bad"].answers)


if __name__ == "__main__":
    main()
