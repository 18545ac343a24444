"""A network in whole numbers, and as C for processors without an operating system.

``stages`` takes a Keras network apart, ``integer`` gives it weights and activations of 8 bits and
computes with them in NumPy, ``header`` writes the same as C.
"""
