"""The recipes: values in the files of this room, and those of packages of one's own.

``tests/training`` builds, trains and exports each of scrawl's. A package adds one by an entry point
of the group ``scrawl.recipes``: a ``Recipe`` by its name.
"""

from __future__ import annotations

from scrawl.registry import Registry
from scrawl.training.recipe import Recipe
from scrawl.training.recipes import bundled, families, records, tutorials

RECIPES: Registry[Recipe] = Registry(
    "recipe",
    "scrawl.recipes",
    {
        recipe.name: recipe
        for module in (tutorials, families, records, bundled)
        for recipe in module.RECIPES
    },
    Recipe,
    lambda recipe: recipe.name,
)


def get(name: str) -> Recipe:
    """The recipe of a name.

    Raises:
        InputError: There is none; the message suggests the nearest.
    """
    return RECIPES[name]
