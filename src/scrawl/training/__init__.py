"""Recipes, networks and the training loop. Keras lives here and nowhere else.

``recipe`` and ``recipes`` say what is trained and need no Keras; ``backend`` is the one door
through which Keras is imported.
"""
