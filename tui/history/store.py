"""What happened to the jobs of one API: a SQLite file that several programs write and read at the same time.

It holds no secret, and message texts only if the user wants them. Writing is best effort: a store that cannot be written
never stops polling (`tui/history/README.md`).
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tui.analysis.causes import causes
from tui.core.text import one_line

if TYPE_CHECKING:  # pydantic takes 80 ms to import; `jobdeck history` does not need it
    from tui.domain.job import Job
    from tui.domain.tracked_job import TrackedJob

SCHEMA = 1

REFRESH_S = 60.0
"""Time between two writes of a job whose status stays: its item count changes with each reading."""

SAME_CHANGE_S = 60.0
"""Within this time two observations of one change, by two programs, are one."""

BUSY_S = 2.0
"""Seconds to wait for another program that writes."""

MOST_BYTES = 500_000_000
"""Size of the file above which the oldest jobs are forgotten."""

FORGOTTEN_AT_ONCE = 2_000
"""Jobs that one clean-up removes, so that no other program waits long for the lock."""

MOST_CAUSES = 20
"""Causes of a job that are kept, the most frequent ones."""

CAUSE_MESSAGES = 2_000
"""Messages of a job whose causes are found."""

_TABLES = """
CREATE TABLE jobs (
    job_id INTEGER PRIMARY KEY, type TEXT, location TEXT, file TEXT, status TEXT, items INTEGER,
    added REAL, started REAL, finished REAL, seen REAL NOT NULL, messages TEXT
);
CREATE INDEX jobs_by_seen ON jobs (seen);
CREATE INDEX jobs_by_file ON jobs (file);
CREATE TABLE changes (
    job_id INTEGER NOT NULL, at REAL NOT NULL, before TEXT, after TEXT NOT NULL, PRIMARY KEY (job_id, at, after)
) WITHOUT ROWID;
CREATE INDEX changes_by_time ON changes (at);
CREATE TABLE causes (
    job_id INTEGER NOT NULL, template TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (job_id, template)
) WITHOUT ROWID;
"""
"""Times are seconds since 1970. The status of a job that the server does not know any more is GONE; an
empty text is none.
"""

_MIGRATIONS: tuple[str, ...] = (_TABLES,)
"""For each schema version the statements that lead to it from the one before."""


class StoreError(Exception):
    """The store cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """One observed change of a job's status."""

    job_id: int
    at: datetime
    """When jobdeck observed it, by the clock of this machine; aware."""
    before: str | None
    """None for the first observation of the job."""
    after: str | None


@dataclass(frozen=True, slots=True)
class PastJob:
    """A job as it was last seen."""

    job_id: int
    type: str | None = None
    location: str | None = None
    file: str | None = None
    status: str | None = None
    items: int | None = None
    added: datetime | None = None
    """By the server's clock, as `started` and `finished`; aware."""
    started: datetime | None = None
    finished: datetime | None = None
    seen: datetime | None = None
    """When it was last seen, by the clock of this machine; aware."""
    causes: tuple[tuple[str, int], ...] = ()
    """What its messages have in common, with their number, the most frequent first."""


def store_path(folder: Path, api_base: str) -> Path:
    """Return the path of the store of an API below the state folder; the name tells a person which one it is."""
    host = re.sub(r"[^a-z0-9.-]+", "_", api_base.lower().split("://")[-1])[:60].strip("_.")
    return folder / "history" / f"{host}-{sha256(api_base.encode()).hexdigest()[:8]}.sqlite3"


def state_of(tracked: TrackedJob) -> str | None:
    """Return the state of a job as the store keeps it."""
    return "GONE" if tracked.is_gone else None if tracked.status is None else str(tracked.status)


class _Written(NamedTuple):
    """What was written last of a job."""

    state: str | None
    job: Job
    at_s: float


class HistoryStore:
    """The store of one API. Use it in one thread.

    Args:
        path: The file, created if it is missing; None keeps everything in memory.
        keeps_messages: Whether message texts are kept.

    Raises:
        StoreError: The file cannot be used, or a newer jobdeck has written it.
    """

    def __init__(self, path: Path | None, *, keeps_messages: bool = False, is_read_only: bool = False) -> None:
        self.note: str | None = None
        """What the user should know about the file; None if there is nothing to say."""
        self._keeps_messages = keeps_messages
        self._known: dict[int, _Written] = {}
        """What was written last of each job."""
        try:
            self._db = _opened(path, is_read_only=is_read_only)
        except sqlite3.DatabaseError as error:
            if path is None or is_read_only or not _is_damaged(error):
                raise StoreError(_reason(error)) from error
            aside = _set_aside(path)
            self.note = f"the history was damaged and is now {aside.name}; a new one begins"
            try:
                self._db = _opened(path, is_read_only=False)
            except (OSError, sqlite3.DatabaseError) as again:
                raise StoreError(_reason(again)) from again
        except OSError as error:
            raise StoreError(_reason(error)) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def keep(self, jobs: Iterable[TrackedJob]) -> None:
        """Record the state of jobs, and their changes since the last time, in one transaction.

        Raises:
            StoreError: Nothing was recorded.
        """
        with self._writing():
            for tracked in jobs:
                self._keep_one(tracked)

    def _keep_one(self, tracked: TrackedJob) -> None:
        if tracked.answered_at is None or tracked.job is None:
            return
        job, at = tracked.job, tracked.answered_at.timestamp()
        state, known = state_of(tracked), self._known.get(tracked.job_id)
        if known is not None and known.state == state:
            is_fresh = not job.is_ended and at < known.at_s + REFRESH_S
            if known.job is job or is_fresh:
                return
        if known is None:
            found = self._db.execute("SELECT status FROM jobs WHERE job_id = ?", (tracked.job_id,)).fetchone()
            is_new = found is None or found[0] != state
            if found is None and not tracked.transitions:
                self._keep_change(tracked.job_id, at, None, _text(tracked.status))
        else:
            is_new = known.state != state
        for step in tracked.transitions if is_new else ():
            self._keep_change(tracked.job_id, step.at.timestamp(), _text(step.before), _text(step.after))
        if state == "GONE" and is_new and tracked.polled_at:
            self._keep_change(tracked.job_id, tracked.polled_at.timestamp(), _text(tracked.status), "GONE")
        row = (
            tracked.job_id, _text(job.type), job.location_code, job.original_filename, state, job.item_count,
            _seconds(job.added), _seconds(job.started), _seconds(job.finished), at,
            "\n".join(job.messages) if self._keeps_messages else None,
        )  # fmt: skip
        self._db.execute(
            "INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (job_id) DO UPDATE SET"
            " type = excluded.type, location = excluded.location, file = excluded.file, status = excluded.status,"
            " items = excluded.items, added = excluded.added, started = excluded.started,"
            " finished = excluded.finished, seen = excluded.seen, messages = excluded.messages"
            " WHERE excluded.seen >= jobs.seen",
            row,
        )
        if is_new and job.messages:
            self._db.execute("DELETE FROM causes WHERE job_id = ?", (tracked.job_id,))
            found_causes = causes(job.messages[:CAUSE_MESSAGES])[:MOST_CAUSES]
            rows = [(tracked.job_id, cause.text()[:1000], cause.count) for cause in found_causes]
            self._db.executemany("INSERT OR REPLACE INTO causes VALUES (?, ?, ?)", rows)
        self._known[tracked.job_id] = _Written(state, job, at)

    def _keep_change(self, job_id: int, at: float, before: str | None, after: str | None) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO changes SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM changes"
            " WHERE job_id = ?1 AND after = ?4 AND before IS ?3 AND abs(at - ?2) <= ?5)",
            (job_id, at, before, after or "", SAME_CHANGE_S),
        )

    def forget_old(self, now: datetime, *, keep_days: int, most_bytes: int = MOST_BYTES) -> int:
        """Remove a number of old jobs, and of the oldest ones if the file is too large; return how many.

        Raises:
            StoreError: Nothing was removed.
        """
        limit = (now - timedelta(days=keep_days)).timestamp()
        with self._writing():
            (pages,), (size,), (free,) = (
                self._db.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size", "freelist_count")
            )
            where = "" if (pages - free) * size > most_bytes else "WHERE seen < ?"
            chosen = f"SELECT job_id FROM jobs {where} ORDER BY seen LIMIT {FORGOTTEN_AT_ONCE}"  # noqa: S608  # no text of others
            ids = self._db.execute(chosen, (limit,) if where else ()).fetchall()
            for table in ("changes", "causes", "jobs"):
                self._db.executemany(f"DELETE FROM {table} WHERE job_id = ?", ids)  # noqa: S608
        for (job_id,) in ids:
            self._known.pop(job_id, None)
        return len(ids)

    def jobs(
        self,
        job_ids: Sequence[int] = (),
        *,
        file: str | None = None,
        location: str | None = None,
        since: datetime | None = None,
        limit: int = 1000,
    ) -> tuple[PastJob, ...]:
        """Return known jobs, the one seen last first; without their changes.

        Args:
            job_ids: Only these jobs; empty for any.
            file: Only jobs of this file, the exact name.
            location: Only jobs of this location.
            since: Only jobs that changed since this moment.
            limit: The most jobs.

        Raises:
            StoreError: The file cannot be read.
        """
        conditions: list[str] = []
        values: list[object] = []
        if job_ids:
            conditions.append(f"job_id IN ({', '.join('?' * len(job_ids))})")
            values += job_ids
        for name, value in (("file", file), ("location", location)):
            if value is not None:
                conditions.append(f"{name} = ?")
                values.append(value)
        if since is not None:
            conditions.append("job_id IN (SELECT job_id FROM changes WHERE at >= ?)")
            values.append(since.timestamp())
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        columns = "job_id, type, location, file, status, items, added, started, finished, seen"
        query = f"SELECT {columns} FROM jobs {where} ORDER BY seen DESC, job_id DESC LIMIT ?"  # noqa: S608
        with self._reading():
            rows = self._db.execute(query, (*values, limit)).fetchall()
            return tuple(self._past_job(row) for row in rows)

    def _past_job(self, row: tuple[object, ...]) -> PastJob:
        job_id, kind, location, file, status, items, added, started, finished, seen = row
        found = self._db.execute(
            "SELECT template, count FROM causes WHERE job_id = ? ORDER BY count DESC, template", (job_id,)
        ).fetchall()
        return PastJob(
            job_id, kind, location, file, status, items,  # type: ignore[arg-type]  # as the columns say
            _moment(added), _moment(started), _moment(finished), _moment(seen), tuple(found),
        )  # fmt: skip

    def changes(
        self, job_ids: Sequence[int] = (), *, since: datetime | None = None, limit: int = 10_000
    ) -> tuple[Change, ...]:
        """Return observed changes, oldest first; the newest ones if there are more than `limit`.

        Args:
            job_ids: Only those of these jobs; empty for any.
            since: Only those since this moment.
            limit: The most changes.

        Raises:
            StoreError: The file cannot be read.
        """
        conditions, values = ["at >= ?"], [since.timestamp() if since else float("-inf")]
        if job_ids:
            conditions.append(f"job_id IN ({', '.join('?' * len(job_ids))})")
            values += job_ids
        where = " AND ".join(conditions)
        query = f"SELECT job_id, at, before, after FROM changes WHERE {where} ORDER BY at DESC LIMIT ?"  # noqa: S608
        with self._reading():
            rows = self._db.execute(query, (*values, limit)).fetchall()
        return tuple(Change(row[0], _known_moment(row[1]), row[2], row[3] or None) for row in reversed(rows))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            with suppress(sqlite3.DatabaseError):
                self._db.execute("ROLLBACK")
            self._known.clear()  # what was rolled back must be written again
            raise StoreError(_reason(error)) from error

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise StoreError(_reason(error)) from error


def _opened(path: Path | None, *, is_read_only: bool) -> sqlite3.Connection:
    """Return an open database with the current schema.

    Raises:
        OSError: The file cannot be created.
        sqlite3.DatabaseError: It cannot be opened, or is no store.
        StoreError: A newer jobdeck has written it.
    """
    if path is None:
        database = sqlite3.connect(":memory:", isolation_level=None)
    elif is_read_only:
        database = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_S, isolation_level=None
        )
    else:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(
            os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        )  # SQLite would make it readable for others
        database = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        # WAL needs shared memory, which network file systems lack; the answer is the mode in use.
        (mode,) = database.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            database.execute("PRAGMA journal_mode = DELETE")
        database.execute("PRAGMA synchronous = NORMAL")
    try:
        _migrate(database, is_read_only=is_read_only)
    except BaseException:
        database.close()
        raise
    return database


def _migrate(database: sqlite3.Connection, *, is_read_only: bool) -> None:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA:
        raise StoreError(f"a newer jobdeck has written it (version {version}, this one reads {SCHEMA})")
    if version == SCHEMA:
        return
    if is_read_only:
        raise StoreError("it is empty, or of an older jobdeck")
    database.execute("BEGIN EXCLUSIVE")
    (version,) = database.execute("PRAGMA user_version").fetchone()  # another program may have been faster
    for number in range(version, SCHEMA):
        for statement in _MIGRATIONS[number].split(";"):
            database.execute(statement)
    database.execute(f"PRAGMA user_version = {SCHEMA}")
    database.execute("COMMIT")


def _is_damaged(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _set_aside(path: Path) -> Path:
    """Rename a damaged store, and its journals; return its new path."""
    aside = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return one_line(error.strerror or str(error))
    return one_line(str(error))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _known_moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _moment(seconds: object) -> datetime | None:
    return _known_moment(seconds) if isinstance(seconds, float) else None
