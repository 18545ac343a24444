"""A form laid on one scan: where its fields are, and what they say once they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from scrawl.arrays import Float64, UInt8
from scrawl.errors import PictureError
from scrawl.forms.align import Place, align
from scrawl.forms.doubts import doubt, hidden, quads
from scrawl.forms.form import Form, Region
from scrawl.forms.guesses import outline
from scrawl.forms.mesh import meshes
from scrawl.forms.reading import DOUBTED, DOUBTFUL, LAID, SURE, FieldReading, FormReading
from scrawl.forms.reference import Reference
from scrawl.forms.samples import Evidence, project, turned
from scrawl.forms.written import Answer
from scrawl.pixels import shrink
from scrawl.ruling.scan import Rules, find_rules

SMALLEST = 8
"""Pixels that the short side of a cell needs on a scan."""

_PAPER = 0.6  # share of a page that is bare paper, at least
_SIDE = 256  # long side in pixels at which that is looked at
_STROKE = 25  # pixels there, wider than any stroke: what is closed so is paper alone
_BARE = 0.9  # of the light of the paper around it, from which on a pixel is bare
_OFF = 2.0  # pixels that a field may be off the picture by
_WELL = 0.9  # share of the form's lines, from which on it is found well
_HIDDEN = 0.5  # confidence, at most, in a cell whose lines are not seen
_NEAR = 4.0  # pixels that a region's corner may be off the page's own plane by


class Laying:
    """One scan with the form laid on it.

    Args:
        form: The form.
        grey: uint8, shape ``(H, W)``: the scan.
        rules: Its ruled lines.
        reference: What to find the form by; None goes by the ruled lines.
        turn: The quarters that the page is turned by; None finds them out.
        place: Where the page is, if that is known.

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
        place: Place | None = None,
    ) -> None:
        self.form, self.grey, self._rules = form, grey, rules
        to_frame = np.linalg.inv(rules.to_scan)
        if place is not None:
            pass
        elif reference is not None:
            place = Place(to_frame @ reference.align(grey, form.page), "reference")
        else:
            place = align(form, rules, None if turn is None else (turn,))
        self.place, self.aligned_by = place, place.by
        matrix = place.matrix
        if self.aligned_by == "page" and not _is_paper(grey):
            raise PictureError(
                "does not show the form (expected a page of light paper, found no lines of the "
                "form and little paper)"
            )
        self.turn = turned(matrix, form.page)
        self.to_scan = rules.to_scan @ matrix
        found = meshes(form.regions, matrix, form.page, Evidence(rules))
        self.meshes = [
            project(mesh.places.reshape(-1, 2), rules.to_scan).reshape(mesh.places.shape)
            for mesh in found
        ]
        self._seen = [mesh.seen for mesh in found]
        if self.aligned_by == "lines":
            self.to_scan = _refined(form.regions, self.meshes, self.to_scan)
        self.reason = None
        if self.aligned_by == "lines":
            self.reason = doubt(place, form.regions, self.meshes, self._seen, grey.shape)
        self._check_size()

    @property
    def quality(self) -> tuple[bool, float]:
        """Whether it is certain, and the share of the form's lines that is on the scan and seen."""
        return self.reason is None, self.place.seen * self.place.on

    def at(self, place: Place) -> Laying:
        """The form laid at another place of the same scan.

        Raises:
            PictureError: It cannot be there.
        """
        return Laying(self.form, self.grey, self._rules, None, place=place)

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
        for number, (region, mesh, part) in enumerate(
            zip(self.form.regions, self.meshes, answers, strict=True)
        ):
            corners = quads(mesh if region.grid else mesh[[0, -1]][:, [0, -1]])
            lined = region.grid and self.aligned_by == "lines"
            away = hidden(self._seen[number]).ravel() if lined else np.zeros(len(corners), bool)
            for name, answer, quad, out in zip(region.names, part, corners, away, strict=True):
                fields.append(self._field(name, _hidden(answer) if out else answer, quad))
        missing = sum(min(f.box[2] - f.box[0], f.box[3] - f.box[1]) <= 0 for f in fields)
        if missing > len(fields) // 2:
            raise PictureError(
                f"shows only a part of the form ({missing} of {len(fields)} fields are off it)"
            )
        to_page = np.linalg.inv(self.to_scan).astype(np.float64)
        return FormReading(
            fields=tuple(fields),
            aligned_by=self.aligned_by,
            turned=90 * self.turn,
            to_page=to_page,
            laid=SURE if self.reason is None else DOUBTFUL,
            laid_confidence=self.place.confidence,
            laid_reason=self.reason,
            laid_share=self.quality[1],
            image=self.grey,
        )

    def _field(self, name: str, answer: Answer, quad: Float64) -> FieldReading:
        size = np.array(self.grey.shape[::-1])
        low, high = np.floor(quad.min(axis=0)), np.ceil(quad.max(axis=0))
        if (low < -_OFF).any() or (high > size + _OFF).any():
            # What is off the picture is not blank.
            answer, blank = Answer("", 0.0, 1.0, "is off the picture"), False
        else:
            blank = not answer.text
        left, top = low.clip(0, size).astype(int).tolist()
        right, bottom = high.clip(0, size).astype(int).tolist()
        corners = tuple((float(x), float(y)) for x, y in quad)
        doubt = answer.confidence < answer.threshold
        reason = None
        if doubt or self.reason is not None:
            reason = answer.reason or (DOUBTED if doubt else LAID)
        return FieldReading(
            name,
            answer.text,
            answer.confidence,
            reason is not None,
            blank,
            (left, top, right, bottom),
            corners,
            reason,
        )


def lay(
    form: Form, grey: UInt8, reference: Reference | None = None, turn: int | None = None
) -> Laying:
    """Lays a form on a scan.

    What looks like a sheet on something else may be the edge of a shadow: where the form is not
    found well on it, the whole picture is looked at, too.

    Args:
        form: The form.
        grey: uint8, shape ``(H, W)``: the scan.
        reference: What to find the form by; None goes by the ruled lines.
        turn: The quarters that the page is turned by; None finds them out.

    Raises:
        PictureError: The scan does not show the form.
    """
    rules = rules_of(grey)
    if reference is not None or not rules.sheet:
        return Laying(form, grey, rules, reference, turn)
    found: list[Laying] = []
    errors: list[PictureError] = []
    for sheets in (True, False):
        try:
            found.append(Laying(form, grey, rules if sheets else rules_of(grey, False), None, turn))
        except PictureError as error:
            errors.append(error)
        if found and (found[0].aligned_by != "lines" or found[0].quality >= (True, _WELL)):
            break
    if not found:
        raise errors[0]
    return max(found, key=lambda laying: laying.quality)


def _hidden(answer: Answer) -> Answer:
    """What a cell says whose lines are not seen: it may be another's."""
    most = min(answer.confidence, _HIDDEN)
    return replace(answer, confidence=most, reason="its lines are not seen")


def rules_of(grey: UInt8, sheets: bool = True) -> Rules:
    """The ruled lines of a scan.

    Raises:
        PictureError: The scan is too small to show any form.
    """
    if min(grey.shape) < 4 * SMALLEST:
        raise PictureError(
            f"is too small to show a form (expected at least {4 * SMALLEST}×{4 * SMALLEST} "
            f"pixels, received {grey.shape[1]}×{grey.shape[0]})"
        )
    return find_rules(grey, sheets)


def _refined(regions: Sequence[Region], meshes: Sequence[Float64], to_scan: Float64) -> Float64:
    """The homography to the scan, by the corners of all regions as their lines show them."""
    ours = np.concatenate([outline(region) for region in regions])
    theirs = np.concatenate([mesh[[0, 0, -1, -1], [0, -1, -1, 0]] for mesh in meshes])
    fitted = cv2.findHomography(ours, theirs, cv2.RANSAC, _NEAR)[0]
    return to_scan if fitted is None else fitted


def _is_paper(grey: UInt8) -> bool:
    """Whether most of a picture is as light as what is around it, as paper is."""
    small = shrink(grey, _SIDE)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_STROKE, _STROKE), np.uint8))
    return bool((small > _BARE * paper.astype(np.float32)).mean() >= _PAPER)
