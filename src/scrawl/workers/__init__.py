"""One function over many jobs: by processes of this machine, or on a Ray cluster.

Whoever has work gives a `Start`, which is called once in each process that works and gives the
function there, such as one that has loaded its networks. It and the jobs must be fit to be pickled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")
Start = Callable[[], Callable[[Job], Result]]
