"""Throughput and latency of the service at 1, 8 and 64 connections, all in one run.

    python benchmarks/service.py [--seconds 10]

Each request is one picture of one digit. Beside it: an endpoint of the same server that does
nothing, and a plain FastAPI server with Keras' ``predict`` as tutorials write it. The load comes
from the same machine.
"""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from lib.service_load import Load, load, request, served

CONNECTIONS = (1, 8, 64)
EXAMPLE = Path(__file__).parents[1] / "examples" / "digits" / "5-canvas.png"

TUTORIAL = """
import io
import keras
import numpy as np
import uvicorn
from fastapi import FastAPI, File, UploadFile
from PIL import Image

app = FastAPI()
model = keras.Sequential([
    keras.Input((28, 28, 1)),
    keras.layers.Conv2D(32, 3, activation="relu"),
    keras.layers.Conv2D(64, 3, activation="relu"),
    keras.layers.MaxPooling2D(),
    keras.layers.Flatten(),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])

@app.post("/predict")
async def predict(file: UploadFile = File(...)):
    image = Image.open(io.BytesIO(await file.read())).convert("L").resize((28, 28))
    x = np.array(image).reshape(1, 28, 28, 1) / 255.0
    probabilities = model.predict(x, verbose=0)[0]
    return {"digit": int(probabilities.argmax()), "confidence": float(probabilities.max())}

model.predict(np.zeros((1, 28, 28, 1)), verbose=0)
config = uvicorn.Config(app, port=0, log_level="info", access_log=False)
uvicorn.Server(config).run()
"""


@contextmanager
def tutorial() -> Iterator[int]:
    """Runs the tutorial's server; gives its port."""
    process = subprocess.Popen(
        [sys.executable, "-c", TUTORIAL],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    ports = (re.search(r"running on http://\S+:(\d+)", line) for line in process.stderr)
    port = next((int(found[1]) for found in ports if found), None)
    assert port is not None, "the tutorial's server did not start"
    try:
        yield port
    finally:
        process.terminate()
        process.wait(timeout=60)


def form(data: bytes) -> bytes:
    """The request of a form with one file."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    body = head + data + b"\r\n--x--\r\n"
    return request("/predict", body, "multipart/form-data; boundary=x")


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10, help="for each row")
    parser.add_argument("--workers", default="2")
    arguments = parser.parse_args()

    drawing = EXAMPLE.read_bytes()
    buffer = io.BytesIO()
    Image.open(EXAMPLE).convert("L").resize((28, 28)).save(buffer, "PNG")
    small = buffer.getvalue()
    raw = '{"inputs":[{"name":"pixels","datatype":"UINT8","shape":[1,28,28],"data":'
    tensor = f"{raw}{[0] * 784}}}]}}".encode()
    size = "×".join(map(str, Image.open(EXAMPLE).size))
    results: dict[str, list[Load]] = {}
    with served("--workers", arguments.workers, "--queue", "256") as (port, _):
        rows = {
            "nothing (/v2/health/live)": request("/v2/health/live", method="GET"),
            "a picture of 28×28 (/v1/read?one=true)": request("/v1/read?one=true", small),
            f"a picture of {size} (/v1/read?one=true)": request("/v1/read?one=true", drawing),
            "a tensor (/v2/models/reader/infer)": request(
                "/v2/models/reader/infer", tensor, "application/json"
            ),
        }
        for name, sent in rows.items():
            results[name] = [load(port, [sent], n, arguments.seconds) for n in CONNECTIONS]
    with tutorial() as port:
        name = "FastAPI + Keras predict, a picture of 28×28"
        results[name] = [load(port, [form(small)], n, arguments.seconds) for n in CONNECTIONS]

    print("| | connections | requests/s | p50 ms | p99 ms | × Keras |\n" + "| --- " * 6 + "|")
    for name, loads in results.items():
        for n, done, keras in zip(CONNECTIONS, loads, loads_of_last(results), strict=True):
            assert set(done.answers) == {200}, (name, done.answers)
            p50, p99 = done.percentile(50), done.percentile(99)
            ratio = f"{done.rate / keras.rate:.1f}"
            print(f"| {name} | {n} | {done.rate:,.0f} | {p50:.1f} | {p99:.1f} | {ratio} |")


def loads_of_last(results: dict[str, list[Load]]) -> list[Load]:
    """The loads of the row that was added last, the tutorial's."""
    return list(results.values())[-1]


if __name__ == "__main__":
    main()
