"""What a model has done, as Triton's statistics state it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any


@dataclass
class Statistics:
    """Counts of one model in one process.

    Attributes:
        succeeded: Requests answered.
        failed: Requests refused.
        success_ns: Nanoseconds from a request to its answer, of those answered.
        fail_ns: The same of those refused.
        calls: Calls of the network.
        images: Images that they read.
        compute_ns: Nanoseconds of the calls; one that several requests shared counts for each.
        last: When a request was answered last, in milliseconds since 1970; 0 if never.
    """

    succeeded: int = 0
    failed: int = 0
    success_ns: int = 0
    fail_ns: int = 0
    calls: int = 0
    images: int = 0
    compute_ns: int = 0
    last: int = 0

    def called(self, images: int, shared: int, nanoseconds: int) -> None:
        """Counts a call of the network, which so many requests shared."""
        self.calls += 1
        self.images += images
        self.compute_ns += shared * nanoseconds

    def answered(self, well: bool, nanoseconds: int) -> None:
        """Counts a request."""
        if well:
            self.succeeded += 1
            self.success_ns += nanoseconds
            self.last = time.time_ns() // 1_000_000
        else:
            self.failed += 1
            self.fail_ns += nanoseconds

    def to_dict(self, name: str, version: str) -> dict[str, Any]:
        """As Triton states them; what waited is what was not computed."""

        def part(count: int, nanoseconds: int) -> dict[str, int]:
            return {"count": count, "ns": max(nanoseconds, 0)}

        return {
            "name": name,
            "version": version,
            "last_inference": self.last,
            "inference_count": self.images,
            "execution_count": self.calls,
            "inference_stats": {
                "success": part(self.succeeded, self.success_ns),
                "fail": part(self.failed, self.fail_ns),
                "queue": part(self.succeeded, self.success_ns - self.compute_ns),
                "compute_input": part(self.succeeded, 0),
                "compute_infer": part(self.succeeded, self.compute_ns),
                "compute_output": part(self.succeeded, 0),
            },
            "batch_stats": [],
        }
