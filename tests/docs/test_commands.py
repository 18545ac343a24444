"""Every command of the README and the docs is one that exists, with options that it has."""

import re
import runpy
import shlex
import tomllib

import docpages as pages
import pytest
import typer.main

from scrawl.cli import app
from scrawl.data import require

PROGRAMS = {"cat", "curl", "docker", "mlflow", "tensorboard"}
"""Programs of others, which are not looked into."""


def parsed(line: str) -> str | None:
    """What is wrong with a scrawl command line; it is parsed, and nothing is run."""
    words = shlex.split(re.split(r" [>|] ", line)[0])[1:]
    command = typer.main.get_command(app)
    context = None
    while hasattr(command, "commands"):
        name, *words = words
        if name not in command.commands:
            return f"no command {name}"
        command = command.commands[name]
    command.callback = lambda data=None, **_: data is None or require(data)
    try:
        command.main(words, standalone_mode=False, parent=context)
    except Exception as error:
        return str(error) or repr(error)
    return None


def wrong(line: str) -> str | None:
    """What is wrong with a line of shell, or None."""
    words = [word for word in shlex.split(line) if not re.fullmatch(r"[A-Z_]+=\S*", word)]
    match words:
        case ["scrawl", *_]:
            return parsed(line[line.index("scrawl") :])
        case ["python", script, *options]:
            return _script(script, options)
        case ["make", *targets]:
            known = re.findall(r"^([a-z]+):", (pages.ROOT / "Makefile").read_text("utf-8"), re.M)
            unknown = [word for word in targets if "=" not in word and word not in known]
            return f"no target {unknown}" if unknown else None
        case ["pip", "install", *what]:
            return _extras(what)
        case [".", ".venv/bin/activate"] | []:
            return None
        case [program, *_]:
            return None if program in PROGRAMS else f"unknown program {program}"
    return None


def _script(script: str, options: list[str]) -> str | None:
    path = pages.ROOT / script
    if not path.is_file():
        return f"no script {script}"
    source = path.read_text("utf-8")
    unknown = [word for word in options if word.startswith("--") and f'"{word}"' not in source]
    return f"no option {unknown}" if unknown else None


def _extras(what: list[str]) -> str | None:
    with (pages.ROOT / "pyproject.toml").open("rb") as file:
        known = tomllib.load(file)["project"]["optional-dependencies"]
    named = re.findall(r"(?:\.|scrawl)\[([^\]]*)\]", " ".join(what))
    unknown = [extra for text in named for extra in text.split(",") if extra not in known]
    return f"no extra {unknown}" if unknown else None


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name)
def test_the_commands_of_a_page_exist(page):
    problems = {line: wrong(line) for line in pages.commands(page)}
    assert not {line: problem for line, problem in problems.items() if problem}


INLINE = re.compile(r"`((?:scrawl|python benchmarks/|make )[^`]*)`")
UNFINISHED = ("Missing parameter", "Missing argument", "Missing option")
"""A command in the middle of a sentence may leave out what it takes."""


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name)
def test_the_commands_within_sentences_exist(page):
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    lines = [" ".join(line.split()) for line in INLINE.findall(text)]
    lines = [line for line in lines if re.match(r"(scrawl|python|make) [a-z]", line)]
    problems = {line: wrong(line) for line in lines if "COMMAND" not in line}
    problems = {line: text for line, text in problems.items() if text}
    assert not {line: text for line, text in problems.items() if not text.startswith(UNFINISHED)}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("scrawl red photo.jpg", "no command red"),
        ("scrawl recipes --no-such-option", "No such option"),
        ("scrawl data get", "Missing"),
        ("python benchmarks/none.py", "no script"),
        ("python benchmarks/stress.py --none", "no option"),
        ("make none", "no target"),
        ("pip install '.[none]'", "no extra"),
        ("rm -rf runs", "unknown program"),
    ],
)
def test_a_wrong_command_is_noticed(line, problem):
    assert problem in (wrong(line) or "")


def test_the_reference_of_commands_is_what_the_commands_say():
    made = runpy.run_path(str(pages.ROOT / "tools" / "commands.py"))
    current = made["PAGE"].read_text("utf-8")
    assert current == made["page"](), "run python tools/commands.py"
