"""A job as an immutable value. A field that cannot be parsed is None here and stays verbatim in `Job.sent`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter
from typing import Annotated, Any, Generic, Protocol, Self, TypeVar, dataclass_transform

from pydantic import Field, JsonValue, TypeAdapter
from pydantic_core import SchemaValidator, core_schema

from tui.core.json_decoding import cleaned, cleaned_object, decode_strictly, finite, json_text
from tui.core.timestamps import parse
from tui.domain.job_status import JobStatus, JobType

_Class = TypeVar("_Class")


@dataclass_transform(frozen_default=True)
def fast_dataclass(*, eq: bool = True) -> Callable[[type[_Class]], type[_Class]]:
    """Return a decorator for slotted dataclasses that only mypy treats as frozen.

    With `frozen=True` a construction takes five times as long.

    Args:
        eq: Whether values compare by their fields; otherwise by identity.
    """
    return dataclass(slots=True, eq=eq)


LARGEST_ID = 2**63 - 1

LONGEST_NAME = 200
"""Longest shared name, in characters. jobdeck neither caches a longer one nor uses it to filter a list."""

T = TypeVar("T")

E = TypeVar("E", bound=StrEnum)


class _Described(Protocol):
    @property
    def sent(self) -> Mapping[str, JsonValue]: ...


class JobField(Generic[T]):
    """A typed field, parsed on access: most fields of a watched job are never shown.

    Args:
        name: The field's name in the JSON.
        read: Converts any value except null; returns None for a value outside the contract.
    """

    def __init__(self, name: str, read: Callable[[JsonValue], T | None]) -> None:
        self.name = name
        self._read = read

    def __get__(self, job: _Described, _owner: type) -> T | None:
        value = job.sent.get(self.name)
        return None if value is None else self._read(value)


def _strictly(kind: TypeAdapter[T]) -> Callable[[Any], T | None]:
    """Return a strict converter: a value of another type gives None."""
    fits = kind.validator.isinstance_python
    return lambda value: value if fits(value) else None


def _named(kind: type[E]) -> Callable[[JsonValue], E | None]:
    """Return a converter that accepts any short name, known or unknown."""
    known = {member.value: member for member in kind}

    def read(value: JsonValue) -> E | None:
        text = value if isinstance(value, str) else verbatim(value)
        return None if text is None else known.get(text) or kind(text[:LONGEST_NAME])

    return read


def verbatim(value: JsonValue) -> str | None:
    """Return the value as text; None for null."""
    return None if value is None else json_text(finite(value))


whole_number = _strictly(TypeAdapter[int](Annotated[int, Field(strict=True, ge=0, le=LARGEST_ID)]))

words = _strictly(TypeAdapter[str](Annotated[str, Field(strict=True)]))

flag = _strictly(TypeAdapter[bool](Annotated[bool, Field(strict=True)]))

read_status = _named(JobStatus)

read_kind = _named(JobType)


def moment(value: JsonValue) -> datetime | None:
    """Return the time in a text, aware; None for anything else."""
    return parse(value) if isinstance(value, str) else None


_ID = core_schema.int_schema(strict=True, gt=0, le=LARGEST_ID)

_ANY = core_schema.with_default_schema(core_schema.any_schema(), default=None)

_WORDS = core_schema.with_default_schema(
    core_schema.nullable_schema(core_schema.str_schema(strict=True, max_length=LONGEST_NAME)), default=None
)

_GLANCED = {
    "jobID": _ID,
    "status": _ANY,
    "started": _ANY,
    "tenantID": core_schema.with_default_schema(
        core_schema.nullable_schema(core_schema.int_schema(strict=True, le=LARGEST_ID)), default=None
    ),
    "type": _WORDS,
    "locationCode": _WORDS,
    "originalFilename": _WORDS,
}

_schema = core_schema.typed_dict_schema(
    {name: core_schema.typed_dict_field(schema) for name, schema in _GLANCED.items()}, extra_behavior="ignore"
)

_validator = SchemaValidator(_schema)

_in_order = itemgetter(*_GLANCED)


def glance(body: bytes) -> tuple[Any, ...]:
    """Return the fields that every read needs: id, status, start, and the four fields of `JobGroupKey`, unconverted.

    The parser skips the other values: this takes half the time and a quarter of the memory.

    Raises:
        ValueError: `body` is no JSON object, or one of these fields has a wrong type or is too long.
    """
    return _in_order(_validator.validate_json(body))  # type: ignore[no-any-return]  # as many as there are names


def read_messages(value: JsonValue) -> tuple[str, ...]:
    """Return each element as text; a value that is not an array counts as one element."""
    if not isinstance(value, list):
        return () if value is None else (json_text(value),)
    return tuple(map(json_text, value)) if value else ()


def identity(value: JsonValue) -> int | None:
    """Return the job's id, from a number or from text with digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return whole_number(int(value)) if len(value) <= 4_000 else None  # Python refuses to read over 4,300 digits
    return whole_number(value)


NAMES = ("tenantID", "type", "locationCode", "originalFilename")
"""The fields of a `JobGroupKey`, in the argument order of `origin_of`. The first two are safe to show, the others
verbatim.
"""


@fast_dataclass(eq=False)
class JobGroupKey:
    """Fields that jobs share. Compares by identity: jobs with equal fields share one object."""

    tenant: str | None
    """The tenant's id, verbatim; None if absent."""
    type: JobType | None
    location_code: str | None
    """Verbatim, as a filter for lists; not safe to show."""
    original_filename: str | None
    """Verbatim, as `location_code`; not safe to show."""

    @property
    def is_short(self) -> bool:
        """Whether all names are short enough to cache."""
        return all(
            name is None or len(name) <= LONGEST_NAME
            for name in (self.tenant, self.location_code, self.original_filename)
        )


def _origin(tenant: JsonValue, kind: JsonValue, location: JsonValue, file: JsonValue) -> JobGroupKey:
    return JobGroupKey(verbatim(tenant), read_kind(kind), words(location), words(file))


shared_origin = lru_cache(maxsize=20_000, typed=True)(_origin)
"""Returns the same object for the same verbatim values. Accepts no array, no object and no long name."""


def origin_of(*named: JsonValue) -> JobGroupKey:
    """Return the key for the values of `NAMES`; the same object for the same usable values."""
    return shared_origin(*named) if all(map(_is_name, named)) else _origin(*named)  # type: ignore[arg-type]  # so they can be hashed


def _is_name(value: JsonValue) -> bool:
    return not isinstance(value, dict | list) and len(str(value)) <= LONGEST_NAME


@fast_dataclass(eq=False)
class Job:
    """One job: the server's object, verbatim, and typed fields.

    Every field except `job_id` is None if it is absent, null or outside the contract. `raw` and `sent` are built on
    access, because most watched jobs are never shown.
    """

    job_id: int
    """Identifies the job, 1 to 2**63 - 1."""
    status: JobStatus | None
    origin: JobGroupKey
    _started: JsonValue
    _raw: Mapping[str, JsonValue] | bytes
    """The decoded object; until the first access the JSON between its braces."""
    _cleaned: Mapping[str, JsonValue] | None = None
    """None if all strings are safe to show unchanged."""
    _messages: tuple[str, ...] | None = None

    tenant_id = JobField("tenantID", whole_number)
    added = JobField("added", moment)
    finished = JobField("finished", moment)
    has_data = JobField("hasData", flag)
    item_count = JobField("itemCount", whole_number)
    success = JobField("success", flag)
    num_results = JobField("numResults", whole_number)

    @classmethod
    def from_raw(cls, raw: dict[str, JsonValue], *, job_id: int) -> Self:
        """Return the job `job_id` from a decoded object."""
        sent = cleaned_object(raw)
        origin = origin_of(*map(sent.get, NAMES[:2]), *map(raw.get, NAMES[2:]))
        return cls(
            job_id, read_status(sent.get("status")), origin, sent.get("started"), raw, None if sent is raw else sent
        )

    @classmethod
    def from_piece(cls, piece: bytes) -> Self:
        """Return the job from the JSON between the braces of an object; its strings must be safe to show.

        Raises:
            ValueError: As `glance`.
        """
        job_id, status, started, tenant, kind, location, file = glance(b"{%b}" % piece)
        return cls(job_id, read_status(status), shared_origin(tenant, kind, location, file), started, piece)

    @property
    def raw(self) -> Mapping[str, JsonValue]:
        """The whole object in the server's order, NaN and infinity as text. For programs; not safe to show."""
        raw = self._raw
        if isinstance(raw, bytes):
            raw = decode_strictly(b"{%b}" % raw)  # type: ignore[assignment]  # what has braces is an object
            object.__setattr__(self, "_raw", raw)  # an equal value in another form
        return raw  # type: ignore[return-value]  # see above

    @property
    def sent(self) -> Mapping[str, JsonValue]:
        """`raw` with safe strings (`plain()`); usually the same object."""
        return self.raw if self._cleaned is None else self._cleaned

    @property
    def messages(self) -> tuple[str, ...]:
        """The server's messages about the job, in its order."""
        if self._messages is None:
            object.__setattr__(self, "_messages", read_messages(self.sent.get("messages")))
        return self._messages or ()

    @property
    def started(self) -> datetime | None:
        """When the server started the job."""
        return moment(self._started)

    @property
    def type(self) -> JobType | None:
        """The job's type."""
        return self.origin.type

    @property
    def location_code(self) -> str | None:
        """The location whose inventory the job changes, safe to show."""
        return _fit(self.origin.location_code)

    @property
    def original_filename(self) -> str | None:
        """Name of the uploaded file, safe to show."""
        return _fit(self.origin.original_filename)

    @property
    def is_ended(self) -> bool:
        """Whether the server has finished the job; `success` does not decide (tui/api/README.md, Traps).

        A known status decides alone. With an unknown status, or none, the job has ended when `finished` is set.
        """
        status = self.status
        return status.is_terminal if status is not None and status.is_known else self.finished is not None

    @property
    def unread(self) -> tuple[str, ...]:
        """Names of the fields with a value outside the contract, in the server's order."""
        sent = ((name, _ATTRIBUTES.get(name)) for name, value in self.sent.items() if value is not None)
        return tuple(name for name, attribute in sent if attribute is not None and getattr(self, attribute) is None)

    def __repr__(self) -> str:
        return f"Job({self.job_id}, {self.sent})"

    def __iter__(self) -> Iterator[tuple[str, object]]:
        """Yield the name and value of each attribute."""
        yield from (
            (name, getattr(self, name)) for name in ("job_id", "sent", "status", "messages", *_ATTRIBUTES.values())
        )

    def verbatim(self, name: str) -> str | None:
        """Return the field `name` as text, unconverted; None if it is absent or null."""
        value = self.sent.get(name)
        return None if value is None else json_text(value)


def _fit(name: str | None) -> str | None:
    return None if name is None else str(cleaned(name))


_ATTRIBUTES = {
    "type": "type",
    "locationCode": "location_code",
    "originalFilename": "original_filename",
    "started": "started",
    **{reading.name: attribute for attribute, reading in vars(Job).items() if isinstance(reading, JobField)},
}
"""Converters of the fields that may hold an unreadable value; the status and the messages accept any value."""
