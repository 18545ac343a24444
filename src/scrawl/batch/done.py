"""Which pictures have their rows already."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from scrawl.arrays import UInt64


@dataclass(frozen=True, eq=False)
class Done:
    """Names of pictures, eight bytes each, so that those of a hundred million can be held.

    Two names of a million are taken for one with a probability of 3e-8.

    Attributes:
        keys: uint64, sorted.
    """

    keys: UInt64 = field(default_factory=lambda: np.empty(0, np.uint64), repr=False)

    @classmethod
    def of(cls, names: Iterable[str]) -> Done:
        """Those of the names."""
        return cls(np.unique(np.fromiter(map(_key, names), np.uint64)))

    def __contains__(self, name: str) -> bool:
        key = np.uint64(_key(name))
        at = int(np.searchsorted(self.keys, key))
        return at < len(self.keys) and bool(self.keys[at] == key)

    def __len__(self) -> int:
        return len(self.keys)


def _key(name: str) -> int:
    digest = hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
