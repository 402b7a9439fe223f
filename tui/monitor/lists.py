"""What the answers to list calls taught: which jobs each list holds, how long it is, which filters work. Pure bookkeeping, no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.core.text import same_name
from tui.domain.job_source import DEFAULT_LIMIT, JobQuery

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job, Origin

LIMITS = (100, 250, 500, 1000, 2500, 5000)
"""Values of `limit` to choose from: few, so that a list keeps its address. 5,000 jobs are about 2 MB of the 5 that an answer may have."""

USUAL_LIMIT = 1000
"""No list but that of a file, which holds what it should, is asked for more: reading it would hold up everything else."""

RELEARN_S = 300.0
"""What was learned of a list holds for so long."""

IGNORED_S = 1800.0
"""A filter that the server ignores is not tried again for so long."""

FAILURES_UNTIL_REST = 2
"""Failures in a row after which a list is left alone for a while: its jobs may come one by one."""

FIRST_REST_S = 30.0
"""How long at first; it doubles up to `RELEARN_S`. Most often it is no list that fails but the server, and that is soon back."""

PACE_PER_S = 100.0
"""Jobs a second that one list may bring over time: what a long list costs both ends is proportional to its length."""

LONGEST_PACE_S = 5.0


@dataclass(frozen=True, slots=True)
class ListFacts:
    """What the last good answer to one list call showed."""

    number: int
    """Running number of the answer among all."""
    at_s: float
    """Monotonic second at which it came."""
    brought: frozenset[int]
    """The watched jobs it held."""
    size: int
    """All the jobs it held."""
    limit: int
    """The most it could hold."""
    is_cut_off: bool
    """Whether it was full and lacked a job that it should have held."""


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Failures in a row of one list."""

    failures: int = 0
    until_s: float = 0.0
    unlimited_until_s: float = 0.0
    """Until when it is asked for without naming a limit, since one was refused or let too much through."""


_NO_TROUBLE = _Trouble()


class Lists:
    """Facts about list calls, by filter; queries are given without their limit, but where a call is made or answered."""

    def __init__(self) -> None:
        self.number = 0
        """Answers so far."""
        self._facts: dict[JobQuery, ListFacts] = {}
        self._trouble: dict[JobQuery, _Trouble] = {}
        self._ignored_until_s: dict[str, float] = {}

    def facts(self, query: JobQuery, now_s: float) -> ListFacts | None:
        """Return what is known of a list; None if that is nothing, or too old."""
        known = self._facts.get(query)
        return known if known and now_s < known.at_s + RELEARN_S else None

    def is_useless(self, query: JobQuery, now_s: float) -> bool:
        """Return whether the call is known to bring nothing good for now."""
        is_ignored = any(self._ignored_until_s.get(kind, 0.0) > now_s for kind in _kinds(query))
        return is_ignored or self._trouble.get(query, _NO_TROUBLE).until_s > now_s

    def rested_s(self, query: JobQuery) -> float:
        """Return the monotonic second from which the list may be read again."""
        known = self._facts.get(query)
        return known.at_s + min(LONGEST_PACE_S, known.size / PACE_PER_S) if known else 0.0

    def sized(self, query: JobQuery, wanted: int, now_s: float) -> JobQuery:
        """Return the call for a list that is to bring `wanted` jobs, with a limit that lets them through."""
        if self._trouble.get(query, _NO_TROUBLE).unlimited_until_s > now_s:
            return query
        known = self._facts.get(query)
        least = 0 if known is None else known.limit + 1 if known.is_cut_off else known.limit
        most = USUAL_LIMIT if known is None else _most(query)
        return replace(query, limit=next((limit for limit in LIMITS if limit >= min(max(least, wanted), most)), most))

    def answered(self, query: JobQuery, jobs: Collection[Job], *, brought: frozenset[int], is_lacking: bool, now_s: float) -> None:
        """Keep what an answer showed.

        Args:
            query: The call that was made, its limit included.
            jobs: All jobs of the answer.
            brought: Ids of those that are watched.
            is_lacking: Whether a watched job should have been among them and was not.
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

    def failed(self, query: JobQuery, *, is_refused: bool, now_s: float) -> None:
        """Remember that a call brought no list.

        Args:
            query: The call that was made, its limit included.
            is_refused: Whether it should have been asked for less: without a limit it may do.
            now_s: Monotonic second.
        """
        before = self._trouble.get(query.unlimited, _NO_TROUBLE)
        failures = before.failures + 1
        unlimited_until_s = now_s + RELEARN_S if is_refused else before.unlimited_until_s
        self._trouble[query.unlimited] = _Trouble(failures, now_s + _rest_s(failures, is_refused=is_refused), unlimited_until_s)

    def forget(self, query: JobQuery) -> None:
        """Forget a list that no watched job belongs to any more."""
        self._facts.pop(query, None)
        self._trouble.pop(query, None)


def _rest_s(failures: int, *, is_refused: bool) -> float:
    """Return for how long a list is left alone after so many failures in a row."""
    if failures < FAILURES_UNTIL_REST:
        return 0.0
    return RELEARN_S if is_refused else min(RELEARN_S, FIRST_REST_S * 2 ** min(failures - FAILURES_UNTIL_REST, 10))


def _most(query: JobQuery) -> int:
    return LIMITS[-1] if query.original_filename is not None else USUAL_LIMIT


def _kinds(query: JobQuery) -> tuple[str, ...]:
    """Name the filters that a query uses."""
    named = (("file", query.original_filename), ("location", query.location_code), ("type", query.types))
    return tuple(kind for kind, value in named if value)


def _is_ignored(query: JobQuery, kind: str, origins: Iterable[Origin]) -> bool:
    """Return whether the server did not heed one filter: the answer holds a job that says otherwise, in a field that was sent."""
    if kind == "file":
        names = {origin.original_filename for origin in origins} - {None, query.original_filename}
        return not all(same_name(name, query.original_filename) for name in names)
    if kind == "location":
        return not {origin.location_code for origin in origins} <= {None, query.location_code}
    return not {origin.type for origin in origins} <= {None, *query.types}
