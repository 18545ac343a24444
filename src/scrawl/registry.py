"""Tables of names: scrawl's own entries, and those that installed packages add to them.

An entry is loaded when it is asked for, not when its name is: what a table holds can be listed and
checked without what its entries need, such as Keras.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from scrawl.errors import InputError, ScrawlError, unknown

T = TypeVar("T")


def modules(package: str, path: Iterable[str], attribute: str = "") -> dict[str, str]:
    """An entry for each module of a package, so that adding one is adding a file.

    Args:
        package: Its dotted name.
        path: Its ``__path__``.
        attribute: What a module calls its entry; the module's own name if empty.

    Returns:
        The name of each module, in alphabetical order, to ``package.module:attribute``. A module
        whose name begins with ``_`` is none.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(path))
    return {
        name: f"{package}.{name}:{attribute or name}" for name in names if not name.startswith("_")
    }


class Registry(MutableMapping[str, T]):
    """What names stand for; an unknown name is an ``InputError`` that suggests the nearest.

    Packages add entries by entry points. scrawl's own names come first: no package takes them.

    Args:
        kind: What a name names, as messages call it, such as ``"data set"``.
        group: The group of entry points, such as ``"scrawl.datasets"``; None where packages add
            nothing.
        own: scrawl's own entries: ``"module:attribute"``, or the entry itself.
        expected: The class of which an entry is.
        name_of: What an entry calls itself; it has to be the name that it is found by.
    """

    def __init__(
        self,
        kind: str,
        group: str | None,
        own: Mapping[str, str | T],
        expected: Any = object,
        name_of: Callable[[T], str] | None = None,
    ) -> None:
        self._kind = kind
        self._group = group
        self._expected = expected
        self._name_of = name_of
        self._own = {name: one for name, one in own.items() if isinstance(one, str)}
        self._loaded: dict[str, T] = {
            name: one for name, one in own.items() if not isinstance(one, str)
        }

    @cached_property
    def _added(self) -> dict[str, EntryPoint]:
        """The entry points of installed packages."""
        found = entry_points(group=self._group) if self._group else ()
        return {point.name: point for point in found}

    def __getitem__(self, name: str) -> T:
        """The entry of a name, loaded.

        Raises:
            InputError: There is no such name, or the package that adds it is broken.
        """
        if name not in self._loaded:
            if name in self._own:
                own = EntryPoint(name, self._own[name], self._kind)
                self._loaded[name] = own.load()
            elif name in self._added:
                self._loaded[name] = self._of_a_package(self._added[name])
            else:
                raise unknown(self._kind, name, filter(None, self))
        return self._loaded[name]

    def __setitem__(self, name: str, entry: T) -> None:
        self._loaded[name] = entry

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._loaded or name in self._own or name in self._added

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._own, *self._loaded, *self._added]))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def load_all(self) -> list[T]:
        """Every entry that can be loaded; one of a broken package is passed over."""
        entries = []
        for name in self:
            try:
                entries.append(self[name])
            except ScrawlError:
                continue
        return entries

    def require(self, name: str) -> None:
        """Raises an ``InputError`` where there is no such name; loads nothing."""
        if name not in self:
            raise unknown(self._kind, name, filter(None, self))

    def _of_a_package(self, point: EntryPoint) -> T:
        package = point.dist.name if point.dist else point.module
        where = f"{self._kind} '{point.name}' of the package {package}"
        try:
            entry = point.load()
        except ScrawlError:
            raise
        except Exception as error:  # whatever a package of somebody else's does wrong
            reason = str(error).strip().splitlines()[:1]
            raise InputError(
                f"{where}: cannot be loaded ({type(error).__name__}: {''.join(reason)})"
            ) from error
        if not isinstance(entry, self._expected):
            expected, received = self._expected.__name__, type(entry).__name__
            raise InputError(f"{where}: expected a {expected}, received {received}")
        if self._name_of is not None and self._name_of(entry) != point.name:
            raise InputError(f"{where}: it calls itself '{self._name_of(entry)}'")
        return entry
