"""What a recipe is: everything that decides a training, in one frozen value."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scrawl.data import DATASETS
from scrawl.data import require as require_data
from scrawl.errors import InputError, unknown
from scrawl.training.augment import AUGMENTERS
from scrawl.training.models import MODELS
from scrawl.training.tasks import LOSSES, TASKS

OPTIMIZERS = ("adam", "adamw", "rmsprop", "sgd")
SCHEDULES = ("constant", "one-cycle")
PRECISIONS = ("float32", "mixed_bfloat16")

_CHOICES = {
    "optimizer": OPTIMIZERS,
    "precision": PRECISIONS,
    "schedule": SCHEDULES,
}

Option = int | float | str | tuple[int, ...]
"""The value of a network's option, such as ``units = (256, 256)``."""


@dataclass(frozen=True)
class Recipe:
    """A named training: data, network, loss, optimizer, schedule.

    Attributes:
        name: The key in ``RECIPES``.
        title: One line that says what it is.
        data: A key of ``scrawl.data.DATASETS``, or a file or folder of labelled pictures; the
            network's input and classes follow from it.
        model: A key of ``scrawl.training.models.MODELS``.
        options: What the network's function is called with, besides input shape and classes.
        task: A key of ``scrawl.training.tasks.TASKS``: what the network is trained to do.
        loss: One of the task's in ``scrawl.training.tasks.LOSSES``.
        label_smoothing: The share of each label that is spread over all classes (C. Szegedy et
            al., 2016), with ``categorical_crossentropy``; in [0, 1).
        optimizer: One of ``OPTIMIZERS``.
        learning_rate: Above 0; the peak where the schedule is ``one-cycle``.
        schedule: ``constant``, or ``one-cycle``: a linear rise over the first 15% of all steps,
            then half a cosine to zero.
        cycles: How many times ``one-cycle`` is gone through, so that a training can go on from
            where a shorter one ended; the peak of the second is a half of ``learning_rate``, of
            the third a third (I. Loshchilov and F. Hutter, "SGDR: Stochastic gradient descent with
            warm restarts", 2017); at least 1, and a divisor of ``epochs``.
        weight_decay: Of ``adamw``, on kernels alone; at least 0.
        batch_size: Pictures a step.
        epochs: Passes over the training rows.
        validation_split: The share of training rows, counted from the end as Keras does, that is
            scored after each epoch and not trained on; in [0, 1).
        augment: A key of ``scrawl.training.augment.AUGMENTERS``, or empty for the rows as they
            are.
        plain_share: The share of the epochs, at the end, whose rows are not augmented, so that the
            network ends on what it will be asked (Z. He et al., "Data augmentation revisited",
            2019); in [0, 1), for an ``augment`` that adds neither rows nor classes.
        hands: The data sets of other hands that ``augment`` writes with, besides ``data``.
        pictures: A folder or CSV of a user's own pictures to train on as well; empty for none.
        start: A run folder, a ``.keras`` file, or ``bundled``: whose weights to start from; empty
            for random weights.
        precision: One of ``PRECISIONS``: with ``mixed_bfloat16`` weights are float32 and what is
            computed with them bfloat16, 1.5 times as fast where the processor has it, and many
            times as slow where it has not.
        seed: Of the initial weights, the order of the rows, dropout and augmentation.
        parameters: How many weights the network has; a test builds it and counts.
        published: The figure its source gives, as text.
        source: Which tutorial it comes from, if any.
        notes: Where the recipe does what its source means rather than what it says.
    """

    name: str
    title: str
    data: str
    model: str
    options: Mapping[str, Option] = field(default_factory=dict)
    task: str = "classifier"
    loss: str = "categorical_crossentropy"
    label_smoothing: float = 0.0
    optimizer: str = "adam"
    learning_rate: float = 0.001
    schedule: str = "constant"
    cycles: int = 1
    weight_decay: float = 0.0
    batch_size: int = 128
    epochs: int = 5
    validation_split: float = 0.0
    augment: str = ""
    plain_share: float = 0.0
    hands: tuple[str, ...] = ()
    pictures: str = ""
    start: str = ""
    precision: str = "float32"
    seed: int = 0
    parameters: int = 0
    published: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _require("epochs", self.epochs, self.epochs >= 1, "a whole number from 1")
        _require("batch_size", self.batch_size, self.batch_size >= 1, "a whole number from 1")
        _require("seed", self.seed, 0 <= self.seed < 2**31, "a whole number from 0 to 2147483647")
        _require("learning_rate", self.learning_rate, 0 < self.learning_rate < 100, "above 0")
        whole = self.cycles >= 1 and self.epochs % self.cycles == 0
        _require("cycles", self.cycles, whole, f"a divisor of the {self.epochs} epochs")
        again = self.cycles == 1 or self.schedule == "one-cycle"
        _require("cycles", self.cycles, again, f"1 with the schedule {self.schedule}")
        _require("weight_decay", self.weight_decay, self.weight_decay >= 0, "at least 0")
        for share in ("label_smoothing", "plain_share", "validation_split"):
            value = getattr(self, share)
            _require(share, value, 0 <= value < 1, "at least 0 and below 1")
        require_data(self.data)
        MODELS.require(self.model)
        TASKS.require(self.task)
        if self.augment not in AUGMENTERS:
            raise unknown("augmentation", self.augment, filter(None, AUGMENTERS))
        for name in self.hands:
            DATASETS.require(name)
        if self.hands and not AUGMENTERS[self.augment].hands:
            raise InputError(f"hands: expected none with the augmentation '{self.augment}'")
        for key, known in {**_CHOICES, "loss": LOSSES[self.task]}.items():
            if getattr(self, key) not in known:
                raise unknown(key, getattr(self, key), known)
        if self.label_smoothing and self.loss != "categorical_crossentropy":
            raise InputError(
                f"label_smoothing: expected 0 with the loss {self.loss}, "
                f"received {self.label_smoothing}"
            )

    @property
    def augmented_epochs(self) -> int:
        """How many epochs, from the first, have their rows augmented."""
        return self.epochs - round(self.plain_share * self.epochs)

    @property
    def course(self) -> str:
        """How long the training is and how its learning rate goes, in words."""
        times = f", {self.cycles} times" if self.cycles > 1 else ""
        return f"{self.epochs} epochs, batch {self.batch_size}, {self.schedule}{times}"

    @property
    def augmentation(self) -> str:
        """The augmentation in words; empty where there is none."""
        plain = self.epochs - self.augmented_epochs
        return f"{self.augment}, not in the last {plain} epochs" if plain else self.augment

    def change(self, values: Mapping[str, object]) -> Recipe:
        """The same recipe with other values: those of a field, or of an option of its network.

        Other epochs, or another schedule, are gone through once where no ``cycles`` are named.

        Args:
            values: Field or option names to values; text is converted to the type of what it
                replaces, so that ``{"units": "256,256"}`` works.

        Raises:
            InputError: An unknown name, or a value of the wrong type or out of range.
        """
        fields: dict[str, Any] = {}
        options = dict(self.options)
        for key, value in values.items():
            if key in options:
                options[key] = _convert(key, value, options[key])
            elif key in CHANGEABLE:
                fields[key] = _convert(key, value, getattr(self, key))
            else:
                raise unknown(f"parameter of '{self.name}'", key, {*CHANGEABLE, *options})
        if not fields.keys().isdisjoint(("epochs", "schedule")):
            fields.setdefault("cycles", 1)
        return dataclasses.replace(self, **fields, options=options)

    def to_dict(self) -> dict[str, Any]:
        """The recipe as plain values, as it stands in ``recipe.toml``."""
        table = dataclasses.asdict(self)
        table["options"] = {key: _plain(value) for key, value in self.options.items()}
        return {key: _plain(value) for key, value in table.items()}

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Recipe:
        """The recipe that `to_dict` gave, perhaps in another version of scrawl.

        What this version does not know is passed over; what the other did not know has its default.

        Raises:
            InputError: A value cannot be used, or names what this version does not have.
            TypeError: The table lacks what a recipe cannot be without.
        """
        known = {one.name for one in dataclasses.fields(cls)}
        values = {key: _frozen(value) for key, value in table.items() if key in known}
        options = dict(values.pop("options", {}))
        return cls(**values, options={key: _frozen(value) for key, value in options.items()})


CHANGEABLE = (
    "batch_size",
    "cycles",
    "data",
    "epochs",
    "label_smoothing",
    "learning_rate",
    "loss",
    "optimizer",
    "pictures",
    "precision",
    "schedule",
    "seed",
    "start",
    "validation_split",
    "weight_decay",
)
"""The fields that ``--set`` may change, besides the network's options."""


def _require(name: str, value: object, holds: bool, expected: str) -> None:
    if not holds:
        raise InputError(f"{name}: expected {expected}, received {value}")


def _convert(name: str, value: object, example: Option) -> Option:
    """The value as the type of ``example``; a sequence keeps its elements' type."""
    try:
        if isinstance(example, tuple):
            return tuple(int(part) for part in str(value).strip("()").split(","))
        if isinstance(example, int) and isinstance(value, float) and value != int(value):
            raise ValueError
        convert: Callable[[Any], Option] = type(example)
        return convert(value)
    except (TypeError, ValueError) as error:
        kind = {int: "a whole number", float: "a number", tuple: "whole numbers such as 256,128"}
        expected = kind.get(type(example), "text")
        raise InputError(f"{name}: expected {expected}, received '{value}'") from error


def _plain(value: Any) -> object:
    return list(value) if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
