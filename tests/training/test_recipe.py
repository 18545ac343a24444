import dataclasses
import subprocess
import sys
import tomllib

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
