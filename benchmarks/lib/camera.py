"""A sheet as a phone sees it: perspective, curl, light, a thumb, what is cut off.

A page's pixel goes to the photo's by a curl and a homography; both ways are known, so that the
truth of each place on the page is known on the photo.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]
Points = NDArray[np.float64]
Picture = NDArray[np.uint8]
Rng = np.random.Generator


@dataclass(frozen=True)
class Camera:
    """How a page is photographed.

    Attributes:
        size: Width and height of the photo.
        matrix: The homography from the curled page's plane to the photo.
        curl: How far, in pixels of the page, its middle rises, across and down.
        page: Width and height of the page.
    """

    size: tuple[int, int]
    matrix: Points
    page: tuple[int, int]
    curl: tuple[float, float] = field(default=(0.0, 0.0))

    def _bent(self, x: Points, y: Points) -> tuple[Points, Points]:
        """What the plane's point has of the page: x, y of the page."""
        w, h = self.page
        arch = np.sin(np.pi * np.clip(x / w, -0.2, 1.2))
        lean = np.sin(np.pi * np.clip(y / h, -0.2, 1.2) + 0.7)
        return x + self.curl[1] * lean, y + self.curl[0] * arch

    def to_photo(self, points: Points) -> Points:
        """Places on the page, shape ``(n, 2)``, on the photo."""
        plane = points.astype(float)
        for _ in range(12):
            x, y = self._bent(plane[:, 0], plane[:, 1])
            plane = plane + points - np.stack([x, y], 1)
        out = np.column_stack([plane, np.ones(len(plane))]) @ self.matrix.T
        return np.asarray(out[:, :2] / out[:, 2:])

    def photograph(self, page: Float, table: float) -> Float:
        """The page in the photo's pixels, on a table of one grey."""
        w, h = self.size
        y, x = np.mgrid[:h, :w].astype(np.float64)
        back = np.linalg.inv(self.matrix)
        plane = np.stack([x.ravel(), y.ravel(), np.ones(w * h)])
        plane = back @ plane
        px, py = self._bent(plane[0] / plane[2], plane[1] / plane[2])
        # As a lens does: what is shrunk is averaged first.
        scale = np.sqrt(abs(np.linalg.det(back[:2, :2])))
        if scale > 1.2:
            page = cv2.GaussianBlur(page, (0, 0), 0.4 * scale)
        across, down = (part.reshape(h, w).astype(np.float32) for part in (px, py))
        how: dict[str, Any] = {"borderMode": cv2.BORDER_CONSTANT, "borderValue": table}
        return np.asarray(cv2.remap(page, across, down, cv2.INTER_LINEAR, **how), np.float32)


def aim(
    page: tuple[int, int],
    size: tuple[int, int],
    rng: Rng,
    slant: float = 0.06,
    turn: float = 6,
    window: tuple[float, float, float, float] | None = None,
    curl: float = 0.0,
) -> Camera:
    """A camera held roughly above a page.

    Args:
        page: Width and height of the page in pixels.
        size: Those of the photo.
        rng: Where chance comes from.
        slant: How far each corner is off, of the photo's side, at most.
        turn: Degrees by which it is turned, at most.
        window: Left, top, right, bottom of the page's part that fills the photo; all if None.
        curl: Of the page's width, how far the middle rises, at most.
    """
    x0, y0, x1, y1 = window or (0, 0, *page)
    source = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], float)
    scale = min(size[0] / (x1 - x0), size[1] / (y1 - y0))
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    angle = np.deg2rad(rng.uniform(-turn, turn))
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    target = (source - middle) @ rotation.T * scale + np.array(size) / 2
    target += rng.uniform(-slant, slant, (4, 2)) * min(size)
    matrix = cv2.getPerspectiveTransform(source.astype(np.float32), target.astype(np.float32))
    bend = (rng.uniform(-curl, curl) * page[0], 0.5 * rng.uniform(-curl, curl) * page[0])
    return Camera(size, matrix, page, bend)


def light(photo: Float, rng: Rng, shadow: bool) -> Float:
    """The photo under light that falls off, and with ``shadow`` under a hand's soft shadow."""
    h, w = photo.shape
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    along = (x * np.cos(angle) + y * np.sin(angle)) / 1.4
    out = photo * (1 - rng.uniform(0.02, 0.25) * (along + 1) / 2)
    if shadow:
        edge = x * np.cos(angle + 1) + y * np.sin(angle + 1) - rng.uniform(-0.5, 0.5)
        edge += 0.1 * np.sin(4 * y + angle)
        soft = 1 / (1 + np.exp(-edge / rng.uniform(0.01, 0.12)))
        out = out * (1 - rng.uniform(0.25, 0.6) * soft)
    return np.asarray(out, np.float32)


def thumb(photo: Float, rng: Rng) -> Float:
    """The photo with a thumb that holds the page from a side."""
    h, w = photo.shape
    side = min(h, w)
    along = rng.uniform(0.15, 0.85)
    depth = rng.uniform(0.05, 0.13) * side
    middle = [(depth, along * h), (w - depth, along * h), (along * w, h - depth)][rng.integers(3)]
    flat = middle[1] > h - 0.2 * side
    axes = (0.055 * side, 0.16 * side) if flat else (0.16 * side, 0.055 * side)
    out = photo.copy()
    mask = np.zeros(photo.shape, np.float32)
    centre = tuple(int(v) for v in middle)
    cv2.ellipse(mask, centre, tuple(int(v) for v in axes), 0, 0, 360, 1.0, -1)
    mask = cv2.GaussianBlur(mask, (0, 0), 2)
    return np.asarray(out * (1 - mask) + mask * rng.uniform(110, 170), np.float32)


def developed(photo: Float, rng: Rng) -> Picture:
    """What the camera writes: a little blur and noise, through JPEG."""
    soft = cv2.GaussianBlur(photo, (0, 0), rng.uniform(0.4, 1.1))
    noisy = soft + rng.normal(0, rng.uniform(1, 4), photo.shape)
    data = cv2.imencode(
        ".jpg",
        noisy.round().clip(0, 255).astype(np.uint8),
        [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(70, 95))],
    )[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
