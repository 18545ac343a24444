"""What ``scrawl train`` says at its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from scrawl.training.run import Run

READ_WITH = {
    "classifier": "scrawl read --one PICTURE --model",
    "autoencoder": "scrawl read --one PICTURE --model",
    "detector": "scrawl read PICTURE --model",
    "transcriber": "scrawl read --number PICTURE --lines",
}
"""How a run of each task is read with; its folder comes after it."""


def say(run: Run, as_json: bool) -> None:
    """Prints the figures of a complete run, and how pictures are read with it."""
    metrics = run.metrics()
    if as_json:
        typer.echo(json.dumps({"run": str(run.folder), **metrics}, indent=1))
        return
    from scrawl.training.finish import said_of_gains

    test, training = metrics["test"], metrics["train"]
    gained = [f"{name:<17} {text}\n" for name, text in said_of_gains(metrics).items()]
    low, high = test["interval"]
    typer.echo(
        f"test accuracy     {test['accuracy']:.2%} (95% interval {low:.2%} to {high:.2%})\n"
        f"test loss         {test['loss']:.4f}\n"
        f"training accuracy {training['accuracy']:.2%}, "
        f"{metrics['gap'] * 100:.2f} points above test\n"
        f"{''.join(gained)}"
        f"time              {metrics['seconds']:.1f} s\n"
        f"run               {run.folder}\n"
        f"read with it      {READ_WITH[run.recipe.task]} {run.folder}"
    )
