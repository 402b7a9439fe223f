"""Sentences that the app and the commands both show: each is written by one function. Pure."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

from tui.core.durations import duration
from tui.core.text import count, one_line
from tui.domain.job_status import JobStatus
from tui.domain.snapshot import ACCESS_WARNED_BEFORE_S, Snapshot
from tui.domain.watched_list import WatchedList

TOKEN_RENEWED = "the token was rejected, and jobdeck renewed it"  # noqa: S105  # a sentence


def token_left_s(snapshot: Snapshot, now: datetime) -> float | None:
    """Return the seconds until a token expires that jobdeck cannot renew, negative if it has; None if there is nothing
    to warn about yet.
    """
    if snapshot.access_ends_at is None:
        return None
    left_s = (snapshot.access_ends_at - now).total_seconds()
    return left_s if left_s <= ACCESS_WARNED_BEFORE_S else None


def left_text(until: datetime | None, now: datetime) -> str:
    """Return the time until a moment, never `0:00`; empty if it is over or None."""
    left_s = math.ceil((until - now).total_seconds()) if until else 0
    return duration(left_s) if left_s > 0 else ""


def unknown_end(status: JobStatus | None) -> str:
    """Return how a job ended whose last status is none of the contract's."""
    if status is None:
        return "ended without a status"
    return f"ended with the status '{one_line(status)[:40]}', which jobdeck does not know"


def skipped_note(skipped: int) -> str:
    """Return the note about a list with elements that are not jobs."""
    verb = "describes" if skipped == 1 else "describe"
    return (
        f"the server's list holds {count(skipped, 'element')} that {verb} no job; the list does not count as complete"
    )


def withheld_note(withheld: int) -> str:
    """Return the note about a list with jobs of other tenants."""
    return f"{count(withheld, 'job')} of another tenant left out; check --tenant, --site and --api-host"


def doubt_note(known: WatchedList) -> str:
    """Return why jobs of a checked list may be missing; valid only if it is not proven to be complete."""
    selection = known.selection
    quoted = selection if selection.file is None else replace(selection, file=f"'{selection.file}'")
    return f"not all jobs {one_line(quoted.words)} may be known: {known.doubt}"


def looking_for(words: str) -> str:
    """Return that jobdeck looks for the first jobs of a selection, given its words: `of inv.csv`."""
    return f"looking for jobs {one_line(words)}"
