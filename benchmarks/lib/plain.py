"""What others train, written as plainly as their authors do; ``training.py`` runs them.

Each function takes MNIST as uint8 arrays, the seed and how many epochs (None for the definition's
own), trains, and returns a ``Trained``. Keras' functions score the test set after each epoch, as
their tutorials do; nothing is chosen by it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]


@dataclass
class Trained:
    """What a training gave.

    Attributes:
        parameters: How many weights the network has.
        probabilities: Of the test rows after the last epoch, shape ``(10000, 10)``.
        started: When the first step began, by ``time.perf_counter``; and so on.
        first: When the first step, which compiles, was done.
        ended: When the last step was done.
        epochs: Seconds since ``first`` (without scoring) and test accuracy after each epoch.
    """

    parameters: int
    probabilities: NDArray[np.float32]
    started: float
    first: float
    ended: float
    epochs: list[tuple[float, float]] = field(default_factory=list)


def cnn(data: Arrays, seed: int, epochs: int | None) -> Trained:
    """The tutorial's convolutional network, 12 epochs."""
    from keras import layers

    stack = [
        layers.Conv2D(32, (3, 3), activation="relu"),
        layers.Conv2D(64, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ]
    return _keras(stack, (28, 28, 1), "adam", data, seed, epochs or 12, 128)


def mlp_512(data: Arrays, seed: int, epochs: int | None) -> Trained:
    """The tutorial's network of one hidden layer, 5 epochs."""
    from keras import layers

    stack = [layers.Dense(512, activation="relu"), layers.Dense(10, activation="softmax")]
    return _keras(stack, (784,), "rmsprop", data, seed, epochs or 5, 128)


def deotte(data: Arrays, seed: int, epochs: int | None) -> Trained:
    """C. Deotte's convolutional network with its augmentation, 30 epochs."""
    import keras
    from keras import layers
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    stack: list[Any] = []
    for width in (32, 64):
        for size, step, padding in ((3, 1, "valid"), (3, 1, "valid"), (5, 2, "same")):
            stack.append(layers.Conv2D(width, size, step, padding, activation="relu"))
            stack.append(layers.BatchNormalization())
        stack.append(layers.Dropout(0.4))
    stack += [layers.Conv2D(128, 4, activation="relu"), layers.BatchNormalization()]
    stack += [layers.Flatten(), layers.Dropout(0.4), layers.Dense(10, activation="softmax")]
    generator = ImageDataGenerator(
        rotation_range=10, zoom_range=0.1, width_shift_range=0.1, height_shift_range=0.1
    )
    rate = keras.callbacks.LearningRateScheduler(lambda epoch: 1e-3 * 0.95**epoch)
    return _keras(stack, (28, 28, 1), "adam", data, seed, epochs or 30, 64, (rate,), generator.flow)


def train_mnist_fast(data: Arrays, seed: int, epochs: int | None) -> Trained:
    """The PyTorch recipe train_mnist_fast: one epoch, one-cycle, rows in the order they have."""
    import torch
    from torch import nn
    from torch.nn import functional

    torch.manual_seed(seed)
    model = nn.Sequential(
        *(nn.Conv2d(1, 24, 5), nn.MaxPool2d(2), nn.ReLU()),
        *(nn.Conv2d(24, 32, 3), nn.MaxPool2d(2), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(800, 256), nn.ReLU(), nn.Linear(256, 10)),
    )
    scaled = {key: (data[key] / 255 - 0.1307) / 0.3081 for key in ("x_train", "x_test")}
    x, x_test = (torch.tensor(v, dtype=torch.float32)[:, None] for v in scaled.values())
    y = torch.tensor(data["y_train"], dtype=torch.int64)
    batch, total = 256, epochs or 1
    steps = total * -(-len(x) // batch)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2, betas=(0.7, 0.9))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=1e-2, total_steps=steps, cycle_momentum=False
    )
    started = time.perf_counter()
    first = 0.0
    for _ in range(total):
        for start in range(0, len(x), batch):
            optimizer.zero_grad()
            loss = functional.cross_entropy(
                model(x[start : start + batch]), y[start : start + batch]
            )
            loss.backward()
            optimizer.step()
            schedule.step()
            first = first or time.perf_counter()
    ended = time.perf_counter()
    with torch.no_grad():
        chances = functional.softmax(model.eval()(x_test), 1).numpy()
    parameters = sum(weights.numel() for weights in model.parameters())
    right = float((chances.argmax(1) == data["y_test"]).mean())
    return Trained(parameters, chances, started, first, ended, [(ended - first, right)])


def _keras(
    stack: list[Any],
    shape: tuple[int, ...],
    optimizer: str,
    data: Arrays,
    seed: int,
    epochs: int,
    batch: int,
    callbacks: tuple[Any, ...] = (),
    flow: Callable[..., Any] | None = None,
) -> Trained:
    """Compiles and fits as the tutorials do."""
    import keras

    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input(shape), *stack])
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
    x, x_test = (
        (data[key] / 255).astype("float32").reshape(-1, *shape) for key in ("x_train", "x_test")
    )
    y, y_test = (keras.utils.to_categorical(data[key], 10) for key in ("y_train", "y_test"))
    watch = _watch()
    rows = {"x": x, "y": y, "batch_size": batch}
    if flow is not None:
        rows = {"x": flow(x, y, batch_size=batch)}
    started = time.perf_counter()
    model.fit(
        **rows,
        epochs=epochs,
        validation_data=(x_test, y_test),
        verbose=0,
        callbacks=[watch, *callbacks],
    )
    chances = model.predict(x_test, verbose=0)
    return Trained(model.count_params(), chances, started, watch.first, watch.ended, watch.epochs)


def _watch() -> Any:
    """A callback that keeps the times of a ``Trained``, scoring left out."""
    import keras

    class Watch(keras.callbacks.Callback):  # type: ignore[misc]
        first = ended = away = 0.0

        def __init__(self) -> None:
            super().__init__()
            self.epochs: list[tuple[float, float]] = []

        def on_train_batch_end(self, batch: int, logs: object = None) -> None:
            self.ended = time.perf_counter() - self.away
            self.first = self.first or self.ended

        def on_test_begin(self, logs: object = None) -> None:
            self._began = time.perf_counter()

        def on_test_end(self, logs: object = None) -> None:
            self.away += time.perf_counter() - self._began

        def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
            self.epochs.append((self.ended - self.first, logs["val_accuracy"]))

    return Watch()


PEERS: dict[str, Callable[[Arrays, int, int | None], Trained]] = {
    "plain cnn": cnn,
    "plain mlp-512": mlp_512,
    "Deotte": deotte,
    "train_mnist_fast": train_mnist_fast,
}
"""By the name that the tables give them."""

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# The kernels that scrawl asks for: what is compared is recipes.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
