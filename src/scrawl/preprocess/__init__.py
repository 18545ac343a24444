"""The one pixels-to-tensor step: training, evaluation, reading and serving all go through here.

    picture ──find_digit──▶ the digit's ink ──normalise──▶ 28×28 ──to_tensor──▶ tensor

`find_digit` says how much each pixel of a picture is ink, whatever the paper, light and colour,
decides which of that ink is the one digit, and gives it normalised. `normalise`
brings the ink of one digit to 28×28 exactly as MNIST's makers did, and `to_tensor` makes the
array that a network reads.

Each step has a room: `blocks` (pictures of few, large pixels), `flat` (drawings), `ink` (colour,
polarity, light, contrast), `paper` (a sheet on a table), `lines` (ruled paper), `candidates` (dark
or light ink), `components` (specks, neighbours, parts of a broken digit), `clutter` (frames, full
stops), `pieces` (several digits side by side), `digit` (all of these, in order) and `normalise`.
Their docstrings name their sources.

Data that is already 28×28 goes through `to_tensor` alone.

Arrays are uint8 in 0..255 for pictures and normalised digits, float32 in 0..1 for ink and
tensors; ink is high, paper is 0.
"""

from scrawl.preprocess.digit import DigitInk, find_digit
from scrawl.preprocess.normalise import normalise, to_tensor
from scrawl.preprocess.pieces import Piece

VERSION = "1"
"""Names the normalisation that a model was trained behind, in every exported model: what
`normalise` and `to_tensor` give. How ink is found may get better without a new version."""

__all__ = ["VERSION", "DigitInk", "Piece", "find_digit", "normalise", "to_tensor"]
