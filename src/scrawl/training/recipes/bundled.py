"""The models that scrawl carries."""

from __future__ import annotations

from scrawl.training.recipe import Recipe

RECIPES = (
    Recipe(
        name="reader",
        title="The model that scrawl carries: reads real pictures, knows what is no digit",
        data="mnist",
        model="reader",
        options={
            "stem": 32,
            "filters": (64, 64, 112, 112),
            "units": 192,
            "dropout": 0.2,
            "shortcuts": 1,
        },
        optimizer="adamw",
        learning_rate=0.006,
        schedule="one-cycle",
        weight_decay=0.02,
        batch_size=256,
        epochs=40,
        validation_split=0.08333,
        augment="reader",
        hands=("pendigits", "uji", "omniglot", "optdigits"),
        parameters=431_467,
        notes=(
            "An epoch is 55,000 pictures made from the first 55,000 training rows, from the "
            "training parts of other hands and from pen strokes; no real picture is among them. "
            "The last 5,000 rows and six writers of pendigits, who train nothing, fix temperature "
            "and threshold.",
        ),
    ),
    Recipe(
        name="pages",
        title="The model that scrawl carries for numbers and pages: finds and reads every digit",
        data="mnist",
        model="detector",
        options={"stem": 24, "filters": (32, 72, 112)},
        task="detector",
        loss="detection",
        optimizer="adamw",
        learning_rate=0.002,
        schedule="one-cycle",
        weight_decay=0.02,
        batch_size=16,
        epochs=28,
        validation_split=0.08333,
        augment="pages",
        parameters=687_738,
        notes=(
            "An epoch is 6,875 strips of pages, written with digits of the first 55,000 training "
            "rows and with pen strokes; no real picture is among them. Strips of the last 5,000 "
            "rows fix odds, temperature and threshold.",
        ),
    ),
    Recipe(
        name="lines",
        title="The model that scrawl carries for lines: reads a number as a whole",
        data="mnist",
        model="transcriber",
        options={
            "stem": 32,
            "filters": (64, 96),
            "width": 128,
            "blocks": 6,
            "reach": 5,
            "dropout": 0.1,
        },
        task="transcriber",
        loss="ctc",
        optimizer="adamw",
        learning_rate=0.003,
        schedule="one-cycle",
        weight_decay=0.02,
        batch_size=32,
        epochs=32,
        cycles=2,
        validation_split=0.08333,
        augment="lines",
        hands=("pendigits", "uji"),
        parameters=1_000_260,
        notes=(
            "An epoch is 11,000 rows of two or three lines, written with the strokes of "
            "recorded hands, a writer's own together, and with digits of the first 55,000 training "
            "rows; no real picture is among them. Lines of six writers of "
            "pendigits, who train nothing, and of the last 5,000 rows fix the temperature.",
        ),
    ),
)
