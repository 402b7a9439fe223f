"""A job as a frozen value. A field that cannot be read becomes None here and stays verbatim in `Job.sent`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Self

from pydantic import JsonValue

from tui.api import fields
from tui.api.fields import Reading
from tui.api.origin import NAMES, Origin, origin_of, shared_origin
from tui.api.status import JobStatus, JobType
from tui.core.json_decoding import cleaned, cleaned_object, decode_strictly, shown
from tui.facts import fact


@fact(eq=False)
class Job:
    """One job as the server described it: the object as it was sent, and typed readings of it.

    Every reading but `job_id` is None where the field is absent, null or not what contract.md says it is. Most jobs that are watched
    are never shown: `raw` and `sent` are made when somebody asks for them.
    """

    job_id: int
    """Identifies the job, 1 to 2**63 - 1."""
    status: JobStatus | None
    origin: Origin
    _started: JsonValue
    _raw: Mapping[str, JsonValue] | bytes
    """What was sent, or the JSON within its braces until somebody asks for it."""
    _cleaned: Mapping[str, JsonValue] | None = None
    """None if what was sent is fit to be shown as it is."""
    _messages: tuple[str, ...] | None = None

    tenant_id = Reading("tenantID", fields.whole_number)
    added = Reading("added", fields.moment)
    finished = Reading("finished", fields.moment)
    has_data = Reading("hasData", fields.flag)
    item_count = Reading("itemCount", fields.whole_number)
    success = Reading("success", fields.flag)
    num_results = Reading("numResults", fields.whole_number)

    @classmethod
    def from_raw(cls, raw: dict[str, JsonValue], *, job_id: int) -> Self:
        """Read one decoded object, as it was sent, that describes the job `job_id`."""
        sent = cleaned_object(raw)
        origin = origin_of(*map(sent.get, NAMES[:2]), *map(raw.get, NAMES[2:]))
        return cls(job_id, fields.read_status(sent.get("status")), origin, sent.get("started"), raw, None if sent is raw else sent)

    @classmethod
    def from_piece(cls, piece: bytes) -> Self:
        """Read the JSON within the braces of an object whose strings are fit to be shown.

        Raises:
            ValueError: As `fields.glance`.
        """
        job_id, status, started, tenant, kind, location, file = fields.glance(b"{%b}" % piece)
        return cls(job_id, fields.read_status(status), shared_origin(tenant, kind, location, file), started, piece)

    @property
    def raw(self) -> Mapping[str, JsonValue]:
        """The whole object, unknown fields included, in the server's order, NaN and infinity as words: for programs, never a screen."""
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
            object.__setattr__(self, "_messages", fields.read_messages(self.sent.get("messages")))
        return self._messages or ()

    @property
    def started(self) -> datetime | None:
        """When the server began to work on it."""
        return fields.moment(self._started)

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

        A status that the contract names decides alone. With any other, or none, the job has ended once `finished` is set.
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
        yield from ((name, getattr(self, name)) for name in ("job_id", "sent", "status", "messages", *_ATTRIBUTES.values()))

    def verbatim(self, name: str) -> str | None:
        """Return the sent value of the field `name` as text, or None where it is absent or null."""
        value = self.sent.get(name)
        return None if value is None else shown(value)


def _fit(name: str | None) -> str | None:
    return None if name is None else str(cleaned(name))


_ATTRIBUTES = {
    "type": "type",
    "locationCode": "location_code",
    "originalFilename": "original_filename",
    "started": "started",
    **{reading.name: attribute for attribute, reading in vars(Job).items() if isinstance(reading, Reading)},
}
"""The fields that may come with a value nobody can read, and what reads them; the status and the messages take any."""
