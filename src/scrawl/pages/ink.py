"""What the detector sees of a picture: ink, evened out, at the scale at which digits are sought."""

from __future__ import annotations

import cv2
import numpy as np

from scrawl.arrays import UInt8

_PAPER = 17  # side of the square that no stroke is as wide as, at half resolution
_AROUND = 33  # side of the window in which the darkest ink is full ink, likewise
_FAINT = 0.25  # of the darkest ink of the picture, what may be full ink elsewhere
_FAINTEST = 10.0  # of 255, the same where there is nothing darker
_MOST_GAIN = 3.0  # of contrast, in a shadow


def page_ink(channel: UInt8) -> UInt8:
    """How much each pixel is ink, whatever paper, light and pen.

    Unlike `scrawl.preprocess.ink`, which judges a picture of one digit as a whole, it looks no
    further than a digit's surroundings, and leaves texture to the network.

    Args:
        channel: uint8, shape ``(H, W)``, dark on light, digits 16 to 48 pixels high.

    Returns:
        uint8, shape ``(H, W)``, 0 for paper to 255 for ink.
    """
    height, width = channel.shape
    half = (max(1, width // 2), max(1, height // 2))
    small = cv2.resize(channel, half, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_PAPER, _PAPER), np.uint8))
    paper = cv2.blur(paper, (_PAPER, _PAPER)).astype(np.float32)
    gain = np.clip(float(paper.max()) / np.maximum(paper, 1), 1, _MOST_GAIN)
    depth = cv2.blur(np.maximum(paper - small, 0), (3, 3)) * gain
    full = cv2.dilate(depth, np.ones((_AROUND, _AROUND), np.uint8))
    full = np.maximum(cv2.blur(full, (_AROUND, _AROUND)), _FAINT * float(depth.max()))
    scale = gain * (255 / np.maximum(full, _FAINTEST))
    # Both are smooth: enlarging them costs nothing in detail.
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    scale = cv2.resize(scale, (width, height), interpolation=cv2.INTER_LINEAR)
    ink: UInt8 = np.clip((paper - channel) * scale, 0, 255).astype(np.uint8)
    return ink
