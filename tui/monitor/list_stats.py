"""What responses showed about each list: its jobs, its length, its failures, and filters that the server ignores. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.core.text import same_name
from tui.domain.job_source import DEFAULT_LIMIT, JobQuery

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job, JobGroupKey


LIMITS = (100, 250, 500, 1000, 2500, 5000)
"""Values of `limit` to choose from: few, so that a list keeps its URL. 5,000 jobs are about 2 MB; a response may have 5
MB.
"""

USUAL_LIMIT = 1000
"""Highest limit, except for the list of a file, which holds only jobs of that file. Longer responses would delay all
other requests.
"""

RELEARN_S = 300.0
"""Seconds for which the facts about a list stay valid."""

IGNORED_S = 1800.0
"""Seconds until a filter that the server ignores is tried again."""

FAILURES_UNTIL_REST = 2
"""Failures in a row after which a list is not requested for a while; its jobs are requested one by one."""

FIRST_REST_S = 30.0
"""First pause of a failing list in seconds; doubles up to `RELEARN_S`. Short, because usually the server fails, not the
list, and recovers soon.
"""

PACE_PER_S = 100.0
"""Jobs per second that one list may bring on average: the cost of a list for client and server is proportional to its
length.
"""

LONGEST_PACE_S = 5.0


@dataclass(frozen=True, slots=True)
class ListFacts:
    """The facts of the last good response to one list request."""

    number: int
    """Number of the response, counted over all lists."""
    at_s: float
    """Monotonic second at which it came."""
    brought: frozenset[int]
    """The watched jobs in it."""
    size: int
    """Number of all jobs in it."""
    limit: int
    """The limit of the request."""
    is_cut_off: bool
    """Whether it was full and lacked an expected job."""


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Failures in a row of one list."""

    failures: int = 0
    until_s: float = 0.0
    unlimited_until_s: float = 0.0
    """Until then the list is requested without a limit: the server rejected a limit, or the response was too large."""


_NO_TROUBLE = _Trouble()


class ListStats:
    """Facts about lists, by filter. Queries have no limit, except those of a request that was sent."""

    def __init__(self) -> None:
        self.number = 0
        """Number of responses so far."""
        self._facts: dict[JobQuery, ListFacts] = {}
        self._trouble: dict[JobQuery, _Trouble] = {}
        self._ignored_until_s: dict[str, float] = {}

    def facts(self, query: JobQuery, now_s: float) -> ListFacts | None:
        """Return the facts about a list; None if there are none or they are too old."""
        known = self._facts.get(query)
        return known if known and now_s < known.at_s + RELEARN_S else None

    def is_useless(self, query: JobQuery, now_s: float) -> bool:
        """Return whether the list currently fails, or its filter is ignored."""
        is_ignored = any(self._ignored_until_s.get(kind, 0.0) > now_s for kind in _kinds(query))
        return is_ignored or self._trouble.get(query, _NO_TROUBLE).until_s > now_s

    def rested_s(self, query: JobQuery) -> float:
        """Return the monotonic second from which the list may be read again."""
        known = self._facts.get(query)
        return known.at_s + min(LONGEST_PACE_S, known.size / PACE_PER_S) if known else 0.0

    def sized(self, query: JobQuery, wanted: int, now_s: float) -> JobQuery:
        """Return the query with a limit that admits `wanted` jobs."""
        if self._trouble.get(query, _NO_TROUBLE).unlimited_until_s > now_s:
            return query
        known = self._facts.get(query)
        least = 0 if known is None else known.limit + 1 if known.is_cut_off else known.limit
        most = USUAL_LIMIT if known is None else _most(query)
        return replace(query, limit=next((limit for limit in LIMITS if limit >= min(max(least, wanted), most)), most))

    def answered(
        self, query: JobQuery, jobs: Collection[Job], *, brought: frozenset[int], is_lacking: bool, now_s: float
    ) -> None:
        """Record the facts of a response.

        Args:
            query: The query that was sent, limit included.
            jobs: All jobs of the response.
            brought: Ids of the watched ones.
            is_lacking: Whether an expected job was missing.
            now_s: Monotonic second.
        """
        self.number += 1
        origins = {job.origin for job in jobs}
        for kind in _kinds(query):
            if _is_ignored(query, kind, origins):
                self._ignored_until_s[kind] = now_s + IGNORED_S
        limit = query.limit or DEFAULT_LIMIT
        is_cut_off = is_lacking and query.limit is not None and len(jobs) >= limit and limit < _most(query)
        self._facts[query.unlimited] = ListFacts(self.number, now_s, brought, len(jobs), limit, is_cut_off)
        before = self._trouble.pop(query.unlimited, _NO_TROUBLE)
        if before.unlimited_until_s > now_s:
            self._trouble[query.unlimited] = _Trouble(unlimited_until_s=before.unlimited_until_s)

    def failed(self, query: JobQuery, *, is_rejected: bool, now_s: float) -> None:
        """Record a failed list request.

        Args:
            query: The query that was sent, limit included.
            is_rejected: Whether the server rejected the request or the response was too large; without a limit it may
                succeed.
            now_s: Monotonic second.
        """
        before = self._trouble.get(query.unlimited, _NO_TROUBLE)
        failures = before.failures + 1
        unlimited_until_s = now_s + RELEARN_S if is_rejected else before.unlimited_until_s
        self._trouble[query.unlimited] = _Trouble(
            failures, now_s + _rest_s(failures, is_rejected=is_rejected), unlimited_until_s
        )

    def forget(self, query: JobQuery) -> None:
        """Drop the facts about a list that no watched job belongs to."""
        self._facts.pop(query, None)
        self._trouble.pop(query, None)


def _rest_s(failures: int, *, is_rejected: bool) -> float:
    """Return the seconds without requests for a list after `failures` in a row."""
    if failures < FAILURES_UNTIL_REST:
        return 0.0
    return RELEARN_S if is_rejected else min(RELEARN_S, FIRST_REST_S * 2 ** min(failures - FAILURES_UNTIL_REST, 10))


def _most(query: JobQuery) -> int:
    return LIMITS[-1] if query.original_filename is not None else USUAL_LIMIT


def _kinds(query: JobQuery) -> tuple[str, ...]:
    """Return the names of the filters that a query uses."""
    named = (("file", query.original_filename), ("location", query.location_code), ("type", query.types))
    return tuple(kind for kind, value in named if value)


def _is_ignored(query: JobQuery, kind: str, origins: Iterable[JobGroupKey]) -> bool:
    """Return whether the server ignored a filter: a job of the response has another value in that field."""
    if kind == "file":
        names = {origin.original_filename for origin in origins} - {None, query.original_filename}
        return not all(same_name(name, query.original_filename) for name in names)
    if kind == "location":
        return not {origin.location_code for origin in origins} <= {None, query.location_code}
    return not {origin.type for origin in origins} <= {None, *query.types}
