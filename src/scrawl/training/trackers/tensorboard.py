"""Event files for TensorBoard, in the run folder."""

from __future__ import annotations

import time
from typing import Any

from scrawl.training.run import Epoch, Run
from scrawl.training.trackers.tracker import Tracker, figures, values

FOLDER = "tensorboard"
"""Where they are in the run folder."""


class TensorBoard(Tracker):
    """Writes ``RUN/tensorboard``; ``tensorboard --logdir runs`` shows all runs."""

    package = extra = "tensorboard"

    def __init__(self, run: Run, done: int) -> None:
        super().__init__(run, done)
        from tensorboard.compat.proto.event_pb2 import Event, SessionLog
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.summary.writer.event_file_writer import EventFileWriter

        self._event, self._summary = Event, Summary
        self._last = done
        self._writer = EventFileWriter(str(run.folder / FOLDER))
        # What an interrupted start had said of later epochs does not count.
        start = SessionLog(status=SessionLog.START)
        self._writer.add_event(Event(step=done + 1, wall_time=time.time(), session_log=start))

    def epoch(self, row: Epoch) -> None:
        """Writes the figures of an epoch, its number the step."""
        self._last = row.epoch
        self._write(values(row))

    def close(self) -> None:
        """Writes the scores of a complete run."""
        self._write(figures(self.run))
        self._writer.close()

    def _write(self, named: dict[str, float]) -> None:
        one: Any = self._summary.Value
        said = self._summary(value=[one(tag=k, simple_value=v) for k, v in named.items()])
        event = self._event(step=self._last, wall_time=time.time(), summary=said)
        self._writer.add_event(event)
        self._writer.flush()


TRACKER = TensorBoard
