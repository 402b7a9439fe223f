"""Watches jobs until they end, and reports each change once as an event."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tui.core.clock import Clock, sleep_unless
from tui.domain.connection import Connection, ConnectionState
from tui.domain.errors import Doubt, ErrorKind, ErrorRecord
from tui.domain.selection import Selection
from tui.domain.snapshot import Snapshot, Update
from tui.domain.tracked_job import Freshness, TrackedJob
from tui.monitor.monitor import Monitor
from tui.monitor.supervisor import keep_running
from tui.presentation.job_text import state_word
from tui.scripts.read_once import ReadResult, by_server
from tui.scripts.wait_state import Outcome, Plan, WaitProgress, WaitState

REPEATED_AFTER_S = 30.0
"""Seconds after which a repeated connection error is reported again. During an outage some responses may still arrive.
"""


class Kind(StrEnum):
    """The `event` of a line (tui/scripts/README.md, Output)."""

    SNAPSHOT = "snapshot"
    """A job was read for the first time, or again after it had vanished."""
    CHANGED = "changed"
    GONE = "gone"
    ERROR = "error"
    """A reading failed in a way that was not reported yet."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a watch."""

    kind: Kind
    at: datetime
    reading: ReadResult | None = None
    """None for an error that concerns all jobs, and for the last event."""
    tracked: TrackedJob | None = None
    """The job's state in the monitor."""
    before: TrackedJob | None = None
    """The last reported state of the job; None if there is none."""
    error: ErrorRecord | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    """In the last event: number of jobs by status, or GONE."""
    is_complete: bool = True
    """In the last event: whether the jobs are proven to be complete."""


def reading_of(tracked: TrackedJob, snapshot: Snapshot, now_s: float, now: datetime) -> ReadResult:
    """Return the state of a job as a reading.

    Args:
        tracked: The job.
        snapshot: The snapshot with the server's clock.
        now_s: Monotonic second.
        now: The same moment by our wall clock; also the time of a job that was never read.
    """
    at = tracked.polled_at or now
    known_at = tracked.answered_at or at
    previous = tracked.transitions[-1].before if tracked.transitions else None
    server_at = by_server(known_at, snapshot.server_clock.at(now_s, default=now) + (known_at - now))
    return ReadResult(tracked.job_id, at, job=tracked.job, error=tracked.error, server_at=server_at, previous=previous)


def with_connection_error(tracked: TrackedJob, link: Connection) -> TrackedJob:
    """Return a job that was never read with the error and time of the connection, if there is one; other jobs
    unchanged.
    """
    error = link.error
    if tracked.polled_at is not None or error is None:
        return tracked
    at = link.since
    if error.retry_after_s is not None and link.until is not None:
        at = link.until - timedelta(seconds=error.retry_after_s)  # so that `retryAt` is the end of the rate limit
    return replace(tracked, error=error, polled_at=at)


class EventLog:
    """Derives events from updates, each reported once.

    A connection error is reported once, not for each job that cannot be read.
    """

    def __init__(self) -> None:
        self._reported: dict[int, TrackedJob] = {}
        self._reported_errors: dict[int, set[str]] = {}
        self._reported_link: tuple[ConnectionState, datetime | None] = (ConnectionState.UP, None)
        self._held: ErrorRecord | None = None
        self._errors_s: dict[str, float] = {}

    def news(self, update: Update, snapshot: Snapshot, now_s: float, now: datetime) -> Iterator[Event]:
        """Yield the events of one update, after which the state is `snapshot`."""
        link = snapshot.link
        if (link.state, link.since) != self._reported_link:
            self._reported_link, self._held = (link.state, link.since), link.error
        common = _common_errors(update)
        for tracked in _in_order(update, snapshot):
            if tracked.error in common or (tracked.error and tracked.error.doubt):
                continue
            kind = self._kind(tracked, link)
            if kind is not None:
                yield self._event(kind, tracked, snapshot, now_s, now)
        if link.state is ConnectionState.UP:
            for error in (*common, *_outages(update)):
                yield from self._error(error, now_s, now)
        if (
            self._reported or link.state is not ConnectionState.UNAUTHORIZED
        ):  # other responses may follow, and the first lines are snapshots
            yield from self.held(now_s, now)

    def held(self, now_s: float, now: datetime) -> Iterator[Event]:
        """Yield the deferred connection error, unless it was reported a moment ago."""
        error, self._held = self._held, None
        if error is not None:
            yield from self._error(error, now_s, now)

    def _error(self, error: ErrorRecord, now_s: float, now: datetime) -> Iterator[Event]:
        """Yield an error that concerns several jobs, unless it was reported a moment ago."""
        reported_s, self._errors_s[error.sentence] = self._errors_s.get(error.sentence), now_s
        if reported_s is None or now_s - reported_s >= REPEATED_AFTER_S:
            yield Event(Kind.ERROR, now, error=error)

    def lost(self, job_ids: Iterable[int], snapshot: Snapshot, now_s: float, now: datetime) -> Iterator[Event]:
        """Yield an event for each of these jobs, which never existed, unless it was reported before."""
        for job_id in job_ids:
            tracked = snapshot.watchlist[job_id]
            if job_id not in self._reported:
                yield self._event(Kind.ERROR, tracked, snapshot, now_s, now)
                self._reported[job_id] = tracked

    def _event(self, kind: Kind, tracked: TrackedJob, snapshot: Snapshot, now_s: float, now: datetime) -> Event:
        before = self._reported.get(tracked.job_id)
        if kind is not Kind.ERROR:
            self._reported[tracked.job_id] = tracked
            self._reported_errors.pop(tracked.job_id, None)
        reading = reading_of(tracked, snapshot, now_s, now)
        return Event(kind, reading.at, reading, tracked, before, tracked.error)

    def _kind(self, tracked: TrackedJob, link: Connection) -> Kind | None:
        if tracked.polled_at is None:
            return None
        if tracked.error is None:
            return self._kind_of_good(tracked)
        if tracked.error.kind is ErrorKind.NOT_FOUND:  # a new job may still appear; `lost` reports it at the end
            before = self._reported.get(tracked.job_id)
            was_there = before is not None and before.freshness is not Freshness.GONE
            return Kind.GONE if tracked.freshness is Freshness.GONE and was_there else None
        return (
            Kind.ERROR if link.state is ConnectionState.UP and self._is_new_way(tracked.job_id, tracked.error) else None
        )

    def _kind_of_good(self, tracked: TrackedJob) -> Kind | None:
        before = self._reported.get(tracked.job_id)
        if before is None or before.job is None or before.freshness is Freshness.GONE:
            return Kind.SNAPSHOT
        return Kind.CHANGED if before.status != tracked.status else None

    def _is_new_way(self, job_id: int, error: ErrorRecord) -> bool:
        """Return whether a job failed in a new way since its last change; numbers in the text are ignored."""
        way = f"{error.kind} {error.http_status} {re.sub('[0-9]+', '0', error.message)}"
        ways = self._reported_errors.setdefault(job_id, set())
        is_new = way not in ways
        ways.add(way)
        return is_new


def _common_errors(update: Update) -> Sequence[ErrorRecord]:
    """Return the errors that affect several jobs, such as the error of a list."""
    numbers = Counter(tracked.error for tracked in update.changed if tracked.error is not None)
    return [error for error, number in numbers.items() if number > 1]


def _outages(update: Update) -> Iterator[ErrorRecord]:
    """Yield denials of several jobs, to report once for all of them. A denial of one job is decided within seconds."""
    errors = dict.fromkeys(tracked.error for tracked in update.changed)
    yield from (error for error in errors if error is not None and error.doubt is Doubt.OUTAGE)


def _in_order(update: Update, snapshot: Snapshot) -> Iterable[TrackedJob]:
    """Return the changed jobs in the order of the watchlist; lists bring the newest first."""
    if len(update.changed) < 2:
        return update.changed
    indexes = {job_id: index for index, job_id in enumerate(snapshot.watchlist.ids)}
    return sorted(update.changed, key=lambda tracked: indexes.get(tracked.job_id, len(indexes)))


TICK_S = 1.0
"""Seconds between two checks of the outcome."""

CALM_TICK_S = 10.0
"""The same while all requests succeed and no file is watched: then only updates and the timeout decide."""

AWAITED_EVERY_S = 5.0
"""Seconds between two requests for a job that does not exist yet."""

FIRST_CONTACT_EVERY_S = 1.0
"""The same before the first response: scripts should fail early if there is no server."""


VERIFY_AFTER_S = 10.0
"""Age of a reading in seconds from which a job is read again before success is reported."""

VERIFY_S = 120.0
"""Longest time for that in seconds; each job was read as SUCCESS before."""


class Watching:
    """One watch.

    Args:
        monitor: The monitor; it runs while `events` is iterated.
        clock: Time and sleep, the same as the monitor's.
        plan: What to wait for.
        report: Receives each bug of the monitor for the log; the watch continues.
    """

    def __init__(
        self,
        monitor: Monitor,
        clock: Clock,
        plan: Plan,
        *,
        report: Callable[[BaseException], object] = lambda _: None,
    ) -> None:
        self.outcome: Outcome | None = None
        """The outcome; None before the end."""
        self._monitor = monitor
        self._clock = clock
        self._report = report
        self._state = WaitState.begin(plan, clock.monotonic_s(), monitor.published.link)
        self._event_log = EventLog()
        self._updates: deque[Update] = deque()
        self._applied = monitor.published
        """The state after the updates that were applied here."""
        self._wake = asyncio.Event()
        self._named: frozenset[int] = frozenset()
        self._verifying_from_s: float | None = None
        self._unverified: tuple[int, ...] = ()
        self._requested_s = clock.monotonic_s()

    @property
    def plan(self) -> Plan:
        """What to wait for, with the uploads found so far."""
        return self._state.plan

    @property
    def snapshot(self) -> Snapshot:
        """The current state of the monitor."""
        return self._monitor.snapshot

    @property
    def is_complete(self) -> bool:
        """Whether the jobs are proven to be complete; True for ids."""
        return not self.plan.files or (self.progress.file.is_proven is True and self.plan.is_choice_proven)

    @property
    def progress(self) -> WaitProgress:
        """The progress so far."""
        return self._state.progress(self._clock.monotonic_s())

    @property
    def unended(self) -> tuple[TrackedJob, ...]:
        """The jobs that have not ended, in the order of `jobs`."""
        unended = self._state.unended(self._clock.monotonic_s())
        return tuple(tracked for tracked in self.jobs() if tracked.job_id in unended)

    @property
    def failed(self) -> frozenset[int]:
        """The ids of the jobs that count as ended, but are not SUCCESS."""
        return self._state.failed(self._clock.monotonic_s())

    def jobs(self) -> tuple[TrackedJob, ...]:
        """Return the jobs: the named ones in their order, then those of the file by id.

        A job that was never read has the error of the connection.
        """
        snapshot = self.snapshot
        watchlist = snapshot.watchlist
        named = [job_id for job_id in watchlist.ids if job_id in self._named]
        return tuple(
            with_connection_error(watchlist[job_id], snapshot.link)
            for job_id in (*named, *sorted(watchlist.keys() - self._named))
        )

    def readings(self) -> tuple[ReadResult, ...]:
        """Return `jobs` as readings."""
        snapshot, now_s, now = self.snapshot, self._clock.monotonic_s(), self._clock.now()
        return tuple(reading_of(tracked, snapshot, now_s, now) for tracked in self.jobs())

    def must_search(self) -> bool:
        """Return whether the end waits only for a search for later uploads of the plan's pattern."""
        return self._state.must_search(self._clock.monotonic_s())

    def add_uploads(self, files: Iterable[str], *, is_proven: bool, searched_s: float) -> None:
        """Watch the jobs of further uploads.

        Args:
            files: The uploads that the search found and that the plan lacks.
            is_proven: Whether it is proven that there is no other one.
            searched_s: Monotonic second at which the search began.
        """
        added = tuple(files)
        self._state = self._state.with_uploads(added, is_proven=is_proven, searched_s=searched_s)
        for file in added:
            self._monitor.track_selection(Selection(file, since=self.plan.since))
        self._wake.set()

    def interrupt(self) -> None:
        """End the watch as soon as possible."""
        self._state = self._state.interrupted()
        self._wake.set()

    async def events(self, job_ids: Sequence[int]) -> AsyncGenerator[Event, None]:
        """Watch these jobs and those of the plan's files. Yield each event; the last one is DONE.

        Raises:
            ConfigError: The token or the environment is invalid.
        """
        self._named = frozenset(job_ids)
        async with self._polling() as polling:
            self._monitor.track(*job_ids)
            for selection in self.plan.selections:
                self._monitor.track_selection(selection)
            while True:
                self._wake.clear()
                for event in self._new_events():
                    yield event
                for selection in self._state.unchecked():
                    self._monitor.check_completeness(selection)
                outcome = self._state.outcome(self._clock.monotonic_s())
                if outcome is None:
                    self._verifying_from_s = None  # a job restarted; by the next end other responses may be old
                elif not self._must_verify(outcome):
                    break
                await sleep_unless(self._wake, self._pause_s(), self._clock)
                if polling.done():
                    polling.result()
                self._request_sooner()
            for event in self._event_log.held(self._clock.monotonic_s(), self._clock.now()):
                yield event
            self.outcome = outcome
            yield self._done()

    def _must_verify(self, outcome: Outcome) -> bool:
        """Return whether success must wait for a new reading of jobs last read long ago, and request it: a job may
        restart.
        """
        now_s, now = self._clock.monotonic_s(), self._clock.now()
        if not outcome.is_success:
            return False
        if self._verifying_from_s is None:
            self._unverified = self._outdated(now)
            if self._unverified:
                self._verifying_from_s = now_s
                self._monitor.verify(*self._unverified)
            return bool(self._unverified)
        if now_s - self._verifying_from_s >= VERIFY_S:
            return False
        watchlist = self.snapshot.watchlist
        since = now - timedelta(seconds=now_s - self._verifying_from_s)
        self._unverified = tuple(
            job_id for job_id in self._unverified if not _is_read_since(watchlist.get(job_id), since)
        )
        return bool(self._unverified)

    def _outdated(self, now: datetime) -> tuple[int, ...]:
        """Return the jobs whose last response is old."""
        return tuple(
            tracked.job_id
            for tracked in self.snapshot.watchlist.values()
            if tracked.job is not None
            and tracked.answered_at is not None
            and (now - tracked.answered_at).total_seconds() > VERIFY_AFTER_S
        )

    @asynccontextmanager
    async def _polling(self) -> AsyncIterator[asyncio.Future[None]]:
        """Run the monitor and receive its updates."""
        self._applied = self._monitor.published
        unsubscribe = self._monitor.subscribe(self._receive)
        polling = asyncio.ensure_future(keep_running(self._monitor, self._clock, self._report))
        polling.add_done_callback(lambda _: self._wake.set())
        try:
            yield polling
        finally:
            unsubscribe()
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)

    def _receive(self, update: Update) -> None:
        """Queue an update for the event loop, so that errors there do not count as bugs of the monitor."""
        self._updates.append(update)
        self._wake.set()

    def _new_events(self) -> Iterator[Event]:
        now_s, now = self._clock.monotonic_s(), self._clock.now()
        while self._updates:
            update = self._updates.popleft()
            self._applied = self._applied.apply(update)
            self._state = self._state.apply(update, now_s)
            yield from self._event_log.news(update, self._applied, now_s, now)
        yield from self._event_log.lost(self._state.lost(now_s), self.snapshot, now_s, now)

    def _done(self) -> Event:
        described = (
            known for known in self.readings() if known.is_gone or (known.job and known.job.status is not None)
        )
        counts = Counter(map(state_word, described))
        return Event(Kind.DONE, self._clock.now(), counts=counts, is_complete=self.is_complete)

    def _pause_s(self) -> float:
        """Return the seconds until the next check of the outcome; an update wakes the loop earlier."""
        timeout_s, progress, now_s = self.plan.timeout_s, self.progress, self._clock.monotonic_s()
        is_well = progress.is_answered and progress.failing_s is None and progress.link is ConnectionState.UP
        is_calm = is_well and not self.plan.files and self._verifying_from_s is None and not self._state.awaited(now_s)
        tick_s = CALM_TICK_S if is_calm else TICK_S
        return min(tick_s, max(0.0, timeout_s - progress.elapsed_s)) if timeout_s else tick_s

    def _request_sooner(self) -> None:
        """Request jobs sooner than the monitor would: jobs that may still appear, and the first job before the first
        response.
        """
        now_s, progress = self._clock.monotonic_s(), self.progress
        job_ids = self._state.awaited(now_s) if progress.is_answered else self.snapshot.watchlist.ids[:1]
        pause_s = AWAITED_EVERY_S if progress.is_answered else FIRST_CONTACT_EVERY_S
        if job_ids and progress.link is ConnectionState.UP and now_s >= self._requested_s + pause_s:
            self._requested_s = now_s
            self._monitor.refresh(*job_ids)


def _is_read_since(tracked: TrackedJob | None, since: datetime) -> bool:
    """Return whether a job was read since then, or is not watched any more."""
    if tracked is None:
        return True
    read_at = tracked.polled_at if tracked.not_found_count else tracked.answered_at
    return read_at is not None and read_at >= since
