"""Where else than in ``log.csv`` the figures of a training go, while it runs.

A tracker is a module of this package, or an entry point of the group ``scrawl.trackers`` in a
package of one's own: a class by its name, made with the run and the number of epochs that an
earlier start has done. Its package is imported when it is asked for, never otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec

from scrawl.errors import MissingExtraError
from scrawl.registry import Registry, modules
from scrawl.training.run import Run
from scrawl.training.trackers.tracker import Tracker

__all__ = ["TRACKERS", "Tracker", "check", "tracking"]

TRACKERS: Registry[type[Tracker]] = Registry(
    "tracker",
    "scrawl.trackers",
    {
        name: entry
        for name, entry in modules(__name__, __path__, "TRACKER").items()
        if name != "tracker"
    },
    type,
)


def check(names: Sequence[str]) -> None:
    """Whether there are such trackers, and their packages: before a run folder is made.

    Raises:
        InputError: There is no such tracker.
        MissingExtraError: Its package is not installed.
    """
    for name in names:
        tracker = TRACKERS[name]
        if tracker.package and find_spec(tracker.package) is None:
            raise MissingExtraError(f"the tracker {name}", tracker.package, tracker.extra)


@contextmanager
def tracking(names: Sequence[str], run: Run, done: int) -> Iterator[list[Tracker]]:
    """Opens trackers for a training; closes each, whatever happens to it.

    Args:
        names: Keys of `TRACKERS`.
        run: The run, its ``recipe.toml`` written.
        done: Epochs that an earlier start has done.
    """
    with ExitStack() as stack:
        opened: list[Tracker] = []
        for tracker in [TRACKERS[name] for name in names]:
            opened.append(tracker(run, done))
            stack.callback(opened[-1].close)
        yield opened
