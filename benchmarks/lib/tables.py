"""Cells of the tables that the benchmarks print."""

from __future__ import annotations

from statistics import mean, stdev


def spread(values: list[float], scale: float = 100, digits: int = 2) -> str:
    """Mean ± standard deviation."""
    scaled = [scale * value for value in values]
    sd = f" ± {stdev(scaled):.{digits}f}" if len(scaled) > 1 else ""
    return f"{mean(scaled):.{digits}f}{sd}"
