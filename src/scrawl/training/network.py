"""From a recipe to a compiled Keras network, and from a file to a trained one."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from scrawl.errors import InputError, ModelError
from scrawl.training.backend import keras
from scrawl.training.beforehand import first_weights
from scrawl.training.models import MODELS
from scrawl.training.recipe import Recipe
from scrawl.training.tasks import TASKS

WARMUP = 0.15
"""The share of all steps over which the one-cycle schedule rises."""


def build(recipe: Recipe, image_shape: tuple[int, int], classes: int) -> keras.Model:
    """The recipe's network, its weights drawn from the global seed, not compiled.

    Args:
        recipe: The recipe.
        image_shape: Height and width of a picture in pixels.
        classes: How many classes there are.

    Raises:
        InputError: Keras refuses an option.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(recipe.precision)
    try:
        return MODELS[recipe.model]((*image_shape, 1), classes, **recipe.options)
    except (ValueError, TypeError, ZeroDivisionError) as error:
        options = ", ".join(f"{key}={value}" for key, value in recipe.options.items())
        reason = str(error).strip().splitlines()[0]
        raise InputError(
            f"{recipe.name}: no network can be built with {options} ({reason})"
        ) from error
    finally:
        keras.config.set_dtype_policy(before)


def in_float32(model: keras.Model) -> keras.Model:
    """The same network, with the same weights, that computes in float32 whatever it learnt in."""

    def layer(one: keras.layers.Layer) -> keras.layers.Layer:
        return type(one).from_config({**one.get_config(), "dtype": "float32"})

    if all(one.compute_dtype == "float32" for one in model.layers):
        return model
    twin = keras.models.clone_model(model, clone_function=layer)
    twin.set_weights(model.get_weights())
    return twin


def compile_network(
    model: keras.Model, recipe: Recipe, steps: int, loss: Any, metric: keras.metrics.Metric
) -> None:
    """Gives the network its loss and the recipe's optimizer.

    Args:
        model: The network.
        recipe: The recipe.
        steps: Batches an epoch; the schedule is laid over all of them.
        loss: What the optimizer makes small.
        metric: What is reported beside the loss.
    """
    optimizers: dict[str, Any] = {
        "adam": keras.optimizers.Adam,
        "adamw": keras.optimizers.AdamW,
        "rmsprop": keras.optimizers.RMSprop,
        "sgd": keras.optimizers.SGD,
    }
    rate = recipe.learning_rate
    if recipe.schedule == "one-cycle":
        rate = _schedule(recipe, steps)
    optimizer = optimizers[recipe.optimizer](learning_rate=rate)
    if recipe.optimizer == "adamw":
        optimizer.weight_decay = recipe.weight_decay
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    # Variables of optimizer or metric that are made within the first step make TensorFlow trace
    # that step twice.
    optimizer.build(model.trainable_variables)
    model.compile(loss=loss, optimizer=optimizer, metrics=[metric])


def _schedule(recipe: Recipe, steps: int) -> Any:
    """One-cycle over all steps of a training, or over each of its cycles."""
    total = steps * recipe.epochs // recipe.cycles
    rise = max(1, round(WARMUP * total))
    cycle = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=recipe.learning_rate / 25,
        decay_steps=max(1, total - rise),
        warmup_target=recipe.learning_rate,
        warmup_steps=rise,
    )
    return cycle if recipe.cycles == 1 else Cycles(cycle, total)


@keras.saving.register_keras_serializable("scrawl")
class Cycles(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """A schedule again and again: at its height, at a half of it, at a third.

    Args:
        cycle: The learning rates of the first time.
        steps: Batches of each.
    """

    def __init__(self, cycle: Any, steps: int) -> None:
        super().__init__()
        self.cycle, self.steps = cycle, steps

    def __call__(self, step: Any) -> Any:
        """The learning rate of a step, which counts from 0 over all cycles."""
        done = keras.ops.floor_divide(step, self.steps)
        rate = self.cycle(step - done * self.steps)
        return rate / keras.ops.cast(done + 1, rate.dtype)

    def get_config(self) -> dict[str, Any]:
        """What Keras makes it again from."""
        cycle = keras.optimizers.schedules.serialize(self.cycle)
        return {"cycle": cycle, "steps": self.steps}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Cycles:
        """The schedule that `get_config` described."""
        return cls(keras.optimizers.schedules.deserialize(config["cycle"]), config["steps"])


def load_checkpoint(path: Path, *, optimizer: bool = True) -> keras.Model:
    """The network from a ``checkpoint.keras``, with its optimizer or to be used as it is.

    Raises:
        ModelError: It is damaged.
    """
    # Keras knows the layers and losses that a file names once their modules are loaded.
    MODELS.load_all()
    TASKS.load_all()
    try:
        return keras.models.load_model(path, compile=optimizer)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path}: damaged, expected a Keras model ({error})") from error


def take_weights(model: keras.Model, recipe: Recipe) -> None:
    """Gives a network the weights that its recipe starts from.

    Args:
        model: The network.
        recipe: Names a run folder, a ``.keras`` file, or `BUNDLED`.

    Raises:
        ModelError: There is no such file, or it is damaged.
        InputError: Its layers are others, or none is carried for such a task.
    """
    path = first_weights(recipe)
    source = load_checkpoint(path, optimizer=False)
    shapes = [[tuple(weight.shape) for weight in one.weights] for one in (model, source)]
    if shapes[0] != shapes[1]:
        raise InputError(
            f"--from {recipe.start}: expected a network of the same layers "
            f"({model.count_params():,} parameters), received {source.count_params():,}"
        )
    model.set_weights(source.get_weights())
