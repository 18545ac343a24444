"""Parameters that several requests of ``/v1`` have."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from scrawl.serve.wanted import Wanted

One = Annotated[bool, Query(description="Exactly one digit on each picture.")]
Model = Annotated[str | None, Query(description="A model's name; none for the server's own.")]
Version = Annotated[str | None, Query(description="Its version; none for the newest.")]
Threshold = Annotated[
    float | None,
    Query(ge=0, le=1, description="Doubts digits below this confidence; none for the server's."),
]
Number = Annotated[bool, Query(description="Exactly one number on each picture.")]
Digits = Annotated[
    str | None,
    Query(
        description="With number=true: how many digits it has, such as 6, or from 4 to 7 (4-7).",
        max_length=20,
    ),
]


async def _asked(
    one: One = False,
    model: Model = None,
    version: Version = None,
    threshold: Threshold = None,
    number: Number = False,
    digits: Digits = None,
) -> Wanted:
    return Wanted(one, model, version, threshold, number=number, digits=digits)


Asked = Annotated[Wanted, Depends(_asked)]
"""What a request wants read of its pictures."""
