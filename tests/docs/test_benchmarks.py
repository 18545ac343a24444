"""benchmarks/README.md names every script and every file that they share, and no other."""

import re
import subprocess
import sys

import docpages as pages
import pytest

FOLDER = pages.ROOT / "benchmarks"
NAMED = set(
    re.findall(r"^\| .*?`((?:lib/)?\w+\.py)`", (FOLDER / "README.md").read_text("utf-8"), re.M)
)


def test_each_file_has_a_row():
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.py")}
    assert there - {"lib/__init__.py"} == NAMED


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("train_mnist_fast", "train_mnist_fast needs torch, which is not installed: pip install"),
        ("mlp512", "unknown recipe 'mlp512'; did you mean 'mlp-512'"),
    ],
)
def test_a_name_that_cannot_be_trained_ends_in_one_line(tmp_path, name, message):
    script = FOLDER / "training.py"
    program = f"""
import importlib.util, runpy, sys
there = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "torch" else there(name, *more)
sys.path.insert(0, {str(FOLDER)!r})
sys.argv = ["training.py", {name!r}, "--out", {str(tmp_path)!r}]
runpy.run_path({str(script)!r}, run_name="__main__")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith(message)
    assert len(done.stderr.splitlines()) == 1
