"""What a filter finds in a job. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from tui.domain.connection import Link
from tui.domain.tracked_job import TrackedJob
from tui.ui.views.look import status_word


def haystack(tracked: TrackedJob) -> str:
    """Return what a filter looks through: id, status, type, location, file and messages, in lower case."""
    job = tracked.job
    texts = [str(tracked.job_id)]
    if tracked.job or tracked.error:
        texts.append(status_word(tracked, Link()))
    if job:
        texts += [str(job.type or ""), job.location_code or "", job.original_filename or "", *job.messages]
    return "\n".join(texts).lower()


def holds(hay: str, words: Sequence[str]) -> bool:
    """Whether all of the words (in lower case) are in a haystack."""
    return all(word in hay for word in words)
