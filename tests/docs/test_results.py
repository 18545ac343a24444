"""The JSON that docs/reference/output.md shows has the keys that are printed."""

import json
import re

import docpages as pages
from typer.testing import CliRunner

from scrawl.cli import app

BLOCK = re.compile(r"^```json\n(.*?)^```", re.DOTALL | re.MULTILINE)
SHOWN = [
    json.loads(text)
    for text in BLOCK.findall((pages.ROOT / "docs/reference/output.md").read_text("utf-8"))
]
EXAMPLES = pages.ROOT / "examples"


def keys(value):
    """The keys of an object and of what is in it, of a list those of its first item."""
    if isinstance(value, dict):
        return {key: keys(item) for key, item in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict | list):
        return [keys(value[0])]
    return None


def printed(*arguments):
    done = CliRunner().invoke(app, ["read", "--json", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_of_a_page():
    made = keys(printed(EXAMPLES / "numbers" / "amount.jpg"))
    shown = keys(SHOWN[0])
    assert {**shown[0], "lines": 0} == {**made[0], "lines": 0}
    shown_line, made_line = shown[0]["lines"][0], made[0]["lines"][0]
    assert list(shown_line) == list(made_line)
    assert shown_line["digits"] == made_line["digits"]


def test_of_one_digit():
    made = printed("--one", EXAMPLES / "digits" / "1-notebook.jpg")
    assert list(SHOWN[1][0]) == list(made[0])
