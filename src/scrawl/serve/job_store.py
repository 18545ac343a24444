"""Jobs in SQLite: in memory, or in a file that a restart finds again and workers share."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrawl.errors import InputError
from scrawl.serve.refusal import busy

LEASE = 10.0
"""Seconds after which a job whose worker says nothing is another's to take up."""

TRIES = 3
"""Times that a job is taken up: one that ends its worker each time is given up."""

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, state TEXT NOT NULL, wanted TEXT NOT NULL, made REAL NOT NULL,
    ended REAL, pages INTEGER NOT NULL, size INTEGER NOT NULL, error TEXT,
    owner TEXT, beat REAL, tries INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS files (
    job TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE, number INTEGER NOT NULL,
    name TEXT NOT NULL, data BLOB, pages INTEGER NOT NULL, PRIMARY KEY (job, number)
);
CREATE TABLE IF NOT EXISTS rows (
    job TEXT NOT NULL REFERENCES jobs ON DELETE CASCADE, number INTEGER NOT NULL,
    row TEXT NOT NULL, PRIMARY KEY (job, number)
);
"""


@dataclass(frozen=True)
class Job:
    """A job as a worker takes it up.

    Attributes:
        id: What only its client knows.
        wanted: What is to be read, as it came.
        files: Of each file that is not done: its number, its name and how many pages are read.
    """

    id: str
    wanted: dict[str, Any]
    files: list[tuple[int, str, int]]


class JobStore:
    """The jobs. All its methods take a moment, and one thread at a time may call them."""

    def __init__(self, path: Path | None, most: int, most_bytes: int, owner: str) -> None:
        """Opens the store.

        Args:
            path: The file; None keeps jobs in memory.
            most: Jobs that wait or run.
            most_bytes: Of all pictures and results.
            owner: Names this worker.

        Raises:
            InputError: The file cannot be used.
        """
        self._most, self._most_bytes, self._owner = most, most_bytes, owner
        try:
            if path is not None:
                path.touch(mode=0o600)  # it holds pictures: nobody else's business
            self._database = sqlite3.connect(
                path or ":memory:", timeout=30, isolation_level=None, check_same_thread=False
            )
            self._database.execute("PRAGMA auto_vacuum = FULL")
            self._database.execute("PRAGMA foreign_keys = ON")
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.executescript(_SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise InputError(f"{path}: cannot be used for jobs ({error})") from error

    def close(self) -> None:
        """Leaves what this worker had begun to others."""
        change = (
            "UPDATE jobs SET state = ?, owner = NULL, tries = tries - 1 "
            "WHERE owner = ? AND state = ?"
        )
        self._database.execute(change, (WAITING, self._owner, RUNNING))
        self._database.close()

    def add(self, wanted: dict[str, Any], files: Sequence[tuple[str, bytes, int]]) -> str:
        """Takes a job in.

        Args:
            wanted: What is to be read; JSON can hold it.
            files: The name, the bytes and the number of pages of each.

        Returns:
            Its id.

        Raises:
            RefusalError: There are too many jobs, or of too many bytes, 503.
        """
        text = json.dumps(wanted)
        size = len(text) + sum(len(data) for _, data, _ in files)
        identity = secrets.token_urlsafe(16)
        with self._together() as database:
            [count] = database.execute(
                "SELECT COUNT(*) FROM jobs WHERE state IN (?, ?)", (WAITING, RUNNING)
            ).fetchone()
            [held] = database.execute("SELECT COALESCE(SUM(size), 0) FROM jobs").fetchone()
            if count >= self._most:
                raise busy(f"there are {count} jobs")
            if held + size > self._most_bytes:
                raise busy(f"the jobs have {held:,} bytes")
            pages = sum(count for _, _, count in files)
            database.execute(
                "INSERT INTO jobs (id, state, wanted, made, pages, size) VALUES (?, ?, ?, ?, ?, ?)",
                (identity, WAITING, text, time.time(), pages, size),
            )
            database.executemany(
                "INSERT INTO files VALUES (?, ?, ?, ?, 0)",
                [(identity, number, name, data) for number, (name, data, _) in enumerate(files)],
            )
        return identity

    def claim(self) -> Job | None:
        """Takes up the oldest job that nobody works on."""
        now = time.time()
        with self._together() as database:
            database.execute(
                "UPDATE jobs SET state = ?, error = ?, ended = ? "
                "WHERE state = ? AND beat < ? AND tries >= ?",
                (FAILED, f"was not finished in {TRIES} tries", now, RUNNING, now - LEASE, TRIES),
            )
            found = database.execute(
                "SELECT id, wanted FROM jobs WHERE state = ? OR (state = ? AND beat < ?) "
                "ORDER BY made LIMIT 1",
                (WAITING, RUNNING, now - LEASE),
            ).fetchone()
            if found is None:
                return None
            database.execute(
                "UPDATE jobs SET state = ?, owner = ?, beat = ?, tries = tries + 1 WHERE id = ?",
                (RUNNING, self._owner, now, found[0]),
            )
            files = database.execute(
                "SELECT number, name, pages FROM files WHERE job = ? AND data IS NOT NULL "
                "ORDER BY number",
                (found[0],),
            ).fetchall()
        return Job(found[0], json.loads(found[1]), files)

    def data(self, job: str, number: int) -> bytes:
        """The bytes of a file; none if the job is gone."""
        query = "SELECT data FROM files WHERE job = ? AND number = ?"
        found = self._database.execute(query, (job, number)).fetchone()
        return (found and found[0]) or b""

    def add_row(self, job: str, number: int, row: str) -> None:
        """Keeps what was read of the next page of a file."""
        with self._together() as database:
            if not self._is_ours(job):
                return
            [rows] = database.execute("SELECT COUNT(*) FROM rows WHERE job = ?", (job,)).fetchone()
            database.execute("INSERT INTO rows VALUES (?, ?, ?)", (job, rows, row))
            database.execute(
                "UPDATE files SET pages = pages + 1 WHERE job = ? AND number = ?", (job, number)
            )
            database.execute("UPDATE jobs SET size = size + ? WHERE id = ?", (len(row), job))

    def end_file(self, job: str, number: int) -> None:
        """Forgets the bytes of a file that is read."""
        with self._together() as database:
            if self._is_ours(job):
                database.execute(
                    "UPDATE jobs SET size = size - (SELECT COALESCE(LENGTH(data), 0) FROM files "
                    "WHERE job = ?1 AND number = ?2) WHERE id = ?1",
                    (job, number),
                )
                database.execute(
                    "UPDATE files SET data = NULL WHERE job = ? AND number = ?", (job, number)
                )

    def end(self, job: str, error: str | None = None) -> None:
        """Says that a job is done, or why it failed."""
        with self._together() as database:
            if self._is_ours(job):
                database.execute("UPDATE files SET data = NULL WHERE job = ?", (job,))
                database.execute(
                    "UPDATE jobs SET state = ?, error = ?, ended = ?, owner = NULL WHERE id = ?",
                    (FAILED if error else DONE, error, time.time(), job),
                )

    def beat(self, job: str) -> bool:
        """Says that this worker is at a job; returns whether the job is still its own."""
        query = "UPDATE jobs SET beat = ? WHERE id = ? AND owner = ?"
        return self._database.execute(query, (time.time(), job, self._owner)).rowcount == 1

    def get(self, job: str, after: int = 0) -> dict[str, Any] | None:
        """How a job stands, with the rows from the one numbered ``after`` on; None if gone."""
        with self._together() as database:
            found = database.execute(
                "SELECT state, pages, error, made, ended, "
                "(SELECT COUNT(*) FROM rows WHERE job = id) FROM jobs WHERE id = ?",
                (job,),
            ).fetchone()
            if found is None:
                return None
            rows = database.execute(
                "SELECT row FROM rows WHERE job = ? AND number >= ? ORDER BY number", (job, after)
            ).fetchall()
        state, pages, error, made, ended, done = found
        return {
            "id": job,
            "state": state,
            "pages": done if state == DONE else pages,
            "done": done,
            "error": error,
            "made": made,
            "ended": ended,
            "rows": [json.loads(row) for [row] in rows],
        }

    def delete(self, job: str) -> bool:
        """Cancels and forgets a job; returns whether there was one."""
        return self._database.execute("DELETE FROM jobs WHERE id = ?", (job,)).rowcount == 1

    def forget(self, seconds: float) -> None:
        """Forgets what ended so long ago."""
        self._database.execute("DELETE FROM jobs WHERE ended < ?", (time.time() - seconds,))

    def _is_ours(self, job: str) -> bool:
        query = "SELECT 1 FROM jobs WHERE id = ? AND owner = ?"
        return self._database.execute(query, (job, self._owner)).fetchone() is not None

    @contextmanager
    def _together(self) -> Iterator[sqlite3.Connection]:
        """What is done within it is done as a whole or not at all."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield self._database
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")
