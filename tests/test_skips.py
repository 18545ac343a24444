"""A run with --strict-skips is red for a skip that nobody listed."""

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SKIPS = """
import pytest
{line}
def test_that_passes(): pass
def test_that_may_be_skipped(): pytest.skip("needs the data set none")
"""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", None),
        ("def test_other(): pytest.skip('no luck')", "::test_other: no luck"),
        ("pytest.skip('none of it', allow_module_level=True)", ": none of it"),
        ("@pytest.mark.xfail\ndef test_other(): assert False", "::test_other: expected"),
    ],
)
def test_a_skip_is_listed_or_fails_the_run(tmp_path, line, said):
    checkout = tmp_path / "checkout"
    (checkout / "tests").mkdir(parents=True)
    for name in ("conftest.py", "skips.toml"):
        (checkout / "tests" / name).write_bytes((TESTS / name).read_bytes())
    (checkout / "tests" / "test_some.py").write_text(SKIPS.format(line=line))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--strict-skips", "--rootdir=.", "-n2"],
        cwd=checkout,
        capture_output=True,
        text=True,
    )
    assert bool(done.returncode) == bool(said), done.stdout
    assert ("skipped, and not on" in done.stdout) == bool(said)
    assert f"tests/test_some.py{said or ''}" in done.stdout or not said
