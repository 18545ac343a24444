"""benchmarks/README.md names every script and every file that they share, and no other."""

import re

import docpages as pages

FOLDER = pages.ROOT / "benchmarks"
NAMED = set(
    re.findall(r"^\| .*?`((?:lib/)?\w+\.py)`", (FOLDER / "README.md").read_text("utf-8"), re.M)
)


def test_each_file_has_a_row():
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.py")}
    assert there - {"lib/__init__.py"} == NAMED
