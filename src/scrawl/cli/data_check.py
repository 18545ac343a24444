"""What ``scrawl data check`` does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import typer

from scrawl.bundle import DIGITS
from scrawl.cli.terminal import table
from scrawl.data.check import Finding, check
from scrawl.data.formats import Item, read
from scrawl.data.numbers import digits_of
from scrawl.data.own import class_order, held_out
from scrawl.data.pictures import NONE_OF_THEM, LabelledPicture
from scrawl.digit_reader import DigitReader
from scrawl.errors import DataError, InputError, PictureError
from scrawl.evaluate import Report, evaluate_pictures
from scrawl.files import writing
from scrawl.images import load
from scrawl.one_digit import OneDigitReader
from scrawl.pages.reader import PageReader

SURE = 0.95
"""The confidence above which a picture that is read otherwise likely has a wrong label."""

SHOWN = 100
"""Pictures on a grid."""

NAMED = 16
"""Signs of a picture's name that have room above it; its end says most."""

LISTED = 20
"""Lines of each kind of fault: a screen of them."""


def run(source: Path, model: Path | None, save: Path | None, as_json: bool) -> None:
    """Prints what is wrong with a source; ends with exit code 1 where that is fatal."""
    items = read(source)
    if any(item.number for item in items):
        _run_numbers(source, items, model, save, as_json)
        return
    reader = DigitReader.load(model)
    classes = class_order(item.label for item in items)
    alphabet = (*reader.info.alphabet, *NONE_OF_THEM)
    # Other signs are no mistake, unless a model was named that should read them.
    expected = alphabet if model is not None or {*classes} & {*reader.info.alphabet} else None
    findings = check(items, expected)
    report = _read(reader, items)
    doubtful = [] if report is None else _doubtful(report)
    if report is not None:
        findings += [_finding(report, row) for row in doubtful]
    counts = Counter(item.label for item in items)
    _, how = held_out(items)
    _say(source, items, counts, how, findings, as_json)
    if save is not None:
        if report is not None and doubtful:
            _draw(report, doubtful, save)
        said = f"wrote {save}" if doubtful else f"nothing to show, so {save} was not written"
        typer.echo(said, err=True)
    _end(findings)


def _run_numbers(
    source: Path, items: Sequence[Item], model: Path | None, save: Path | None, as_json: bool
) -> None:
    """The same of pictures of numbers, which a reader of lines is to learn from."""
    if save is not None:
        raise InputError("--save: expected labels of single digits, received the texts of numbers")
    reader = PageReader.load(lines=model)
    findings, lengths = check(items), Counter[str]()
    for item in items:
        try:
            digits = digits_of(item, DIGITS)
        except DataError as error:
            findings.append(Finding("outside", True, str(error), (item.name,)))
            continue
        lengths[str(len(digits))] += 1
        if _opens(item):
            reading = reader.read(item.picture, number=True)
            said = tuple(one.digit for one in reading.digits)
            if said and said != digits and not reading.uncertain:
                text = f"{item.name}: labelled {item.label}, read as {reading.text}"
                findings.append(Finding("otherwise", False, text, (item.name,)))
    findings.sort(key=lambda one: not one.fatal)
    _say(source, items, lengths, held_out(items)[1], findings, as_json, "digits")
    _end(findings)


def _end(findings: Sequence[Finding]) -> None:
    if any(one.fatal for one in findings):
        raise typer.Exit(1)


def _read(reader: DigitReader, items: Sequence[Item]) -> Report | None:
    """What the model reads of those pictures whose labels it knows; None where there are none."""
    place = {name: at for at, name in enumerate(reader.info.alphabet)}
    known = []
    for item in items:
        if item.label in place and _opens(item):
            known.append(LabelledPicture(item.picture, item.name, place[item.label], item.source))
    if not known or not reader.reads_pictures:
        return None
    return evaluate_pictures(OneDigitReader(reader), known, "check")


def _opens(item: Item) -> bool:
    try:
        load(item.picture)
    except PictureError:
        return False
    return True


def _doubtful(report: Report) -> list[int]:
    """The rows that are surely read otherwise, the surest first."""
    rows = np.flatnonzero((report.predicted != report.labels) & (report.confidence > SURE))
    return [int(row) for row in rows[np.argsort(-report.confidence[rows], kind="stable")]]


def _finding(report: Report, row: int) -> Finding:
    said, label = (report.classes[int(at[row])] for at in (report.predicted, report.labels))
    confidence = float(report.confidence[row])
    text = f"{report.name(row)}: labelled {label}, read as {said} ({confidence:.1%})"
    return Finding("otherwise", False, text, (report.name(row),))


def _say(
    source: Path,
    items: Sequence[Item],
    counts: Counter[str],
    how: str,
    findings: list[Finding],
    as_json: bool,
    kind: str = "class",
) -> None:
    """Says what was found; a ``kind`` of pictures is what they are counted by."""
    kinds = {"class": "classes", "digits": "lengths"}[kind]
    if as_json:
        facts = {"pictures": len(items), kinds: dict(counts), "split": how}
        typer.echo(json.dumps({**facts, "findings": [one.to_dict() for one in findings]}, indent=1))
        return
    head = f"{source}: {len(items):,} pictures, {len(counts)} {kinds}; to test on: {how}\n"
    rows = [[kind, "pictures"], *([name, f"{counts[name]:,}"] for name in class_order(counts))]
    typer.echo(f"{head}\n{table(rows)}\n")
    listed: Counter[str] = Counter()
    for one in findings:
        listed[one.kind] += 1
        if listed[one.kind] <= LISTED:
            typer.echo(f"{'wrong' if one.fatal else 'note '} {one.kind:<13} {one.text}")
    for kind, count in listed.items():
        if count > LISTED:
            typer.echo(f"…     {kind:<13} and {count - LISTED:,} more (--json lists all)")
    fatal = sum(one.fatal for one in findings)
    typer.echo(f"{fatal} to mend before training, {len(findings) - fatal} to look at")


def _draw(report: Report, rows: Sequence[int], out: Path) -> None:
    from scrawl.report import plots

    shown = list(rows[:SHOWN])
    names = [
        f"…{report.name(row)[-NAMED:]}\n{report.classes[int(report.labels[row])]}, "
        f"or {report.classes[int(report.predicted[row])]}?"
        for row in shown
    ]
    with writing(out) as aside:
        plots.save(plots.grid(report.images[shown], names, 255), aside)
