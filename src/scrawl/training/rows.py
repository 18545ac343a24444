"""What networks are trained on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scrawl.arrays import UInt8

Rows = tuple[UInt8, NDArray[np.integer]]
"""Images, shape ``(n, H, W)``, and what each is to be taken for: labels, shape ``(n,)``, or what a
task's network is to say, shape ``(n, …)``."""
