"""A job as an immutable value. A field that cannot be parsed is None here and stays verbatim in `Job.sent`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, NamedTuple, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, PlainValidator, SkipValidation, ValidationError

from tui.core.json_decoding import cleaned_object, finite, json_text, looks_same
from tui.core.timestamps import parse
from tui.domain.job_status import JobStatus, JobType

LARGEST_ID = 2**63 - 1

LONGEST_NAME = 200
"""Longest cached name, in characters. jobdeck neither caches a longer one nor uses it to filter a list."""

E = TypeVar("E", bound=StrEnum)


def _named(kind: type[E]) -> Callable[[JsonValue], E | None]:
    """Return a converter that accepts any short name, known or unknown."""
    known = {member.value: member for member in kind}

    def read(value: JsonValue) -> E | None:
        text = value if isinstance(value, str) else verbatim(value)
        return None if text is None else known.get(text) or kind(text[:LONGEST_NAME])

    return read


def verbatim(value: JsonValue) -> str | None:
    """Return the value as text; None for null."""
    if value is None or type(value) is str:
        return value
    return str(value) if type(value) is int else json_text(finite(value))


def moment(value: JsonValue) -> datetime | None:
    """Return the time in a text, aware; None for anything else."""
    return parse(value) if isinstance(value, str) else None


def read_messages(value: JsonValue) -> tuple[str, ...]:
    """Return each element as text; a value that is not an array counts as one element."""
    if not isinstance(value, list):
        return () if value is None else (json_text(value),)
    return tuple(map(json_text, value)) if value else ()


def identity(value: JsonValue) -> int | None:
    """Return the job's id, from a number or from text with digits; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 4_000:
        value = int(value)  # Python refuses to read over 4,300 digits
    return value if type(value) is int and 0 <= value <= LARGEST_ID else None


class JobGroupKey(NamedTuple):
    """Fields that jobs share."""

    tenant: str | None
    """The tenant's id, verbatim and safe to show; None if absent."""
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


Count = Annotated[int, Field(ge=0, le=LARGEST_ID)]

Time = Annotated[datetime | None, PlainValidator(moment)]


class Job(BaseModel):
    """One job: the server's object, verbatim, and typed fields that are safe to show.

    Every field except `job_id` is None if it is absent, null or outside the contract. Fields that the contract does not
    name are kept in the server's order.
    """

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    job_id: int = Field(alias="jobID", gt=0, le=LARGEST_ID)
    """Identifies the job, 1 to 2**63 - 1."""
    tenant_id: Count | None = Field(None, alias="tenantID")
    location_code: str | None = Field(None, alias="locationCode")
    """The location whose inventory the job changes."""
    type: Annotated[JobType | None, PlainValidator(_named(JobType))] = None
    added: Time = None
    started: Time = None
    """When the server started the job."""
    finished: Time = None
    original_filename: str | None = Field(None, alias="originalFilename")
    """Name of the uploaded file."""
    has_data: bool | None = Field(None, alias="hasData")
    item_count: Count | None = Field(None, alias="itemCount")
    status: Annotated[JobStatus | None, PlainValidator(_named(JobStatus))] = None
    success: bool | None = None
    messages: Annotated[tuple[str, ...], PlainValidator(read_messages)] = ()
    """The server's messages about the job, in its order."""
    num_results: Count | None = Field(None, alias="numResults")
    raw: SkipValidation[Mapping[str, JsonValue]] = Field(repr=False)
    """The whole object in the server's order, NaN and infinity as text. For programs; not safe to show."""
    sent: SkipValidation[Mapping[str, JsonValue]] = Field(repr=False)
    """`raw` with safe strings (`plain()`); usually the same object."""

    @classmethod
    def from_raw(cls, raw: dict[str, JsonValue], *, job_id: int, is_safe: bool = False) -> Self:
        """Return the job `job_id` from a decoded object.

        Args:
            raw: The object. Its own id is not read: it may be text.
            job_id: The id.
            is_safe: Whether all strings are known to be safe to show.
        """
        sent = raw if is_safe else cleaned_object(raw)
        fields = {**sent, "jobID": job_id, "raw": raw, "sent": sent}
        try:
            job = cls.model_validate(fields)
        except ValidationError as error:
            unread = [problem["loc"][0] for problem in error.errors()]
            job = cls.model_validate(fields | dict.fromkeys(unread))
        # One set for all jobs: a set of its own would be a quarter of a job's memory.
        object.__setattr__(job, "__pydantic_fields_set__", _FIELDS_SET)
        return job

    @cached_property
    def origin(self) -> JobGroupKey:
        """The fields that other jobs have too."""
        location, file = self.raw.get("locationCode"), self.raw.get("originalFilename")
        return JobGroupKey(
            verbatim(self.sent.get("tenantID")),
            self.type,
            location if isinstance(location, str) else None,
            file if isinstance(file, str) else None,
        )

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

    def verbatim(self, name: str) -> str | None:
        """Return the field `name` as text, unconverted; None if it is absent or null."""
        value = self.sent.get(name)
        return None if value is None else json_text(value)

    def __eq__(self, other: object) -> bool:
        """Return whether the server's objects look the same: they decide all fields."""
        if self is other:
            return True
        return isinstance(other, Job) and self.job_id == other.job_id and looks_same(self.raw, other.raw)

    def __hash__(self) -> int:
        return hash(self.job_id)


_FIELDS_SET = set(Job.model_fields)

_ATTRIBUTES = {field.alias or name: name for name, field in Job.model_fields.items() if name not in {"raw", "sent"}}
"""The typed fields by their names in the server's object."""
