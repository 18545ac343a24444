"""Families of networks beside the tutorials', to compare."""

from __future__ import annotations

from scrawl.training.recipe import Recipe

RECIPES = (
    Recipe(
        name="softmax",
        title="No hidden layer: what a linear classifier gives",
        data="mnist",
        model="mlp",
        options={"units": ()},
        batch_size=128,
        epochs=10,
        parameters=7_850,
        published="88–92.4%: LeCun's page, linear classifiers",
    ),
    Recipe(
        name="rnn",
        title="A recurrent network that reads the picture row by row",
        data="mnist",
        model="recurrent",
        options={"cell": "simple", "units": (128,), "dropout": 0.0},
        optimizer="adamw",
        learning_rate=0.001,
        schedule="one-cycle",
        batch_size=128,
        epochs=10,
        parameters=21_386,
    ),
    Recipe(
        name="lstm",
        title="Long short-term memory over the rows",
        data="mnist",
        model="recurrent",
        options={"cell": "lstm", "units": (128,), "dropout": 0.2},
        optimizer="adamw",
        learning_rate=0.004,
        schedule="one-cycle",
        weight_decay=0.01,
        batch_size=128,
        epochs=12,
        augment="distorted",
        parameters=81_674,
    ),
    Recipe(
        name="autoencoder",
        title="Pictures to 32 numbers and back, and a softmax on those numbers",
        data="mnist",
        model="autoencoder",
        options={"units": (256,), "code": 32},
        task="autoencoder",
        optimizer="adamw",
        learning_rate=0.003,
        schedule="one-cycle",
        batch_size=128,
        epochs=20,
        parameters=419_450,
        notes=(
            "The code learns from the pictures alone; labels reach only the softmax. "
            "reconstructions.png in the run folder shows what the code keeps.",
        ),
    ),
)
