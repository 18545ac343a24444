"""The types of the arrays and boxes that pass between the rooms.

Which values an array holds (0 for paper, 255 for ink, and so on) each docstring says.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

UInt8 = NDArray[np.uint8]
Bool = NDArray[np.bool_]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
UInt64 = NDArray[np.uint64]
Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Floats = NDArray[np.floating[Any]]
"""Of any precision."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels of the picture; right and bottom are the first outside."""

FloatBox = tuple[float, float, float, float]
"""Left, top, right and bottom in some unit that is not whole pixels."""
