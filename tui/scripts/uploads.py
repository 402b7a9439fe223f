"""Finds the uploads that match a file pattern, such as a nightly file with a new name each night."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from tui.core.clock import Clock
from tui.domain.errors import RateLimited, ServerFault, Unreachable
from tui.domain.job_source import JobSource
from tui.domain.selection import Selection, names
from tui.domain.watched_list import Extent
from tui.monitor.request_gate import RequestGate
from tui.scripts.complete_list import FIRST_LIMIT, read_whole
from tui.scripts.read_once import RequestRetrier, by_server

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from tui.domain.job import Job


SEARCH_EVERY_S = 5.0
"""Seconds between two searches for an upload that does not exist yet."""

FUTURE = timedelta(minutes=1)
"""Tolerated time after the server's clock. A later `added` time is wrong and ranks no upload."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file that has jobs."""

    file: str
    added: datetime | None
    """When its newest job was added, by the server's clock; None if no job has the field."""
    jobs: int


@dataclass(frozen=True, slots=True)
class Uploads:
    """The uploads that match a pattern."""

    found: tuple[Upload, ...] = ()
    """Newest first."""
    is_proven: bool = True
    """Whether the list proves that there is no newer upload."""
    server_time: datetime | None = None


def uploads_in(
    jobs: Iterable[Job], pattern: str, since: datetime | None = None, *, now: datetime
) -> tuple[Upload, ...]:
    """Return the uploads that match `pattern`, newest first; with `since`, only those with a job added at or after that
    time.

    An upload without any `added` time before `now`, by the server's clock, is kept; then the ids of the jobs decide the
    order, because they rise.
    """
    latest = now + FUTURE
    by_file: dict[str, list[Job]] = {}
    for job in jobs:
        file = job.origin.original_filename
        if file is not None and names(pattern, file):
            by_file.setdefault(file, []).append(job)
    found = [
        Upload(file, max((job.added for job in held if job.added and job.added <= latest), default=None), len(held))
        for file, held in by_file.items()
    ]
    recent = [upload for upload in found if since is None or upload.added is None or upload.added >= since]
    last_ids = {file: max(job.job_id for job in held) for file, held in by_file.items()}
    has_times = all(upload.added is not None for upload in recent)
    return tuple(
        sorted(recent, key=lambda upload: (upload.added if has_times else 0, last_ids[upload.file]), reverse=True)
    )


def is_newest_first(jobs: Iterable[Job]) -> bool:
    """Return whether the known `added` times of a list show that it is sorted newest first."""
    added = [job.added for job in jobs if job.added is not None]
    return len(set(added)) > 1 and all(earlier >= later for earlier, later in pairwise(added))


async def uploads_of(
    source: JobSource, clock: Clock, selection: Selection, *, is_newest: bool, gate: RequestGate
) -> Uploads:
    """Return the uploads that match a selection's pattern now; with `is_newest`, at least the newest one.

    Raises:
        ApiError: The list request failed.
        ConfigError: The token or the environment is invalid.
    """
    retrier, pattern, since = RequestRetrier(clock, gate), selection.file or "*", selection.since
    answer = await retrier.response_to(lambda: source.jobs(replace(selection.query, limit=FIRST_LIMIT)))
    now = by_server(clock.now(), answer.server_time)
    found = uploads_in(answer.value, pattern, since, now=now)
    if is_newest_first(answer.value) and ((found and is_newest) or _reaches(answer.value, since)):
        return Uploads(found, server_time=answer.server_time)
    whole = await read_whole(source, retrier, selection.query, selection.accepts)
    return Uploads(
        uploads_in(whole.answer.value, pattern, since, now=now),
        whole.extent is Extent.COMPLETE,
        whole.answer.server_time,
    )


def _reaches(jobs: Iterable[Job], since: datetime | None) -> bool:
    """Return whether a list holds a job that was added before a time: if the newest come first, no job since then is
    hidden.
    """
    return since is not None and any(job.added is not None and job.added < since for job in jobs)


async def await_uploads(
    source: JobSource, clock: Clock, selection: Selection, *, is_newest: bool, wait_s: float, gate: RequestGate
) -> Uploads:
    """Return the uploads that match a selection's pattern as soon as there is one; none after `wait_s` seconds.

    Raises:
        ApiError: The first search failed, or a later one failed permanently.
        ConfigError: The token or the environment is invalid.
    """
    until_s = clock.monotonic_s() + wait_s
    uploads = await uploads_of(source, clock, selection, is_newest=is_newest, gate=gate)
    while not uploads.found and clock.monotonic_s() < until_s:
        await clock.sleep(min(SEARCH_EVERY_S, until_s - clock.monotonic_s()))
        try:
            uploads = await uploads_of(source, clock, selection, is_newest=is_newest, gate=gate)
        except (Unreachable, ServerFault, RateLimited):
            if clock.monotonic_s() >= until_s:
                raise
    return uploads
