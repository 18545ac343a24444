"""What cameras, scanners and programs make of a digit at their worst, still one to a person."""

from __future__ import annotations

import cv2
import numpy as np

from scrawl.arrays import UInt8
from scrawl.training.synthesis.strokes import CANVAS


def impulses(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """Dead and hot pixels of a small original: holes in the ink, dots about it."""
    side = int(rng.integers(22, CANVAS + 1))
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    rate = 0.01 + 0.24 * rng.random() ** 1.5
    chance = rng.random(small.shape)
    x, y, w, h = cv2.boundingRect((small > 60).astype(np.uint8))
    margin = int(rng.integers(0, side // 5))
    near = np.zeros_like(small)
    near[max(y - margin, 0) : y + h + margin, max(x - margin, 0) : x + w + margin] = 1
    small[chance < rate / 2] = 0
    small[(chance > 1 - rate / 2) & (near > 0)] = 255
    way = cv2.INTER_NEAREST if rng.random() < 0.5 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(small, (CANVAS, CANVAS), interpolation=way), np.uint8)


def shots(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """Little light: each pixel of a small original counts a few photons."""
    side = int(rng.integers(22, CANVAS + 1))
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    photons = rng.uniform(2, 20)
    counted = np.clip(rng.poisson(small * (photons / 255)) * (255 / photons), 0, 255)
    large = cv2.resize(counted.astype(np.uint8), (CANVAS, CANVAS), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large, np.uint8)


def bands(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """Light and dark changed about: in stripes along the edges, or in all that is near the ink.

    A sheet, or what lies between stripes, is taken for the ink; its edges may cut the digit.
    """
    x, y, w, h = cv2.boundingRect((picture > 60).astype(np.uint8))
    out = picture.copy()
    m = rng.integers(0, 7, 4)
    whole = rng.random() < 0.55
    if whole and rng.random() < 0.5:
        m[2:] -= round(rng.uniform(0, 0.22) * w)
        out[:] = 0
    top, bottom, left, right = max(y - m[0], 0), y + h + m[1], max(x - m[2], 0), x + w + m[3]
    box = out[top:bottom, left:right]
    if whole:
        box[:] = 255 - picture[top:bottom, left:right]
        return out
    across = box if rng.random() < 0.7 else box.T
    for edge in (across, across[:, ::-1]):
        if rng.random() < 0.75:
            wide = edge[:, : int(rng.uniform(0.1, 0.45) * edge.shape[1])]
            wide[:] = 255 - wide
    return out


def crossed(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """A line over the digit: straight, dashed, a zigzag, a wave."""
    out = picture.copy()
    start, stop = rng.uniform(0, 14), rng.uniform(CANVAS - 14, CANVAS)
    along = np.arange(start, stop, 1.0)
    period = rng.uniform(6, 24)
    wave = rng.choice([0.0, 1.0, 1.0]) * rng.uniform(1, 6)
    phase = (along / period + rng.random()) % 1
    shape = 4 * np.abs(phase - 0.5) - 1 if rng.random() < 0.6 else np.sin(2 * np.pi * phase)
    tilt = rng.normal(0, 0.25)
    across = rng.uniform(10, CANVAS - 10) + tilt * (along - CANVAS / 2) + wave * shape
    points = np.stack([along, across], 1)
    if rng.random() < 0.15:
        points = points[:, ::-1]
    level, thick = int(rng.integers(90, 256)), int(rng.integers(1, 6))
    _, _, w, h = cv2.boundingRect((picture > 60).astype(np.uint8))
    if w < 0.4 * h:
        thick = min(thick, 2)  # a bar as broad as itself makes a cross of a 1
    pieces = [points]
    if rng.random() < 0.35:
        dash = int(rng.integers(2, 9))
        pieces = [points[at : at + dash] for at in range(0, len(points), 2 * dash)]
    lines = [np.rint(piece * 16).astype(np.int32) for piece in pieces]
    cv2.polylines(out, lines, False, level, thick, cv2.LINE_AA, 4)
    return out


def outlined(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """The edges of the strokes alone: outlined characters, a photocopy's edges."""
    wide = cv2.dilate(picture, np.ones((3, 3), np.uint8), iterations=int(rng.integers(0, 3)))
    soft = cv2.GaussianBlur(wide, (0, 0), rng.uniform(0.6, 1.6))
    if rng.random() < 0.5:
        return np.asarray(cv2.Canny(soft, 40, 80), np.uint8)
    edges = cv2.morphologyEx(soft, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    strongest = max(int(edges.max()), 1)
    return np.asarray(cv2.convertScaleAbs(edges, alpha=255 / strongest), np.uint8)


def bleached(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """Over-exposed: light eats into soft strokes, in some places more than in others."""
    soft = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.8, 1.8)).astype(np.float32)
    coarse = rng.uniform(0, 1, (4, 4)).astype(np.float32)
    light = cv2.resize(coarse, (CANVAS, CANVAS), interpolation=cv2.INTER_CUBIC)
    rest = soft - rng.uniform(20, 130) * light
    worn = np.clip(rest * (255 / max(float(rest.max()), 1.0)), 0, 255).astype(np.uint8)
    return worn if 4 * int((worn > 60).sum()) > int((picture > 60).sum()) else picture


def compressed(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """JPEG at its worst: blocks and rings."""
    side = int(rng.integers(26, 2 * CANVAS))
    low = int(rng.integers(0, 120))
    scaled = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    grey = cv2.convertScaleAbs(scaled, alpha=rng.uniform(0.3, 1) * (255 - low) / 255, beta=low)
    quality = int(rng.integers(2, 25))
    _, code = cv2.imencode(".jpg", grey, (cv2.IMWRITE_JPEG_QUALITY, quality))
    back = np.asarray(cv2.imdecode(code, cv2.IMREAD_GRAYSCALE), np.float32)
    ink = np.clip(back - np.median(back) - rng.uniform(4, 30), 0, None)
    ink *= 255 / max(float(ink.max()), 1.0)
    large = cv2.resize(ink, (CANVAS, CANVAS), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large.astype(np.uint8), np.uint8)


def frosted(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """Seen through rough glass: pixels of a small original change places with neighbours."""
    reach = rng.uniform(0.5, 3.0)
    rough = int(rng.integers(20, CANVAS + 1))
    shift = rng.uniform(-reach, reach, (2, rough, rough)).astype(np.float32)
    here = np.indices((CANVAS, CANVAS), np.float32)[::-1]
    size = (CANVAS, CANVAS)
    x, y = (cv2.resize(s, size, interpolation=cv2.INTER_NEAREST) for s in shift)
    moved = cv2.remap(picture, here[0] + x, here[1] + y, cv2.INTER_LINEAR)
    return np.asarray(cv2.GaussianBlur(moved, (0, 0), rng.uniform(0.5, 1.6)), np.uint8)


def dragged(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """Motion that fades to one side, along any direction."""
    angle = rng.uniform(0, 2 * np.pi)
    reach = rng.uniform(4, 14)
    steps = np.linspace(0, 1, 8)
    weights = np.exp(-2 * steps**2)
    total = np.zeros((CANVAS, CANVAS), np.float32)
    for step, weight in zip(steps * reach, weights / weights.sum(), strict=True):
        move = np.array([[1, 0, step * np.cos(angle)], [0, 1, step * np.sin(angle)]])
        total += weight * cv2.warpAffine(picture, move, (CANVAS, CANVAS)).astype(np.float32)
    return total.astype(np.uint8)


def aslant(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """A camera held aslant: turned, and nearer to one side."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * CANVAS
    middle = np.float32(CANVAS / 2)
    angle = np.clip(rng.normal(0, 0.25), -0.5, 0.5)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    seen = (corners - middle) @ turn.T + middle + rng.uniform(-0.1, 0.1, (4, 2)) * CANVAS
    view = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    return np.asarray(cv2.warpPerspective(picture, view, (CANVAS, CANVAS)), np.uint8)


def spattered(picture: UInt8, rng: np.random.Generator) -> UInt8:
    """Drops of something that cover the ink, darker or lighter than it."""
    side = int(rng.integers(6, 20))
    drops = cv2.resize(
        rng.random((side, side)).astype(np.float32), (CANVAS, CANVAS), interpolation=cv2.INTER_CUBIC
    )
    wet = drops > rng.uniform(0.75, 0.95)
    out = picture.copy()
    level = int(rng.integers(0, 90))
    out[wet] = level if rng.random() < 0.8 else np.minimum(out[wet], 60) + np.uint8(level)
    return out
