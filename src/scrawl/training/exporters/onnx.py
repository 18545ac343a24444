"""The network as the ``.onnx`` file that scrawl reads with, in float32 or with 8 bits."""

from __future__ import annotations

from pathlib import Path

from scrawl import data
from scrawl.digit_reader import DigitReader
from scrawl.network import Network
from scrawl.training.bundling import export_bundle
from scrawl.training.exporters import Answers, Exported, Exporter, Order
from scrawl.training.network import in_float32, load_checkpoint
from scrawl.training.quantise import ROWS, quantise


def _write(order: Order) -> Exported:
    return _int8(order) if order.int8 else _float32(order)


def _float32(order: Order) -> Exported:
    model = in_float32(load_checkpoint(order.run.checkpoint, optimizer=False))
    difference = export_bundle(model, Network(order.run.model).info, order.out)
    return Exported(order.out, order.out.stat().st_size, difference)


def _int8(order: Order) -> Exported:
    """Takes the ranges of activations from training pictures, and compares the answers to them."""
    plain = DigitReader.load(order.run.model)
    images = data.load(plain.info.data, order.data_dir).x_train[:ROWS]
    weights = quantise(order.run.model, images, order.out, signed=True)
    answers = (
        reader.probabilities(images).argmax(1) for reader in (plain, DigitReader.load(order.out))
    )
    agreement = float((next(answers) == next(answers)).mean())
    return Exported(
        order.out,
        order.out.stat().st_size,
        weights=weights,
        agreement=agreement,
        asked=len(images),
    )


def _open(path: Path) -> Answers:
    return Network(path, threads=1).run


EXPORTER = Exporter(_write, int8=True, open=_open)
