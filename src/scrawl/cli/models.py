"""``scrawl predict``, ``compare`` and ``export``: what is done with a model."""

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
    check_index,
)
from scrawl.cli.train import RUNS

if TYPE_CHECKING:
    from scrawl.training.exporters import Exported
    from scrawl.training.run import Run


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
    name = check_data(data or reader.info.data)
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
    families: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.png", help="Write accuracy against seconds and against parameters here."
        ),
    ] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Put runs side by side: parameters, seconds, accuracy, curves.

    Example: scrawl compare mlp-deep cnn-small --out curves.png --families families.png
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
    if families is not None:
        _draw_families(chosen, families)
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


def _draw_families(runs: dict[str, Run], out: Path) -> None:
    """Runs of one recipe, such as several seeds, are the points of one line."""
    from scrawl.files import writing
    from scrawl.report import plots

    seconds: dict[str, list[tuple[float, float]]] = {}
    parameters: dict[str, list[tuple[float, float]]] = {}
    for run in runs.values():
        figure, name = run.metrics(), f"{run.recipe.name} ({run.recipe.model})"
        accuracy = 100 * figure["test"]["accuracy"]
        seconds.setdefault(name, []).append((figure["seconds"], accuracy))
        parameters.setdefault(name, []).append((figure["parameters"], accuracy))
    with writing(out) as aside:
        plots.save(plots.families(seconds, parameters), aside)
    typer.echo(f"wrote {out}", err=True)


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
    run: Annotated[
        Path,
        typer.Argument(
            metavar="RUN",
            help="A run folder; for a page of HTML also an .onnx file of scrawl's, or 'bundled'.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            help="The file to write; its ending says the format: .onnx, .keras, .tflite (LiteRT), "
            ".savedmodel (a folder), .xml (OpenVINO), .h (C for microcontrollers), .html (a page "
            "that reads what is drawn on it, without a server).",
        ),
    ],
    int8: Annotated[
        bool, typer.Option("--int8", help="Weights and activations of 8 bits, for small devices.")
    ] = False,
    card: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write a model card in Hugging Face's form, too, such as README.md.",
        ),
    ] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Export a run for another program; what was written is checked in its own runtime.

    Example: scrawl export runs/tiny tiny.tflite --int8 --card README.md
    """
    from dataclasses import asdict

    from scrawl import weights
    from scrawl.errors import InputError
    from scrawl.training.beforehand import BUNDLED
    from scrawl.training.exporters import export as write
    from scrawl.training.run import Run

    opened: Run | Path
    if run == Path(BUNDLED):
        opened = weights.reader_for("cpu")
    else:
        opened = run if run.suffix == ".onnx" else Run.open(run)
    if card is not None and isinstance(opened, Path):
        raise InputError(f"--card: expected a run folder, which has its figures, received {run}")
    exported = write(opened, out, int8=int8, data_dir=data_dir)
    if card is not None and isinstance(opened, Run):
        from scrawl.training.model_card import write_card

        write_card(opened, out, card)
        typer.echo(f"wrote {card}", err=True)
    table = {**asdict(exported), "path": str(exported.path)}
    typer.echo(json.dumps(table, indent=1) if as_json else _exported(exported))


def _exported(file: Exported) -> str:
    """What was written, in a sentence."""
    text = f"wrote {file.path}: {file.size:,} bytes"
    if file.weights is not None:
        text += f", {file.weights:,} of them weights"
    if file.difference is not None:
        text += f"; it differs from Keras by {file.difference:.1e} at most"
    if file.agreement is not None:
        text += (
            f"; it answers as in float32 on {file.agreement:.2%} of {file.asked:,} training "
            "pictures"
        )
    return text
