"""Readings of jobs as text for a person who wants to know everything of each: all fields, all messages. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tui.core.text import duration, one_line, plain, rfc3339, without_commands
from tui.headless.colours import painted
from tui.headless.columns import unnamed_fields
from tui.headless.reading import GONE, Reading
from tui.headless.records import items_per_s, queue_wait_s, run_s

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from datetime import datetime

    from tui.domain.job import Job

_OTHER = "other"
"""The label of fields that the contract does not name: their own names are the server's text, which may not begin a line."""


def as_text(readings: Iterable[Reading], *, has_colour: bool = False) -> str:
    """Return a paragraph for each job, whether it was read or not.

    Args:
        readings: In the order of the paragraphs.
        has_colour: Whether the status is coloured.
    """
    return "\n".join("".join(f"{line}\n" for line in _lines(reading, has_colour=has_colour)) for reading in readings)


def _lines(reading: Reading, *, has_colour: bool) -> Iterator[str]:
    job = reading.job
    word = _safe(GONE if reading.is_gone else "not read" if job is None else job.verbatim("status") or "no status")
    yield f"{reading.job_id}  {painted(word) if has_colour else word}"
    for label, text in _facts(reading):
        if text:
            yield f"  {label:<10} {_safe(text)}"
    if reading.error is not None:
        yield f"  {'error':<10} {_safe(str(reading.error))}"
    if job is not None and job.messages:
        yield f"  {'messages':<10} {len(job.messages):,}"
        digits = len(str(len(job.messages)))
        for number, message in enumerate(job.messages, 1):
            first, *rest = without_commands(plain(message)).split("\n")
            yield f"  {number:>{digits}}. {first}".rstrip()
            yield from (f"  {' ' * digits}| {line}".rstrip() for line in rest)


def _facts(reading: Reading) -> Iterator[tuple[str, str | None]]:
    """Yield what is known of a job beside its status and messages; None where nothing is."""
    job = reading.job
    if job is None:
        return
    yield "type", job.verbatim("type")
    yield "location", job.verbatim("locationCode")
    yield "file", job.verbatim("originalFilename")
    yield "items", _items(reading, job)
    yield "added", _moment(job, "added", job.added)
    yield "started", _moment(job, "started", job.started, "waited", queue_wait_s(reading))
    yield "finished", _moment(job, "finished", job.finished, "ran", run_s(reading))
    if job.finished is None and (so_far_s := run_s(reading)) is not None:
        yield "running", f"for {duration(so_far_s)}"
    yield "tenant", job.verbatim("tenantID")
    for label in ("success", "numResults", "hasData"):
        yield label, job.verbatim(label)
    for column in unnamed_fields((reading,)):
        yield _OTHER, f"{column.name}: {column.shown(reading, job) or 'null'}"


def _items(reading: Reading, job: Job) -> str | None:
    rate = items_per_s(reading)
    count = job.verbatim("itemCount") if job.item_count is None else f"{job.item_count:,}"
    return count if rate is None else f"{count}, {rate:,.1f} a second"


def _moment(job: Job, name: str, at: datetime | None, what: str = "", seconds: float | None = None) -> str | None:
    """Return a moment in UTC with the time that it took to come; as it was sent where it cannot be read."""
    if at is None:
        sent = job.verbatim(name)
        return None if sent is None else f"{sent} (cannot be read as a time)"
    return f"{rfc3339(at)}, {what} {duration(seconds)}" if seconds is not None else rfc3339(at)


def _safe(text: str) -> str:
    return without_commands(one_line(text))
