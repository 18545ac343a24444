"""What ``scrawl evaluate --pictures`` does where each picture shows a number."""

from __future__ import annotations

from pathlib import Path

from scrawl.bundle import CLASSIFY, DETECT, DIGITS, TRANSCRIBE
from scrawl.cli.terminal import table
from scrawl.data.numbers import numbers
from scrawl.errors import InputError
from scrawl.evaluate_numbers import NumberReport, evaluate_numbers
from scrawl.network import Network
from scrawl.pages.reader import PageReader

PLACES = {CLASSIFY: "reader", DETECT: "model", TRANSCRIBE: "lines"}
"""Which of the page reader's networks a model of each task takes the place of."""

LISTED = 20
"""Mistakes that are listed: a screen of them."""


def score(
    model: Path | None,
    source: Path,
    threshold: float | None,
    device: str,
    threads: int | None,
) -> NumberReport:
    """The scores of the page reader with a model in its place.

    Raises:
        ModelError: The model cannot be loaded.
        DataError: The source holds no pictures of numbers.
        InputError: An option cannot be used, the model is for something else, or no picture opens.
    """
    items, given = numbers(source, DIGITS), {}
    if model is not None:
        task = Network(model).info.task
        if task not in PLACES:
            raise InputError(f"{model}: expected a model for {', '.join(PLACES)}, received {task}")
        given[PLACES[task]] = str(model)
    reader = PageReader.load(**given, threshold=threshold, device=device, threads=threads)
    return evaluate_numbers(reader, items, f"{model or 'the carried models'} on {source}")


def said(scores: NumberReport) -> str:
    """The scores in words."""
    low, high = scores.interval
    head = (
        f"{scores.title}, {len(scores.rows):,} numbers\n"
        f"right      {scores.accuracy:.2%} (95% interval {low:.2%} to {high:.2%})\n"
        f"uncertain  {scores.uncertain:.2%}: a person should look\n"
        f"silent     {scores.silent:.2%}: wrong, and nobody is asked to look\n"
    )
    sources = [
        [name, str(len(one.rows)), *(f"{v:.2%}" for v in (one.accuracy, one.uncertain, one.silent))]
        for name, one in scores.per_source()
    ]
    if sources:
        names = ["source", "numbers", "right", "uncertain", "silent"]
        head += f"\n{table([names, *sources])}\n"
    wrong = [
        [row.name, row.text, row.read or "–", "uncertain" if row.uncertain else "not marked"]
        for row in scores.mistakes
    ]
    if not wrong:
        return head.rstrip()
    more = f"\n… and {len(wrong) - LISTED:,} more" if len(wrong) > LISTED else ""
    return f"{head}\n{table([['wrong', 'shows', 'read', ''], *wrong[:LISTED]])}{more}"
