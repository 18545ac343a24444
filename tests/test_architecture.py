"""Who imports whom: no circle, and only what CONTRIBUTING's table of rooms allows.

Every ``import`` of ``src/scrawl`` counts: within functions, under ``TYPE_CHECKING``, in stubs.

    python tests/test_architecture.py [CHECKOUT]    # prints circles, and what is not allowed
"""

import ast
import re
import sys
from collections.abc import Collection
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
ROW = re.compile(r"^\| (`.*?) \|.*\| (.*?) \|$", re.MULTILINE)

Graph = dict[str, set[str]]


def modules(checkout: Path) -> dict[str, Path]:
    """Every module of scrawl by its dotted name."""
    source = checkout / "src"
    named = {}
    for path in sorted((source / "scrawl").rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


def import_graph(checkout: Path) -> Graph:
    """For each module of scrawl, those that it imports anywhere in its file or its stub."""
    paths = modules(checkout)
    graph: Graph = {}
    for name, path in paths.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        files = [each for each in (path, path.with_suffix(".pyi")) if each.exists()]
        imported = set().union(*(imports(file, package, paths.keys()) for file in files))
        graph[name] = (imported & paths.keys()) - {name}
    return graph


def imports(file: Path, package: str, known: Collection[str]) -> set[str]:
    """What a file imports; of ``from a import b``, ``a.b`` where that is a module."""
    imported: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(filter(None, (above, node.module)))
            each = {f"{base}.{alias.name}" for alias in node.names}
            imported |= {name if name in known else base for name in each}
    return imported


def circles(graph: Graph) -> list[list[str]]:
    """Groups of modules of which each reaches each other."""
    reached = {name: reach(graph, name) for name in graph}
    groups = {
        tuple(sorted(other for other in reached[name] if name in reached[other]))
        for name in graph
        if name in reached[name]
    }
    return [list(group) for group in sorted(groups)]


def reach(graph: Graph, start: str) -> set[str]:
    """The modules that a module imports, those that they import, and so on."""
    found: set[str] = set()
    left = [start]
    while left:
        new = graph[left.pop()] - found
        found |= new
        left += new
    return found


def table(checkout: Path) -> dict[str, set[str]]:
    """The rooms of CONTRIBUTING's table, each with the rooms that it may import.

    A room is a module or a package. The last column says "the above", "the above but `room`",
    rooms by name, or "nothing"; the rooms of one row may import one another.
    """
    allowed: dict[str, set[str]] = {}
    text = (checkout / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for first, last in ROW.findall(text):
        row = {module_of(room) for room in re.findall(r"`(.*?)`", first)}
        named = {module_of(room) for room in re.findall(r"`(.*?)`", last)}
        assert named <= allowed.keys(), f"{last}: rooms of later rows"
        assert named or last in ("the above", "nothing"), last
        if last.startswith("the above"):
            named = allowed.keys() - named
        allowed |= dict.fromkeys(row, named | row)
    return allowed


def module_of(room: str) -> str:
    """``scrawl.images`` for ``images.py``, ``scrawl.pages`` for ``pages/``."""
    name = room.removesuffix(".py").removesuffix("/").replace("/", ".")
    return "scrawl" if name == "__init__" else f"scrawl.{name}"


def room_of(module: str, rooms: set[str]) -> str | None:
    """The room that a module is in, None if the table has none for it."""
    if module in rooms:
        return module
    parent = module.rpartition(".")[0]
    return room_of(parent, rooms) if parent not in ("", "scrawl") else None


def not_allowed(graph: Graph, allowed: dict[str, set[str]]) -> list[str]:
    """Imports that the table does not allow."""
    found = []
    for module, imported in sorted(graph.items()):
        room = room_of(module, set(allowed))
        for other in sorted(imported):
            if room and room_of(other, set(allowed)) not in allowed[room]:
                found.append(f"{module} imports {other}")
    return found


def test_every_import_of_any_kind_is_seen(tmp_path):
    package = tmp_path / "src" / "scrawl" / "pages"
    package.mkdir(parents=True)
    for path in (package.parent / "__init__.py", package / "__init__.py", package / "grid.py"):
        path.touch()
    (package / "reader.py").write_text(
        "import os, scrawl.pages.grid\n"
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from scrawl import images\n"
        "def late():\n    from .. import pdf\n    from . import ink\n    from .levels import find\n"
        "    from scrawl.pages import read\n"
    )
    for path in ("images.py", "pdf.py", "pages/ink.py", "pages/levels.py"):
        (package.parent / path).write_text("import scrawl.pages.reader\n")
    (package.parent / "__init__.pyi").write_text("from .pages import read as read\n")
    graph = import_graph(tmp_path)
    assert graph["scrawl.pages.reader"] == {
        *(f"scrawl.{name}" for name in ("images", "pdf", "pages")),
        *(f"scrawl.pages.{name}" for name in ("grid", "ink", "levels")),
    }
    assert graph["scrawl"] == {"scrawl.pages"}
    [circle] = circles(graph)
    assert circle == sorted(graph.keys() - {"scrawl", "scrawl.pages", "scrawl.pages.grid"})


def test_no_module_imports_itself_in_a_circle():
    assert circles(import_graph(CHECKOUT)) == []


def test_every_module_has_a_room_that_exists():
    rooms, named = set(table(CHECKOUT)), modules(CHECKOUT)
    assert [name for name in named if room_of(name, rooms) is None] == []
    assert sorted(rooms - named.keys()) == []


def test_rooms_import_what_the_table_allows():
    assert not_allowed(import_graph(CHECKOUT), table(CHECKOUT)) == []


def main(checkout: Path) -> None:
    """Prints the circles of a checkout and what its table does not allow."""
    graph = import_graph(checkout)
    groups = circles(graph)
    print(f"{len(graph)} modules, {sum(map(len, graph.values()))} imports, {len(groups)} circles")
    for group in groups:
        print(f"circle of {len(group)}: {', '.join(group)}")
    for line in not_allowed(graph, table(CHECKOUT)):
        print(f"not allowed: {line}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else CHECKOUT)
