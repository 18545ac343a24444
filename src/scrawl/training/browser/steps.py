"""What a page does before and after its network: scrawl's own functions, one after the other.

Over ``xp`` as `scrawl.preprocess.normalise` is. `tools/browser.py` has them make a graph each.
"""

from __future__ import annotations

from typing import Any

from scrawl import metrics
from scrawl.prediction import doubt
from scrawl.preprocess.normalise import normalised, to_tensor

SHEET = 320
"""Height and width in pixels of the sheet that a drawing is painted on, as large as
`scrawl.preprocess.find_digit` looks at pictures."""


def before(xp: Any, *, ink: Any, pixel_max: Any) -> dict[str, Any]:
    """From a sheet to what the network takes.

    Args:
        xp: The library of the arrays.
        ink: float32, shape ``(SHEET, SHEET)``, 0 for paper to 1 for ink.
        pixel_max: float32: the value of full ink in the network's images.
    """
    seen = normalised(xp, ink)
    return {"seen": seen, "pixels": to_tensor(seen, pixel_max, xp)}


def after(
    xp: Any, *, answer: Any, letters: Any, weights: Any, temperature: Any, threshold: Any
) -> dict[str, Any]:
    """From what the network says to what is shown.

    Args:
        xp: The library of the arrays.
        answer: float32, shape ``(1, classes)``: the network's probabilities.
        letters: bool, shape ``(classes,)``: which of them make the alphabet.
        weights: float64, shape ``(classes,)``, see ``scrawl.bundle.BundleInfo.weights``.
        temperature: float64, see ``scrawl.bundle.BundleInfo``.
        threshold: float64, likewise.

    Returns:
        Of each class its ``probabilities``; the ``digit``, of all that are letters the most
        probable; its ``confidence``; and a row of ``scrawl.prediction.DOUBTS``.
    """

    def choose(flag: Any, one: Any, other: Any) -> Any:
        return xp.where(flag, xp.asarray(one), xp.asarray(other))

    row = metrics.soften(answer * weights, temperature, xp)[0, :]
    of_letters = xp.where(letters, row, 0.0)
    confidence = xp.max(of_letters)
    return {
        "probabilities": xp.astype(row, xp.float32),
        "digit": xp.argmax(of_letters),
        "confidence": confidence,
        "doubt": doubt(confidence, xp.sum(of_letters), threshold, choose),
    }
