"""Jobs and events as the JSON objects of schema.json, a public interface. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tui.core.text import rfc3339, without_commands_in_json
from tui.domain.errors import ErrorRecord
from tui.presentation.job_text import items_per_s, queue_wait_s, run_s
from tui.scripts.read_once import ReadResult
from tui.scripts.watch import Event, Kind

SCHEMA = 1


def as_json(readings: Iterable[ReadResult]) -> str:
    """Return one JSON array in ASCII, one object per line."""
    return json_array(map(record, readings))


def as_jsonl(readings: Iterable[ReadResult]) -> str:
    """Return one JSON object per line, in ASCII."""
    return json_lines(map(record, readings))


def json_array(records: Iterable[dict[str, Any]]) -> str:
    """Return objects as one JSON array in ASCII, one object per line."""
    lines = ",\n".join(map(_encoded, records))
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def json_lines(records: Iterable[dict[str, Any]]) -> str:
    """Return one JSON object per line, in ASCII."""
    return "".join(f"{_encoded(each)}\n" for each in records)


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
        "queueWaitSeconds": queue_wait_s(reading.job),
        "runSeconds": run_s(reading.job, reading.server_at),
        "itemsPerSecond": items_per_s(reading.job),
        "error": _error(reading.error, reading.at) if reading.error else None,
    }


def _nothing() -> dict[str, Any]:
    names = ("jobID", "status", "previousStatus", "job", "queueWaitSeconds", "runSeconds", "itemsPerSecond", "error")
    return dict.fromkeys(names)


def _encoded(value: object) -> str:
    """Return JSON in ASCII, without terminal commands. A `Job` holds NaN and infinity, which JSON lacks, as strings."""
    return without_commands_in_json(json.dumps(value, ensure_ascii=True, allow_nan=False))


def _error(error: ErrorRecord, at: datetime) -> dict[str, Any]:
    retry_after_s = error.retry_after_s
    retry_at = None if retry_after_s is None else at + timedelta(seconds=retry_after_s)
    return {
        "kind": str(error.kind),
        "message": error.sentence,
        "httpStatus": error.http_status,
        "correlationId": error.correlation_id,
        "retryAt": rfc3339(retry_at) if retry_at else None,
    }
