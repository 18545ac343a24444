"""Other signs than 0 to 9, from a data set's module to what is printed: one file names them."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)

import matplotlib
from PIL import Image, ImageDraw, ImageFont

from scrawl import DigitReader, preprocess
from scrawl.cli import main
from scrawl.data import DATASETS, Dataset, DatasetInfo, Source
from scrawl.prediction import Prediction
from scrawl.training import train
from scrawl.training.exporters import export
from scrawl.training.recipes import get

SIGNS = tuple("٠١٢٣٤٥٦٧٨٩")
FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


def drawn(sign: str, size: int, pen: int) -> Image.Image:
    """A sign of a printed font, black on white."""
    picture = Image.new("L", (120, 120), 255)
    font = ImageFont.truetype(str(FONT), size)
    ImageDraw.Draw(picture).text((60, 60), sign, 0, font, "mm", stroke_width=pen)
    return picture


def load(data_dir=None) -> Dataset:
    forms = [(at, size, pen) for size in (40, 60, 80) for pen in range(4) for at in range(10)]
    inks = [preprocess.find_digit(np.array(drawn(SIGNS[at], *form))) for at, *form in forms]
    images = np.array([ink.normalised for ink in inks])
    labels = np.array([at for at, *_ in forms], np.int64)
    return Dataset(SOURCE.info, images, labels, images[:20], labels[:20])


SOURCE = Source(
    DatasetInfo("arabic", "printed", SIGNS, (28, 28), 255, 120, 20, "none", "free", "a font"),
    load,
)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("arabic")
    DATASETS["arabic"] = SOURCE
    try:
        recipe = get("mlp-512").change({"data": "arabic", "epochs": 25, "batch_size": 12})
        run = train(recipe, folder / "run")
        export(run, folder / "arabic.onnx")
    finally:
        del DATASETS["arabic"]
    return folder / "arabic.onnx"


@pytest.fixture(scope="module")
def reader(model):
    return DigitReader.load(model)


def test_the_bundle_carries_the_alphabet(reader):
    assert reader.info.alphabet == reader.info.classes == SIGNS


@pytest.mark.parametrize("at", [1, 3, 6, 9])
def test_pictures_are_read_as_the_signs(reader, at):
    prediction = reader.read(drawn(SIGNS[at], 70, 2))
    assert (prediction.text, prediction.digit) == (SIGNS[at], at)
    assert prediction.verdict.startswith(SIGNS[at])
    again = Prediction.from_dict(json.loads(json.dumps(prediction.to_dict())))
    assert (again.text, again.alphabet) == (SIGNS[at], SIGNS)


def test_the_command_line_prints_them(model, tmp_path, capsys, monkeypatch):
    drawn("٧", 70, 2).save(tmp_path / "seven.png")
    picture, options = str(tmp_path / "seven.png"), ["--one", "--model", str(model)]
    monkeypatch.setattr("sys.argv", ["scrawl", "read", picture, *options])
    with pytest.raises(SystemExit) as done:
        main()
    assert not done.value.code
    assert "seven.png: ٧ (" in capsys.readouterr().out
