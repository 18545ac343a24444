"""``scrawl explain``: why a picture of one digit was read so."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scrawl.cli.options import ModelFile


def explain(
    picture: Annotated[Path, typer.Argument(metavar="PICTURE", help="A picture of one digit.")],
    out: Annotated[Path, typer.Option(metavar="OUT.png", help="The picture to write.")],
    layers: Annotated[
        bool,
        typer.Option("--layers", help="What each layer of the network makes of the digit."),
    ] = False,
    model: ModelFile = None,
) -> None:
    """Draw why a digit was read so: which ink mattered, or what each layer makes of it.

    Example: scrawl explain photo.jpg --layers --out layers.png
    """
    from scrawl.digit_reader import DigitReader
    from scrawl.drawing import save
    from scrawl.errors import PictureError

    reader = DigitReader.load(model)
    prediction = reader.read(picture)
    if prediction.box is None:
        raise PictureError(f"{picture}: no ink found, the picture is blank")
    if layers:
        from scrawl.report.layers import layers as drawn
        from scrawl.training.feature_maps import feature_maps
        from scrawl.weights import READER

        maps = feature_maps(READER if model is None else model, prediction.image)
        image = drawn(prediction.image, maps, f"read: {prediction.verdict}")
    else:
        image = reader.explain(picture, prediction)
    save(image, out)
    typer.echo(f"wrote {out}: {prediction.verdict}")
