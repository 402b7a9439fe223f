"""What the history knows, as text, JSON or JSON lines. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from statistics import quantiles
from typing import Any

from tui.core.durations import duration
from tui.core.text import count, one_line, rfc3339, without_commands
from tui.history.store import Change, PastJob
from tui.scripts.json_output import SCHEMA

FEWEST_KNOWN = 5
"""Ended jobs of a type from which its usual times are shown."""


def history_text(jobs: Sequence[PastJob], changes: Sequence[Change], *, is_detailed: bool) -> str:
    """Return past jobs as lines, their tally, and how long jobs of their types usually take.

    Args:
        jobs: The jobs, in the order of the lines.
        changes: Their changes, oldest first.
        is_detailed: Whether each job is followed by its changes.
    """
    by_job: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        by_job[change.job_id].append(change)
    lines: list[str] = []
    for job in jobs:
        lines.append(_job_line(job))
        if is_detailed:
            lines += (f"  {change_text(change)}" for change in by_job[job.job_id])
    lines.append(_tally(jobs))
    lines += _usual(jobs)
    return "".join(f"{without_commands(line)}\n" for line in lines)


def change_text(change: Change) -> str:
    """Return a change as text: `2026-11-29 09:31:10Z  WORKING -> FAILED`."""
    arrow = "" if change.before is None else f"{one_line(change.before)} -> "
    return f"{change.at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}  {arrow}{one_line(change.after or 'no status')}"


def _job_line(job: PastJob) -> str:
    facts = [str(job.job_id), job.status or "no status", job.type, job.location, job.file]
    words = [one_line(fact) for fact in facts if fact]
    if (wait_s := _seconds(job.added, job.started)) is not None:
        words.append(f"waited {duration(wait_s)}")
    if (run_s := _seconds(job.started, job.finished)) is not None:
        words.append(f"ran {duration(run_s)}")
    if job.seen:
        words.append(f"seen {job.seen.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}")
    if job.causes:
        template, number = job.causes[0]
        more = f" +{count(len(job.causes) - 1, 'cause')}" if len(job.causes) > 1 else ""
        words.append(f"{number:,}x {one_line(template.replace('‹…›', '<...>'))[:120]}{more}")
    return "  ".join(words)


def _tally(jobs: Sequence[PastJob]) -> str:
    counted = Counter(one_line(job.status or "no status") for job in jobs)
    parts = ", ".join(f"{number:,} {word}" for word, number in counted.most_common())
    return f"{count(len(jobs), 'job')}{f': {parts}' if parts else ' known'}"


def _usual(jobs: Iterable[PastJob]) -> Iterator[str]:
    """Yield the usual wait and run of each type: the 10th to the 90th percentile."""
    waits: dict[str, list[float]] = defaultdict(list)
    runs: dict[str, list[float]] = defaultdict(list)
    for job in jobs:
        if job.type and (wait_s := _seconds(job.added, job.started)) is not None:
            waits[job.type].append(wait_s)
        if job.type and (run_s := _seconds(job.started, job.finished)) is not None:
            runs[job.type].append(run_s)
    for kind in sorted(runs):
        if len(runs[kind]) >= FEWEST_KNOWN and len(waits[kind]) >= FEWEST_KNOWN:
            yield (
                f"usual for {one_line(kind)}: waits {_range(waits[kind])}, runs {_range(runs[kind])}"
                f" ({count(len(runs[kind]), 'job')})"
            )


def _range(durations_s: list[float]) -> str:
    tenths = quantiles(durations_s, n=10, method="inclusive")
    return f"{duration(tenths[0])} to {duration(tenths[-1])}"


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None or end < start else (end - start).total_seconds()


def history_records(jobs: Sequence[PastJob], changes: Sequence[Change]) -> tuple[dict[str, Any], ...]:
    """Return past jobs as the objects of `schema.json`, each with its changes."""
    by_job: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        by_job[change.job_id].append(change)
    return tuple(_record(job, by_job[job.job_id]) for job in jobs)


def _record(job: PastJob, changes: Sequence[Change]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "jobID": job.job_id,
        "status": job.status,
        "type": job.type,
        "locationCode": job.location,
        "originalFilename": job.file,
        "itemCount": job.items,
        "added": _time(job.added),
        "started": _time(job.started),
        "finished": _time(job.finished),
        "seen": _time(job.seen),
        "queueWaitSeconds": _seconds(job.added, job.started),
        "runSeconds": _seconds(job.started, job.finished),
        "causes": [{"template": template, "count": number} for template, number in job.causes],
        "changes": [
            {"at": rfc3339(change.at), "previousStatus": change.before, "status": change.after} for change in changes
        ],
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
