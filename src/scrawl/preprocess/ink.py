"""The ink map of a picture: how much each pixel is ink, whatever the paper, light and colour."""

from __future__ import annotations

import cv2
import numpy as np

from scrawl.arrays import Float32, UInt8
from scrawl.pixels import grey, median, shrink

_COARSE = 64  # long side at which colour and polarity are judged
_COARSER = 32  # long side at which the fall-off of light is judged
FAINTEST = 6.0  # of 255, the least contrast that counts as ink

# Parts of the picture's long side.
_WIDEST = 0.25  # wider than any stroke
_WHOLE = 0.6  # the same, where a thick digit may fill the picture
_SOFT = 0.14  # wider than any stroke's soft edge
_HATS = (0.06, 0.1, 0.15, 0.25, 0.4)  # widths of strokes, from fine to a marker's
_GRAIN = 1 / 300  # finer than any stroke
_NO_GRAIN = 0.4  # pixels: a blur that would change nothing

# Noise of small pictures.
_TINY = 32  # long side of a picture whose strokes are as fine as its noise
_NOISY = 1.5  # grey levels: the noise of a camera, not that of rounding
_CALM = 0.8  # pixels: a blur that leaves a third of the noise, and a pale stroke
_HALF = 0.6745  # deviations that half of a normal distribution lies within

# Parts of the darkest stroke's depth beneath the paper.
_SOME = 0.2  # from which on there is more than paper
_FULL = 0.6  # from which on it is a stroke, not its edge
_EDGES = 3  # so many times the pixels of strokes, at most, are those of strokes and their edges
_FLAT = 0.15  # by which flat paper varies, at most
_EDGE = 0.25  # of the picture's edges on flat paper, in the middle, at most

_MOST_GAIN = 3.0  # of contrast, in a shadow
_FITS = 3  # times that a surface is fitted to the light, without what lies off it
_OFF = 2.5  # so many times as far from the surface as half of the paper lies: no paper
_SMOOTH = 0.9  # share of the paper that lies on the surface where light falls off smoothly
_NEAR = 0.06  # and how near to it half of that lies, as a part of the fall-off
_DARKEST = 8  # the most by which light falls off: more is no light
_NORMAL = 1.28  # deviations between the tenth and the fifth decile of noise that is normal
_NOISE = 3  # deviations above which what is dark is no noise
_CLEAR = 2  # deviations that ink is darker than that, at least
_FULL_INK = 0.95  # share of the strokes' pixels that are no darker than full ink
_SAMPLES = 40_000  # pixels that tell how dark noise is


def ink_of(channel: Float32, light: bool, only_clean: bool = False) -> tuple[Float32, float, bool]:
    """The ink of one polarity.

    Args:
        channel: float32, shape ``(H, W)``, in 0..255.
        light: Whether to look for light ink on dark paper.
        only_clean: Whether to look no further where there is more than flat paper and ink.

    Returns:
        The ink, its contrast with the paper in grey levels (0 if there is none), and whether
        there is nothing but flat paper and ink.
    """
    dark = 255 - channel if light else channel
    paper = _close(dark, _WHOLE)
    clean = _is_clean(dark, paper)
    if only_clean and not clean:
        return dark, 0.0, False
    ink, contrast = _stretch(_depth(dark, paper, clean), clean)
    return ink, contrast, clean


def ink_on_white(picture: UInt8) -> Float32:
    """The ink of dark strokes on nothing but white, as `ink_of` finds it, in less time.

    Args:
        picture: uint8, shape ``(H, W)``, 255 for paper.

    Returns:
        float32, shape ``(H, W)``, 0 for paper to 1 for ink; 0 everywhere if all may be noise.
    """
    return _stretch(255 - picture.astype(np.float32), clean=True)[0]


def contrast_channel(image: UInt8) -> Float32:
    """The mix of red, green and blue in which ink and paper differ most.

    It is the first principal component of what differs from the median around, with the sign
    that leaves light pixels light.

    Args:
        image: uint8, shape ``(H, W)`` or ``(H, W, 3)`` RGB.

    Returns:
        float32, shape ``(H, W)``, in 0..255.
    """
    if image.ndim == 2:
        return _smooth(image.astype(np.float32))
    small = shrink(image, _COARSE)
    local = small.astype(np.float32) - cv2.medianBlur(small, max(small.shape[:2]) // 2 | 1)
    local = local.reshape(-1, 3)
    mix = np.linalg.eigh(local.T @ local)[1][:, -1]
    mix = mix / np.abs(mix).sum() * (1 if mix.sum() >= 0 else -1)
    dark = -255 * np.minimum(mix, 0).sum()  # so that the mix, too, is in 0..255
    weights = np.append(mix, dark).astype(np.float32)[None]
    return _smooth(cv2.transform(image.astype(np.float32), weights).astype(np.float32, copy=False))


def luminance(image: UInt8) -> Float32:
    """How light a coloured picture is, float32, shape ``(H, W)``, in 0..255."""
    return _smooth(grey(image).astype(np.float32))


def _smooth(channel: Float32) -> Float32:
    """Takes out noise finer than any stroke; leaves what has none, and tiny pictures, as they are.

    In a small picture a stroke is a few pixels wide, and a pale one is no darker than the noise.
    """
    sigma = max(channel.shape) * _GRAIN
    if max(channel.shape) > _TINY and sigma < _CALM and _noise(channel) > _NOISY:
        sigma = _CALM
    return channel if sigma < _NO_GRAIN else cv2.GaussianBlur(channel, (0, 0), sigma)


def _noise(channel: Float32) -> float:
    """The standard deviation of noise, in grey levels; half of the picture may be strokes.

    J. Immerkaer, "Fast noise variance estimation", 1996, with the median for the mean.
    """
    laplacian = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    return median(np.abs(cv2.filter2D(channel, -1, laplacian))) / (6 * _HALF)


def thinness(channel: Float32) -> tuple[float, float]:
    """How much on a picture is thin and dark, and how much thin and light.

    Strokes are thinner than the gaps between them. The energy that black and white top-hats of
    growing size take out is summed, each over its size squared: a pattern spectrum (P. Maragos,
    1989) that weighs the thin.
    """
    small = shrink(channel, _COARSE)
    edge = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    pad = max(small.shape) // 2
    framed = cv2.copyMakeBorder(small, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=median(edge))
    votes, before = [0.0, 0.0], [0.0, 0.0]
    for part in _HATS:
        size = max(3, int(part * max(small.shape)) | 1)
        kernel = np.ones((size, size), np.uint8)
        for i, hat in enumerate((cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT)):
            energy = float(cv2.norm(cv2.morphologyEx(framed, hat, kernel))) ** 2
            votes[i] += (energy - before[i]) / size**2
            before[i] = energy
    return votes[0], votes[1]


def _depth(channel: Float32, paper: Float32, clean: bool) -> Float32:
    """How much darker than the paper around it each pixel is, in grey levels; never below 0.

    The paper is the closing of the picture by a square that no stroke is as wide as: it fills
    strokes in, and follows the edge of a shadow or a table, which are no valleys.
    """
    if not clean:
        channel = _even_out(channel)
        paper = _close(channel, _WIDEST, beyond=True)
    # Ink takes its share of whatever light falls, so a shadow pales it: undone by the ratio.
    gain = np.clip(float(paper.max()) / np.maximum(paper, 1), 1, _MOST_GAIN)
    return ((paper - channel) * gain).astype(np.float32)


def _close(channel: Float32, part: float, beyond: bool = False) -> Float32:
    """Closes with a square; ``beyond`` its edges the picture goes on as it ended."""
    size = max(3, int(part * max(channel.shape)) | 1)
    pad = size if beyond else 0
    framed = cv2.copyMakeBorder(channel, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    return closed[pad : pad + channel.shape[0], pad : pad + channel.shape[1]]


def _is_clean(channel: Float32, paper: Float32) -> bool:
    """Whether there is only flat paper and ink: few pixels in between, such as edges of strokes."""
    depth = paper - channel
    top = float(depth.max())
    edge = np.concatenate([depth[0], depth[-1], depth[:, 0], depth[:, -1]])
    if float(np.ptp(paper)) > _FLAT * top or median(edge) > _EDGE * top:
        return False
    depth = depth / max(top, 1)
    return not has_soft(depth) and (max(channel.shape) < _COARSE or not has_shade(depth))


def has_soft(depth: Float32) -> bool:
    """Whether more of what is dark is soft than the edges of strokes are.

    Args:
        depth: float32, shape ``(H, W)``, 0 for paper to 1 for the darkest.
    """
    full = cv2.countNonZero(cv2.compare(depth, _FULL, cv2.CMP_GT))
    return cv2.countNonZero(cv2.compare(depth, _SOME, cv2.CMP_GT)) > _EDGES * full


def has_shade(depth: Float32) -> bool:
    """Whether some of what is dark is no stroke: too wide for one, or wide and half as dark.

    Args:
        depth: float32, shape ``(H, W)``, 0 for paper to 1 for the darkest.
    """
    small = shrink(depth, _COARSE)
    for part, high in ((_WIDEST, np.inf), (_SOFT, _FULL)):
        size = max(3, int(part * max(small.shape)) | 1)
        mask = ((small > _SOME) & (small < high)).view(np.uint8)
        if cv2.countNonZero(mask) < size * size:
            continue
        square = np.ones((size, size), np.uint8)
        inside = cv2.erode(mask, square, borderType=cv2.BORDER_CONSTANT, borderValue=0)
        if cv2.countNonZero(inside):
            return True
    return False


def _even_out(channel: Float32) -> Float32:
    """Divides a smooth fall-off of light out: a quadratic surface, where one fits the paper."""
    paper = _close(shrink(channel, _COARSER), _WIDEST, beyond=True)
    if float(np.ptp(paper)) < FAINTEST:
        return channel
    y, x = np.mgrid[-1 : 1 : paper.shape[0] * 1j, -1 : 1 : paper.shape[1] * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], -1).reshape(-1, 6)
    values = paper.ravel()
    good = np.full(values.shape, True)
    for _ in range(_FITS):
        fit = terms @ np.linalg.lstsq(terms[good], values[good], rcond=None)[0]
        residual = np.abs(fit - values)
        good = residual <= _OFF * median(residual) + 1
    if good.mean() < _SMOOTH or median(residual) > _NEAR * np.ptp(fit):
        return channel  # a shadow, a table: no smooth fall-off
    light = np.maximum(fit, max(fit.max() / _DARKEST, 1)).astype(np.float32).reshape(paper.shape)
    top = float(light.max())
    light = cv2.resize(light, channel.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return channel * (top / light)


def _stretch(depth: Float32, clean: bool) -> tuple[Float32, float]:
    """Scales depth to ink, 0..1, and gives its contrast; no ink if all may be noise."""
    nothing = np.zeros_like(depth), 0.0
    top = float(depth.max())
    sample = depth.ravel()[:: max(1, depth.size // _SAMPLES)]
    if clean:  # soft, thick strokes may cover more than half of the picture
        sample = sample[sample <= _SOME * top]
    sample = np.sort(sample)  # np.quantile costs more than all the rest on a small picture
    below, low = float(sample[sample.size // 10]), float(sample[sample.size // 2])
    spread = (low - below) / _NORMAL
    low += _NOISE * spread
    least = max(FAINTEST, _CLEAR * spread)
    if top - low < least:
        return nothing
    grey = ((depth[depth > low + 0.5] - low) * (255 / (top - low))).astype(np.uint8)
    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_OTSU)
    strong = np.sort(grey[grey >= min(level + 1, 255)])
    contrast = (
        float(strong[int(_FULL_INK * strong.size)]) / 255 * (top - low) if strong.size else top
    )
    if contrast < least:
        return nothing
    return np.clip((depth - low) / contrast, 0, 1).astype(np.float32), contrast
