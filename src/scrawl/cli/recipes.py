"""``scrawl recipes``: what can be trained."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from scrawl.cli.options import Json, entries

if TYPE_CHECKING:
    from scrawl.data import DatasetInfo
    from scrawl.training.recipe import Recipe


def recipes(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Show this one.")] = None,
    as_json: Json = False,
) -> None:
    """List the recipes, or show the layers, parameters and schedule of one.

    Example: scrawl recipes cnn
    """
    from scrawl.cli.terminal import table
    from scrawl.training.recipes import RECIPES, get

    if name is not None:
        _show(get(name), as_json)
    elif as_json:
        typer.echo(json.dumps([recipe.to_dict() for recipe in entries(RECIPES)], indent=1))
    else:
        head = ["recipe", "data", "parameters", "epochs", "published", ""]
        rows = [
            [r.name, r.data, f"{r.parameters:,}", str(r.epochs), r.published or "–", r.title]
            for r in entries(RECIPES)
        ]
        typer.echo(table([head, *rows]))


def _show(recipe: Recipe, as_json: bool) -> None:
    from scrawl import data
    from scrawl.cli.terminal import table
    from scrawl.training.augment import AUGMENTERS
    from scrawl.training.network import build

    info = data.get(recipe.data).info
    classes = len(info.classes + AUGMENTERS[recipe.augment].extra_classes)
    model = build(recipe, info.image_shape, classes)
    layers = [
        (layer.name, type(layer).__name__, tuple(layer.output.shape[1:]), layer.count_params())
        for layer in model.layers
    ]
    if as_json:
        keys = ("name", "layer", "output_shape", "parameters")
        rows = [dict(zip(keys, layer, strict=True)) for layer in layers]
        typer.echo(json.dumps({**recipe.to_dict(), "layers": rows}, indent=1))
        return
    shown = [
        [kind, "×".join(str(side or "any") for side in shape), f"{count:,}"]
        for _, kind, shape, count in layers
    ]
    typer.echo(f"{recipe.name}: {recipe.title}\n")
    typer.echo(table([["layer", "output", "parameters"], *shown]))
    facts = _facts(recipe, info, model.count_params())
    lines = [f"{key:<11} {value}" for key, value in facts.items() if value]
    typer.echo("\n" + "\n".join(lines))
    for note in recipe.notes:
        typer.echo(f"note        {note}")


def _facts(recipe: Recipe, info: DatasetInfo, parameters: int) -> dict[str, str]:
    """What a recipe says, in words; empty where it says nothing."""
    held_out = recipe.validation_split
    smoothing = recipe.label_smoothing
    return {
        "parameters": f"{parameters:,}",
        "options": ", ".join(f"{key}={_option(value)}" for key, value in recipe.options.items()),
        "task": recipe.task,
        "data": f"{recipe.data}, pixels divided by {info.pixel_max}",
        "test rows": info.split,
        "validation": f"the last {held_out:.0%} of the training rows" if held_out else "",
        "augment": recipe.augmentation,
        "loss": recipe.loss,
        "smoothing": f"{smoothing:g} of every label" if smoothing else "",
        "optimizer": f"{recipe.optimizer}, learning rate {recipe.learning_rate}",
        "schedule": recipe.course,
        "precision": recipe.precision,
        "published": recipe.published or "no figure",
        "source": recipe.source or "",
    }


def _option(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
