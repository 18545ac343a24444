"""A network in whole numbers as a C header: C99, nothing allocated, no floats, no library."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from pathlib import Path

from scrawl.bundle import BundleInfo
from scrawl.training.microcontroller.integer import POWERS, SURE, Layer

_CODE = Path(__file__).with_name("reader.h")
_WIDTH = 96


def memory(network: list[Layer]) -> int:
    """Bytes of activations: the most that a layer reads and writes. The picture is the caller's."""
    sizes = [height * width * filters for height, width, filters in (one.out for one in network)]
    written = [*sizes[:-1], 0]
    pairs = zip([0, *sizes], written, strict=False)
    return max(sizes[-1], *(sum(pair) for pair in pairs))


def header(network: list[Layer], info: BundleInfo, facts: str, name: str) -> str:
    """The text of a header.

    Args:
        network: The layers, as `integer.quantised` gives them.
        info: What the bundle says of itself.
        facts: The same as text, which goes into a comment.
        name: What the names in it begin with; see `named`.
    """
    name = named(name)
    values = {
        "height": info.image_shape[0],
        "width": info.image_shape[1],
        "pixel_max": info.pixel_max,
        "classes": len(info.classes),
        "letters": len(info.alphabet),
        "threshold": round(info.threshold * SURE),
        "names": ", ".join(map(_literal, info.classes)),
        "count": len(network),
        "layers": "\n".join(_layer(layer, place) for place, layer in enumerate(network)),
        "arrays": "".join(_arrays(layer, place) for place, layer in enumerate(network)),
        "powers": ", ".join(map(str, POWERS)),
        "memory": memory(network),
    }
    code = _CODE.read_text(encoding="utf-8")
    for key, value in values.items():
        code = code.replace(f"@{key}@", str(value))
    code = re.sub(r"NAME(?=_(?:H$|[A-Z]))", name.upper(), code, flags=re.MULTILINE)
    about = f"Written by scrawl {info.scrawl} from its recipe {info.recipe}: {info.parameters:,} "
    about += f"parameters in whole numbers. What the model says of itself: {facts}"
    comment = textwrap.fill(about.replace("*/", "* /"), _WIDTH, break_on_hyphens=False)
    return f"/* {comment} */\n" + code.replace("NAME", name)


def named(text: str) -> str:
    """A text as C may begin a name with it: other signs than letters and digits become ``_``."""
    name = re.sub(r"\W", "_", text, flags=re.ASCII)
    return name if re.match(r"[A-Za-z_]", name) else f"_{name}"


def _literal(text: str) -> str:
    """A text in C; in UTF-8, whatever a compiler takes its source for."""
    kept = (chr(b) if 32 <= b < 127 and b not in b'"\\?' else f"\\{b:03o}" for b in text.encode())
    return f'"{"".join(kept)}"'


def _arrays(layer: Layer, place: int) -> str:
    return (
        _array("int8_t", f"weights_{place}", layer.weights.ravel().tolist())
        + _array("int32_t", f"bias_{place}", layer.bias.tolist())
        + _array("int32_t", f"multiplier_{place}", layer.multiplier.tolist())
    )


def _array(kind: str, name: str, values: Iterable[int]) -> str:
    rows = textwrap.fill(", ".join(map(str, values)), _WIDTH)
    return f"static const {kind} NAME_{name}[] = {{\n{rows}}};\n"


def _layer(layer: Layer, place: int) -> str:
    _, rows, columns, _ = layer.weights.shape
    numbers = (
        *(*layer.shape, *layer.out, rows, columns, layer.stride),
        *(*layer.padding, layer.pool, layer.shift),
    )
    arrays = (f"NAME_{kind}_{place}" for kind in ("weights", "bias", "multiplier"))
    return f"    {{{', '.join((*arrays, *map(str, numbers)))}}},"
