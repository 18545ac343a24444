"""Several models by name and version, loaded from a folder and swapped without a restart."""

from __future__ import annotations

import re
import time
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from scrawl.arrays import Float32, UInt8
from scrawl.digit_reader import DigitReader
from scrawl.errors import ScrawlError, unknown
from scrawl.serve.batching import Batcher
from scrawl.serve.refusal import RefusalError
from scrawl.serve.settings import Settings
from scrawl.serve.statistics import Statistics
from scrawl.serve.telemetry import Telemetry, log
from scrawl.weights import reader_for

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")

Key = tuple[str, str]
"""Name and version."""


@dataclass(frozen=True)
class Served:
    """A model that answers.

    Attributes:
        name: What requests call it.
        version: A whole number, as text.
        reader: Reads with it.
        tensors: Gives the probabilities of images of the network's own form, the requests that
            come together in one call.
        statistics: What it has done with tensors.
    """

    name: str
    version: str
    reader: DigitReader
    tensors: Batcher[UInt8, Float32]
    statistics: Statistics


@dataclass
class _Entry:
    stamp: tuple[int, int]  # of the file: time of change, bytes
    served: Served | None
    reason: str = ""  # why the file as it is now does not answer


@dataclass
class ModelStore:
    """The models there are.

    The table of models is replaced as a whole, never changed: a request keeps the model that it
    began with.
    """

    settings: Settings
    telemetry: Telemetry
    executor: Executor
    _table: dict[Key, _Entry] = field(default_factory=dict)
    _unloaded: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        model = self.settings.model or reader_for(self.settings.device)
        self._own = self._load(("", "1"), model)
        self._own_key = (self._own.reader.info.recipe, "1")
        self.rescan()

    def get(self, name: str | None = None, version: str | None = None) -> Served:
        """A model; without a name the operator's, without a version the newest.

        Raises:
            RefusalError: There is none, 404; or its file cannot be used, 503.
        """
        table = self._table
        name = self._own_key[0] if name is None else name
        versions = [key for key in table if key[0] == name]
        if not versions:
            raise RefusalError(404, str(unknown("model", name, {key[0] for key in table})))
        usable = [key for key in versions if table[key].served]
        key = max(usable or versions, key=_order) if version is None else (name, version)
        if key not in table:
            known = (known for _, known in versions)
            raise RefusalError(404, str(unknown(f"version of {name}", key[1], known)))
        served = table[key].served
        if served is None:
            raise RefusalError(503, f"{name}, version {key[1]}: not ready ({table[key].reason})")
        return served

    def versions(self, name: str) -> list[str]:
        """The versions of a model that answer, oldest first."""
        keys = sorted(self._table, key=_order)
        return [key[1] for key in keys if key[0] == name and self._table[key].served]

    def index(self) -> list[dict[str, Any]]:
        """Every model with its state, as the Open Inference Protocol's repository index."""
        return [
            {
                "name": key[0],
                "version": key[1],
                "state": "READY" if entry.served else "UNAVAILABLE",
                "reason": entry.reason,
            }
            for key, entry in sorted(self._table.items())
        ]

    def statistics(self, name: str | None = None, version: str | None = None) -> dict[str, Any]:
        """What models have done; of all where none is named.

        Raises:
            RefusalError: There is no such model, 404.
        """
        if name is not None:
            self.get(name, version)
        served = [
            entry.served
            for key, entry in sorted(self._table.items())
            if entry.served and name in (None, key[0]) and version in (None, key[1])
        ]
        return {"model_stats": [one.statistics.to_dict(one.name, one.version) for one in served]}

    def unload(self, name: str) -> None:
        """Takes all versions of a model out of service, until it is loaded again.

        Raises:
            RefusalError: There is none, 404; or it is the one that reads by default, 400.
        """
        if name == self._own_key[0]:
            raise RefusalError(400, f"{name}: cannot be unloaded (it reads by default)")
        self.get(name)
        self._unloaded.add(name)
        self._table = {key: entry for key, entry in self._table.items() if key[0] != name}

    def load(self, name: str) -> None:
        """Takes a model into service again, and looks at the folder."""
        self._unloaded.discard(name)
        self.rescan()

    def rescan(self) -> None:
        """Takes up what was added to the folder, changed in it or taken away.

        A file that cannot be used leaves the model that answered before it in place.
        """
        table = {self._own_key: _Entry((0, 0), self._own)}
        for key, path in self._files():
            try:
                stat = path.stat()
            except OSError:  # gone since it was listed
                continue
            old = self._table.get(key)
            stamp = (stat.st_mtime_ns, stat.st_size)
            table[key] = old if old and old.stamp == stamp else self._renew(key, path, stamp, old)
        self._table = table

    def _renew(self, key: Key, path: Path, stamp: tuple[int, int], old: _Entry | None) -> _Entry:
        facts = {"model": key[0], "version": key[1]}
        try:
            entry = _Entry(stamp, self._load(key, path))
        except ScrawlError as error:
            log.error("model refused", extra={"facts": {**facts, "reason": str(error)}})
            reason = str(error).replace(str(path), path.name)  # the path is not a client's business
            return _Entry(stamp, old.served if old else None, reason)
        log.info("model loaded", extra={"facts": facts})
        return entry

    def _files(self) -> list[tuple[Key, Path]]:
        """Every ``NAME.onnx`` and ``NAME/VERSION/model.onnx`` of the folder."""
        if self.settings.models is None:
            return []
        folder = self.settings.models
        found = [((path.stem, "1"), path) for path in folder.glob("*.onnx")]
        for path in folder.glob("*/*/model.onnx"):
            if path.parent.name.isdecimal():
                found.append(((path.parent.parent.name, path.parent.name), path))
        return [
            (key, path)
            for key, path in found
            if _NAME.fullmatch(key[0]) and key[0] not in self._unloaded
        ]

    def _load(self, key: Key, path: Path) -> Served:
        """Loads a model and runs it once, so that its first request is no slower than others."""
        chosen = self.settings
        reader = DigitReader.load(
            path, threshold=chosen.threshold, device=chosen.device, threads=chosen.threads
        )
        reader.probabilities(np.zeros((1, *reader.info.image_shape), np.uint8))

        statistics = Statistics()

        def infer(items: list[UInt8]) -> list[Float32]:
            together = np.concatenate(items)
            self.telemetry.batches.observe(len(together))
            ends = np.cumsum([len(item) for item in items])[:-1]
            start = time.perf_counter_ns()
            rows = reader.probabilities(together)
            statistics.called(len(together), len(items), time.perf_counter_ns() - start)
            return np.split(rows, ends)

        name = key[0] or reader.info.recipe
        tensors = Batcher(infer, self.executor, digits=len)
        return Served(name, key[1], reader, tensors, statistics)


def _order(key: Key) -> tuple[str, int]:
    return key[0], int(key[1])
