"""Which letters cannot be told from digits."""

LOOK_ALIKES = frozenset("BbDGgIilOoqQSsZz")
"""Letters that a person reads as a digit where nothing else tells: 8 6 0 6 9 1 1 1 0 0 9 0 5 5 2 2.

Named before anything was measured; they are left out of the AUROC and reported apart.
"""
