"""One form from several sheets of it: the proposal with which the others' agree most."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from scrawl.arrays import Float64, UInt8
from scrawl.errors import PictureError
from scrawl.forms.doubts import quads
from scrawl.forms.form import Form
from scrawl.forms.laying import lay
from scrawl.forms.parse import parse_text
from scrawl.forms.propose import propose
from scrawl.pixels import grey

_NEAR = 1 / 3  # of a field's short side, that the middle of the same one may be off
_BETTER = 0.01  # by which another sheet's proposal has to be agreed with more than an earlier one's


def propose_of_several(sheets: Sequence[UInt8], name: str) -> tuple[str, int]:
    """Proposes a form of each sheet, and takes the one that has most fields in common with others.

    Args:
        sheets: uint8, shape ``(H, W)`` or ``(H, W, 3)`` each: scans of one form, blank or filled.
            Of two that are agreed with equally much, the earlier is taken.
        name: What to call the form.

    Returns:
        TOML, as `propose` gives it, and the place of its sheet among them.

    Raises:
        PictureError: No grid and no box is ruled on any.
    """
    greys = [grey(sheet) for sheet in sheets]
    proposed: dict[int, tuple[str, Form]] = {}
    errors = []
    for number, scan in enumerate(greys):
        try:
            text = propose(scan, name)
        except PictureError as error:
            errors.append(error)
            continue
        proposed[number] = text, parse_text(text, Path(f"{name}.toml"))
    if not proposed:
        raise errors[0]
    own = {number: _fields(form, greys[number]) for number, (_, form) in proposed.items()}
    agreed = {
        number: sum(_alike(_fields(form, greys[at]), own[at]) for at in own if at != number)
        for number, (_, form) in proposed.items()
    }
    best = max(agreed, key=lambda number: (agreed[number] // _BETTER, -number))
    return proposed[best][0], best


def _fields(form: Form, scan: UInt8) -> Float64:
    """The corners of each field on a scan, shape ``(n, 4, 2)``; none where it is not found."""
    try:
        meshes = lay(form, scan).meshes
    except PictureError:
        return np.empty((0, 4, 2))
    return np.concatenate([
        quads(mesh if region.grid else mesh[[0, -1]][:, [0, -1]])
        for region, mesh in zip(form.regions, meshes, strict=True)
    ])  # fmt: skip


def _alike(one: Float64, other: Float64) -> float:
    """How many fields two forms have in common, of the mean of both (Dice's coefficient)."""
    if not len(one) or not len(other):
        return 0.0
    short = np.linalg.norm(np.roll(one, 1, axis=1) - one, axis=2).min(axis=1)
    apart = np.linalg.norm(one.mean(axis=1)[:, None] - other.mean(axis=1), axis=2)
    same = (apart.min(axis=1) < _NEAR * short).sum()
    return float(2 * same / (len(one) + len(other)))
