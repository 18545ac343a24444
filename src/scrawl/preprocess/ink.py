"""The ink map of a picture: how much each pixel is ink, whatever the paper, light and colour."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_SMALL = 64  # long side at which paper, colour and polarity are judged
_FAINTEST = 6.0  # of 255, the least contrast that counts as ink
_MOST_GAIN = 3.0
_WIDEST = 0.25  # of the picture's long side, wider than any stroke


@dataclass(frozen=True)
class InkMap:
    """What is ink on a picture.

    Attributes:
        ink: float32, shape ``(H, W)``, 0 for paper to 1 for ink; all 0 where there is none.
        light_on_dark: Whether the ink is lighter than its paper.
    """

    ink: Floats
    light_on_dark: bool


def ink_map(image: npt.NDArray[np.uint8]) -> InkMap:
    """Separates ink from paper."""
    channel = contrast_channel(image)
    dark, light = thinness(channel)
    return InkMap(ink_of(channel, light > dark)[0], light > dark)


def ink_of(channel: Floats, light: bool) -> tuple[Floats, float, bool]:
    """The ink of one polarity.

    Returns:
        The ink, its contrast with the paper in grey levels (0 if there is none), and whether
        there is nothing but flat paper and ink.
    """
    depth, clean = flatten(255 - channel if light else channel)
    return *stretch(depth), clean


def contrast_channel(image: npt.NDArray[np.uint8]) -> Floats:
    """The mix of red, green and blue in which ink and paper differ most."""
    if image.ndim == 2:
        return image.astype(np.float32)
    small = shrink(image, _SMALL)
    size = max(small.shape[:2]) // 2 | 1
    local = small.astype(np.float32) - cv2.medianBlur(small, size)
    local = local.reshape(-1, 3)
    mix = np.linalg.eigh(local.T @ local)[1][:, -1]
    mix /= np.abs(mix).sum() * (1 if mix.sum() >= 0 else -1)
    dark = -255 * np.minimum(mix, 0).sum()  # so that the mix, too, is in 0..255
    return cv2.transform(image.astype(np.float32), np.append(mix, dark)[None].astype(np.float32))


def thinness(channel: Floats) -> tuple[float, float]:
    """Whether light strokes, not dark ones, are what is thin on the picture."""
    small = shrink(channel, _SMALL)
    edge = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    pad = max(small.shape) // 2
    framed = cv2.copyMakeBorder(
        small, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=float(np.median(edge))
    )
    votes = [0.0, 0.0]
    before = [0.0, 0.0]
    for part in (0.06, 0.1, 0.15, 0.25, 0.4):
        size = max(3, int(part * max(small.shape)) | 1)
        kernel = np.ones((size, size), np.uint8)
        for i, kind in enumerate((cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT)):
            energy = float(cv2.norm(cv2.morphologyEx(framed, kind, kernel)) ** 2)
            votes[i] += (energy - before[i]) / size**2
            before[i] = energy
    return votes[0], votes[1]


def even_out(channel: Floats) -> Floats:
    """Divides a smooth fall-off of light out: a quadratic surface, where one fits the paper."""
    small = shrink(channel, 32)
    pad = max(3, int(_WIDEST * max(small.shape)) | 1)
    framed = cv2.copyMakeBorder(small, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, np.ones((pad, pad), np.uint8))
    paper = closed[pad:-pad, pad:-pad]
    if np.ptp(paper) < _FAINTEST:
        return channel
    y, x = np.mgrid[-1 : 1 : paper.shape[0] * 1j, -1 : 1 : paper.shape[1] * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], -1).reshape(-1, 6)
    values = paper.ravel()
    good = np.full(values.shape, True)
    for _ in range(3):
        coefficients = np.linalg.lstsq(terms[good], values[good], rcond=None)[0]
        residual = np.abs(terms @ coefficients - values)
        good = residual <= 2.5 * np.median(residual) + 1
    light = (terms @ coefficients).astype(np.float32).reshape(paper.shape)
    if good.mean() < 0.75 or np.median(residual) > 0.06 * np.ptp(light):
        return channel
    light = np.maximum(light, max(light.max() / 8, 1))
    light = cv2.resize(light, channel.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return channel * (light.max() / light)


def flatten(channel: Floats) -> tuple[Floats, bool]:
    """How much darker than the paper around it each pixel is, in grey levels; never below 0.

    The paper is the closing of the picture by a square that no stroke is as wide as: it fills
    strokes in, and follows the edge of a shadow, a table or a vignette, which are no valleys.
    """
    sigma = max(channel.shape) / 300
    if sigma > 0.4:
        channel = cv2.GaussianBlur(channel, (0, 0), sigma)
    paper = _close(channel, 0.6)
    clean = _is_clean(channel, paper)
    if not clean:
        channel = even_out(channel)
        paper = _close(channel, _WIDEST)
    # Ink takes its share of whatever light falls, so a shadow pales it: undone by the ratio.
    gain = np.clip(float(paper.max()) / np.maximum(paper, 1), 1, _MOST_GAIN)
    return (paper - channel) * gain, clean


def _close(channel: Floats, part: float) -> Floats:
    size = max(3, int(part * max(channel.shape)) | 1)
    return cv2.morphologyEx(channel, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))


def _is_clean(channel: Floats, paper: Floats) -> bool:
    """Whether there is but flat paper and ink: little in between, as the edges of strokes are."""
    depth = paper - channel
    top = float(depth.max())
    edge = np.concatenate([depth[0], depth[-1], depth[:, 0], depth[:, -1]])
    if np.ptp(paper) > 0.1 * top or np.median(edge) > 0.25 * top:
        return False
    strong = np.count_nonzero(depth > 0.6 * top)
    return np.count_nonzero(depth > 0.2 * top) <= 2.5 * strong


def stretch(contrast: Floats) -> tuple[Floats, float]:
    """Scales contrast to ink, 0..1; all 0 if nothing stands out of the noise."""
    sample = contrast.ravel()[:: max(1, contrast.size // 40_000)]
    below, low = np.quantile(sample, (0.1, 0.5))
    spread = (low - below) / 1.28
    low += 3 * spread
    least = max(_FAINTEST, 2 * spread)
    top = float(contrast.max())
    if top - low < least:
        return np.zeros_like(contrast), 0.0
    above = contrast[contrast > low + 0.5]
    grey = ((above - low) * (255 / (top - low))).astype(np.uint8)
    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_OTSU)
    strong = grey[grey >= min(level + 1, 255)]
    high = low + float(np.percentile(strong, 95)) * (top - low) / 255
    if high - low < least:
        return np.zeros_like(contrast), 0.0
    return np.clip((contrast - low) / (high - low), 0, 1), high - low


def shrink(image: npt.NDArray, side: int) -> npt.NDArray:
    scale = side / max(image.shape[:2])
    if scale >= 1:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)
