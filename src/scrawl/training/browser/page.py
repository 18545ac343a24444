"""Puts a page together that holds a model and all that runs it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import lzma
import re
from importlib.resources import files
from pathlib import Path

from scrawl import __version__
from scrawl.bundle import DIGITS, BundleInfo
from scrawl.errors import MissingExtraError
from scrawl.network import Network
from scrawl.prediction import DOUBTS
from scrawl.training.browser.steps import SHEET
from scrawl.training.exporters._facts import facts

try:
    from jinja2 import Environment
except ModuleNotFoundError as error:
    raise MissingExtraError("the page without a server", "Jinja", "data") from error

OWN = Path(__file__).parent
SERVED = files("scrawl") / "serve" / "web"
"""The served page's files: what both pages have, this one takes from there."""

STYLES = ("base.css", "sheet.css", "result.css")
SCRIPTS = ("dom.js", "ink.js", "paper.js", "answer.js", "show.js")
"""In an order in which each comes after those that it imports."""

NETWORK = "network"
"""The name of the element that holds the model's own ``.onnx`` file."""


def page(network: Network, model: bytes) -> str:
    """The page.

    Args:
        network: A network of single digits.
        model: Its ``.onnx`` file.
    """
    info = network.info
    style = "".join((SERVED / name).read_text(encoding="utf-8") for name in STYLES)
    style += _own("page.css")
    scripts = [_own("ort.js").replace("</script", r"<\/script"), _script()]
    parts = {
        "runtime": _packed(lzma.decompress((OWN / "ort.wasm.xz").read_bytes())),
        "before": _packed((OWN / "before.onnx").read_bytes()),
        NETWORK: _packed(model),
        "after": _packed((OWN / "after.onnx").read_bytes()),
    }
    environment = Environment(autoescape=True, keep_trailing_newline=True)
    return environment.from_string(_own("page.html")).render(
        policy=_policy(style, scripts),
        style=style,
        scripts=scripts,
        icon="data:image/svg+xml;base64," + _base64((SERVED / "icon.svg").read_bytes()),
        facts=_json(json.loads(facts(info))),
        steps=_json(_steps(network)),
        info=info,
        digits=info.alphabet == DIGITS,
        parts=parts,
        version=__version__,
        runtime=json.loads(_own("package.json"))["dependencies"]["onnxruntime-web"],
    )


def network_of(text: str) -> bytes:
    """The ``.onnx`` file that a page holds."""
    found = re.search(rf'id="{NETWORK}">([^<]*)<', text)
    return gzip.decompress(base64.b64decode(found[1] if found else ""))


def _steps(network: Network) -> dict[str, object]:
    """What the graphs beside the network are given, besides ink."""
    info: BundleInfo = network.info
    letters = len(info.alphabet)
    return {
        "alphabet": info.alphabet,
        "digits": info.alphabet == DIGITS,
        "letters": [1] * letters + [0] * (len(info.classes) - letters),
        "weights": info.weights.tolist(),
        "shape": [1, *network.input_shape[1:]],
        "sheet": SHEET,
        "doubts": DOUBTS,
    }


def _script() -> str:
    """All modules of the page as one: each without its imports, and all of its names are here."""
    modules = [(SERVED / name).read_text(encoding="utf-8") for name in SCRIPTS]
    modules.append(_own("page.js"))
    text = "\n".join(modules)
    text = re.sub(r'^import .* from "\./.*";\n', "", text, flags=re.MULTILINE)
    return re.sub(r"^export ", "", text, flags=re.MULTILINE)


def _policy(style: str, scripts: list[str]) -> str:
    """Forbids all but what is in the page: nothing is fetched, nothing sent."""
    hashes = [f"'sha256-{_base64(hashlib.sha256(one.encode()).digest())}'" for one in scripts]
    own = _base64(hashlib.sha256(style.encode()).digest())
    return (
        f"default-src 'none'; script-src {' '.join(hashes)} 'wasm-unsafe-eval'; "
        f"style-src 'sha256-{own}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _own(name: str) -> str:
    return (OWN / name).read_text(encoding="utf-8")


def _packed(content: bytes) -> str:
    """As an element holds it, and the browser's ``DecompressionStream`` unpacks it."""
    return _base64(gzip.compress(content, compresslevel=6, mtime=0))


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _json(value: object) -> str:
    """JSON that no element ends in."""
    return json.dumps(value).replace("<", r"\u003c")
