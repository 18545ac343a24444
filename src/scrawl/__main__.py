"""``python -m scrawl``: the command line."""

from scrawl.cli import main

if __name__ == "__main__":
    main()
