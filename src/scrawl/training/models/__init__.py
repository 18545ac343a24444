"""The networks. Adding one is a file with a function and a line in ``MODELS``.

A network's function takes ``input_shape`` ``(height, width, 1)``, the number of ``classes`` and
its own options, and returns a Keras model that is not compiled. Its input has that shape or its
flattening; its output has shape ``(n, classes)``, probabilities. The detector alone takes pictures
of any size and gives the cells of ``scrawl.pages.grid``.
"""

from __future__ import annotations

from collections.abc import Callable

from scrawl.training.backend import keras
from scrawl.training.models.autoencoder import autoencoder
from scrawl.training.models.cnn import cnn, cnn_small
from scrawl.training.models.detector import detector
from scrawl.training.models.fast import fast
from scrawl.training.models.mlp import mlp
from scrawl.training.models.reader import reader
from scrawl.training.models.recurrent import recurrent

MODELS: dict[str, Callable[..., keras.Model]] = {
    "autoencoder": autoencoder,
    "cnn": cnn,
    "cnn_small": cnn_small,
    "detector": detector,
    "fast": fast,
    "mlp": mlp,
    "reader": reader,
    "recurrent": recurrent,
}
