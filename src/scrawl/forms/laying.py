"""A form laid on one scan: where its fields are, and what they say once they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from scrawl.arrays import Float64, UInt8
from scrawl.errors import PictureError
from scrawl.forms.align import align, outline
from scrawl.forms.form import Form, Region
from scrawl.forms.mesh import meshes
from scrawl.forms.reading import FieldReading, FormReading
from scrawl.forms.reference import Reference
from scrawl.forms.rules import Rules, find_rules
from scrawl.forms.samples import Evidence, project, turned
from scrawl.pixels import shrink

SMALLEST = 8
"""Pixels that the short side of a cell needs on a scan."""

_PAPER = 0.6  # share of a page that is bare paper, at least
_OFF = 2.0  # pixels that a field may be off the picture by
_NEAR = 4.0  # pixels that a region's corner may be off the page's own plane by


class Answer(NamedTuple):
    """The text of a field, how sure it is, and how sure it has to be."""

    text: str
    confidence: float
    threshold: float


class Laying:
    """One scan with the form laid on it.

    Args:
        form: The form.
        grey: uint8, shape ``(H, W)``: the scan.
        rules: Its ruled lines.
        reference: What to find the form by; None goes by the ruled lines.
        turn: The quarters that the page is turned by; None finds them out.

    Attributes:
        aligned_by, turn: As in `FormReading`, but in quarters.
        meshes: For each region where its lines cross, float64, shape ``(rows + 1, columns + 1, 2)``
            in pixels of the scan.

    Raises:
        PictureError: The scan does not show the form.
    """

    def __init__(
        self,
        form: Form,
        grey: UInt8,
        rules: Rules,
        reference: Reference | None,
        turn: int | None = None,
    ) -> None:
        self.form, self.grey = form, grey
        to_frame = np.linalg.inv(rules.to_scan)
        if reference is not None:
            matrix, self.aligned_by = to_frame @ reference.align(grey, form.page), "reference"
        else:
            matrix, self.aligned_by = align(form, rules, None if turn is None else (turn,))
        if self.aligned_by == "page" and not _is_paper(grey):
            raise PictureError(
                "does not show the form (expected a page of light paper, found no lines of the "
                "form and little paper)"
            )
        self.turn = turned(matrix, form.page)
        self.to_scan = rules.to_scan @ matrix
        found = meshes(form.regions, matrix, form.page, Evidence(rules))
        self.meshes = [
            project(mesh.reshape(-1, 2), rules.to_scan).reshape(mesh.shape) for mesh in found
        ]
        if self.aligned_by == "lines":
            self.to_scan = _refined(form.regions, self.meshes, self.to_scan)
        self._check_size()

    def _check_size(self) -> None:
        for region, mesh in zip(self.form.regions, self.meshes, strict=True):
            across = np.linalg.norm(mesh[0, -1] - mesh[0, 0]) / region.columns
            down = np.linalg.norm(mesh[-1, 0] - mesh[0, 0]) / region.rows
            if min(across, down) < SMALLEST:
                raise PictureError(
                    f"is too small (expected at least {SMALLEST} pixels a cell of "
                    f"'{region.name}', received {across:.0f}×{down:.0f})"
                )

    def reading(self, answers: Sequence[Sequence[Answer]]) -> FormReading:
        """The fields of each region with their places."""
        fields = []
        for region, mesh, part in zip(self.form.regions, self.meshes, answers, strict=True):
            quads = _quads(mesh) if region.grid else _quads(mesh[[0, -1]][:, [0, -1]])
            for name, answer, quad in zip(region.names, part, quads, strict=True):
                fields.append(self._field(name, answer, quad))
        missing = sum(min(f.box[2] - f.box[0], f.box[3] - f.box[1]) <= 0 for f in fields)
        if missing > len(fields) // 2:
            raise PictureError(
                f"shows only a part of the form ({missing} of {len(fields)} fields are off it)"
            )
        to_page = np.linalg.inv(self.to_scan).astype(np.float64)
        return FormReading(tuple(fields), self.aligned_by, 90 * self.turn, to_page, self.grey)

    def _field(self, name: str, answer: Answer, quad: Float64) -> FieldReading:
        size = np.array(self.grey.shape[::-1])
        low, high = np.floor(quad.min(axis=0)), np.ceil(quad.max(axis=0))
        text, confidence, blank = answer.text, answer.confidence, not answer.text
        if (low < -_OFF).any() or (high > size + _OFF).any():
            text, confidence, blank = "", 0.0, False  # what is off the picture is not blank
        left, top = low.clip(0, size).astype(int).tolist()
        right, bottom = high.clip(0, size).astype(int).tolist()
        corners = tuple((float(x), float(y)) for x, y in quad)
        doubt = confidence < answer.threshold
        return FieldReading(
            name, text, confidence, doubt, blank, (left, top, right, bottom), corners
        )


def rules_of(grey: UInt8) -> Rules:
    """The ruled lines of a scan.

    Raises:
        PictureError: The scan is too small to show any form.
    """
    if min(grey.shape) < 4 * SMALLEST:
        raise PictureError(
            f"is too small to show a form (expected at least {4 * SMALLEST}×{4 * SMALLEST} "
            f"pixels, received {grey.shape[1]}×{grey.shape[0]})"
        )
    return find_rules(grey)


def _refined(regions: Sequence[Region], meshes: Sequence[Float64], to_scan: Float64) -> Float64:
    """The homography to the scan, by the corners of all regions as their lines show them."""
    ours = np.concatenate([outline(region) for region in regions])
    theirs = np.concatenate([mesh[[0, 0, -1, -1], [0, -1, -1, 0]] for mesh in meshes])
    fitted = cv2.findHomography(ours, theirs, cv2.RANSAC, _NEAR)[0]
    return to_scan if fitted is None else fitted


def _is_paper(grey: UInt8) -> bool:
    """Whether most of a picture is as light as what is around it, as paper is."""
    small = shrink(grey, 256)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8))
    return bool((small > 0.9 * paper.astype(np.float32)).mean() >= _PAPER)


def _quads(mesh: Float64) -> Float64:
    """The corners of each cell, shape ``(cells, 4, 2)``, clockwise from the upper left."""
    quads = np.stack([mesh[:-1, :-1], mesh[:-1, 1:], mesh[1:, 1:], mesh[1:, :-1]], axis=2)
    return quads.reshape(-1, 4, 2)
