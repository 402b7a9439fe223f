"""What the API answers, as frozen values. A field that cannot be read becomes None here and stays verbatim in `Job.sent`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import Field, JsonValue, TypeAdapter

from tui.api import timestamps
from tui.api.status import JobStatus, JobType
from tui.api.wire import cleaned_object, looks_same, shown
from tui.api.wire import decode as decode  # noqa: PLC0414  # re-exported: who reads a body wants the job in it
from tui.facts import fact

LARGEST_ID = 2**63 - 1

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class _Reading(Generic[T]):
    """A field as the contract means it, read from `Job.sent` when somebody asks: most of a watched job is never looked at.

    Args:
        name: The field's name on the wire.
        read: Makes the reading of any value but null; None where the contract does not know such a value.
    """

    def __init__(self, name: str, read: Callable[[JsonValue], T | None]) -> None:
        self.name = name
        self._read = read

    def __get__(self, job: Job, _owner: type[Job]) -> T | None:
        value = job.sent.get(self.name)
        return None if value is None else self._read(value)


def _strictly(kind: TypeAdapter[T]) -> Callable[[Any], T | None]:
    """Take a value as it is or not at all; nothing is converted silently."""
    fits = kind.validator.isinstance_python
    return lambda value: value if fits(value) else None


def _named(kind: type[E]) -> Callable[[JsonValue], E]:
    known = {member.value: member for member in kind}
    return lambda value: known.get(text := shown(value)) or kind(text)


def _moment(value: object) -> datetime | None:
    return timestamps.parse(value) if isinstance(value, str) else None


def _messages(value: JsonValue) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(shown, value)) if isinstance(value, list) else (shown(value),)


_whole_number = _strictly(TypeAdapter[int](Annotated[int, Field(strict=True, ge=0, le=LARGEST_ID)]))
_words = _strictly(TypeAdapter[str](Annotated[str, Field(strict=True)]))
_flag = _strictly(TypeAdapter[bool](Annotated[bool, Field(strict=True)]))
_status = _named(JobStatus)


@fact()
class Job:
    """One job as the server described it: the object as it was sent, and typed readings of it.

    Every reading but `job_id` is None where the field is absent, null or not what contract.md says it is.
    """

    job_id: int
    """Identifies the job, 1 to 2**63 - 1."""
    sent: Mapping[str, JsonValue]
    """The whole object, unknown fields included, in the server's order; its strings are `plain()`, NaN and infinity are words."""
    status: JobStatus | None
    messages: tuple[str, ...]
    raw: Mapping[str, JsonValue]
    """`sent` before its strings were made fit to be shown: for programs, never for a screen. Most often the same object."""

    tenant_id = _Reading("tenantID", _whole_number)
    location_code = _Reading("locationCode", _words)
    type = _Reading("type", _named(JobType))
    added = _Reading("added", _moment)
    started = _Reading("started", _moment)
    finished = _Reading("finished", _moment)
    original_filename = _Reading("originalFilename", _words)
    has_data = _Reading("hasData", _flag)
    item_count = _Reading("itemCount", _whole_number)
    success = _Reading("success", _flag)
    num_results = _Reading("numResults", _whole_number)

    @classmethod
    def from_raw(cls, raw: dict[str, JsonValue], *, job_id: int, is_plain: bool = False) -> Self:
        """Read one decoded object that describes the job `job_id`.

        Args:
            raw: The object as it was sent.
            job_id: The job's id.
            is_plain: Whether its strings are known to be fit to be shown.
        """
        sent = raw if is_plain else cleaned_object(raw)
        status = sent.get("status")
        return cls(job_id, sent, None if status is None else _status(status), _messages(sent.get("messages")), raw)

    @property
    def is_ended(self) -> bool:
        """Whether `status` is terminal; `success` does not decide (contract.md, Traps)."""
        return self.status is not None and self.status.is_terminal

    @property
    def unread(self) -> tuple[str, ...]:
        """Names of the fields that came with a value the contract does not know, in the server's order."""
        return tuple(name for name, value in self.sent.items() if value is not None and self._reading(name) is None)

    def __iter__(self) -> Iterator[tuple[str, object]]:
        """Give the names of all attributes with their readings."""
        yield from ((name, getattr(self, name)) for name in ("job_id", "sent", "status", "messages", *_ATTRIBUTES.values()))

    def verbatim(self, name: str) -> str | None:
        """Return the sent value of the field `name` as text, or None where it is absent or null."""
        value = self.sent.get(name)
        return None if value is None else shown(value)

    def _reading(self, name: str) -> object:
        """The typed reading of a field, or the field's name for one that jobdeck does not know or always reads."""
        attribute = _ATTRIBUTES.get(name)
        return getattr(self, attribute) if attribute else name


_ATTRIBUTES = {reading.name: attribute for attribute, reading in vars(Job).items() if isinstance(reading, _Reading)}


def job_from(value: JsonValue, *, asked: int, earlier: Mapping[int, Job] | None = None, is_plain: bool = False) -> Job:
    """Read the answer to a call for the job `asked`; an answer without an id is taken to be about it.

    Args:
        value: Decoded JSON.
        asked: The job's id.
        earlier: Jobs of the answer before; the one that still looks the same is returned itself.
        is_plain: Whether its strings are known to be fit to be shown.

    Raises:
        ValueError: It is no object, or describes another job, whose data must not be shown as this one's.
    """
    if not isinstance(value, dict):
        raise ValueError(f"expected one job, got {_described(value)}")
    named = value.get("jobID")
    if named is not None and _id_in(named) != asked:
        raise ValueError(f"asked for job {asked}, the answer describes job {shown(named)[:40]}: withheld")
    return _job(value, asked, earlier or {}, is_plain=is_plain)


def jobs_from(value: JsonValue, *, earlier: Mapping[int, Job] | None = None, is_plain: bool = False) -> tuple[Job, ...]:
    """Read the answer to a list call, in the server's order; elements without a usable id cannot be placed and are left out.

    Args:
        value: Decoded JSON.
        earlier: Jobs of the answer before, by id; those that still look the same are returned themselves.
        is_plain: Whether its strings are known to be fit to be shown.

    Raises:
        ValueError: It is no array.
    """
    if not isinstance(value, list):
        raise ValueError(f"expected an array of jobs, got {_described(value)}")
    known = earlier or {}
    placed = ((element, _id_in(element.get("jobID"))) for element in value if isinstance(element, dict))
    return tuple(_job(element, job_id, known, is_plain=is_plain) for element, job_id in placed if job_id)


def _job(raw: dict[str, JsonValue], job_id: int, earlier: Mapping[int, Job], *, is_plain: bool) -> Job:
    known = earlier.get(job_id)
    return known if known is not None and looks_same(raw, known.raw) else Job.from_raw(raw, job_id=job_id, is_plain=is_plain)


def _id_in(value: JsonValue) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return _whole_number(int(value)) if len(value) <= 4_000 else None  # Python refuses to read over 4,300 digits
    return _whole_number(value)


def _described(value: JsonValue) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
