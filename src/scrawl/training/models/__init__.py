"""The networks: a module each, with a function of the module's name.

The function takes ``input_shape`` ``(height, width, 1)``, the number of ``classes`` and its own
options, and returns a Keras model that is not compiled. The model's input has that shape or its
flattening; its output has shape ``(n, classes)``, probabilities. A detector takes pictures of any
size and gives the cells of ``scrawl.pages.grid``.

A package of one's own adds networks by entry points of the group ``scrawl.models``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scrawl.registry import Registry, modules

MODELS: Registry[Callable[..., Any]] = Registry(
    "model", "scrawl.models", modules(__name__, __path__), Callable
)
