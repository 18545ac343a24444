import pytest

from scrawl.errors import InputError, ModelError
from scrawl.training.recipe import Recipe
from scrawl.training.recipes import RECIPES, get


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_survives_its_file(name, tmp_path):
    tomli_w = pytest.importorskip("tomli_w")
    path = tmp_path / "recipe.toml"
    path.write_text(tomli_w.dumps({"recipe": RECIPES[name].as_table()}), encoding="utf-8")
    assert Recipe.from_file(path) == RECIPES[name]


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
        ({"name": "x"}, "unknown parameter of 'cnn' 'name'"),
    ],
)
def test_an_impossible_value_is_refused(values, message):
    with pytest.raises(InputError) as caught:
        get("cnn").change(values)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["", "recipe = 3", "[recipe]\nname = 'x'", "no toml ["])
def test_a_file_that_holds_no_recipe_is_refused(tmp_path, text):
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    with pytest.raises(ModelError, match=r"recipe\.toml: expected a recipe of this version"):
        Recipe.from_file(path)
