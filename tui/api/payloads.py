"""The jobs that decoded answers describe: one of them, or a list. Knows no HTTP and reads no field but the id."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from tui.core.json_decoding import cleaned, looks_same, shown
from tui.core.text import count
from tui.domain.job import Job, identity

ERROR_FIELDS = frozenset({"error", "errorCode", "errorMessage", "error_description", "exceptionDetail", "items"})
_WORDS = ERROR_FIELDS | {"message", "messages"}
JOB_FIELDS = frozenset({"status", "type", "locationCode", "originalFilename", "itemCount", "added", "started", "finished"})


class NoJob(ValueError):
    """A decoded answer that describes no job at all.

    Args:
        text: What it is instead.
        value: The whole answer.
        is_error: Whether it may be the body of an error, whose own words then say more.
    """

    def __init__(self, text: str, value: JsonValue, *, is_error: bool) -> None:
        super().__init__(text)
        self.value = value
        self.is_error = is_error


def is_error_body(value: Mapping[str, JsonValue]) -> bool:
    """Return whether an object with an id says nothing of a job, and that something failed: the body of an error that repeats the id."""
    if any(value.get(name) for name in JOB_FIELDS):
        return False
    return value.get("success") is False or any(value.get(name) for name in _WORDS)


def job_from(value: JsonValue, *, asked: int, earlier: Mapping[int, Job] | None = None) -> Job:
    """Read the answer to a call for the job `asked`.

    Args:
        value: Decoded JSON.
        asked: The job's id.
        earlier: Jobs of the answer before; the one that still looks the same is returned itself.

    Raises:
        NoJob: It is no object, or one without a `jobID`: nothing says that it is about this job (contract.md, Calls); or the body of an
            error that repeats the id.
        ValueError: It describes another job, whose data must not be shown as this one's.
    """
    if not isinstance(value, dict):
        raise NoJob(f"expected one job, got {_described(value)}", value, is_error=isinstance(value, list | str))
    named = value.get("jobID")
    if named is None:
        is_error = not ERROR_FIELDS.isdisjoint(value) or JOB_FIELDS.isdisjoint(value)
        raise NoJob(f"expected job {asked}, got an object without a jobID{_fields_of(value)}", value, is_error=is_error)
    if identity(named) != asked:
        raise ValueError(f"asked for job {asked}, the answer describes job {shown(named)}: withheld")
    if is_error_body(value):
        raise NoJob(f"expected job {asked}, got an object without a status{_fields_of(value)}", value, is_error=True)
    return _job(value, asked, earlier or {})


def jobs_from(value: JsonValue, *, earlier: Mapping[int, Job] | None = None) -> tuple[Job, ...]:
    """Read the answer to a list call, in the server's order; elements without a usable id, and errors, are no jobs and are left out.

    Args:
        value: Decoded JSON.
        earlier: Jobs of the answer before, by id; those that still look the same are returned themselves.

    Raises:
        NoJob: It is no array, or nothing in it is a job.
    """
    if not isinstance(value, list):
        raise NoJob(f"expected an array of jobs, got {_described(value)}", value, is_error=isinstance(value, dict | str))
    known = earlier or {}
    placed = [(element, identity(element.get("jobID"))) for element in value if isinstance(element, dict) and not is_error_body(element)]
    jobs = tuple([_job(element, job_id, known) for element, job_id in placed if job_id])
    if value and not jobs:
        raise NoJob(f"expected an array of jobs, got {count(len(value), 'element')} without a jobID", value, is_error=True)
    return jobs


def _job(raw: dict[str, JsonValue], job_id: int, earlier: Mapping[int, Job]) -> Job:
    known = earlier.get(job_id)
    return known if known is not None and looks_same(raw, known.raw) else Job.from_raw(raw, job_id=job_id)


def _fields_of(value: dict[str, JsonValue]) -> str:
    """Return what an object holds, to be shown without anything being concluded from it."""
    held = (f"{name} {shown(cleaned(item))}" for name, item in value.items() if item is not None)
    text = ", ".join(held)
    return f": {text}" if text else ""


def _described(value: JsonValue) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
