"""Recipes, networks and the training loop. Keras lives here and nowhere else.

    >>> from scrawl.training import recipes, train
    >>> train(recipes.get("fast"), "runs/fast").metrics()["test"]["accuracy"]

``train`` and ``resume`` bring Keras when they are first used, ``DigitClassifier`` when it is
fitted; ``recipes`` needs none. The module ``backend`` is the one door through which Keras is
imported.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
