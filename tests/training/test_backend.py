import os
import subprocess
import sys

import pytest

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)

from scrawl.training.backend import has_bfloat16


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("processor\t: 0\nflags\t\t: fpu avx2 avx512_bf16 fma\n", True),
        ("processor\t: 0\nFeatures\t: fp asimd bf16\n", True),
        ("processor\t: 0\nflags\t\t: fpu avx2 fma\n", False),
        ("processor\t: 0\n", True),
    ],
)
def test_what_the_processor_can_do_is_read_from_linux(tmp_path, text, expected):
    cpu = tmp_path / "cpuinfo"
    cpu.write_text(text, encoding="utf-8")
    assert has_bfloat16(cpu) is expected


def test_a_system_that_does_not_say_is_trusted(tmp_path):
    assert has_bfloat16(tmp_path / "none")


@pytest.mark.parametrize("given", [None, "0"])
def test_tensorflow_takes_fast_kernels_unless_told_otherwise(given):
    environment = {
        key: value for key, value in os.environ.items() if key != "TF_ENABLE_ONEDNN_OPTS"
    }
    environment |= {"TF_ENABLE_ONEDNN_OPTS": given} if given else {}
    program = (
        "import os, sys, types; "
        "keras = sys.modules['keras'] = types.ModuleType('keras'); "  # seconds
        "keras.backend = types.SimpleNamespace(backend=lambda: 'tensorflow'); "
        "import scrawl.training.backend; print(os.environ['TF_ENABLE_ONEDNN_OPTS'], end='')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == (given or "1")
