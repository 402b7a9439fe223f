"""Encodes snapshots, updates and commands as JSON text, and decodes them to equal values.

An encoded value can be stored, replayed and sent to another process. Each object names its class; fields with their
default are left out. A job is the server's own object.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from tui.domain import commands
from tui.domain.connection import Connection, ConnectionState
from tui.domain.errors import Doubt, ErrorKind, ErrorRecord
from tui.domain.job import Job
from tui.domain.job_status import JobStatus
from tui.domain.poll_policy import PollPolicy
from tui.domain.selection import Selection
from tui.domain.server_clock import ServerClock
from tui.domain.snapshot import Snapshot, Traffic, Unchanged, Update
from tui.domain.tracked_job import Freshness, ReadState, TrackedJob, Transition
from tui.domain.watched_list import Extent, WatchedList
from tui.domain.watchlist import Watchlist

Fact = Snapshot | Update | commands.Command

_KIND = "is"
"""The name under which an object says what it is; no field has it."""

_TYPES: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        Snapshot, Update, Unchanged, Traffic, TrackedJob, ReadState, Freshness, Transition, JobStatus, WatchedList,
        Extent, Selection, PollPolicy, ServerClock, Connection, ConnectionState, ErrorRecord, ErrorKind, Doubt,
        *commands.Command.__args__,
    )
}  # fmt: skip


def encode(fact: Fact) -> str:
    """Return the value as one line of JSON in ASCII."""
    return json.dumps(_plain(fact), separators=(",", ":"))


def decode(text: str) -> Fact:
    """Return the value that `encode` made the text of.

    Raises:
        ValueError: The text is no JSON, or names an unknown class or field.
    """
    value = _value(json.loads(text))
    if not isinstance(value, Fact):
        raise ValueError(f"a {type(value).__name__} is no snapshot, update or command")  # as promised
    return value


def _plain(value: Any) -> Any:  # noqa: ANN401, PLR0911  # the JSON border; one case a kind
    match value:
        case None | bool():
            return value
        case Enum():
            return {_KIND: type(value).__name__, "value": value.value}
        case int() | float() | str():
            return value
        case tuple():
            return [_plain(item) for item in value]
        case datetime():
            return {_KIND: "time", "value": value.isoformat()}
        case Job():
            return {_KIND: "Job", "id": value.job_id, "raw": value.raw}
        case Watchlist():
            return {_KIND: "Watchlist", "jobs": [_plain(tracked) for tracked in value.values()]}
        case _ if is_dataclass(value):
            named = {each.name: getattr(value, each.name) for each in fields(value) if not _is_default(value, each)}
            return {_KIND: type(value).__name__, **{name: _plain(item) for name, item in named.items()}}
        case _:
            raise TypeError(f"a {type(value).__name__} cannot be encoded")


def _is_default(value: Any, field: Any) -> bool:  # noqa: ANN401  # any dataclass and its field
    held = getattr(value, field.name)
    return field.default is not MISSING and held == field.default and type(held) is type(field.default)


def _value(plain: Any) -> Any:  # noqa: ANN401, PLR0911  # the JSON border; one case a kind
    if isinstance(plain, list):
        return tuple([_value(item) for item in plain])
    if not isinstance(plain, dict):
        return plain
    held = dict(plain)
    match held.pop(_KIND, None):
        case "time":
            return datetime.fromisoformat(held["value"])
        case "Job":
            return Job.from_raw(held["raw"], job_id=held["id"])
        case "Watchlist":
            return Watchlist().with_jobs([_value(tracked) for tracked in held["jobs"]])
        case name if (kind := _TYPES.get(str(name))) is not None:
            if issubclass(kind, Enum):
                return kind(held["value"])
            try:
                return kind(**{field: _value(item) for field, item in held.items()})
            except TypeError as error:
                raise ValueError(f"this is no {name}: {error}") from error
        case name:
            raise ValueError(f"an object of an unknown kind: {name}")
