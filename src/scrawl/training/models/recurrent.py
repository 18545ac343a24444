"""Recurrent networks: the rows of the picture, from top to bottom, as a sequence."""

from __future__ import annotations

from scrawl.training.backend import keras

layers = keras.layers

CELLS = {"simple": layers.SimpleRNN, "lstm": layers.LSTM}
"""What a step is: J. Elman, "Finding structure in time" (1990); S. Hochreiter and J. Schmidhuber,
"Long short-term memory" (1997)."""


def recurrent(
    input_shape: tuple[int, int, int],
    classes: int,
    cell: str,
    units: tuple[int, ...],
    dropout: float,
) -> keras.Model:
    """Recurrent layers over the rows, the last one's last state to a softmax.

    Args:
        input_shape: Height, width and channels of a picture: so many steps of so many values.
        classes: How many classes the softmax has.
        cell: A key of ``CELLS``.
        units: The width of each layer, from the input on.
        dropout: The share that is dropped before the softmax.
    """
    if cell not in CELLS:
        raise ValueError(f"cell: expected one of {', '.join(CELLS)}, received {cell}")
    height, width, channels = input_shape
    # Unrolled: the steps are known, and loops do not survive every export.
    hidden = [
        CELLS[cell](count, return_sequences=place < len(units), unroll=True)
        for place, count in enumerate(units, 1)
    ]
    return keras.Sequential(
        [
            keras.Input(input_shape, name="pixels"),
            layers.Reshape((height, width * channels)),
            *hidden,
            layers.Dropout(dropout),
            layers.Dense(classes, activation="softmax"),
        ]
    )
