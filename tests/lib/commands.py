"""Commands of scrawl within this process: in one of its own each would import all anew.

What belongs to a process (signals, ``--live``, what libraries write by themselves, the start of
Python) is tested in one.
"""

import io
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

from scrawl.cli import main


def scrawl(*arguments, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """What a command gives, as of a process; what would end in a traceback is raised."""
    words = ["scrawl", *map(str, arguments)]
    given, out, errors = (
        io.TextIOWrapper(io.BytesIO(first), encoding="utf-8", newline="")
        for first in (stdin, b"", b"")
    )
    with (
        patch("sys.argv", words),
        patch("sys.stdin", given),
        redirect_stdout(out),
        redirect_stderr(errors),
    ):
        try:
            main()
            code = 0
        except SystemExit as done:
            code = done.code or 0
    for stream in (out, errors):
        stream.flush()
    said = (stream.buffer.getvalue() for stream in (out, errors))
    return subprocess.CompletedProcess(words, code, *said)
