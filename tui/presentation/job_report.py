"""What a user copies of jobs: a line, causes, messages, requests and commands. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

from tui.analysis.causes import causes
from tui.core.job_ids import written
from tui.core.text import one_line, plain
from tui.domain.job_status import JobStatus
from tui.domain.tracked_job import TrackedJob
from tui.presentation.job_text import UNKNOWN, state_word


def jobs_line(tracked: TrackedJob) -> str:
    """Return a job on one line: id, state, type, location, file, and its first message."""
    job = tracked.job
    words = [str(tracked.job_id), one_line(state_word(tracked))]
    if job:
        words += [
            one_line(str(value)) if value else UNKNOWN for value in (job.type, job.location_code, job.original_filename)
        ]
        words += [f": {one_line(job.messages[0])}"] if job.messages else []
    return " ".join(words).replace(" : ", ": ")


def ids_text(jobs: Sequence[TrackedJob]) -> str:
    """Return the ids with a blank between two, as `jobdeck wait` takes them."""
    return " ".join(str(tracked.job_id) for tracked in jobs)


def group_text(name: str, jobs: Sequence[TrackedJob]) -> str:
    """Return a group and its failed jobs: `inv.csv: 2 of 190 failed: 884257 884301`."""
    failed = [tracked for tracked in jobs if tracked.status is JobStatus.FAILED]
    if not failed:
        return f"{one_line(name)}: none of {len(jobs):,} failed"
    return f"{one_line(name)}: {len(failed):,} of {len(jobs):,} failed: {ids_text(failed)}"


def causes_text(jobs: Iterable[TrackedJob]) -> str:
    """Return what the messages of the jobs have in common, one cause a line with its count; empty without messages."""
    found = causes([message for tracked in jobs if tracked.job for message in tracked.job.messages])
    return "".join(f"{cause.count}x {one_line(plain(cause.text()))}\n" for cause in found)


def messages_text(jobs: Sequence[TrackedJob]) -> str:
    """Return all messages, one a line, after the id of their job if there are several; empty without messages."""
    lines = (
        f"{tracked.job_id}: {one_line(message)}\n" if len(jobs) > 1 else f"{one_line(message)}\n"
        for tracked in jobs
        if tracked.job
        for message in tracked.job.messages
    )
    return "".join(lines)


def curl_text(addresses: Iterable[str]) -> str:
    """Return the requests for jobs as commands; the shell puts in the token, which is in no text of jobdeck."""
    lines = (
        f'curl -sS -H "Authorization: Bearer $KIBO_ACCESS_TOKEN" {shlex.quote(address)}\n' for address in addresses
    )
    return "".join(lines)


def command_text(command: Sequence[str], jobs: Sequence[TrackedJob], file: str | None = None) -> str:
    """Return the command that shows the same jobs: those of a file if they are named by one, otherwise the ids.

    Args:
        command: The program with its options, as words of a shell.
        jobs: The jobs.
        file: The file whose jobs they are; None for jobs that are chosen by their ids.
    """
    named = ("--file", file) if file else (written(tuple(tracked.job_id for tracked in jobs)),)
    return " ".join((*command, *map(shlex.quote, named)))
