"""Plots and the HTML report. Needs the extra ``data`` (matplotlib, Jinja)."""
