"""Ruled lines: what `walls` takes out of a page, and what `scan` and `lattice` lay a form by.

The two look for different things. On a page whose ruling nobody knows, a wall may be as short as a
digit, dotted or crossed by strokes, and must not be one: `level`, `cells` and `walls` tell them
apart in ink. A form's lines are long and known beforehand: `straight` and `scan` find faint and
bent ones in grey levels, and `lattice` their grids.
"""
