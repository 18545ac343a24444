"""The pages that people read, and the code on them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "benchmarks" / "README.md"]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
BLOCK = re.compile(r"^ *```(sh|python)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)


def blocks(page: Path, language: str) -> list[str]:
    """The code of a page in ``sh`` or ``python``."""
    found = BLOCK.findall(page.read_text("utf-8"))
    return [code for name, code in found if name == language]


def commands(page: Path) -> list[str]:
    """The lines of shell on a page, continued ones joined, without comments."""
    joined = "\n".join(blocks(page, "sh")).replace("\\\n", " ")
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in joined.splitlines())
    return [line for line in lines if line]


def name(page: Path) -> str:
    """What a test calls the page."""
    return page.relative_to(ROOT).as_posix()
