"""The recipes. A recipe is one entry; ``tests/training`` trains and exports each of them."""

from __future__ import annotations

from scrawl.errors import unknown
from scrawl.training.recipe import Recipe
from scrawl.training.recipes import bundled, families, records, tutorials

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for module in (tutorials, families, records, bundled)
    for recipe in module.RECIPES
}


def get(name: str) -> Recipe:
    """The recipe of a name.

    Raises:
        InputError: There is none; the message suggests the nearest.
    """
    if name not in RECIPES:
        raise unknown("recipe", name, RECIPES)
    return RECIPES[name]
