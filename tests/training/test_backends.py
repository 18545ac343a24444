"""The contract of the recipes on each backend of Keras that is installed.

A backend is chosen when Keras is imported, so each has a process of its own. The tests of one are
switched on by installing it; ``make test BACKENDS="jax torch"`` installs them.
"""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)
CONTRACT = Path(__file__).with_name("test_contract.py")
DEFAULT = os.environ.get("KERAS_BACKEND", "tensorflow")


@pytest.mark.slow
@pytest.mark.parametrize("backend", sorted({"tensorflow", "jax", "torch"} - {DEFAULT}))
def test_the_contract_holds(backend):
    if find_spec(backend) is None:
        pytest.skip(f'the backend {backend} is not installed: make test BACKENDS="{backend}"')
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(CONTRACT)],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed and int(passed[1]) > 0
    assert "skipped" not in done.stdout.splitlines()[-1]
