"""docs/log.md: an entry has a date and its verdict in its heading, and the newest comes first."""

import re
from pathlib import Path

LOG = Path(__file__).parents[2] / "docs" / "log.md"
HEADING = re.compile(r"## (\d{4}-\d{2}-\d{2}): \S.*")


def test_each_entry_has_a_date_and_the_newest_is_first():
    headings = [line for line in LOG.read_text("utf-8").splitlines() if line.startswith("## ")]
    matches = [HEADING.fullmatch(line) for line in headings]
    assert headings, "no entries"
    assert not [line for line, match in zip(headings, matches, strict=True) if not match]
    dates = [match[1] for match in matches if match]
    assert dates == sorted(dates, reverse=True)


def test_a_heading_has_a_blank_line_before_and_after():
    lines = LOG.read_text("utf-8").splitlines()
    places = [place for place, line in enumerate(lines) if line.startswith("## ")]
    assert not [lines[at] for at in places if lines[at - 1] or lines[at + 1]]


def test_lines_are_short():
    assert not [line for line in LOG.read_text("utf-8").splitlines() if len(line) >= 100]
