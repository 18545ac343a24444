"""The wheel in fresh environments, outside the checkout: each Python, lowest and newest versions.

    make dist && .venv/bin/nox        # an interpreter that is not installed is skipped, and named

What is tested is the part that reads; the whole suite runs in .venv, on the newest versions.
"""

from __future__ import annotations

from pathlib import Path

import nox

CHECKOUT = Path(__file__).parent
LOWEST = "3.11"
NEWEST = ("3.12", "3.13")  # the whole suite runs on the lowest Python
TOOLS = ("pytest>=8", "pytest-xdist>=3", "hypothesis>=6")
READING = (
    *("test_package.py", "test_results.py", "test_images.py", "cli/test_read.py"),
    *("cli/test_read_pages.py", "pages/test_reader.py", "forms/test_table.py"),
)
"""What uses each library that reading needs: enough for another Python with the same versions."""

ARITHMETIC = (
    *("test_evaluate.py", "test_explain.py", "test_metrics.py"),
    *("preprocess", "pages", "ruling", "data", "batch/test_batch.py"),
    "forms/test_parse.py",
)
"""The rest of what reads, which other versions of the libraries may change."""
TRAINING = (
    *("test_bundle.py", "report", "training/test_calibrate.py", "training/test_quantise.py"),
    *("training/test_recipe.py", "serve/test_read.py"),
)

nox.options.default_venv_backend = "uv"
nox.options.error_on_missing_interpreters = False


@nox.session(python=NEWEST)
def newest(session: nox.Session) -> None:
    """Reads with the wheel and no extra but those of tables and scores."""
    session.install(f"{wheel()}[data,parquet]", *TOOLS)
    session.chdir(session.create_tmp())
    session.run("scrawl", "read", str(CHECKOUT / "examples" / "numbers"))
    test(session, *READING)


@nox.session(python=LOWEST)
def lowest(session: nox.Session) -> None:
    """The same, and some of training and serving, on the lowest versions that pyproject names."""
    extras = ("train", "parquet", "serve")
    session.install(
        *("--resolution", "lowest-direct", "--only-binary", ":all:"),
        *("-r", "pyproject.toml"),
        *(part for extra in extras for part in ("--extra", extra)),
    )
    session.install("--no-deps", str(wheel()))
    session.install(*TOOLS, "fsspec>=2024.6", "httpx>=0.28")
    session.run("uv", "pip", "list")
    session.chdir(session.create_tmp())
    test(session, *READING, *ARITHMETIC, *TRAINING)


def wheel() -> Path:
    """The wheel that ``make dist`` built."""
    [built] = (CHECKOUT / "dist").glob("*.whl")
    return built


def test(session: nox.Session, *files: str) -> None:
    """Runs tests of the checkout against the scrawl that is installed."""
    paths = [str(CHECKOUT / "tests" / name) for name in files]
    settings = ("-c", str(CHECKOUT / "pyproject.toml"), "--rootdir", str(CHECKOUT))
    session.run(
        *("python", "-m", "pytest", "--quiet", "--strict-skips", "-p", "no:cacheprovider"),
        *("--numprocesses", "2", "--dist", "loadfile"),
        *settings,
        *paths,
    )
