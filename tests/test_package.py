"""What importing scrawl does, and does not."""

import ast
import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import scrawl

HEAVY = ("keras", "tensorflow", "jax", "torch", "fastapi", "ray", "matplotlib", "sklearn", "onnx")


def modules_after(statement: str) -> set[str]:
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_scrawl_loads_nothing_heavy():
    assert modules_after("import scrawl").isdisjoint({*HEAVY, "numpy", "onnxruntime", "cv2"})


def test_reading_needs_no_training_library():
    loaded = modules_after("import scrawl\nscrawl.DigitReader")
    assert "onnxruntime" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_the_command_line_loads_its_libraries_when_they_are_needed():
    loaded = modules_after("import scrawl.cli")
    assert loaded.isdisjoint({*HEAVY, "numpy", "onnxruntime", "cv2", "pydantic"})


def test_a_cold_reading_of_one_digit_loads_no_more_than_it_needs():
    example = Path(__file__).parents[1] / "examples" / "digits" / "3-sticky.jpg"
    loaded = modules_after(
        f"import sys\nsys.argv = ['scrawl', 'read', '--one', {str(example)!r}]\n"
        "from scrawl.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass"
    )
    assert "scrawl.one_digit" in loaded
    others = {"pydantic", "numpy.ma", "scrawl.pages", "scrawl.cli.train", "scrawl.cli.serve"}
    others -= modules_after("import numpy")  # NumPy 1 brings numpy.ma itself
    assert loaded.isdisjoint({*HEAVY, *others})


def test_each_public_name_is_there_once():
    """Checkers of types and Python both read the names of the stub."""
    tree = ast.parse(Path(scrawl.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    named = sorted(alias.name for node in imports for alias in node.names)
    assert scrawl.__all__ == named == sorted(set(named))
    for name in scrawl.__all__:
        assert getattr(scrawl, name).__name__ == name
        assert name in dir(scrawl)


def test_training_names_what_is_public_and_brings_keras_when_it_is_used():
    import scrawl.training

    assert scrawl.training.__all__ == ["DigitClassifier", "recipes", "resume", "train"]
    assert set(scrawl.training.__all__) <= set(dir(scrawl.training))
    loaded = modules_after("import scrawl.training as t\nt.recipes.get('fast')")
    assert loaded.isdisjoint(HEAVY)
    pytest.importorskip("scrawl.training.backend", exc_type=ImportError)
    from scrawl.training import trainer

    assert (scrawl.training.train, scrawl.training.resume) == (trainer.train, trainer.resume)


def test_what_is_not_public_is_not_there():
    with pytest.raises(AttributeError, match="none"):
        scrawl.none  # noqa: B018


def test_the_version_stands_once():
    assert metadata.version("scrawl") == scrawl.__version__
    done = subprocess.run(
        [sys.executable, "-m", "scrawl", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"scrawl {scrawl.__version__}\n"
