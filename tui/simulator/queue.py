"""The simulated job queue: the life of each job, and the state of the queue at any time. No HTTP."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from tui.core.clock import Clock


JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"

COUNTING_TYPES = frozenset({"REFRESH", "ADJUST"})
"""The only job types that count items and may come from a fetched file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimJob:
    """The planned life of one job.

    All times are seconds after the scenario's start; negative ones lie before it, `math.inf` means never.
    """

    job_id: int
    added_s: float = 0.0
    """When it joins the queue; before that it does not exist."""
    start_s: float = math.inf
    """When it turns from PENDING to WORKING."""
    end_s: float = math.inf
    """When it turns from WORKING to `status`."""
    type: str = "REFRESH"
    location: str = "W01"
    tenant: int = 31014
    owner: str | None = None
    """Value for the list's `owner` filter; absent from responses."""
    original_filename: str | None = None
    """The fetched file that it was split from; None for jobs created by a call."""
    status: Literal["SUCCESS", "FAILED"] = "SUCCESS"
    """Its final status."""
    success: bool | None = None
    """The flag `success` after its end; None derives it from `status`. Both may differ (tui/api/README.md, Traps)."""
    items: int = 0
    """Number of processed items at its end."""
    counts_while_working: bool = True
    """Whether itemCount grows while WORKING, or appears at the end; undocumented (tui/api/README.md, Traps)."""
    messages: tuple[str, ...] = ()
    """Messages after its end."""
    vanishes_s: float | None = None
    """When it responds with 404 again; None means never."""
    extra: Mapping[str, JSON] = field(default_factory=dict)
    """Fields that override the response: undocumented ones, or hostile values."""

    def at(self, now_s: float, origin: datetime) -> dict[str, JSON] | None:
        """Return the job's JSON object at one time.

        Args:
            now_s: Seconds since the scenario's start.
            origin: Wall time of that start, aware.

        Returns:
            The fields at that time, or None while the job is not in the queue.
        """
        if now_s < self.added_s or (self.vanishes_s is not None and now_s >= self.vanishes_s):
            return None
        return {**self._identity(origin), **self._progress(now_s, origin), **self.extra}

    def _identity(self, origin: datetime) -> dict[str, JSON]:
        fields: dict[str, JSON] = {
            "jobID": self.job_id,
            "tenantID": self.tenant,
            "locationCode": self.location,
            "type": self.type,
            "added": _stamp(origin, self.added_s),
            "hasData": self.original_filename is None,
        }
        if self.original_filename is not None:
            fields["originalFilename"] = self.original_filename
        return fields

    def _progress(self, now_s: float, origin: datetime) -> dict[str, JSON]:
        fields: dict[str, JSON] = {"status": self._status(now_s), "messages": []}
        if self.type in COUNTING_TYPES:
            fields["itemCount"] = self._item_count(now_s)
        if now_s >= self.start_s:
            fields["started"] = _stamp(origin, self.start_s)
        if now_s >= self.end_s:
            fields["finished"] = _stamp(origin, self.end_s)
            fields["messages"] = list(self.messages)
            fields["numResults"] = self.items
            fields["success"] = self.status == "SUCCESS" if self.success is None else self.success
        return fields

    def _status(self, now_s: float) -> str:
        if now_s >= self.end_s:
            return self.status
        return "WORKING" if now_s >= self.start_s else "PENDING"

    def _item_count(self, now_s: float) -> int:
        if now_s >= self.end_s:
            return self.items
        if now_s < self.start_s or not self.counts_while_working:
            return 0
        return int(self.items * (now_s - self.start_s) / (self.end_s - self.start_s))


@lru_cache(maxsize=10_000)  # the times of a job are constant, and every list repeats them
def _stamp(origin: datetime, offset_s: float) -> str:
    moment = origin.astimezone(UTC) + timedelta(seconds=offset_s)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


DEFAULT_LIMIT = 100
"""Length of a list without a limit (tui/api/README.md, Calls)."""


class JobQueue:
    """The jobs of a scenario at the current time of its clock; the scenario starts at construction.

    Args:
        jobs: The jobs at the start and those that join later.
        clock: Clock of the scenario.
        longest_list: Longest list, whatever limit a request has; None means no maximum.
    """

    def __init__(self, jobs: Iterable[SimJob], clock: Clock, *, longest_list: int | None = None) -> None:
        self.clock = clock
        self.longest_list = longest_list
        self._origin = clock.now()
        self._started_s = clock.monotonic_s()
        self._jobs: dict[int, SimJob] = {}
        self._newest_first: tuple[SimJob, ...] = ()
        self._pins: dict[int, _Pin] = {}
        self.add(*jobs)

    @property
    def now_s(self) -> float:
        """Seconds since the scenario's start: the `added_s` of a new job."""
        return self.clock.monotonic_s() - self._started_s

    @property
    def largest_id(self) -> int:
        """The largest id in use; 0 for an empty queue."""
        return max((*self._jobs, *self._pins), default=0)

    @property
    def tenant(self) -> int:
        """The tenant of the jobs."""
        return next((job.tenant for job in self._jobs.values()), SimJob(job_id=0).tenant)

    def add(self, *jobs: SimJob) -> None:
        """Add jobs; a known id replaces the old job."""
        self._jobs = {**self._jobs, **{job.job_id: job for job in jobs}}
        self._newest_first = tuple(sorted(self._jobs.values(), key=lambda job: (job.added_s, job.job_id), reverse=True))

    def put(self, job_id: int, value: JSON | bytes) -> None:
        """Pin the response for a job id to any JSON value, or to raw bytes that need not be JSON.

        Lists show pinned values first, highest id first. Filters see the fields of a mapping; other values pass only
        without a filter.
        """
        fields = value if isinstance(value, Mapping) else {}
        body = value if isinstance(value, bytes) else encode(value)
        self._pins = {**self._pins, job_id: _Pin(body, fields)}

    def remove(self, job_id: int) -> None:
        """Remove a job and its pinned response; ignores an unknown id."""
        self._pins = {known: pin for known, pin in self._pins.items() if known != job_id}
        self._jobs = {known: job for known, job in self._jobs.items() if known != job_id}
        self._newest_first = tuple(job for job in self._newest_first if job.job_id != job_id)

    def job(self, job_id: int) -> dict[str, JSON] | bytes | None:
        """Return the job's JSON object, or its pinned response as bytes; None if it is not in the queue."""
        pin = self._pins.get(job_id)
        if pin is not None:
            return pin.body
        job = self._jobs.get(job_id)
        return None if job is None else job.at(self.now_s, self._origin)

    def jobs(
        self,
        *,
        location: str | None = None,
        types: Sequence[str] = (),
        owner: str | None = None,
        filename: str | None = None,
        limit: int = DEFAULT_LIMIT,
    ) -> tuple[dict[str, JSON] | bytes, ...]:
        """Return at most `limit` jobs that match every given filter exactly, newest first."""
        wanted = _Filter(location, frozenset(types), owner, filename)
        return tuple(
            islice(self._matching(wanted), limit if self.longest_list is None else min(limit, self.longest_list))
        )

    def _matching(self, wanted: _Filter) -> Iterator[dict[str, JSON] | bytes]:
        pins, now_s = self._pins, self.now_s
        for _, pin in sorted(pins.items(), reverse=True):
            if wanted.accepts(pin.fields, None):
                yield pin.body
        for job in self._newest_first:
            if job.job_id in pins or not wanted.may_accept(job):
                continue
            answer = job.at(now_s, self._origin)
            if answer is not None and wanted.accepts(answer, job.owner):
                yield answer


@dataclass(frozen=True, slots=True)
class _Pin:
    """A pinned response, and its fields for filters."""

    body: bytes
    fields: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class _Filter:
    """Filters of a list call; None and empty mean no filter."""

    location: str | None
    types: frozenset[str]
    owner: str | None
    filename: str | None

    def may_accept(self, job: SimJob) -> bool:
        """Return False if the job cannot match; a quick check before its fields are built."""
        if job.extra:
            return True
        return (
            (self.location is None or job.location == self.location)
            and (not self.types or job.type in self.types)
            and (self.filename is None or job.original_filename == self.filename)
        )

    def accepts(self, fields: Mapping[str, JSON], owner: str | None) -> bool:
        return (
            (self.location is None or fields.get("locationCode") == self.location)
            and (not self.types or fields.get("type") in self.types)
            and (self.owner is None or owner == self.owner)
            and (self.filename is None or fields.get("originalFilename") == self.filename)
        )


_COMPACT = json.JSONEncoder(separators=(",", ":"))
"""One encoder for all calls: a list of 200 jobs would create 200."""


def encode(value: JSON) -> bytes:
    """Return the value as compact JSON; permits NaN and lone surrogates for hostile responses."""
    return _COMPACT.encode(value).encode()
