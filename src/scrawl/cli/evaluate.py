"""``scrawl evaluate``: the scores of a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scrawl.cli.options import (
    Data,
    DataDir,
    Device,
    Json,
    Model,
    Split,
    Threads,
    check_data,
)

if TYPE_CHECKING:
    from scrawl.evaluate import Report
    from scrawl.one_digit import OneDigitReader


def evaluate(
    model: Model = None,
    data: Data = None,
    pictures: Annotated[
        Path | None,
        typer.Option(
            metavar="SOURCE",
            help="Pictures of your own instead: a folder for each digit, a CSV with the columns "
            "file and label (and source), or another format of labelled pictures. Where it has the "
            "texts of numbers, whole numbers are scored.",
        ),
    ] = None,
    split: Split = "test",
    threshold: Annotated[
        float | None,
        typer.Option(help="A digit below this confidence, 0 to 1, is uncertain."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="OUT.html", help="Write the HTML report here.")
    ] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
    device: Device = "cpu",
    threads: Threads = None,
) -> None:
    """Score a model: loss, accuracy with its interval, per class, confusion, worst mistakes.

    Example: scrawl evaluate runs/cnn --data mnist --report report.html
    """
    from scrawl.data.formats import holds_numbers
    from scrawl.errors import InputError
    from scrawl.one_digit import OneDigitReader

    if data and pictures:
        raise InputError("evaluate: expected --data or --pictures, received both")
    if pictures and holds_numbers(pictures):
        _evaluate_numbers(model, pictures, threshold, report, as_json, device, threads)
        return
    reader = OneDigitReader.load(model, threshold=threshold, device=device, threads=threads)
    if pictures:
        scores, pixel_max = _score_pictures(reader, pictures)
    else:
        scores, pixel_max = _score(
            reader, check_data(data or reader.digits.info.data), split, data_dir
        )
    if report is not None:
        from scrawl.files import write_text
        from scrawl.report.html import render

        write_text(report, render(scores, pixel_max))
        typer.echo(f"wrote {report}", err=True)
    for line in scores.errors:
        typer.echo(f"scrawl: {line}", err=True)
    typer.echo(json.dumps(scores.to_dict(), indent=1) if as_json else _scores(scores))
    if scores.errors:
        raise typer.Exit(1)


def _evaluate_numbers(
    model: Path | None,
    source: Path,
    threshold: float | None,
    report: Path | None,
    as_json: bool,
    device: str,
    threads: int | None,
) -> None:
    from scrawl.cli.evaluate_numbers import said, score
    from scrawl.errors import InputError

    if report is not None:
        raise InputError("--report: expected labels of single digits, received texts of numbers")
    scores = score(model, source, threshold, device, threads)
    for line in scores.errors:
        typer.echo(f"scrawl: {line}", err=True)
    typer.echo(json.dumps(scores.to_dict(), indent=1) if as_json else said(scores))
    if scores.errors:
        raise typer.Exit(1)


def _score_pictures(reader: OneDigitReader, source: Path) -> tuple[Report, int]:
    """The scores, and the value of full ink in the images that were scored."""
    from scrawl.data.pictures import labelled
    from scrawl.evaluate import evaluate_pictures

    info = reader.digits.info
    return evaluate_pictures(
        reader, labelled(source, info.alphabet), f"{info.recipe} on {source}"
    ), 255


def _score(
    single: OneDigitReader, name: str, split: str, data_dir: Path | None
) -> tuple[Report, int]:
    """Likewise, on a data set."""
    from scrawl import data
    from scrawl.data.pictures import from_dataset
    from scrawl.errors import InputError
    from scrawl.evaluate import evaluate as score
    from scrawl.evaluate import evaluate_pictures

    dataset, reader = data.load(name, data_dir), single.digits
    if dataset.info.classes != reader.info.alphabet:
        raise InputError(
            f"--data {name}: expected the classes that the model reads, "
            f"{' '.join(reader.info.alphabet)}, received {' '.join(dataset.info.classes)}"
        )
    title = f"{reader.info.recipe} on {name} {split}"
    if dataset.info.image_shape != reader.info.image_shape and reader.reads_pictures:
        return evaluate_pictures(single, from_dataset(dataset, split), title), 255
    disputed = dataset.info.disputed if split == "test" else ()
    return score(reader, *dataset.split(split), title, disputed), dataset.info.pixel_max


def _scores(scores: Report) -> str:
    from scrawl.cli.terminal import table

    low, high = scores.interval
    head = (
        f"{scores.title}, {scores.n:,} images\n"
        f"accuracy {scores.accuracy:.2%} (95% interval {low:.2%} to {high:.2%})\n"
    )
    if scores.disputed:
        head += f"         {scores.undisputed:.2%} without {len(scores.disputed)} disputed labels\n"
    head += f"loss     {scores.loss:.4f} ({scores.loss_name})\n"
    if scores.threshold:
        head += f"kept     {scores.kept.mean():.2%} at threshold {scores.threshold:.2f}\n"
    sources = [
        [row["source"], str(row["n"]), f"{row['accuracy']:.2%}", f"{row['kept']:.2%}"]
        for row in scores.per_source()
    ]
    if sources:
        head += "\n" + table([["source", "pictures", "accuracy", "kept"], *sources]) + "\n"
    rows = [
        [
            row["class"],
            str(row["n"]),
            f"{row['recall']:.2%}",
            "–" if row["precision"] is None else f"{row['precision']:.2%}",
        ]
        for row in scores.per_class()
    ]
    confusion = [[c, *map(str, r)] for c, r in zip(scores.classes, scores.confusion, strict=True)]
    return (
        f"{head}\n{table([['class', 'images', 'recall', 'precision'], *rows])}\n\n"
        "confusion matrix: a row for each label, a column for each answer\n\n"
        f"{table([['', *scores.classes], *confusion])}"
    )
