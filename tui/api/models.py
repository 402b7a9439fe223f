"""What the API answers, as frozen values. A field that cannot be read becomes None here and stays verbatim in `Job.sent`."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue
from pydantic_core import from_json

from tui.api import timestamps
from tui.api.status import JobStatus, JobType
from tui.text import plain

LARGEST_ID = 2**63 - 1

_BAD_TEXT = ("hex escape", "surrogate", "unicode code point", "control character")
"""Complaints of the strict parser about one string; a merchant's file name must not hide a whole list of jobs."""


def _readable(read: Callable[[JsonValue], object]) -> BeforeValidator:
    """Null and absence are None for every field; nothing else is converted silently."""
    return BeforeValidator(lambda value: None if value is None else read(value))


def _whole_number(value: object) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= LARGEST_ID else None  # type: ignore[operator,return-value]  # is_number says int


def _moment(value: object) -> datetime | None:
    return timestamps.parse(value) if isinstance(value, str) else None


def _messages(value: JsonValue) -> tuple[str, ...]:
    return tuple(shown(item) for item in (value if isinstance(value, list) else [value]))


Count = Annotated[int | None, _readable(_whole_number)]
Flag = Annotated[bool | None, _readable(lambda value: value if isinstance(value, bool) else None)]
Moment = Annotated[datetime | None, _readable(_moment)]
Words = Annotated[str | None, _readable(lambda value: value if isinstance(value, str) else None)]


class Job(BaseModel):
    """One job as the server described it: typed readings beside the object as it was sent.

    Every reading but `job_id` is None where the field is absent, null or not what contract.md says it is.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    job_id: int
    """Identifies the job, 1 to 2**63 - 1."""
    sent: Mapping[str, JsonValue]
    """The whole object, unknown fields included, in the server's order; its strings are `plain()`, NaN and infinity are words."""
    tenant_id: Count = Field(None, alias="tenantID")
    location_code: Words = Field(None, alias="locationCode")
    type: Annotated[JobType | None, _readable(lambda value: JobType(shown(value)))] = None
    added: Moment = None
    started: Moment = None
    finished: Moment = None
    original_filename: Words = Field(None, alias="originalFilename")
    has_data: Flag = Field(None, alias="hasData")
    item_count: Count = Field(None, alias="itemCount")
    status: Annotated[JobStatus | None, _readable(lambda value: JobStatus(shown(value)))] = None
    success: Flag = None
    messages: Annotated[tuple[str, ...], BeforeValidator(lambda value: () if value is None else _messages(value))] = ()
    num_results: Count = Field(None, alias="numResults")

    @classmethod
    def from_sent(cls, sent: Mapping[str, JsonValue], *, job_id: int) -> Self:
        """Read one decoded and cleaned object that describes the job `job_id`."""
        return cls.model_validate({**sent, "job_id": job_id, "sent": sent})

    @property
    def is_ended(self) -> bool:
        """Whether `status` is terminal; `success` does not decide (contract.md, Traps)."""
        return self.status is not None and self.status.is_terminal

    @property
    def unread(self) -> tuple[str, ...]:
        """Names of the fields that came with a value the contract does not know, in the server's order."""
        return tuple(name for name, value in self.sent.items() if value is not None and self._reading(name) is None)

    def verbatim(self, name: str) -> str | None:
        """Return the sent value of the field `name` as text, or None where it is absent or null."""
        value = self.sent.get(name)
        return None if value is None else shown(value)

    def _reading(self, name: str) -> object:
        """The typed reading of a field, or the field's name for one that jobdeck does not know."""
        attribute = _ATTRIBUTES.get(name)
        return getattr(self, attribute) if attribute else name


_ATTRIBUTES = {
    (field.alias or attribute): attribute for attribute, field in Job.model_fields.items() if attribute not in {"job_id", "sent"}
}


def shown(value: JsonValue) -> str:
    """Return a JSON value as a person reads it: strings bare, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def decode(body: bytes) -> JsonValue:
    """Return the JSON value of `body`, cleaned for showing; half a surrogate pair, a wrong byte or a raw control character spoils nothing.

    Raises:
        ValueError: `body` is no JSON, nests over 200 levels or holds a number of over 4,300 digits.
    """
    try:
        return _cleaned(from_json(body))
    except ValueError as error:
        if not any(word in str(error) for word in _BAD_TEXT):
            raise
    try:
        return _cleaned(json.loads(body.decode(errors="replace"), strict=False))
    except RecursionError as error:
        raise ValueError("recursion limit exceeded") from error


def job_from(value: JsonValue, *, asked: int) -> Job:
    """Read the answer to a call for the job `asked`; an answer without an id is taken to be about it.

    Raises:
        ValueError: It is no object, or describes another job, whose data must not be shown as this one's.
    """
    if not isinstance(value, dict):
        raise ValueError(f"expected one job, got {_described(value)}")
    named = value.get("jobID")
    if named is not None and _id_in(named) != asked:
        raise ValueError(f"asked for job {asked}, the answer describes job {shown(named)[:40]}: withheld")
    return Job.from_sent(value, job_id=asked)


def jobs_from(value: JsonValue) -> tuple[Job, ...]:
    """Read the answer to a list call, in the server's order; elements without a usable id cannot be placed and are left out.

    Raises:
        ValueError: It is no array.
    """
    if not isinstance(value, list):
        raise ValueError(f"expected an array of jobs, got {_described(value)}")
    placed = ((element, _id_in(element.get("jobID"))) for element in value if isinstance(element, dict))
    return tuple(Job.from_sent(element, job_id=job_id) for element, job_id in placed if job_id)


def _id_in(value: JsonValue) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return _whole_number(int(value)) if len(value) <= 4_000 else None  # Python refuses to read over 4,300 digits
    return _whole_number(value)


def _described(value: JsonValue) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def _cleaned(value: Any) -> JsonValue:  # noqa: ANN401  # the JSON border
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {plain(key): _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value  # type: ignore[no-any-return]  # what is left of JSON: numbers, booleans and null
