"""Commands that start quickly: a value that needs no conversion waits for no converter.

Typer makes a converter for each option, given or not, and imports pydantic for it: a fifth of the
time that a cold ``scrawl read --one`` takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from typer.core import TyperCommand, TyperGroup


class Command(TyperCommand):
    """A command whose options load pydantic only where one was given that needs it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for param in self.params:
            _spare(param)

    def get_help_option(self, *args: Any, **options: Any) -> Any:
        """The option ``--help``, likewise."""
        return _spare(super().get_help_option(*args, **options))


class Group(TyperGroup):
    """Commands under one name, likewise."""

    def get_help_option(self, *args: Any, **options: Any) -> Any:
        """The option ``--help``, likewise."""
        return _spare(super().get_help_option(*args, **options))


def _spare(param: Any) -> Any:
    """Has a parameter convert only what typer would change."""
    if param is not None and "process_value" not in vars(param):
        param.process_value = _process(param)
    return param


def _process(param: Any) -> Callable[[Any, Any], Any]:
    convert = param.process_value
    annotation = getattr(getattr(param, "type_descriptor", None), "annotation", None)

    def process(context: Any, value: Any) -> Any:
        missing = value is None and not param.required
        texts = annotation == list[str] and bool(value) and not isinstance(value, str)
        if not (missing or texts or (annotation is str and isinstance(value, str))):
            return convert(context, value)
        value = list(map(str, value)) if texts else value
        return param.callback(context, param, value) if param.callback else value

    return process
