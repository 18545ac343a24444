"""The page without a server: its graphs say what scrawl says, and it holds all that it needs.

That it runs in a browser is tested with the served page, tests/serve/page/test_drawing.py.
"""

import json
import re
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest

pytest.importorskip("jinja2")

from scrawl import weights
from scrawl.errors import InputError, ModelError
from scrawl.network import Network
from scrawl.prediction import DOUBTS, doubt
from scrawl.preprocess import normalise, to_tensor
from scrawl.training.browser import page, steps
from scrawl.training.exporters import EXPORTERS, Exporter, export

LIMIT = 15_000_000
MODEL = weights.reader_for("cpu")


@pytest.fixture(scope="module")
def graph():
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return lambda name: onnxruntime.InferenceSession(page.OWN / f"{name}.onnx", options)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The page of the model that scrawl carries."""
    out = tmp_path_factory.mktemp("page") / "digits.html"
    return export(MODEL, out)


def sheet(ink, side, top, left):
    """A digit's ink at so many pixels, somewhere on a sheet."""
    whole = np.zeros((steps.SHEET, steps.SHEET), np.float32)
    scale = side / max(ink.shape)
    size = (max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale)))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    height, width = small.shape
    y, x = int(top * (steps.SHEET - height)), int(left * (steps.SHEET - width))
    whole[y : y + height, x : x + width] = small.clip(0, 1)
    return whole


def test_the_graph_normalises_as_python_does(mnist, graph):
    session, rng = graph("before"), np.random.default_rng(0)
    apart = []
    for digit in mnist.x_train[:150]:
        side = int(rng.integers(3, steps.SHEET + 1))
        ink = sheet(digit / np.float32(255), side, *rng.random(2))
        seen, pixels = session.run(None, {"ink": ink, "pixel_max": np.array(255, np.float32)})
        apart.append(np.abs(seen.astype(int) - normalise(ink)).max())
        np.testing.assert_array_equal(pixels, to_tensor(seen[None])[0])
    assert max(apart) <= 1
    assert np.mean(apart) < 0.05  # a sum in another order, at the edge of a grey level


def test_the_graph_gives_an_empty_sheet_no_ink(graph):
    blank = np.zeros((steps.SHEET, steps.SHEET), np.float32)
    seen, _ = graph("before").run(None, {"ink": blank, "pixel_max": np.array(255, np.float32)})
    assert not seen.any()


def test_the_graph_calibrates_and_doubts_as_python_does(graph):
    info = replace(Network(weights.READER).info, odds=0.3, temperature=1.4, threshold=0.6)
    session, rng = graph("after"), np.random.default_rng(0)
    letters = np.arange(len(info.classes)) < len(info.alphabet)
    given = set()
    for sharpness in np.geomspace(0.02, 2, 40):
        shares = np.where(letters, sharpness, rng.choice([1, 40]) * sharpness)
        answer = rng.dirichlet(shares, 1).astype(np.float32)
        row, digit, confidence, doubted = session.run(
            ["probabilities", "digit", "confidence", "doubt"],
            {
                "answer": answer,
                "letters": letters,
                "weights": info.weights,
                "temperature": np.array(info.temperature),
                "threshold": np.array(info.threshold),
            },
        )
        expected = info.calibrated(answer)[0]
        np.testing.assert_allclose(row, expected, atol=1e-6)
        digits = expected[: len(info.alphabet)]
        assert digit == digits.argmax()
        assert confidence == pytest.approx(digits.max(), abs=1e-6)
        assert doubted == doubt(float(digits.max()), float(digits.sum()), info.threshold)
        given.add(DOUBTS[doubted])
    assert given == set(DOUBTS)


def test_a_page_is_one_file_that_holds_the_model_and_asks_for_nothing(written):
    text = written.path.read_text(encoding="utf-8")
    assert written.size == len(text.encode()) < LIMIT
    model = page.network_of(text)
    assert model == MODEL.read_bytes()
    facts = json.loads(re.search(r'id="scrawl">(.*?)</script>', text)[1])
    assert facts["recipe"] == "reader"
    assert not re.search(r"<link[^>]*href=\"(?!data:)|<(?:script|img)[^>]*src=\"(?!data:)", text)
    [policy] = re.findall(r'Content-Security-Policy" content="(.*?)"', text)
    assert policy.startswith("default-src &#39;none&#39;")
    assert "connect-src" not in policy


def test_what_cannot_be_a_page_is_refused_in_a_line(tmp_path, monkeypatch):
    out = tmp_path / "a.html"
    with pytest.raises(ModelError, match=r"expected a model of single digits, received .*pages"):
        export(weights.PAGES, out)
    monkeypatch.setattr("scrawl.digit_reader.SEEN", (8, 8))
    with pytest.raises(InputError, match=r"a\.html: expected a model of 28×28"):
        export(weights.READER, out)
    monkeypatch.setitem(EXPORTERS, "html", Exporter(lambda order: None))
    with pytest.raises(InputError, match=r"a\.html: expected a run folder, received .*onnx"):
        export(weights.READER, out)
    assert not out.exists()


def test_what_is_packed_is_what_the_lock_file_says():
    lock = json.loads((page.OWN / "package-lock.json").read_text())
    version = lock["packages"]["node_modules/onnxruntime-web"]["version"]
    assert f"ONNX Runtime Web v{version}\n" in (page.OWN / "ort.js").read_text(encoding="utf-8")
    needed = json.loads((page.OWN / "package.json").read_text())["dependencies"]
    assert needed == {"onnxruntime-web": version}


def test_every_module_of_the_served_page_that_is_taken_stands_alone():
    """What they import is what is taken with them, and no two use one name."""
    names = {}
    taken = {*page.SCRIPTS}
    for name in [*page.SCRIPTS, "page.js"]:
        folder = page.OWN if name == "page.js" else Path(str(page.SERVED))
        text = (folder / name).read_text(encoding="utf-8")
        assert set(re.findall(r'^import .* from "\./(.*)";$', text, re.MULTILINE)) <= taken
        assert " as " not in "".join(re.findall(r"^import .*", text, re.MULTILINE))
        own = r"^(?:export )?(?:async )?(?:const|let|function\*?|class) \[?(\w+)"
        for found in re.findall(own, text, re.MULTILINE):
            assert names.setdefault(found, name) == name, found
