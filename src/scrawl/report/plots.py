"""Every picture that scrawl draws with matplotlib."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from scrawl.arrays import Int64, UInt8
from scrawl.errors import MissingExtraError

try:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, LogLocator
except ModuleNotFoundError as error:
    raise MissingExtraError("drawing", "matplotlib", "data") from error

INK = "gray_r"  # 0 is paper
_LEAST = 0.02  # % of error that is drawn: a small test set may be read without one
SIZE = 1.1  # inches of a digit in a grid


class EpochRow(Protocol):
    """The scores of an epoch, as ``log.csv`` holds them."""

    @property
    def epoch(self) -> int: ...  # noqa: D102
    @property
    def loss(self) -> float: ...  # noqa: D102
    @property
    def accuracy(self) -> float: ...  # noqa: D102
    @property
    def val_loss(self) -> float | None: ...  # noqa: D102
    @property
    def val_accuracy(self) -> float | None: ...  # noqa: D102


def save(figure: Figure, path: Path) -> None:
    """Writes a figure as PNG."""
    figure.savefig(path, dpi=120, format="png")


def data_uri(figure: Figure) -> str:
    """A figure as the address of an image inside a page."""
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=110, format="png")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def digit(image: UInt8, title: str, pixel_max: int) -> Figure:
    """One image, large, dark ink on white paper."""
    figure = Figure(figsize=(3.2, 3.5), layout="constrained")
    axes = figure.subplots()
    axes.imshow(image, cmap=INK, vmin=0, vmax=pixel_max)
    axes.set_title(title, fontsize=10)
    return figure


def grid(
    images: UInt8 | Sequence[UInt8],
    titles: Sequence[str],
    pixel_max: int,
    columns: int = 10,
    aspect: float = 1.0,
) -> Figure:
    """Images in rows, each under its title.

    Args:
        images: uint8, shape ``(n, H, W)``, or ``(H, W)`` each; at least one.
        titles: One for each; may hold a line break.
        pixel_max: The value of full ink.
        columns: Images a row.
        aspect: How much wider than high the place of each is.
    """
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    figure = Figure(figsize=(SIZE * aspect * columns, (SIZE + 0.35) * rows), layout="constrained")
    for axes in figure.subplots(rows, columns, squeeze=False).flat:
        axes.set_axis_off()
    for axes, image, title in zip(figure.axes, images, titles, strict=False):
        axes.imshow(image, cmap=INK, vmin=0, vmax=pixel_max)
        axes.set_title(title, fontsize=8)
    return figure


def curves(
    logs: Mapping[str, Sequence[EpochRow]], tests: Mapping[str, Mapping[str, Any]]
) -> Figure:
    """Loss and accuracy by epoch: training dashed, validation solid, test as a point at the end.

    Args:
        logs: The name of a run to its epochs.
        tests: The name of a run to its test scores, ``loss`` and ``accuracy``.
    """
    figure = Figure(figsize=(10, 4), layout="constrained")
    for axes, key in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        for index, (name, log) in enumerate(logs.items()):
            _curve(axes, log, key, name, f"C{index}")
            score = tests[name][key]
            label = f"{name}: test {score:.4f}" if key == "loss" else f"{name}: test {score:.2%}"
            axes.plot(log[-1].epoch, score, "o", color=f"C{index}", label=label)
        axes.set_xlabel("epoch")
        axes.set_ylabel(key)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
    return figure


def _curve(axes: Axes, log: Sequence[EpochRow], key: str, name: str, colour: str) -> None:
    epochs = [row.epoch for row in log]
    marker = "." if len(log) < 30 else ""
    train = [getattr(row, key) for row in log]
    axes.plot(epochs, train, "--", marker=marker, color=colour, label=f"{name}: training")
    held_out = [getattr(row, f"val_{key}") for row in log]
    if held_out[0] is not None:
        axes.plot(epochs, held_out, "-", marker=marker, color=colour, label=f"{name}: validation")


def confusion(matrix: Int64, classes: Sequence[str]) -> Figure:
    """The confusion matrix: row = the label, column = the answer; mistakes are coloured."""
    size = 1.5 + 0.45 * len(classes)
    figure = Figure(figsize=(size, size), layout="constrained")
    axes = figure.subplots()
    mistakes = matrix.astype(float)
    np.fill_diagonal(mistakes, 0)
    axes.imshow(mistakes, cmap="Reds", vmin=0, vmax=max(1.0, mistakes.max() * 1.3))
    for row, column in np.ndindex(*matrix.shape):
        if matrix[row, column]:
            text = str(matrix[row, column])
            axes.text(column, row, text, ha="center", va="center", fontsize=8)
    axes.set_xticks(range(len(classes)), classes)
    axes.set_yticks(range(len(classes)), classes)
    axes.set_xlabel("answer")
    axes.set_ylabel("label")
    return figure


def reliability(panels: Mapping[str, Sequence[tuple[float, float, int]]]) -> Figure:
    """Accuracy against confidence, a panel a title; rows as ``metrics.reliability`` gives them."""
    figure = Figure(figsize=(4.4 * len(panels), 4.2), layout="constrained")
    every = figure.subplots(1, len(panels), squeeze=False).flat
    for axes, (title, rows) in zip(every, panels.items(), strict=True):
        confidence, accuracy, count = (np.array(column) for column in zip(*rows, strict=True))
        axes.plot([0, 1], [0, 1], "--", color="grey", linewidth=1)
        axes.scatter(confidence, accuracy, s=12 + 160 * count / count.sum())
        axes.set(xlabel="confidence", ylabel="accuracy", xlim=(0, 1.02), ylim=(0, 1.02))
        axes.set_title(title)
        axes.grid(alpha=0.3)
    return figure


def lines(series: Mapping[str, tuple[Sequence[float], Sequence[float]]], x: str, y: str) -> Figure:
    """A line a name: x and y values; the axes are called ``x`` and ``y``."""
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    for name, (across, up) in series.items():
        axes.plot(across, up, marker=".", label=name)
    axes.set(xlabel=x, ylabel=y)
    axes.grid(alpha=0.3)
    axes.legend()
    return figure


def scatter(series: Mapping[str, Sequence[tuple[float, float]]], x: str) -> Figure:
    """Test accuracy in % against something on a logarithmic axis called ``x``.

    The vertical axis is logarithmic in the error, so that 99.7 and 99.8% can be told apart.

    Args:
        series: A name to its points; several are joined. The legend has the last of each.
        x: What the horizontal axis shows.
    """
    figure = Figure(figsize=(9, 5), layout="constrained")
    axes = figure.subplots()
    _scattered(axes, series)
    axes.set_xlabel(x)
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def families(
    seconds: Mapping[str, Sequence[tuple[float, float]]],
    parameters: Mapping[str, Sequence[tuple[float, float]]],
) -> Figure:
    """Test accuracy in % against what was paid for it: seconds of training, and parameters.

    Args:
        seconds: A name to its points of seconds and accuracy, such as several seeds; the legend
            has their mean accuracy.
        parameters: The same names to points of parameters and accuracy.
    """
    figure = Figure(figsize=(13, 5), layout="constrained")
    left, right = figure.subplots(1, 2)
    for axes, series, x in (
        (left, seconds, "seconds of training"),
        (right, parameters, "parameters"),
    ):
        _scattered(axes, series, joined=False)
        axes.set_xlabel(x)
    left.figure.legend(*left.get_legend_handles_labels(), loc="outside right upper", frameon=False)
    return figure


def _scattered(
    axes: Axes, series: Mapping[str, Sequence[tuple[float, float]]], *, joined: bool = True
) -> None:
    """Draws what `scatter` and `families` show."""

    def figure(points: Sequence[tuple[float, float]]) -> float:
        accuracy = [value for _, value in points]
        return accuracy[-1] if joined else sum(accuracy) / len(accuracy)

    best_first = sorted(series.items(), key=lambda item: -figure(item[1]))
    for index, (name, points) in enumerate(best_first):
        across, accuracy = zip(*points, strict=True)
        axes.plot(
            across,
            [max(100 - value, _LEAST) for value in accuracy],
            "os^DvPX"[index % 7] + ("-" if joined else ""),
            markersize=4 if joined and len(points) > 1 else 8,
            color=f"C{index}",
            label=f"{figure(points):.2f} {name}",
        )
    axes.set(xscale="log", yscale="log", ylabel="test accuracy, %")
    ticks = [0, 20, 40, 50, 60, 70, 80, 85, 90, 95, 97, 98, 99, 99.5, 99.7, 99.8, 99.9]
    errors = [max(100 - a, _LEAST) for points in series.values() for _, a in points]
    best, worst = min(errors) / 1.4, max(errors) * 1.4
    shown = [tick for tick in ticks if best <= 100 - tick <= worst]
    axes.set_yticks([100 - tick for tick in shown], [str(tick) for tick in shown])
    axes.minorticks_off()
    # Ticks within a decade, too: a few runs may lie in one.
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=8))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: _short(x)))
    axes.set_ylim(worst, best)
    axes.margins(x=0.25)
    axes.grid(alpha=0.3)


def _short(value: float) -> str:
    """A round number in few signs: 5, 20k, 1M."""
    if value >= 1e6:
        return f"{value / 1e6:g}M"
    return f"{value / 1e3:g}k" if value >= 1e4 else f"{value:,.10g}"
