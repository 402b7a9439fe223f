"""What a watch tells of jobs, as values: which news are worth a line, and which were told before. Pure; words nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tui.domain.connection import Link, LinkState
from tui.domain.errors import ApiError, JobNotFound
from tui.domain.tracked_job import Freshness, TrackedJob
from tui.headless.reading import Reading, by_server
from tui.monitor.denials import Disbelieved
from tui.monitor.snapshot import Batch, Snapshot

RETOLD_S = 30.0
"""Time after which a trouble of the connection that comes back is news again: of answers on their way some may go through."""


class Kind(StrEnum):
    """The `event` of a line (cli.md, Output)."""

    SNAPSHOT = "snapshot"
    """A job was read for the first time, or again after it had vanished."""
    CHANGED = "changed"
    GONE = "gone"
    ERROR = "error"
    """A reading failed in a way that was not told yet."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a watch."""

    kind: Kind
    at: datetime
    reading: Reading | None = None
    """None for an error that concerns all jobs, and for the end."""
    tracked: TrackedJob | None = None
    """The same job as the monitor knows it."""
    before: TrackedJob | None = None
    """The job as it was told last; None if it never was."""
    error: ApiError | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    """At the end: number of jobs by the status that was seen last, or GONE."""
    is_complete: bool = True
    """At the end: whether all jobs that were asked for are proven to be known."""


def reading_of(tracked: TrackedJob, snapshot: Snapshot, now_s: float, now: datetime) -> Reading:
    """Return what is known of a job as a reading.

    Args:
        tracked: The job.
        snapshot: Tells the server's clock.
        now_s: Monotonic second.
        now: The same moment by our wall clock, which stands for the time of a job that was never read.
    """
    at = tracked.polled_at or now
    previous = tracked.transitions[-1].before if tracked.transitions else None
    server_at = by_server(at, snapshot.server_clock.at(now_s, default=now) + (at - now))
    return Reading(tracked.job_id, at, job=tracked.job, error=tracked.error, server_at=server_at, previous=previous)


def kept_back(tracked: TrackedJob, link: Link) -> TrackedJob:
    """Return a job that was never read with the connection's error, if there is one, and its moment; any other job as it is."""
    error = link.error
    if tracked.polled_at is not None or error is None:
        return tracked
    at = link.since
    if error.retry_after_s is not None and link.until is not None:
        at = link.until - timedelta(seconds=error.retry_after_s)  # so that `retryAt` is when the silence ends
    return replace(tracked, error=error, polled_at=at)


class Story:
    """What was told so far, and what is news against it.

    A failing connection is told once, and not for each job that cannot be read meanwhile.
    """

    def __init__(self) -> None:
        self._told: dict[int, TrackedJob] = {}
        self._told_errors: dict[int, set[str]] = {}
        self._told_link: tuple[LinkState, datetime | None] = (LinkState.UP, None)
        self._held: ApiError | None = None
        self._errors_s: dict[str, float] = {}

    def news(self, batch: Batch, now_s: float, now: datetime) -> Iterator[Event]:
        """Give the events of one batch."""
        link = batch.snapshot.link
        if (link.state, link.since) != self._told_link:
            self._told_link, self._held = (link.state, link.since), link.error
        common = _common_errors(batch)
        for tracked in _in_order(batch):
            if tracked.error in common or isinstance(tracked.error, Disbelieved):
                continue
            kind = self._kind(tracked, link)
            if kind is not None:
                yield self._event(kind, tracked, batch.snapshot, now_s, now)
        if link.state is LinkState.UP:
            for error in (*common, *_outages(batch)):
                yield from self._error(error, now_s, now)
        if self._told or link.state is not LinkState.REFUSED:  # other answers may be on their way, and the first lines are a snapshot
            yield from self.held(now_s, now)

    def held(self, now_s: float, now: datetime) -> Iterator[Event]:
        """Give the connection's error if it was held back, unless the same was told a moment ago."""
        error, self._held = self._held, None
        if error is not None:
            yield from self._error(error, now_s, now)

    def _error(self, error: ApiError, now_s: float, now: datetime) -> Iterator[Event]:
        """Give an error that concerns more than one job, unless the same was given a moment ago."""
        told_s, self._errors_s[error.sentence] = self._errors_s.get(error.sentence), now_s
        if told_s is None or now_s - told_s >= RETOLD_S:
            yield Event(Kind.ERROR, now, error=error)

    def lost(self, job_ids: Iterable[int], snapshot: Snapshot, now_s: float, now: datetime) -> Iterator[Event]:
        """Give an event for each of these jobs, which never existed, that was not told of yet."""
        for job_id in job_ids:
            tracked = snapshot.watchlist[job_id]
            if job_id not in self._told:
                yield self._event(Kind.ERROR, tracked, snapshot, now_s, now)
                self._told[job_id] = tracked

    def _event(self, kind: Kind, tracked: TrackedJob, snapshot: Snapshot, now_s: float, now: datetime) -> Event:
        before = self._told.get(tracked.job_id)
        if kind is not Kind.ERROR:
            self._told[tracked.job_id] = tracked
            self._told_errors.pop(tracked.job_id, None)
        reading = reading_of(tracked, snapshot, now_s, now)
        return Event(kind, reading.at, reading, tracked, before, tracked.error)

    def _kind(self, tracked: TrackedJob, link: Link) -> Kind | None:
        if tracked.polled_at is None:
            return None
        if tracked.error is None:
            return self._kind_of_good(tracked)
        if isinstance(tracked.error, JobNotFound):  # one that never existed may be new; `lost` tells it in the end
            before = self._told.get(tracked.job_id)
            was_there = before is not None and before.freshness is not Freshness.GONE
            return Kind.GONE if tracked.freshness is Freshness.GONE and was_there else None
        return Kind.ERROR if link.state is LinkState.UP and self._is_new_way(tracked.job_id, tracked.error) else None

    def _kind_of_good(self, tracked: TrackedJob) -> Kind | None:
        before = self._told.get(tracked.job_id)
        if before is None or before.job is None or before.freshness is Freshness.GONE:
            return Kind.SNAPSHOT
        return Kind.CHANGED if before.status != tracked.status else None

    def _is_new_way(self, job_id: int, error: ApiError) -> bool:
        """Return whether a job has failed in another way than since it changed last; numbers in a text make no difference."""
        way = f"{error.kind} {error.http_status} {re.sub('[0-9]+', '0', error.message)}"
        ways = self._told_errors.setdefault(job_id, set())
        is_new = way not in ways
        ways.add(way)
        return is_new


def _common_errors(batch: Batch) -> Sequence[ApiError]:
    """Return the errors that kept more than one job from being read, such as that of a list."""
    numbers = Counter(tracked.error for tracked in batch.changed if tracked.error is not None)
    return [error for error, number in numbers.items() if number > 1]


def _outages(batch: Batch) -> Iterator[ApiError]:
    """Yield the denial of several jobs at once, which is told once for all of them; that of one job is decided within seconds."""
    denials = (tracked.error for tracked in batch.changed if isinstance(tracked.error, Disbelieved))
    yield from (error for error in denials if error.is_outage)


def _in_order(batch: Batch) -> Iterable[TrackedJob]:
    """Return what changed in the order in which the jobs were given; a list brings the newest first."""
    if len(batch.changed) < 2:
        return batch.changed
    places = {job_id: place for place, job_id in enumerate(batch.snapshot.watchlist.ids)}
    return sorted(batch.changed, key=lambda tracked: places.get(tracked.job_id, len(places)))
