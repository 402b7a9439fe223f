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
    """Make a slotted dataclass that is frozen for mypy alone: what `frozen=True` makes takes five times as long to
    make.

    Args:
        eq: Whether values are compared by their fields; if not, by identity.
    """
    return dataclass(slots=True, eq=eq)


LARGEST_ID = 2**63 - 1

LONGEST_NAME = 200

"""Characters of names that jobs share. A longer one is read as it is, but no list is asked for by it, and none is kept
for the next job.
"""

T = TypeVar("T")

E = TypeVar("E", bound=StrEnum)


class _Described(Protocol):
    @property
    def sent(self) -> Mapping[str, JsonValue]: ...


class JobField(Generic[T]):
    """A field as the contract means it, read from what was sent when somebody asks: most of a watched job is never
    looked at.

    Args:
        name: The field's name on the wire.
        read: Makes the reading of any value but null; None where the contract does not know such a value.
    """

    def __init__(self, name: str, read: Callable[[JsonValue], T | None]) -> None:
        self.name = name
        self._read = read

    def __get__(self, job: _Described, _owner: type) -> T | None:
        value = job.sent.get(self.name)
        return None if value is None else self._read(value)


def _strictly(kind: TypeAdapter[T]) -> Callable[[Any], T | None]:
    """Take a value as it is or not at all; nothing is converted silently."""
    fits = kind.validator.isinstance_python
    return lambda value: value if fits(value) else None


def _named(kind: type[E]) -> Callable[[JsonValue], E | None]:
    """Take any value but null for a name, known or not, as far as names reach."""
    known = {member.value: member for member in kind}

    def read(value: JsonValue) -> E | None:
        text = value if isinstance(value, str) else verbatim(value)
        return None if text is None else known.get(text) or kind(text[:LONGEST_NAME])

    return read


def verbatim(value: JsonValue) -> str | None:
    """Return what was sent as text; None for null."""
    return None if value is None else json_text(finite(value))


whole_number = _strictly(TypeAdapter[int](Annotated[int, Field(strict=True, ge=0, le=LARGEST_ID)]))

words = _strictly(TypeAdapter[str](Annotated[str, Field(strict=True)]))

flag = _strictly(TypeAdapter[bool](Annotated[bool, Field(strict=True)]))

read_status = _named(JobStatus)

read_kind = _named(JobType)


def moment(value: JsonValue) -> datetime | None:
    """Return the moment that a text names, aware; None for anything else."""
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
    """Return what every answer is looked at for: id, status and start as they came, and the four that name where a job
    comes from.

    The whole object is parsed, but no other value is made: that takes half the time, and what is kept is a quarter as
    large.

    Raises:
        ValueError: `body` is no JSON, no object, or one of these is of another type than contract.md says, or too long
            for a name.
    """
    return _in_order(_validator.validate_json(body))  # type: ignore[no-any-return]  # as many as there are names


def read_messages(value: JsonValue) -> tuple[str, ...]:
    """Return each element as text; what is no array counts as one element."""
    if not isinstance(value, list):
        return () if value is None else (json_text(value),)
    return tuple(map(json_text, value)) if value else ()


def identity(value: JsonValue) -> int | None:
    """Return the job's id, which may stand in digits too."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return whole_number(int(value)) if len(value) <= 4_000 else None  # Python refuses to read over 4,300 digits
    return whole_number(value)


NAMES = ("tenantID", "type", "locationCode", "originalFilename")

"""The fields that tell it, in the order in which `origin_of` takes their values; the first two fit to be shown, the
others as sent.
"""


@fast_dataclass(eq=False)
class JobGroupKey:
    """What a job has in common with others. Compared by identity: jobs that have all of it in common share one of
    these.
    """

    tenant: str | None
    """The tenant's id as it was sent; None if none was."""
    type: JobType | None
    location_code: str | None
    """As it was sent, so that a list can be requested by it: not fit to be shown."""
    original_filename: str | None
    """The same."""

    @property
    def is_short(self) -> bool:
        """Whether its names are no longer than names are: only then is it kept for the next job."""
        return all(
            name is None or len(name) <= LONGEST_NAME
            for name in (self.tenant, self.location_code, self.original_filename)
        )


def _origin(tenant: JsonValue, kind: JsonValue, location: JsonValue, file: JsonValue) -> JobGroupKey:
    return JobGroupKey(verbatim(tenant), read_kind(kind), words(location), words(file))


shared_origin = lru_cache(maxsize=20_000, typed=True)(_origin)

"""Returns the same object for the same values, each as it was sent; none may be an array or an object, or longer than
names are.
"""


def origin_of(*named: JsonValue) -> JobGroupKey:
    """Return the origin that the values of `NAMES` tell; the same object for the same values, if they are of
    any use.
    """
    return shared_origin(*named) if all(map(_is_name, named)) else _origin(*named)  # type: ignore[arg-type]  # so they can be hashed


def _is_name(value: JsonValue) -> bool:
    return not isinstance(value, dict | list) and len(str(value)) <= LONGEST_NAME


@fast_dataclass(eq=False)
class Job:
    """One job as the server described it: the object as it was sent, and typed readings of it.

    Every reading but `job_id` is None where the field is absent, null or not what contract.md says it is. Most jobs
    that are watched
    are never shown: `raw` and `sent` are made when somebody asks for them.
    """

    job_id: int
    """Identifies the job, 1 to 2**63 - 1."""
    status: JobStatus | None
    origin: JobGroupKey
    _started: JsonValue
    _raw: Mapping[str, JsonValue] | bytes
    """What was sent, or the JSON within its braces until somebody asks for it."""
    _cleaned: Mapping[str, JsonValue] | None = None
    """None if what was sent is fit to be shown as it is."""
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
        """Read one decoded object, as it was sent, that describes the job `job_id`."""
        sent = cleaned_object(raw)
        origin = origin_of(*map(sent.get, NAMES[:2]), *map(raw.get, NAMES[2:]))
        return cls(
            job_id, read_status(sent.get("status")), origin, sent.get("started"), raw, None if sent is raw else sent
        )

    @classmethod
    def from_piece(cls, piece: bytes) -> Self:
        """Read the JSON within the braces of an object whose strings are fit to be shown.

        Raises:
            ValueError: As `glance`.
        """
        job_id, status, started, tenant, kind, location, file = glance(b"{%b}" % piece)
        return cls(job_id, read_status(status), shared_origin(tenant, kind, location, file), started, piece)

    @property
    def raw(self) -> Mapping[str, JsonValue]:
        """The whole object, unknown fields included, in the server's order, NaN and infinity as words: for programs,
        never a screen.
        """
        raw = self._raw
        if isinstance(raw, bytes):
            raw = decode_strictly(b"{%b}" % raw)  # type: ignore[assignment]  # what has braces is an object
            object.__setattr__(self, "_raw", raw)  # another form of the same, which nobody can tell from the first
        return raw  # type: ignore[return-value]  # see above

    @property
    def sent(self) -> Mapping[str, JsonValue]:
        """`raw` with its strings `plain()`; most often the same object."""
        return self.raw if self._cleaned is None else self._cleaned

    @property
    def messages(self) -> tuple[str, ...]:
        """What the server says of the job, in its order."""
        if self._messages is None:
            object.__setattr__(self, "_messages", read_messages(self.sent.get("messages")))
        return self._messages or ()

    @property
    def started(self) -> datetime | None:
        """When the server began to work on it."""
        return moment(self._started)

    @property
    def type(self) -> JobType | None:
        """What the job does."""
        return self.origin.type

    @property
    def location_code(self) -> str | None:
        """The place whose inventory it changes, fit to be shown."""
        return _fit(self.origin.location_code)

    @property
    def original_filename(self) -> str | None:
        """The uploaded file that it was made from, fit to be shown."""
        return _fit(self.origin.original_filename)

    @property
    def is_ended(self) -> bool:
        """Whether the server will do nothing more with the job; `success` does not decide (contract.md, Traps).

        A status that the contract names decides alone. With any other, or none, the job has ended once `finished` is
        set.
        """
        status = self.status
        return status.is_terminal if status is not None and status.is_known else self.finished is not None

    @property
    def unread(self) -> tuple[str, ...]:
        """Names of the fields that came with a value the contract does not know, in the server's order."""
        sent = ((name, _ATTRIBUTES.get(name)) for name, value in self.sent.items() if value is not None)
        return tuple(name for name, attribute in sent if attribute is not None and getattr(self, attribute) is None)

    def __repr__(self) -> str:
        return f"Job({self.job_id}, {self.sent})"

    def __iter__(self) -> Iterator[tuple[str, object]]:
        """Give the names of all attributes with their readings."""
        yield from (
            (name, getattr(self, name)) for name in ("job_id", "sent", "status", "messages", *_ATTRIBUTES.values())
        )

    def verbatim(self, name: str) -> str | None:
        """Return the sent value of the field `name` as text, or None where it is absent or null."""
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

"""The fields that may come with a value nobody can read, and what reads them; the status and the messages take any."""
