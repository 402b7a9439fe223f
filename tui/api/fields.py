"""What the values of single fields mean, as contract.md has them: None for one that it does not know. Knows no whole job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from typing import Annotated, Any, Generic, Protocol, TypeVar

from pydantic import Field, JsonValue, TypeAdapter
from pydantic_core import SchemaValidator, core_schema

from tui.api.status import JobStatus, JobType
from tui.core.json_decoding import finite, shown
from tui.core.timestamps import parse

LARGEST_ID = 2**63 - 1

LONGEST_NAME = 200
"""Characters of names that jobs share. A longer one is read as it is, but no list is asked for by it, and none is kept for the next job."""

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class _Described(Protocol):
    @property
    def sent(self) -> Mapping[str, JsonValue]: ...


class Reading(Generic[T]):
    """A field as the contract means it, read from what was sent when somebody asks: most of a watched job is never looked at.

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
    return None if value is None else shown(finite(value))


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
    """Return what every answer is looked at for: id, status and start as they came, and the four that name where a job comes from.

    The whole object is parsed, but no other value is made: that takes half the time, and what is kept is a quarter as large.

    Raises:
        ValueError: `body` is no JSON, no object, or one of these is of another type than contract.md says, or too long for a name.
    """
    return _in_order(_validator.validate_json(body))  # type: ignore[no-any-return]  # as many as there are names


def read_messages(value: JsonValue) -> tuple[str, ...]:
    """Return each element as text; what is no array counts as one element."""
    if not isinstance(value, list):
        return () if value is None else (shown(value),)
    return tuple(map(shown, value)) if value else ()


def identity(value: JsonValue) -> int | None:
    """Return the job's id, which may stand in digits too."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return whole_number(int(value)) if len(value) <= 4_000 else None  # Python refuses to read over 4,300 digits
    return whole_number(value)
