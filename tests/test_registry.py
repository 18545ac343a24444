"""What an installed package adds, each test with a package of its own in a folder on the path."""

import os
import subprocess
import sys

import pytest

from scrawl.errors import InputError
from scrawl.registry import Registry

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)

PLUGIN = """
import numpy as np

from scrawl.data import Dataset, DatasetInfo, Source
from scrawl.training.exporters import Exported, Exporter
from scrawl.training.recipe import Recipe


def load(data_dir=None):
    images = np.zeros((60, 6, 6), np.uint8)
    labels = np.arange(60) % 3
    images[np.arange(60), labels * 2] = 9
    return Dataset(SOURCE.info, images[:40], labels[:40], images[40:], labels[40:])


SOURCE = Source(
    DatasetInfo(
        "bars", "bars", ("top", "middle", "foot"), (6, 6), 9, 40, 20, "the end", "CC0", "here"
    ),
    load,
)


def thin(input_shape, classes, units):
    from scrawl.training.backend import keras

    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(input_shape, name="pixels"),
            layers.Flatten(),
            layers.Dense(units, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ]
    )


BARS = Recipe("bars-thin", "Tells bars apart", "bars", "thin", {"units": 4}, epochs=1)


def write(order):
    order.out.write_text("weights")
    return Exported(order.out, 7)


EXPORTER = Exporter(write)
"""

ENTRIES = """
[scrawl.datasets]
bars = tiny_bars:SOURCE
[scrawl.models]
thin = tiny_bars:thin
[scrawl.recipes]
bars-thin = tiny_bars:BARS
[scrawl.exporters]
bin = tiny_bars:EXPORTER
"""


COMMANDS = """
import sys
from scrawl.cli import main

for line in sys.argv[1:]:
    sys.argv = ["scrawl", *line.split("\\n")]
    try:
        main()
    except SystemExit as done:
        if done.code:
            raise
"""


@pytest.fixture
def scrawl(tmp_path):
    """Given a package's code and its entry points, runs commands where it is installed.

    All of them in one process; the first that fails ends it.
    """

    def install_and_run(code, entries, *lines):
        (tmp_path / "tiny_bars.py").write_text(code, encoding="utf-8")
        facts = tmp_path / "tiny_bars-1.0.dist-info"
        facts.mkdir(exist_ok=True)
        (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny-bars\nVersion: 1.0\n")
        (facts / "entry_points.txt").write_text(entries)
        path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
        return subprocess.run(
            [sys.executable, "-c", COMMANDS, *("\n".join(map(str, line)) for line in lines)],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )

    return install_and_run


def test_a_package_adds_a_data_set_a_model_a_recipe_and_a_format(scrawl, tmp_path):
    out = tmp_path / "run"
    done = scrawl(
        PLUGIN,
        ENTRIES,
        ("data", "list"),
        ("recipes",),
        ("train", "bars-thin", "--out", out),
        ("evaluate", out),
        ("export", out, tmp_path / "x.bin"),
    )
    assert done.returncode == 0, done.stderr
    for part in (
        "bars: bars",
        "mnist: ",
        "bars-thin ",
        "bars-thin on bars test, 20 images",
        f"wrote {tmp_path / 'x.bin'}: 7 bytes",
    ):
        assert part in done.stdout
    # Where the package is not installed any more, its run says so.
    done = scrawl(PLUGIN, "", ("compare", out))
    assert done.returncode == 1
    assert "unknown data set 'bars'" in done.stderr


@pytest.mark.parametrize(
    ("code", "entries", "message"),
    [
        ("raise RuntimeError('no luck')", ENTRIES, "cannot be loaded (RuntimeError: no luck)"),
        ("import nowhere", ENTRIES, "cannot be loaded (ModuleNotFoundError: No module named 'now"),
        ("SOURCE = 3", ENTRIES, "expected a Source, received int"),
        (PLUGIN.replace('"bars",', '"rods",', 1), ENTRIES, "it calls itself 'rods'"),
    ],
)
def test_a_broken_package_is_one_clear_line(scrawl, code, entries, message):
    done = scrawl(code, entries, ("data", "show", "bars"))
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("scrawl: data set 'bars' of the package tiny-bars: ")
    assert message in line
    done = scrawl(code, entries, ("data", "list"))
    assert message in done.stderr
    assert "mnist: " in done.stdout  # the others are there all the same


def test_no_package_takes_a_name_of_scrawls(scrawl):
    entries = "[scrawl.datasets]\ndigits8x8 = tiny_bars:SOURCE\n"
    done = scrawl("raise RuntimeError", entries, ("data", "show", "digits8x8"))
    assert done.returncode == 0, done.stderr
    assert "1,797 handwritten digits" in done.stdout


def test_an_entry_can_be_set_and_taken_away():
    table = Registry("thing", None, {"one": "math:pi"})
    table["two"] = 2.0
    assert (list(table), len(table), "two" in table) == (["one", "two"], 2, True)
    del table["two"]
    with pytest.raises(InputError, match=r"unknown thing 'onne'; did you mean 'one'"):
        table["onne"]
    with pytest.raises(InputError, match=r"unknown thing 'two'"):
        table.require("two")
