"""What importing scrawl does, and does not."""

import json
import subprocess
import sys

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
    assert loaded.isdisjoint({*HEAVY, "numpy", "onnxruntime", "cv2"})


def test_every_public_name_is_there():
    import scrawl

    assert scrawl.__all__
    for name in scrawl.__all__:
        assert getattr(scrawl, name) is not None
    assert sorted(scrawl.__all__) == sorted(set(dir(scrawl)) & set(scrawl.__all__))
