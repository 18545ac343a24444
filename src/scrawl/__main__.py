"""``python -m scrawl``: the command line."""

from scrawl.cli import main

main()
