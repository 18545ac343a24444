import dataclasses
import subprocess
import sys
import tomllib

import numpy as np
import pytest

from scrawl.errors import InputError
from scrawl.training.recipe import Recipe
from scrawl.training.recipes import RECIPES, get


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_survives_its_file(name):
    tomli_w = pytest.importorskip("tomli_w")
    table = tomllib.loads(tomli_w.dumps(RECIPES[name].to_dict()))
    assert Recipe.from_dict(table) == RECIPES[name]


def test_what_a_recipe_does_not_know_is_passed_over_and_what_it_lacks_has_its_default():
    table = {"name": "x", "title": "y", "data": "mnist", "model": "mlp", "ensemble": 3}
    assert Recipe.from_dict(table) == Recipe(name="x", title="y", data="mnist", model="mlp")


def test_an_unknown_recipe_suggests_the_nearest():
    with pytest.raises(InputError, match="unknown recipe 'mlp512'; did you mean 'mlp-512'"):
        get("mlp512")


def test_values_are_changed_and_take_the_type_of_what_they_replace():
    changed = get("cnn").change(
        {"epochs": 3, "dropout": "0.1", "filters": "8,16,24", "learning_rate": "1e-4"}
    )
    assert (changed.epochs, changed.learning_rate) == (3, 1e-4)
    assert changed.options["dropout"] == 0.1
    assert changed.options["filters"] == (8, 16, 24)
    assert get("cnn").options["filters"] == (32, 64)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"epochs": -1}, "epochs: expected a whole number from 1, received -1"),
        ({"batch_size": 0}, "batch_size: expected a whole number from 1, received 0"),
        ({"seed": -3}, "seed: expected a whole number from 0"),
        ({"learning_rate": "nan"}, "learning_rate: expected above 0, received nan"),
        ({"learning_rate": 0}, "learning_rate: expected above 0"),
        ({"validation_split": 1}, "validation_split: expected at least 0 and below 1"),
        ({"label_smoothing": -0.1}, "label_smoothing: expected at least 0 and below 1"),
        (
            {"label_smoothing": 0.1, "loss": "log_cosh"},
            "label_smoothing: expected 0 with the loss log_cosh, received 0.1",
        ),
        ({"epochs": "2.5"}, "epochs: expected a whole number, received '2.5'"),
        ({"dropout": "much"}, "dropout: expected a number, received 'much'"),
        ({"filters": "a,b"}, "filters: expected whole numbers such as 256,128, received 'a,b'"),
        ({"optimizer": "adm"}, "unknown optimizer 'adm'; did you mean 'adam'"),
        ({"droput": 0.1}, "unknown parameter of 'cnn' 'droput'; did you mean 'dropout'"),
        ({"data": "minst"}, "unknown data set 'minst'; did you mean 'mnist'"),
        ({"name": "x"}, "unknown parameter of 'cnn' 'name'"),
    ],
)
def test_an_impossible_value_is_refused(values, message):
    with pytest.raises(InputError) as caught:
        get("cnn").change(values)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"data": "minst"}, "unknown data set 'minst'; did you mean 'mnist'"),
        ({"model": "cnn_smal"}, "unknown model 'cnn_smal'; did you mean 'cnn_small'"),
        ({"augment": "distort"}, "unknown augmentation 'distort'; did you mean 'distorted'"),
        ({"task": "detecter"}, "unknown task 'detecter'; did you mean 'detector'"),
        ({"task": "detector"}, "unknown loss 'categorical_crossentropy' (there are: detection)"),
        ({"loss": "detection"}, "unknown loss 'detection' (there are: categorical_crossentropy"),
    ],
)
def test_a_recipe_that_names_what_there_is_not_is_refused_when_it_is_made(values, message):
    with pytest.raises(InputError) as caught:
        dataclasses.replace(get("cnn"), **values)
    assert message in str(caught.value)


def test_recipes_can_be_listed_without_keras():
    program = "import sys; from scrawl.training import recipes; print(list(recipes.RECIPES))"
    program += "; assert not {'keras', 'tensorflow', 'onnx'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_cycles_go_through_one_cycle_again_lower_each_time():
    keras = pytest.importorskip("keras")
    from scrawl.training import network, recipes

    recipe = recipes.get("fast")
    rates = {}
    for cycles in (1, 3):
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        changed = recipe.change({"epochs": 2 * cycles, "cycles": cycles})
        network.compile_network(model, changed, 10, "mse", keras.metrics.MeanSquaredError())
        schedule = keras.optimizers.deserialize(keras.optimizers.serialize(model.optimizer))
        rates[cycles] = [float(schedule._learning_rate(step)) for step in range(20 * cycles)]
    once, again = np.array(rates[1]), np.array(rates[3]).reshape(3, 20)
    assert np.allclose(again, once / np.array([[1], [2], [3]]))
    assert once.max() == pytest.approx(recipe.learning_rate)


@pytest.mark.parametrize("values", [{"epochs": 3}, {"schedule": "constant"}])
def test_other_epochs_or_another_schedule_are_gone_through_once(values):
    from scrawl.training import recipes

    several = recipes.get("fast").change({"epochs": 8, "cycles": 2})
    assert several.change(values).cycles == 1
    assert several.change({"seed": 3}).cycles == 2


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"cycles": 4, "epochs": 6}, "cycles: expected a divisor of the 6 epochs, received 4"),
        ({"cycles": 0}, "cycles: expected a divisor"),
        ({"cycles": 2, "epochs": 2, "schedule": "constant"}, "1 with the schedule constant"),
    ],
)
def test_cycles_that_cannot_be_are_named(values, said):
    from scrawl.training import recipes

    with pytest.raises(InputError, match=said):
        recipes.get("fast").change(values)
