"""The network as a page that runs it in the browser, in one file, without a server."""

from __future__ import annotations

from pathlib import Path

from scrawl.bundle import CLASSIFY
from scrawl.digit_reader import DigitReader
from scrawl.errors import InputError
from scrawl.files import write_text
from scrawl.network import Network
from scrawl.training.browser.page import page
from scrawl.training.exporters import Exported, Exporter, Order


def _write(order: Order) -> Exported:
    return _write_model(order.run.model, order.out)


def _write_model(model: Path, out: Path) -> Exported:
    network = Network(model, task=CLASSIFY)
    if not DigitReader(network).reads_pictures:
        height, width = network.info.image_shape
        raise InputError(
            f"{out}: expected a model of 28×28, which a drawing is normalised to, received "
            f"{network.info.recipe} of {height}×{width}"
        )
    write_text(out, page(network, model.read_bytes()))
    return Exported(out, out.stat().st_size)


# Its runtime is a browser, which is not opened here: what a page says is asked by the tests.
EXPORTER = Exporter(_write, write_model=_write_model)
