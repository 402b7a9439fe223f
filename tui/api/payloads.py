"""The jobs that decoded answers describe: one of them, or a list. Knows no HTTP and reads no field but the id."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from tui.api import fields
from tui.api.models import Job
from tui.api.wire import looks_same, shown


def job_from(value: JsonValue, *, asked: int, earlier: Mapping[int, Job] | None = None) -> Job:
    """Read the answer to a call for the job `asked`; an answer without an id is taken to be about it.

    Args:
        value: Decoded JSON.
        asked: The job's id.
        earlier: Jobs of the answer before; the one that still looks the same is returned itself.

    Raises:
        ValueError: It is no object, or describes another job, whose data must not be shown as this one's.
    """
    if not isinstance(value, dict):
        raise ValueError(f"expected one job, got {_described(value)}")
    named = value.get("jobID")
    if named is not None and fields.identity(named) != asked:
        raise ValueError(f"asked for job {asked}, the answer describes job {shown(named)}: withheld")
    return _job(value, asked, earlier or {})


def jobs_from(value: JsonValue, *, earlier: Mapping[int, Job] | None = None) -> tuple[Job, ...]:
    """Read the answer to a list call, in the server's order; elements without a usable id cannot be placed and are left out.

    Args:
        value: Decoded JSON.
        earlier: Jobs of the answer before, by id; those that still look the same are returned themselves.

    Raises:
        ValueError: It is no array.
    """
    if not isinstance(value, list):
        raise ValueError(f"expected an array of jobs, got {_described(value)}")
    known = earlier or {}
    placed = [(element, fields.identity(element.get("jobID"))) for element in value if isinstance(element, dict)]
    return tuple([_job(element, job_id, known) for element, job_id in placed if job_id])


def _job(raw: dict[str, JsonValue], job_id: int, earlier: Mapping[int, Job]) -> Job:
    known = earlier.get(job_id)
    return known if known is not None and looks_same(raw, known.raw) else Job.from_raw(raw, job_id=job_id)


def _described(value: JsonValue) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
