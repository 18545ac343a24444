"""The 15 kinds of corruption of MNIST-C, from their published definitions."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]  # (28, 28) in [0, 1], 1 is ink
Corruption = Callable[[Image, np.random.Generator], Image]
SIZE = 28
MIDDLE = (SIZE - 1) / 2


def shot_noise(x: Image, rng: np.random.Generator) -> Image:
    """Poisson noise of 3 photons at full ink."""
    return np.clip(rng.poisson(x * 3) / 3, 0, 1)


def impulse_noise(x: Image, rng: np.random.Generator) -> Image:
    """Salt and pepper on 17% of the pixels."""
    hit = rng.random(x.shape) < 0.17
    return np.where(hit, rng.random(x.shape) < 0.5, x)


def glass_blur(x: Image, rng: np.random.Generator) -> Image:
    """A blur, pixels swapped with neighbours twice over, a blur."""
    x = cv2.GaussianBlur(x, (0, 0), 0.7)
    for _ in range(2):
        for row in range(SIZE - 1, 1, -1):
            for column in range(SIZE - 1, 1, -1):
                if rng.random() < 0.5:
                    dy, dx = rng.integers(-1, 1, 2)
                    there = row + dy, column + dx
                    x[row, column], x[there] = x[there], x[row, column]
    return cv2.GaussianBlur(x, (0, 0), 0.7)


def motion_blur(x: Image, rng: np.random.Generator) -> Image:
    """Half a Gaussian of deviation 3 along a direction within 45° of the horizontal."""
    angle = np.deg2rad(rng.uniform(-45, 45))
    steps = np.arange(10)
    weights = np.exp(-(steps**2) / (2 * 3**2))
    total = np.zeros_like(x)
    for step, weight in zip(steps, weights / weights.sum(), strict=True):
        total += weight * moved(x, step * np.cos(angle), step * np.sin(angle))
    return total


def moved(x: Image, dx: float, dy: float) -> Image:
    """The image moved, paper coming in."""
    matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    return cv2.warpAffine(x, matrix, (SIZE, SIZE))


def warped(x: Image, linear: NDArray[np.floating]) -> Image:
    """Samples each pixel at its place, mapped by a matrix about the middle of the image."""
    shift = MIDDLE * (1 - linear.sum(axis=1))
    matrix = np.column_stack([linear, shift]).astype(np.float32)
    return cv2.warpAffine(x, matrix, (SIZE, SIZE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)


def sign(rng: np.random.Generator) -> int:
    """1 or -1."""
    return int(rng.choice([-1, 1]))


def shear(x: Image, rng: np.random.Generator) -> Image:
    """A shear by an angle of 0.4 radians to either side."""
    angle = 0.4 * sign(rng)
    return warped(x, np.array([[1, -np.sin(angle)], [0, np.cos(angle)]]))


def scale(x: Image, rng: np.random.Generator) -> Image:
    """Shrunk to 0.7 of its size."""
    del rng
    return warped(x, np.eye(2) / 0.7)


def rotate(x: Image, rng: np.random.Generator) -> Image:
    """A turn by 0.4 radians to either side."""
    angle = 0.4 * sign(rng)
    turn = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return warped(x, np.array(turn))


def brightness(x: Image, rng: np.random.Generator) -> Image:
    """Every pixel lighter by 0.5."""
    del rng
    return np.clip(x + 0.5, 0, 1)


def translate(x: Image, rng: np.random.Generator) -> Image:
    """Three pixels along both axes, to any of the four sides."""
    return moved(x, 3 * sign(rng), 3 * sign(rng))


def stripe(x: Image, rng: np.random.Generator) -> Image:
    """The left and the right quarter inverted."""
    del rng
    x[:, :7] = 1 - x[:, :7]
    x[:, 21:] = 1 - x[:, 21:]
    return x


def fog(x: Image, rng: np.random.Generator) -> Image:
    """Clouds of a plasma fractal three times as strong as the ink, then dimmed to its range."""
    return np.clip((x + 3 * plasma(rng)) * x.max() / (x.max() + 3), 0, 1)


def plasma(rng: np.random.Generator) -> Image:
    """A corner of a 256×256 height map: noise at each octave, 1.4 times weaker than the last."""
    total = np.zeros((256, 256), np.float32)
    for octave in range(1, 9):
        noise = rng.uniform(-1, 1, (2**octave, 2**octave)).astype(np.float32)
        total += cv2.resize(noise, (256, 256), interpolation=cv2.INTER_LINEAR) / 1.4**octave
    total -= total.min()
    return total[:SIZE, :SIZE] / total.max()


def spatter(x: Image, rng: np.random.Generator) -> Image:
    """Drops of mud that cover the ink in dark grey."""
    liquid = cv2.GaussianBlur(rng.normal(0.65, 0.3, x.shape).astype(np.float32), (0, 0), 1)
    mud = cv2.GaussianBlur((liquid > 0.65).astype(np.float32), (0, 0), 1.5)
    mud[mud < 0.8] = 0
    return np.clip(x * (1 - mud) + mud * 63 / 255, 0, 1)


def line(c0: float, r0: float, c1: float, r1: float) -> Image:
    """A soft line of width about 2.3 from column and row to column and row."""
    columns, rows = np.meshgrid(np.arange(SIZE), np.arange(SIZE))
    slope = (r1 - r0) / (c1 - c0)
    distance = np.minimum(np.abs(rows - (slope * (columns - c0) + r0)), 2.3 - 1e-9)
    soft = np.clip(np.log(1 - distance / 2.3) + 1, 0, 1)
    soft[:, : max(0, int(np.floor(c0)))] = 0
    soft[:, int(np.ceil(c1)) :] = 0
    return soft.astype(np.float32)


def dotted_line(x: Image, rng: np.random.Generator) -> Image:
    """A line across the image, two columns on and two off."""
    r0, r1 = rng.integers(0, 27, 2)
    dots = line(0, r0, 27, r1) * (np.arange(SIZE) % 4 >= 2)
    return np.clip(x + dots, 0, 1)


def zigzag(x: Image, rng: np.random.Generator) -> Image:
    """A zigzag of period 8 and height 4 from column 2 to 25, up to five rows aslant."""
    r0 = rng.integers(0, 27)
    r1 = r0 + rng.integers(-5, 5)
    length = np.hypot(23, r1 - r0)
    along = np.append(np.arange(2, length - 2, 4), length)
    across = np.append(2.0 * (-1) ** np.arange(len(along) - 1), 0)
    along, across = np.insert(along, 0, 0), np.insert(across, 0, 0)
    angle = np.arctan2(r1 - r0, 23)
    columns = 2 + along * np.cos(angle) - across * np.sin(angle)
    rows = r0 + along * np.sin(angle) + across * np.cos(angle)
    for i in range(len(columns) - 1):
        x = x + line(columns[i], rows[i], columns[i + 1], rows[i + 1])
    return np.clip(x, 0, 1)


def canny_edges(x: Image, rng: np.random.Generator) -> Image:
    """The edges of the strokes (Canny, after a blur of deviation 1)."""
    del rng
    smooth = (255 * cv2.GaussianBlur(x, (0, 0), 1)).astype(np.uint8)
    return (cv2.Canny(smooth, 40, 80, L2gradient=True) > 0).astype(np.float32)


KINDS: dict[str, Corruption] = {
    kind.__name__: kind
    for kind in (
        shot_noise,
        impulse_noise,
        glass_blur,
        motion_blur,
        shear,
        scale,
        rotate,
        brightness,
        translate,
        stripe,
        fog,
        spatter,
        dotted_line,
        zigzag,
        canny_edges,
    )
}
