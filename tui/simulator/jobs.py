"""The life of one simulated job, and what the API shows of it at each moment. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"

COUNTING_TYPES = frozenset({"REFRESH", "ADJUST"})
"""The only job types that count items and may come from a fetched file (contract.md, "Job")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimJob:
    """The whole life of one job, known in advance.

    All moments are seconds after the scenario's start; negative ones lie before it, `math.inf` never comes.
    """

    job_id: int
    added_s: float = 0.0
    """When it joins the queue; before that nobody has heard of it."""
    start_s: float = math.inf
    """When it turns from PENDING to WORKING."""
    end_s: float = math.inf
    """When it turns from WORKING to `status`."""
    type: str = "REFRESH"
    location: str = "W01"
    tenant: int = 31014
    owner: str | None = None
    """What the list's `owner` filter compares; no answer shows it."""
    original_filename: str | None = None
    """Fetched file it was split from; None for jobs made by a call."""
    status: Literal["SUCCESS", "FAILED"] = "SUCCESS"
    """How it ends."""
    success: bool | None = None
    """The envelope's flag once ended; None follows `status` (contract.md, Traps: the two may disagree)."""
    items: int = 0
    """Items processed once ended."""
    counts_while_working: bool = True
    """Whether itemCount grows while WORKING, or appears at the end (contract.md, Traps: undocumented)."""
    messages: tuple[str, ...] = ()
    """Shown once ended."""
    vanishes_s: float | None = None
    """When it is answered with 404 again; None means it stays."""
    extra: Mapping[str, JSON] = field(default_factory=dict)
    """Fields put over the answer as they stand: undocumented ones, or hostile values of known ones."""

    def at(self, now_s: float, origin: datetime) -> dict[str, JSON] | None:
        """Return the JSON object the API shows at one moment.

        Args:
            now_s: Seconds since the scenario's start.
            origin: Wall time of that start, aware.

        Returns:
            The fields known by then, or None while the job is not in the queue.
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


@lru_cache(maxsize=10_000)  # a job's moments stay, and every list that shows it writes them
def _stamp(origin: datetime, offset_s: float) -> str:
    moment = origin.astimezone(UTC) + timedelta(seconds=offset_s)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
