"""``scrawl predict``, ``evaluate``, ``compare`` and ``export``: what is done with a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scrawl.cli.data import check_index
from scrawl.cli.options import DataDir, Device, Json, Threads
from scrawl.cli.train import RUNS

if TYPE_CHECKING:
    from scrawl.digit_reader import DigitReader
    from scrawl.evaluate import Report
    from scrawl.training.run import Run

Model = Annotated[
    Path | None,
    typer.Argument(
        metavar="[MODEL]", help="A run folder or an .onnx file; the model scrawl carries if none."
    ),
]
Data = Annotated[
    str | None, typer.Option(metavar="NAME", help="A data set; the model's own if not given.")
]
Split = Annotated[str, typer.Option(help="'train' or 'test'.")]


def predict(
    model: Model = None,
    data: Data = None,
    index: Annotated[int, typer.Option(help="Which row.")] = 0,
    split: Split = "test",
    data_dir: DataDir = None,
    as_json: Json = False,
    device: Device = "cpu",
    threads: Threads = None,
) -> None:
    """Show one digit of a data set, the ten probabilities, the answer and the truth.

    Example: scrawl predict runs/cnn --data mnist --index 0
    """
    from scrawl import data as datasets
    from scrawl.cli.terminal import bars, picture
    from scrawl.digit_reader import DigitReader

    reader = DigitReader.load(model, device=device, threads=threads)
    name = data or reader.info.data
    dataset = datasets.load(name, data_dir)
    x, y = dataset.split(split)
    row = check_index(index, len(x), f"{name} {split}")
    probabilities = reader.probabilities(x[row : row + 1])[0]
    classes = reader.info.classes
    answer, truth = classes[int(probabilities.argmax())], dataset.info.classes[y[row]]
    if as_json:
        result = {
            "data": name,
            "split": split,
            "index": row,
            "answer": answer,
            "confidence": float(probabilities.max()),
            "truth": truth,
            "probabilities": dict(zip(classes, probabilities.tolist(), strict=True)),
        }
        typer.echo(json.dumps(result, indent=1))
        return
    verdict = "right" if answer == truth else "wrong"
    typer.echo(
        f"{picture(x[row], dataset.info.pixel_max)}\n\n{bars(classes, probabilities)}\n\n"
        f"answer {answer}, truth {truth}: {verdict}"
    )


def evaluate(
    model: Model = None,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FOLDER|CSV",
            help="A data set, folders 0 to 9 of pictures, or a CSV with the columns file and label "
            "(and source); the model's own data set if not given.",
        ),
    ] = None,
    split: Split = "test",
    threshold: Annotated[
        float | None, typer.Option(help="Count a digit below this confidence as rejected, 0 to 1.")
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
    from scrawl.digit_reader import DigitReader

    reader = DigitReader.load(model, threshold=threshold, device=device, threads=threads)
    scores, pixel_max = _score(reader, data or reader.info.data, split, data_dir)
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


def _score(reader: DigitReader, name: str, split: str, data_dir: Path | None) -> tuple[Report, int]:
    """The scores, and the value of full ink in the images that were scored."""
    from scrawl import data
    from scrawl.data import pictures
    from scrawl.evaluate import evaluate as score
    from scrawl.evaluate import evaluate_pictures

    recipe = reader.info.recipe
    if name not in data.DATASETS and Path(name).exists():
        items = pictures.labelled(Path(name))
        return evaluate_pictures(reader, items, f"{recipe} on {name}"), 255
    dataset = data.load(name, data_dir)
    title = f"{recipe} on {name} {split}"
    if dataset.info.image_shape != reader.info.image_shape and reader.reads_pictures:
        return evaluate_pictures(reader, pictures.from_dataset(dataset, split), title), 255
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


def compare(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN...", help="Run folders; the name of a recipe is trained if it was not yet."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="OUT.png", help="Write the learning curves here.")
    ] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Put runs side by side: parameters, seconds, accuracy, curves.

    Example: scrawl compare mlp-deep cnn-small --out curves.png
    """
    from scrawl.cli.terminal import table

    chosen = {name: _run(name, data_dir) for name in dict.fromkeys(runs)}
    figures = {name: run.metrics() for name, run in chosen.items()}
    if out is not None:
        from scrawl.files import writing
        from scrawl.report import plots

        logs = {name: run.read_log() for name, run in chosen.items()}
        with writing(out) as aside:
            tests = {name: figure["test"] for name, figure in figures.items()}
            plots.save(plots.curves(logs, tests), aside)
        typer.echo(f"wrote {out}", err=True)
    if as_json:
        typer.echo(json.dumps(figures, indent=1))
        return
    head = ["run", "recipe", "data", "parameters", "epochs", "seconds"]
    rows = [
        [
            name,
            figure["recipe"],
            figure["data"],
            f"{figure['parameters']:,}",
            str(figure["epochs"]),
            f"{figure['seconds']:.0f}",
            f"{figure['train']['accuracy']:.2%}",
            f"{figure['test']['accuracy']:.2%}",
            "{:.2%} to {:.2%}".format(*figure["test"]["interval"]),
        ]
        for name, figure in figures.items()
    ]
    typer.echo(table([[*head, "training", "test", "95% interval"], *rows]))


def _run(name: str, data_dir: Path | None) -> Run:
    """A run folder; for a recipe's name its newest complete run, trained now if there is none."""
    from scrawl.errors import InputError
    from scrawl.training.recipes import RECIPES
    from scrawl.training.run import Run

    if (Path(name) / "recipe.toml").is_file():
        return Run.open(Path(name))
    if name not in RECIPES:
        raise InputError(
            f"{name}: expected a run folder or a recipe (there are: {', '.join(RECIPES)})"
        )
    done = [file.parent for file in RUNS.glob(f"{name}-[0-9]*/metrics.json")]
    runs = [run for run in map(Run.open, sorted(done)) if run.recipe == RECIPES[name]]
    if runs:
        return runs[-1]
    from scrawl.cli.train import start

    return start(name, None, {}, data_dir)


def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="The file to write, ending in .onnx or .keras.")
    ],
    int8: Annotated[
        bool, typer.Option("--int8", help="Weights and activations of 8 bits, for small devices.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Export a run as ONNX or as a Keras file; ONNX is checked against Keras.

    Example: scrawl export runs/tiny tiny.onnx --int8
    """
    from scrawl.training.run import Run

    opened = Run.open(run)
    if int8:
        from scrawl.training.quantise import quantise_run

        typer.echo(quantise_run(opened, out, data_dir))
        return
    from scrawl.training.finish import export_run

    typer.echo(export_run(opened, out))
