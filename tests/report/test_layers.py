"""What each layer makes of a digit, and the picture of it."""

import numpy as np
import pytest
from typer.testing import CliRunner

pytest.importorskip("onnx")
pytest.importorskip("matplotlib")

from PIL import Image

from scrawl import DigitReader
from scrawl.cli import app
from scrawl.network import Network
from scrawl.report.layers import layers
from scrawl.training.feature_maps import feature_maps
from scrawl.weights import READER


def test_the_maps_are_those_that_the_network_computes():
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 13:16] = 255
    maps = feature_maps(READER, image)
    titles, values = zip(*maps, strict=True)
    assert titles[0] == "1. after relu: 32 maps of 14 x 14"
    assert titles[-1].endswith("192 values")
    assert all((one >= 0).all() and one.any() for one in values)
    # No map is the same for a picture of nothing, and the file is as it was.
    blank = dict(feature_maps(READER, np.zeros_like(image)))
    assert not any(np.array_equal(blank[title], one) for title, one in maps)
    assert DigitReader.load().probabilities(image[None]).argmax() == 1


def test_every_output_has_its_name():
    network = Network(READER)
    x = np.random.default_rng(0).random((2, 28, 28, 1), np.float32)
    (only,) = network.run_all(x).values()
    np.testing.assert_array_equal(only, network.run(x))


def test_a_darker_tile_is_a_larger_value_and_a_layer_of_nothing_is_drawn():
    maps = np.zeros((2, 3, 3), np.float32)
    maps[1] = 5
    drawn = np.asarray(layers(np.eye(28, dtype=np.uint8), [("a", maps), ("b", 0 * maps)], "1"))
    tile = drawn[(12 + 30 + 112 + 24 + 30) + 4 + 20]  # a row through the maps of "a"
    assert tile[24 + 4 + 20].tolist() == [255, 255, 255]
    assert tile[24 + 4 + 54 + 4 + 20].tolist() == [0, 0, 0]


def test_the_command_writes_a_picture_and_refuses_a_blank_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    digit = np.full((60, 60), 255, np.uint8)
    digit[10:50, 28:32] = 0
    Image.fromarray(digit).save("one.png")
    Image.new("L", (60, 60), 255).save("blank.png")
    for more in (["--layers"], []):
        done = CliRunner().invoke(app, ["explain", "one.png", *more, "--out", "out.png"])
        assert done.exit_code == 0, done.exception
        assert done.stdout.startswith("wrote out.png: ")
        with Image.open("out.png") as image:
            assert min(image.size) > 300
    done = CliRunner().invoke(app, ["explain", "blank.png", "--layers", "--out", "out2.png"])
    assert str(done.exception) == "blank.png: no ink found, the picture is blank"
