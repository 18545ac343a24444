"""How wrong the detector is: what its training makes small, and what its log reports."""

from __future__ import annotations

from typing import Any

from scrawl.pages.grid import CHANNELS, CLASSES, HEAT, UNIT
from scrawl.training.backend import keras
from scrawl.training.synthesis.targets import MARKED, TARGETS

ops = keras.ops


def _parts(outputs: Any) -> tuple[Any, Any, Any]:
    """Heat logits, class logits and softplus distances of all cells, flat."""
    cells = ops.reshape(outputs, (-1, CHANNELS))
    return cells[:, HEAT], cells[:, 1:-4], ops.softplus(cells[:, -4:])


@keras.saving.register_keras_serializable("scrawl")
class DetectionLoss(keras.losses.Loss):  # type: ignore[misc]
    """Focal loss of the heat, cross-entropy of the classes, IoU of the boxes.

    The focal loss is that of "Objects as points" (2019), the loss of the boxes that of J. Yu et
    al., "UnitBox" (2016), without its logarithm.
    """

    def __init__(self, name: str = "detection", reduction: None = None, **options: Any) -> None:
        super().__init__(name=name, reduction=reduction, **options)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The loss of a batch, a scalar."""
        want = ops.reshape(y_true, (-1, TARGETS))
        heat_logit, logits, sides = _parts(y_pred)
        heat = want[:, 0] / 255
        hot = ops.cast(heat > 0.999, heat.dtype)
        p = ops.sigmoid(heat_logit)
        found = hot * (1 - p) ** 2 * ops.softplus(-heat_logit)
        quiet = (1 - heat) ** 4 * p**2 * ops.softplus(heat_logit) * want[:, 1]
        count = ops.maximum(ops.sum(hot), 1.0)
        marked = heat * ops.cast(want[:, 0] >= MARKED, heat.dtype)
        shares = marked / ops.maximum(ops.sum(marked), 1.0)
        kinds = ops.one_hot(ops.cast(want[:, 2], "int32"), len(CLASSES))
        wrong = -ops.sum(kinds * ops.log_softmax(logits), -1)
        box = _one_less_iou(want[:, 3:] / 2 / UNIT, sides)
        return ops.sum(found + quiet) / count + ops.sum(shares * wrong) + ops.sum(shares * box)


def _one_less_iou(want: Any, sides: Any) -> Any:
    """1 - IoU of boxes about one point, given by their distances to it, shape ``(n, 4)``."""
    shared = ops.minimum(want, sides)
    inter = (shared[:, 0] + shared[:, 2]) * (shared[:, 1] + shared[:, 3])
    areas = [(box[:, 0] + box[:, 2]) * (box[:, 1] + box[:, 3]) for box in (want, sides)]
    return 1 - inter / (areas[0] + areas[1] - inter + 1e-6)


@keras.saving.register_keras_serializable("scrawl")  # type: ignore[untyped-decorator]
def accuracy(y_true: Any, y_pred: Any) -> Any:
    """The share of middles whose class is the most probable there."""
    want = ops.reshape(y_true, (-1, TARGETS))
    _, logits, _ = _parts(y_pred)
    hot = ops.cast(want[:, 0] > 254, "float32")
    right = ops.cast(ops.argmax(logits, -1), "float32") == ops.cast(want[:, 2], "float32")
    return ops.sum(hot * ops.cast(right, "float32")) / ops.maximum(ops.sum(hot), 1.0)
