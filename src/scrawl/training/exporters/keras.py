"""The network as a ``.keras`` file."""

from __future__ import annotations

from scrawl.files import writing
from scrawl.training.exporters import Exported, Exporter, Order
from scrawl.training.network import in_float32, load_checkpoint


def _write(order: Order) -> Exported:
    model = in_float32(load_checkpoint(order.run.checkpoint, optimizer=False))
    with writing(order.out) as aside:
        model.save(aside)
    return Exported(order.out, order.out.stat().st_size)


EXPORTER = Exporter(_write)
