"""Jobs and events as the JSON objects of schema.json, a public interface. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tui.core.text import rfc3339, without_commands_in_json
from tui.domain.errors import ApiError
from tui.scripts.read_once import ReadResult
from tui.scripts.watch import Event, Kind

SCHEMA = 1


def as_json(readings: Iterable[ReadResult]) -> str:
    """Return one JSON array in ASCII, one object per line."""
    lines = ",\n".join(_encoded(record(reading)) for reading in readings)
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def as_jsonl(readings: Iterable[ReadResult]) -> str:
    """Return one JSON object per line, in ASCII."""
    return "".join(f"{_encoded(record(reading))}\n" for reading in readings)


def event_as_jsonl(event: Event) -> str:
    """Return the line of one event, in ASCII."""
    return f"{_encoded(event_record(event))}\n"


def event_record(event: Event) -> dict[str, Any]:
    """Return the object of one event: its reading and kind; the last event also has counts and completeness."""
    facts = record(event.reading) if event.reading else _nothing()
    if event.kind is not Kind.CHANGED:
        facts["previousStatus"] = None
    if event.error is not None:
        facts["error"] = _error(event.error, event.at)
    first = {"schema": SCHEMA, "event": str(event.kind), "at": rfc3339(event.at)}
    last = {"counts": dict(event.counts), "complete": event.is_complete} if event.kind is Kind.DONE else {}
    return {**first, **{name: value for name, value in facts.items() if name not in first}, **last}


def record(reading: ReadResult) -> dict[str, Any]:
    """Return the object of one reading; unknown values are null."""
    job = reading.job
    return {
        "schema": SCHEMA,
        "at": rfc3339(reading.at),
        "jobID": reading.job_id,
        "status": None if job is None or job.status is None else str(job.status),
        "previousStatus": None if reading.previous is None else str(reading.previous),
        "job": job.raw if job else None,
        "queueWaitSeconds": queue_wait_s(reading),
        "runSeconds": run_s(reading),
        "itemsPerSecond": items_per_s(reading),
        "error": _error(reading.error, reading.at) if reading.error else None,
    }


def _nothing() -> dict[str, Any]:
    names = ("jobID", "status", "previousStatus", "job", "queueWaitSeconds", "runSeconds", "itemsPerSecond", "error")
    return dict.fromkeys(names)


def _encoded(value: object) -> str:
    """Return JSON in ASCII, without terminal commands. A `Job` holds NaN and infinity, which JSON lacks, as strings."""
    return without_commands_in_json(json.dumps(value, ensure_ascii=True, allow_nan=False))


def _error(error: ApiError, at: datetime) -> dict[str, Any]:
    silence_s = error.retry_after_s
    retry_at = None if silence_s is None else at + timedelta(seconds=silence_s)
    return {
        "kind": error.kind,
        "message": error.sentence,
        "httpStatus": error.http_status,
        "correlationId": error.correlation_id,
        "retryAt": rfc3339(retry_at) if retry_at else None,
    }


def queue_wait_s(reading: ReadResult) -> float | None:
    """Return how long a job waited in the queue: started - added (tui/api/README.md)."""
    return None if reading.job is None else _seconds_between(reading.job.added, reading.job.started)


def run_s(reading: ReadResult) -> float | None:
    """Return how long a job ran: finished - started, or so far for one that has not ended (tui/api/README.md)."""
    job = reading.job
    if job is None:
        return None
    if job.finished is not None or job.is_ended:
        return _seconds_between(job.started, job.finished)
    return _seconds_between(job.started, reading.server_at, is_negative_zero=True)


def items_per_s(reading: ReadResult) -> float | None:
    """Return the rate of an ended job; None for a working job, whose `itemCount` may still change (tui/api/README.md,
    Traps).
    """
    job, ran_s = reading.job, run_s(reading)
    if job is None or not job.is_ended or not ran_s or job.item_count is None:
        return None
    return round(job.item_count / ran_s, 3)


def _seconds_between(start: datetime | None, end: datetime | None, *, is_negative_zero: bool = False) -> float | None:
    """Return the seconds; None if a moment is missing or the order is wrong."""
    if start is None or end is None:
        return None
    seconds = round((end - start).total_seconds(), 3)
    return seconds if seconds >= 0 else 0.0 if is_negative_zero else None
