"""What the simulated queue holds at each moment. No HTTP, and no time but its clock's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from tui.simulator.jobs import JSON, SimJob

if TYPE_CHECKING:
    from tui.core.clock import Clock

DEFAULT_LIMIT = 100
"""Jobs in a list answer when the caller names no limit (contract.md, "Calls")."""


class JobQueue:
    """The jobs of a scenario, told as of its clock's present moment; the scenario starts when this is made.

    Args:
        jobs: The jobs at the start and those that join later.
        clock: Time the jobs live by.
        longest_list: Jobs that a list holds at most, whatever limit a request names; None for no such cut.
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
        """Seconds since the scenario's start: what `added_s` of a job made now should be."""
        return self.clock.monotonic_s() - self._started_s

    @property
    def largest_id(self) -> int:
        """The largest id that is taken; 0 in an empty queue."""
        return max((*self._jobs, *self._pins), default=0)

    @property
    def tenant(self) -> int:
        """The tenant of the jobs."""
        return next((job.tenant for job in self._jobs.values()), SimJob(job_id=0).tenant)

    def add(self, *jobs: SimJob) -> None:
        """Take in jobs; one with a known id replaces the old one."""
        self._jobs = {**self._jobs, **{job.job_id: job for job in jobs}}
        self._newest_first = tuple(sorted(self._jobs.values(), key=lambda job: (job.added_s, job.job_id), reverse=True))

    def put(self, job_id: int, value: JSON | bytes) -> None:
        """Pin the answer for a job id to any JSON value, or to raw bytes that need not be JSON.

        Lists show pinned values first, highest id first. Filters see the fields of a mapping; other values pass only without a filter.
        """
        fields = value if isinstance(value, Mapping) else {}
        body = value if isinstance(value, bytes) else encode(value)
        self._pins = {**self._pins, job_id: _Pin(body, fields)}

    def remove(self, job_id: int) -> None:
        """Forget a job and what is pinned to its id; no error if there is none."""
        self._pins = {known: pin for known, pin in self._pins.items() if known != job_id}
        self._jobs = {known: job for known, job in self._jobs.items() if known != job_id}
        self._newest_first = tuple(job for job in self._newest_first if job.job_id != job_id)

    def job(self, job_id: int) -> dict[str, JSON] | bytes | None:
        """Return the job's JSON object, the pinned answer in bytes, or None when it is not in the queue."""
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
        return tuple(islice(self._matching(wanted), limit if self.longest_list is None else min(limit, self.longest_list)))

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
    """A pinned answer, and the fields that filters see of it."""

    body: bytes
    fields: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class _Filter:
    """What a list call asks for; None and empty ask for nothing."""

    location: str | None
    types: frozenset[str]
    owner: str | None
    filename: str | None

    def may_accept(self, job: SimJob) -> bool:
        """Return False where the job's answer need not even be made; fields put over it may say anything."""
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
"""Made once: a list of 200 jobs would make 200."""


def encode(value: JSON) -> bytes:
    """Return the value as compact JSON text; NaN and lone surrogates pass, as hostile answers need them."""
    return _COMPACT.encode(value).encode()
