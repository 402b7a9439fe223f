"""Messages on standard error: notes, problems and the progress line. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from tui.core.durations import duration, exact_duration, rough_duration
from tui.core.job_ids import written
from tui.core.text import count, one_line, rfc3339
from tui.domain.connection import Connection, ConnectionState
from tui.domain.errors import ApiError, BadAnswer, ErrorRecord, JobNotFound
from tui.domain.job_status import JobStatus, is_known
from tui.domain.snapshot import Snapshot
from tui.domain.tracked_job import MISSES_UNTIL_LOST, TrackedJob
from tui.domain.watched_list import WatchedList
from tui.presentation.job_text import run_s
from tui.presentation.messages import (
    TOKEN_RENEWED,
    doubt_note,
    left_text,
    looking_for,
    skipped_note,
    token_left_s,
    unknown_end,
)
from tui.scripts.read_once import ReadResult
from tui.scripts.uploads import Upload, Uploads
from tui.scripts.wait_state import Caveat, Outcome, Plan, Reason, WaitProgress

LONGEST_IDS = 200
"""Longest list of ids in a message, in characters."""


def problems(
    readings: Iterable[ReadResult], *, is_shown: Callable[[ReadResult], bool] = lambda _: False
) -> tuple[str, ...]:
    """Return a line for each error, with the ids of all jobs that it affects.

    Args:
        readings: The readings of the jobs.
        is_shown: Returns whether the output shows the whole error of a reading; then the line omits the remedy.
    """
    job_ids: dict[str, list[int]] = {}
    messages: dict[str, str] = {}
    for reading in readings:
        if error := reading.error:
            words = error.message if is_shown(reading) else str(error)
            key = error.sentence if error.doubt else words
            messages.setdefault(key, words)
            job_ids.setdefault(key, []).append(reading.job_id)
    return tuple(f"{written(concerned)}: {messages[key]}" for key, concerned in job_ids.items())


def is_mentioned(error: ErrorRecord | None, readings: Iterable[ReadResult]) -> bool:
    """Return whether `problems` contains this error; a different correlation id does not matter."""
    return error is not None and any(reading.error.sentence == error.sentence for reading in readings if reading.error)


class AccessNotes:
    """Notes about the token and invalid list elements during a watch, each once."""

    def __init__(self) -> None:
        self._reported: set[tuple[str, datetime]] = set()
        self._refused_since: datetime | None = None
        self._has_reported_skipped = False

    def new(self, snapshot: Snapshot, now: datetime) -> tuple[str, ...]:
        """Return the new notes."""
        ends_at, renewed_at = snapshot.access_ends_at, snapshot.token_renewed_at
        notes = {}
        if renewed_at is not None:
            notes["renewed", renewed_at] = TOKEN_RENEWED
        left_s = token_left_s(snapshot, now)
        if ends_at is not None and left_s is not None and left_s > 0:
            notes["ends", ends_at] = (
                f"the token expires in {rough_duration(left_s)}; renew it, or set KIBO_CLIENT_ID and KIBO_SHARED_SECRET"
            )
        if (again_at := self._accepted_again(snapshot.link)) is not None:
            notes["again", again_at] = "the token is accepted again"
        new = notes.keys() - self._reported
        self._reported |= new
        return (*(text for key, text in notes.items() if key in new), *self._skipped(snapshot))

    def _skipped(self, snapshot: Snapshot) -> tuple[str, ...]:
        if self._has_reported_skipped or not snapshot.skipped:
            return ()
        self._has_reported_skipped = True
        return (skipped_note(snapshot.skipped),)

    def _accepted_again(self, link: Connection) -> datetime | None:
        """Return when the rejection began, once after it has ended; else None."""
        if link.state is ConnectionState.UNAUTHORIZED:
            self._refused_since = link.since
        if (
            link.state is not ConnectionState.UP or link.refused_at is not None
        ):  # other failures do not show that the token is accepted
            return None
        since, self._refused_since = self._refused_since, None
        return since


def ending_note(
    ending: Outcome,
    plan: Plan,
    link: Connection,
    unended: Sequence[TrackedJob],
    *,
    has_jobs: bool = True,
    is_reported: bool = False,
) -> str | None:
    """Return why a watch ended early, and a remedy; None if the output shows it.

    Args:
        ending: The outcome.
        plan: What to wait for.
        link: The connection at the end.
        unended: Jobs that have not ended, including those that do not exist.
        has_jobs: Whether any job was watched at all.
        is_reported: Whether the connection error was reported with the jobs.
    """
    because = str(link.error) if link.error and not is_reported else ""
    match ending.reason:
        case Reason.TIMED_OUT:
            why = f"; {because}" if because else ""
            how = "looked once" if plan.is_one_look else f"timed out after {exact_duration(plan.timeout_s or 0)}"
            return f"{how}: {_remaining(plan, unended, has_jobs=has_jobs)}{why}"
        case Reason.NO_FILE:
            name = one_line(plan.file_names)
            if Caveat.UNREACHED in ending.caveats:
                return f"cannot tell whether the file '{name}' exists: the server ignored the filter by file; give the job ids"
            waited = f"came within {exact_duration(plan.start_s)}; check its exact name and the tenant, or raise --wait-for-start"
            looked = "was found; check its exact name and the tenant, or wait for it with a --timeout above 0"
            return f"no job of the file '{name}' {looked if plan.is_one_look else waited}"
        case Reason.UNAUTHORIZED | Reason.UNREACHED:
            return because or (None if is_reported else "the API never responded")
        case Reason.GIVEN_UP:
            return f"gave up after too long without a response (--timeout sets the limit){f': {because}' if because else ''}"
        case _:
            return None


def unproven_notes(lists: Iterable[WatchedList], *, known: int) -> tuple[str, ...]:
    """Return a line for each list that may be incomplete.

    Args:
        lists: The watched lists at the end.
        known: Number of known jobs.
    """
    return tuple(
        f"{doubt_note(found)}; the result is that of {count(known, 'job')}, so check the number, or give the job ids"
        for found in lists
        if not found.is_proven
    )


def no_upload(plan: Plan, uploads: Uploads, *, wait_s: float) -> ApiError:
    """Return the error that no upload matches the plan's pattern, or that the list does not show it."""
    pattern, since = one_line(plan.pattern or ""), "" if plan.since is None else f" since {rfc3339(plan.since)}"
    if not uploads.is_proven:
        return BadAnswer(
            f"found no upload of '{pattern}'{since}, but the server cut its list, so there may be one",
            remedy="give the exact file name, or the job ids",
        )
    waited = f" came within {exact_duration(wait_s)}" if wait_s else " was found"
    longer = "wait for one with a --timeout above 0" if plan.is_one_look else "raise --wait-for-start"
    return JobNotFound(
        f"no upload of '{pattern}'{since}{waited}", remedy=f"check the pattern with `jobdeck find --file`, or {longer}"
    )


def upload_notes(chosen: Sequence[Upload], uploads: Uploads, *, is_newest: bool, now: datetime) -> Iterator[str]:
    """Yield a note for each watched upload, with its age."""
    for upload in chosen:
        age = (
            ""
            if upload.added is None
            else f", added {rough_duration(((uploads.server_time or now) - upload.added).total_seconds())} ago"
        )
        yield f"watching {one_line(upload.file)}{age}, {count(upload.jobs, 'job')} so far"
    if not uploads.is_proven and not is_newest:
        yield "the server may have cut its list of uploads, so there may be others; check the names"
    elif not uploads.is_proven:
        yield "the server cut its list of uploads and does not give the newest first, so a newer one may exist; check the name"


def unknown_end_notes(jobs: Iterable[TrackedJob]) -> tuple[str, ...]:
    """Return a line for each unknown status with which jobs ended."""
    job_ids: dict[JobStatus | None, list[int]] = {}
    for tracked in jobs:
        if _is_unknown_end(tracked):
            job_ids.setdefault(tracked.status, []).append(tracked.job_id)
    return tuple(f"{_counted(concerned, unknown_end(status))}; not a success" for status, concerned in job_ids.items())


def _is_unknown_end(tracked: TrackedJob) -> bool:
    return tracked.condition.is_confirmed and not is_known(tracked.status)


def _is_working(tracked: TrackedJob) -> bool:
    return tracked.status is JobStatus.WORKING and not tracked.is_gone


def lost_note(plan: Plan, jobs: Iterable[TrackedJob]) -> str | None:
    """Return a remedy for jobs that never existed and were not waited for; None if there are none."""
    if plan.start_s or not any(
        tracked.job is None and tracked.not_found_count >= MISSES_UNTIL_LOST for tracked in jobs
    ):
        return None
    if plan.is_one_look:
        return "to wait for a job that does not exist yet, give --wait-for-start, such as 60s, and a --timeout above 0"
    return "to wait for a job that does not exist yet, give --wait-for-start, such as 60s"


def _remaining(plan: Plan, unended: Sequence[TrackedJob], *, has_jobs: bool) -> str:
    if unended:
        there = [tracked.job_id for tracked in unended if not tracked.not_found_count]
        missing = [tracked.job_id for tracked in unended if tracked.not_found_count]
        return "; ".join(
            _counted(job_ids, what) for job_ids, what in ((there, "not ended"), (missing, "not found")) if job_ids
        )
    if not has_jobs:
        return f"no job of the file '{one_line(plan.file_names)}' was found"
    return f"more jobs of the file '{one_line(plan.file_names)}' may have come"


def _counted(job_ids: Sequence[int], what: str) -> str:
    ids = written(job_ids)
    return f"{count(len(job_ids), 'job')} {what}: {ids if len(ids) <= LONGEST_IDS else ids[:LONGEST_IDS].rpartition(',')[0] + ',…'}"


def progress_line(plan: Plan, progress: WaitProgress, snapshot: Snapshot, *, now_s: float, now: datetime) -> str:
    """Return the progress line, such as `3 of 8 ended, 1 failed, 2 working, oldest 1:49`.

    Args:
        plan: What to wait for.
        progress: The progress.
        snapshot: The monitor's state.
        now_s: Monotonic second.
        now: The same moment by our wall clock.
    """
    return ", ".join((*_of_jobs(plan, progress, snapshot, now_s, now), *_of_link(snapshot, now)))


def _of_jobs(plan: Plan, progress: WaitProgress, snapshot: Snapshot, now_s: float, now: datetime) -> Iterator[str]:
    watchlist = snapshot.watchlist
    if not watchlist:
        yield looking_for(f"of {plan.file_names}")
        return
    yield f"{sum(progress.ended.values()):,} of {len(watchlist):,} ended"
    if failed := watchlist.counts.get(JobStatus.FAILED):
        yield f"{failed:,} failed"
    if unknown := sum(_is_unknown_end(tracked) for tracked in watchlist.values()):
        yield f"{unknown:,} with an unknown status"
    if missing := sum(tracked.not_found_count > 0 for tracked in watchlist.values()):
        yield f"{missing:,} not found"
    if waiting := watchlist.counts.get(JobStatus.PENDING):
        yield f"{waiting:,} waiting"
    if working := watchlist.counts.get(JobStatus.WORKING):
        yield f"{working:,} working"
        server_now = snapshot.server_clock.at(now_s, default=now)
        runs_s = (run_s(tracked.job, server_now) for tracked in watchlist.values() if _is_working(tracked))
        yield f"oldest {duration(max((each for each in runs_s if each), default=0.0))}"
    if plan.files and not progress.unended:
        yield f"looking for late jobs of {one_line(plan.file_names)}"


def _of_link(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    link = snapshot.link
    since = "" if link.since is None else f" for {duration((now - link.since).total_seconds())}"
    if link.state is ConnectionState.THROTTLED and link.until is not None:
        remaining = left_text(link.until, now)
        yield f"rate limited, {remaining} left" if remaining else "rate limited"
    elif link.state is ConnectionState.OFFLINE:
        yield f"no response{since}"
    elif link.state is ConnectionState.UNAUTHORIZED:
        yield f"token rejected{since}"
