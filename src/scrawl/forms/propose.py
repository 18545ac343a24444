"""Proposes a form file from the grids and boxes that are ruled on a scan."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import numpy as np

from scrawl.arrays import Float64, UInt8
from scrawl.errors import PictureError
from scrawl.forms.cells import cut
from scrawl.forms.printed import headings, is_label
from scrawl.forms.samples import project
from scrawl.pixels import grey
from scrawl.ruling.lattice import Lattice, lattices
from scrawl.ruling.scan import Rules, find_rules

PAPERS = {"A4": (210.0, 297.0), "US Letter": (215.9, 279.4)}
"""Sizes of paper, in mm, that a scan's shape is compared with; A5 and A3 have A4's."""

_SAME = 0.02  # of a side to the other, by which a scan of a paper may be off its shape
_SAME_PHOTO = 0.06  # and a photo of it: seen at a slant
_EVEN = 0.08  # of a grid's pitch, that its lines may be off
_WHOLE = 0.9  # share of the page from which on a box is a frame around it
_LEAST = 0.01  # of the page's long side, that a field is wide and high at least
_SQUARE = 1.6  # width to height up to which a box takes one digit
_NARROW = 0.5  # of a row's height, that its boxes are wide at least: a digit fits in no less
_COMB = 24  # boxes in a row, up to which they are one field
_SHARED = 0.2  # of a box, that another may cover
_MOST = 200  # boxes that are proposed
_SMALLEST = 64  # pixels of a scan's short side: fewer hold no grid whose cells could be read


@dataclass(frozen=True)
class _Found:
    box: tuple[float, float, float, float]
    rows: int
    columns: int
    widths: tuple[float, ...]  # of its columns, in the page's unit; none if they are equal
    heights: tuple[float, ...]


def propose(image: UInt8, name: str) -> str:
    """Writes a form file for what is ruled on a scan.

    Args:
        image: uint8, shape ``(H, W)`` or ``(H, W, 3)``: a scan of the form, empty or filled in.
        name: What to call the form.

    Returns:
        TOML, with comments on what to do next.

    Raises:
        PictureError: No grid and no box is ruled on it.
    """
    scan = grey(image)
    if min(scan.shape) < _SMALLEST:
        raise PictureError(
            f"is too small to show a form (expected at least {_SMALLEST}×{_SMALLEST} pixels, "
            f"received {scan.shape[1]}×{scan.shape[0]})"
        )
    rules = find_rules(scan)
    height, width = rules.across.shape
    unit, page = _page(width, height, rules.sheet, scan)
    scale = np.array([page[0] / width, page[1] / height])
    every = [_unprinted(item.whole or item, scan, rules) for item in lattices(rules)]
    found = [_measured(lattice, scale) for lattice in every if lattice is not None]
    fields = _wanted(found, page)
    if not fields:
        raise PictureError("shows no ruled grid and no ruled box (expected a scan of a form)")
    return _toml(fields, name, unit, page)


def _page(width: int, height: int, photo: bool, scan: UInt8) -> tuple[str, tuple[float, float]]:
    """The unit and the size of the page: of the paper with this shape, else the scan's pixels."""
    slack = _SAME_PHOTO if photo else _SAME
    for w, h in PAPERS.values():
        for size in ((w, h), (h, w)):
            if abs((width / height) / (size[0] / size[1]) - 1) < slack:
                return "mm", size
    scale = max(scan.shape) / max(width, height)
    return "pixels", (float(round(width * scale)), float(round(height * scale)))


def _unprinted(lattice: Lattice, scan: UInt8, rules: Rules) -> Lattice | None:
    """A lattice without the rows and columns that name the others; None where all is print."""
    ys, xs = np.meshgrid(lattice.ys, lattice.xs, indexing="ij")
    places = np.stack([xs, ys], -1).reshape(-1, 2)
    mesh = project(places, rules.to_scan @ lattice.to_frame).reshape(*xs.shape, 2)
    cells = cut(scan, mesh)
    if lattice.rows == 1:
        lattice = replace(lattice, xs=_walls(lattice.xs, float(np.ptp(lattice.ys))))
    if 1 in (lattice.rows, lattice.columns):
        return None if is_label(cells) else lattice
    top, left = headings(cells, lattice.rows, lattice.columns)
    if top == lattice.rows:
        return None
    return replace(lattice, xs=lattice.xs[left:], ys=lattice.ys[top:])


def _walls(xs: Float64, height: float) -> Float64:
    """The walls of a row of boxes: digits as high as their box look like some, but are not even."""
    for count in range(len(xs) - 1, 1, -1):
        expected = np.linspace(xs[0], xs[-1], count + 1)
        nearest = np.abs(xs[:, None] - expected).argmin(axis=0)
        if (np.abs(xs[nearest] - expected) <= _EVEN * np.diff(expected)[0]).all():
            return xs[nearest]
    return xs if np.diff(xs).min() >= _NARROW * height else xs[[0, -1]]


def _measured(lattice: Lattice, scale: Float64) -> _Found:
    """A lattice as a level box in the page's unit."""
    ys, xs = np.meshgrid(lattice.ys, lattice.xs, indexing="ij")
    places = project(np.stack([xs, ys], -1).reshape(-1, 2), lattice.to_frame) * scale
    grid = places.reshape(*xs.shape, 2)
    across, down = grid[..., 0].mean(axis=0), grid[..., 1].mean(axis=1)
    box = (float(across[0]), float(down[0]), float(across[-1]), float(down[-1]))
    return _Found(box, lattice.rows, lattice.columns, _uneven(across), _uneven(down))


def _uneven(lines: Float64) -> tuple[float, ...]:
    """The distances between lines, if they differ."""
    sizes = np.diff(lines)
    usual = sizes.mean()
    return () if np.abs(sizes - usual).max() <= _EVEN * usual else tuple(sizes.tolist())


def _wanted(found: list[_Found], page: tuple[float, float]) -> list[_Found]:
    """What may be fields, in reading order: no frame around the page, nothing too small."""
    least = _LEAST * max(page)
    fields = []
    for item in found:
        x0, y0, x1, y1 = item.box
        single = item.rows * item.columns == 1
        if single and (x1 - x0) * (y1 - y0) > _WHOLE * page[0] * page[1]:
            continue
        if any(_inside(item.box, o.box) and o.rows * o.columns > 1 for o in found):
            continue  # what is written in a cell may look like a box
        inner = [o for o in found if _inside(o.box, item.box)]
        if single and (len(inner) > 1 or any(o.rows * o.columns > 1 for o in inner)):
            continue  # a frame around fields
        if single and any(_inside(item.box, o.box) and _near(item.box, o.box) for o in found):
            continue
        if min((x1 - x0) / item.columns, (y1 - y0) / item.rows) >= least:
            fields.append(item)
    fields = _apart(fields)[:_MOST]
    return sorted(fields, key=lambda item: (round(item.box[1] / least / 2), item.box[0]))


def _apart(fields: list[_Found]) -> list[_Found]:
    """Those that share little with what is kept before them: what is read twice is refused."""
    kept: list[_Found] = []
    for item in sorted(fields, key=lambda one: -one.rows * one.columns):
        x0, y0, x1, y1 = item.box
        shares = [
            max(0.0, min(x1, o.box[2]) - max(x0, o.box[0]))
            * max(0.0, min(y1, o.box[3]) - max(y0, o.box[1]))
            / min((x1 - x0) * (y1 - y0), (o.box[2] - o.box[0]) * (o.box[3] - o.box[1]))
            for o in kept
        ]
        if max(shares, default=0.0) < _SHARED:
            kept.append(item)
    return [item for item in fields if item in kept]


def _inside(box: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return outer[0] < box[0] and outer[1] < box[1] and box[2] < outer[2] and box[3] < outer[3]


def _near(box: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    """Whether a box is as large in another as a digit is in its box."""
    return (outer[3] - outer[1]) < 4 * (box[3] - box[1])


def _toml(fields: list[_Found], name: str, unit: str, page: tuple[float, float]) -> str:
    lines = [
        "# Proposed from the ruled lines of a scan. Give the fields the names that the columns of",
        "# your table shall have, delete what is not to be read, and look at the result with:",
        "#   scrawl form draw FORM.toml SCAN --out fields.png",
        f"name = {_quoted(name)}",
        f"page = [{page[0]:g}, {page[1]:g}]",
        f'unit = "{unit}"',
    ]
    if unit == "mm":
        lines[-2] += "  # by the shape of the scan; boxes go with it"
    grids = digits = 0
    for item in fields:
        box = _clipped(item.box, page, 1 if unit == "mm" else 0)
        place = f"box = [{', '.join(f'{v:g}' for v in box)}]  # left, top, right, bottom"
        comb = item.rows == 1 and 1 < item.columns <= _COMB
        if item.rows * item.columns > 1 and not comb:
            grids += 1
            lines += ["", "[[grid]]", f'name = "grid{grids}"', place]
            lines += [f"rows = {item.rows}", f"columns = {item.columns}"]
            lines += [
                f"{name} = [{', '.join(f'{size:.3g}' for size in sizes)}]"
                for name, sizes in (("widths", item.widths), ("heights", item.heights))
                if sizes
            ]
            if item.widths:
                lines.append(f"kind = {json.dumps(_kinds(item))}")
            continue
        digits += 1
        lines += ["", "[[field]]", f'name = "field{digits}"', place]
        wide = (item.box[2] - item.box[0]) > _SQUARE * (item.box[3] - item.box[1])
        if comb:
            lines += ['kind = "digits"', f"digits = {item.columns}  # a box a digit"]
        else:
            lines.append('kind = "number"' if wide else 'kind = "digit"')
    return "\n".join(lines) + "\n"


def _kinds(item: _Found) -> list[str]:
    """What the cells of each column take: a digit, or a number where they are wide."""
    height = (item.box[3] - item.box[1]) / item.rows
    return ["number" if width > _SQUARE * height else "digit" for width in item.widths]


def _clipped(
    box: tuple[float, float, float, float], page: tuple[float, float], digits: int
) -> list[float]:
    limits = (page[0], page[1], page[0], page[1])
    return [min(max(round(v, digits), 0.0), top) for v, top in zip(box, limits, strict=True)]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(c for c in escaped if c.isprintable())}"'
