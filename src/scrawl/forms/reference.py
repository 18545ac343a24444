"""Finds a form on a scan by a scan of the empty form."""

from __future__ import annotations

import cv2
import numpy as np

from scrawl.arrays import Float32, Float64, UInt8
from scrawl.errors import PictureError
from scrawl.pixels import grey, shrink

_SIDE = 1400  # long side, in pixels, at which features are compared
_MOST = 5000  # features of a picture
_CLEARER = 0.8  # distance to the best match over that to the next, at most (D. Lowe, 2004)
_APART = 4.0  # pixels that a match may be off by
_INLIERS = 25  # matches that agree, at least
_COVERS = 0.1  # share of the scan that the page takes, at least
_AGREE = 0.2  # and their share of all matches


class Reference:
    """The empty form, ready to be found on scans."""

    def __init__(self, blank: UInt8) -> None:
        self.size = blank.shape[1], blank.shape[0]
        self._points, self._features = _describe(grey(blank))

    def align(self, scan: UInt8, page: tuple[float, float]) -> Float64:
        """Finds the form on a scan: SIFT features, and RANSAC for the homography.

        Args:
            scan: uint8, shape ``(H, W)``.
            page: Width and height of the form's page in its unit; the reference shows all of it.

        Returns:
            The homography from the form's unit to the scan's pixels.

        Raises:
            PictureError: The scan does not show the form.
        """
        points, features = _describe(scan)
        matrix, agreeing, matched = None, 0, 0
        if self._features is not None and features is not None and len(features) > 1:
            pairs = cv2.BFMatcher().knnMatch(self._features, features, k=2)
            clear = [a for a, b in pairs if a.distance < _CLEARER * b.distance]
            matched = len(clear)
            if matched >= _INLIERS:
                ours = self._points[[match.queryIdx for match in clear]]
                theirs = points[[match.trainIdx for match in clear]]
                limit = _APART * max(1.0, max(scan.shape) / _SIDE)
                matrix, inside = cv2.findHomography(ours, theirs, cv2.RANSAC, limit)
                agreeing = int(inside.sum()) if inside is not None else 0
        sane = matrix is not None and self._covers(matrix, scan.shape[0] * scan.shape[1])
        if not sane or agreeing < max(_INLIERS, _AGREE * matched):
            raise PictureError(
                f"does not show the form (expected at least {_INLIERS} places that match the "
                f"reference, found {agreeing})"
            )
        scale = np.diag([self.size[0] / page[0], self.size[1] / page[1], 1.0])
        return matrix @ scale

    def _covers(self, matrix: Float64, area: int) -> bool:
        """Whether the page lies flat on the scan, of some size: chance matches fold it up."""
        w, h = self.size
        corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
        seen = cv2.perspectiveTransform(corners[None], matrix)[0]
        covered = float(cv2.contourArea(seen, oriented=True))
        return bool(cv2.isContourConvex(seen)) and covered > _COVERS * area


def _describe(scan: UInt8) -> tuple[Float32, Float32 | None]:
    small = shrink(scan, _SIDE)
    keypoints, features = cv2.SIFT.create(nfeatures=_MOST).detectAndCompute(small, None)
    points = np.array([point.pt for point in keypoints], np.float32).reshape(-1, 2)
    scale = np.array([scan.shape[1] / small.shape[1], scan.shape[0] / small.shape[0]], np.float32)
    return (points + 0.5) * scale - 0.5, features
