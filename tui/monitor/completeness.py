"""Decides whether a list holds every job that matches its query, and which requests can prove it. Pure.

The API has no cursor and no count, and a server may cut its lists at any length (tui/api/README.md, Calls). So one
response proves nothing. These facts do:

- The server has sent a longer list for the same limit, so it did not cut this one. That proof holds if the server cuts
  all lists at one number of jobs. A server may cut at a number of bytes: then the longer list must be larger too. A
  server may cut only filtered lists at a usual number, such as the default: then the longer list must have the same
  filters. The unfiltered list proves it too if it holds all jobs of this list, and continues after the last of them or
  is itself uncut.
  An unfiltered list of a usual length below its limit is cut itself, and its length proves nothing about filtered ones.
  Such a server may even cut the queue first and filter then. That no list shows, so no length proves anything, unless
  later lists go beyond the unfiltered one, or the ids next to those of the queue are no jobs.
- The list, split by type, consists of complete lists. The API names all types that a list can be filtered by.
- The list and the unfiltered list hold the same jobs, and no job has an id next to theirs: the tenant has no other
  jobs. Ids rise, so a job missing from both lists would come directly before the oldest or after the newest, or between
  them if the lists are in no order. Only this fact needs dense ids; it is not used if they are not dense.

Locations prove nothing, because jobs may be in locations that no response named. They can show that a list was cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from tui.core.text import same_name
from tui.domain.job_source import FILTERED_TYPES, JobQuery
from tui.domain.watched_list import Extent

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job, JobGroupKey
    from tui.domain.job_source import ApiResult


LIMITS = (100, 250, 500, 1000, 2500, 5000)
"""Values of `limit` to choose from: few, so that a list keeps its URL. 5,000 jobs are about 2 MB; a response may have 5
MB.
"""

SAMPLED_LOCATIONS = 5
"""Locations that are listed to check whether a list was cut. The others follow only if one of these brings an unknown
job.
"""

MOST_LOCATIONS = 100
"""Most locations that are listed after one of them brought an unknown job."""

MANY_JOBS = 10
"""From this number of jobs without a gap in their ids, one id before and one after them are enough to check."""

WIDEST_REACH = 6
"""Most ids that are requested before, and after, those of a list."""

USUAL_CUTS = frozenset({50, 100, 200, 250, 500, 1000, 2000, 2500, 5000})
"""Lengths at which a server may cut filtered lists although it sends longer unfiltered ones."""

SMALLEST_QUEUE_CUT = 100
"""Shortest length at which a server may cut its whole queue: the documented default."""

REACH_OF_CUT_QUEUE = 3
"""Fewest ids that are requested before, and after, those of a queue of a length at which servers cut queues: a single
one may belong to a job that vanished.
"""

MORE_THAN_VANISH = 3
"""Fewest jobs that show that a queue goes on past its list: one or two may have moved into view."""

SMALL_BYTES = 64_000
"""Size up to which no server cuts a list for its size."""

LARGE_JOB = 2.5
"""Size of a job that may have been cut off, in average jobs of its list."""

SAMPLED_JOBS = 3
"""Most known jobs missing from a response that are requested one by one: they vanished, or the list was cut."""


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """The facts of one response to a list request."""

    query: JobQuery
    """As requested, limit included."""
    job_ids: frozenset[int]
    length: int
    """Elements of the response, including jobs of other tenants and elements that are not jobs."""
    size_bytes: int
    """Its size; 0 if that is not known."""
    unusable: int
    """Elements that are not jobs."""
    has_more: bool
    """Whether the server says that the list goes on."""
    types: frozenset[str | None]
    locations: tuple[str, ...]
    """Most frequent first."""
    is_newest_first: bool
    is_oldest_first: bool
    is_filtered: bool
    """Whether each job has the values of the query; if not, the server ignored a filter."""

    @classmethod
    def of(cls, query: JobQuery, answer: ApiResult[tuple[Job, ...]]) -> ListAnswer:
        """Return the facts of `answer`, the response to `query`."""
        jobs = answer.value
        origins = Counter(job.origin for job in jobs)
        locations: Counter[str] = Counter()
        for origin, count in origins.items():
            if origin.location_code:
                locations[origin.location_code] += count
        return cls(
            query,
            frozenset(job.job_id for job in jobs),
            answer.length,
            answer.size_bytes,
            answer.skipped,
            answer.has_more,
            frozenset(None if origin.type is None else str(origin.type) for origin in origins),
            tuple(code for code, _ in locations.most_common()),
            all(newer.job_id > older.job_id for newer, older in pairwise(jobs)),
            all(older.job_id < newer.job_id for older, newer in pairwise(jobs)),
            all(fits(query, origin) for origin in origins),
        )


def fits(query: JobQuery, origin: JobGroupKey) -> bool:
    """Return whether a job has the values of the query; False if it lacks the field. The owner is not compared: jobs do
    not show it.
    """
    return (
        (query.original_filename is None or same_name(query.original_filename, origin.original_filename))
        and (query.location_code is None or same_name(query.location_code, origin.location_code))
        and (not query.types or origin.type in query.types)
    )


def is_usual_cut(length: int, limit: int | None) -> bool:
    """Return whether a list has a length at which servers cut whole queues, below the limit that was requested."""
    return length >= SMALLEST_QUEUE_CUT and length in USUAL_CUTS and limit is not None and length < limit


@dataclass(frozen=True, slots=True)
class _Measure:
    """The size of one list."""

    length: int
    size_bytes: int
    filters: tuple[bool, ...]
    is_cut_queue: bool
    """Whether it is the unfiltered list, and the server may have cut it below its limit."""

    @classmethod
    def of(cls, query: JobQuery, length: int, size_bytes: int) -> _Measure:
        """Return the measure of a list; the values of its filters do not matter."""
        given = (query.original_filename, query.location_code, query.owner, query.types)
        filters = tuple(bool(value) for value in given)
        return cls(length, size_bytes, filters, not any(filters) and is_usual_cut(length, query.limit))

    def shows_uncut(self, other: _Measure) -> bool:
        """Return whether this list proves that the server did not cut the other one."""
        if other.filters != self.filters and other.length in USUAL_CUTS:
            return False
        if other.filters != self.filters and self.is_cut_queue:
            return False
        next_bytes = LARGE_JOB * other.size_bytes / max(1, other.length)
        is_larger = other.size_bytes <= SMALL_BYTES or self.size_bytes >= other.size_bytes + next_bytes
        return self.length > other.length and is_larger


class LongestLists:
    """The longest and the largest list that a server has sent, for each limit and set of filters."""

    def __init__(self) -> None:
        self._given: dict[int | None, dict[tuple[bool, ...], tuple[_Measure, _Measure]]] = {}

    def learn(self, query: JobQuery, length: int, size_bytes: int = 0) -> None:
        """Record the length and the size of a response."""
        measure = _Measure.of(query, length, size_bytes)
        given = self._given.setdefault(query.limit, {})
        longest, largest = given.get(measure.filters, (measure, measure))
        given[measure.filters] = (
            max(longest, measure, key=lambda each: (each.length, each.size_bytes)),
            max(largest, measure, key=lambda each: (each.size_bytes, each.length)),
        )

    def may_have_cut_queue(self, limit: int | None) -> bool:
        """Return whether no unfiltered list of this limit was read, or the longest has a length at which servers cut."""
        given = self._given.get(limit, {}).get(_Measure.of(JobQuery(), 0, 0).filters)
        return given is None or is_usual_cut(given[0].length, limit)

    def extent(self, answer: ListAnswer) -> Extent:
        """Return what the length of a list proves, compared with other lists of the same limit."""
        limit = answer.query.limit
        if answer.unusable:
            return Extent.UNKNOWN
        if answer.has_more:
            return Extent.CUT
        measure = _Measure.of(answer.query, answer.length, answer.size_bytes)
        if any(each.shows_uncut(measure) for pair in self._given.get(limit, {}).values() for each in pair):
            return Extent.COMPLETE
        return Extent.CUT if limit is not None and answer.length >= limit else Extent.UNKNOWN


@dataclass(frozen=True, slots=True)
class ProbeList:
    """Request a list to learn more about another one."""

    query: JobQuery
    """Limit included."""


@dataclass(frozen=True, slots=True)
class ProbeJob:
    """Request a job to learn whether it exists."""

    job_id: int


Probe = ProbeList | ProbeJob


class CompletenessCheck:
    """One attempt to prove that a list holds every job that matches it.

    Send the request that `next_probe` returns and report its result; repeat until it returns None.

    Args:
        answer: The list.
        known: Ids of all jobs known to match and to exist.
        longest: The longest lists so far. The caller updates it with every response, probes included.
    """

    def __init__(self, answer: ListAnswer, known: Collection[int], longest: LongestLists) -> None:
        self._answer = answer
        self._known = set(known)
        self._longest = longest
        self._lists: dict[JobQuery, ListAnswer | None] = {}
        """Responses to probes; None for a failed one."""
        self._exists: dict[int, bool | None] = {}
        """Whether a job exists; None if the probe failed."""
        self._revealed = False
        """Whether a probe showed that the list lacks a job."""

    def list_answered(self, answer: ListAnswer, matching: Collection[int]) -> None:
        """Record the response to a list probe.

        Args:
            answer: The facts of the response.
            matching: Ids of its jobs that match the query of the check.
        """
        self._lists[answer.query] = answer
        if answer.query.unlimited == self._query:
            self._answer = answer
        elif not self._answer.job_ids.issuperset(matching) and answer.query.unlimited != JobQuery():
            self._revealed = True
        self._known |= set(matching)

    def list_failed(self, query: JobQuery) -> None:
        """Record a failed list probe."""
        self._lists[query] = None

    def job_answered(self, job_id: int, *, exists: bool | None) -> None:
        """Record the result of a job probe; None if it failed."""
        self._exists[job_id] = exists

    @property
    def next_probe(self) -> Probe | None:
        """The request to make next; None after the last."""
        return next(self._probes(), None)

    @property
    def extent(self) -> Extent:
        """The result so far."""
        if self._is_proven():
            return Extent.COMPLETE
        is_cut = self._revealed or self._longest.extent(self._answer) is Extent.CUT or self._has_same_length()
        is_lacking = bool(self._missing_from(self._answer.job_ids)) or self._has_neighbour()
        return Extent.CUT if is_cut or is_lacking else Extent.UNKNOWN

    @property
    def _query(self) -> JobQuery:
        return self._answer.query.unlimited

    def _is_proven(self) -> bool:
        if self._answer.unusable or self._may_be_cut_before_filtering():
            return False
        parts = [self._lists.get(part) for part in self._type_parts()]
        if parts and all(
            part is not None and part.is_filtered and self._longest.extent(part) is Extent.COMPLETE for part in parts
        ):
            return not self._missing_from(*(part.job_ids for part in parts if part is not None))
        if self._answer.has_more or self._missing_from(self._answer.job_ids):
            return False
        if self._longest.extent(self._answer) is Extent.COMPLETE or self._is_within_everything():
            return True
        return self._has_no_neighbour()

    def _has_no_neighbour(self) -> bool:
        return (
            not self._revealed
            and self._is_whole_queue()
            and all(self._exists.get(job_id) is False for job_id in self._neighbours())
        )

    def _probes(self) -> Iterator[Probe]:
        """Yield the requests that can still decide, cheapest first."""
        if self._is_proven():
            return
        yield from self._missing_probes()
        longer = self._with_higher_limit()
        if longer is not None:
            yield ProbeList(longer)
        everything = JobQuery(limit=self._answer.query.limit)
        if everything not in self._lists and self._query != JobQuery():
            yield ProbeList(everything)
        yield from self._untried(self._type_parts())
        if self._is_whole_queue() and not self._has_neighbour():
            yield from (ProbeJob(job_id) for job_id in self._neighbours() if job_id not in self._exists)
        yield from self._untried(self._location_parts())

    def _missing_probes(self) -> Iterator[Probe]:
        """Yield requests for known jobs missing from the list, until one of them exists: then the list was cut."""
        if self._revealed or any(self._exists.values()):
            return
        missing = self._missing_from(self._answer.job_ids)[:SAMPLED_JOBS]
        yield from (ProbeJob(job_id) for job_id in missing if job_id not in self._exists)

    def _untried(self, queries: Iterator[JobQuery] | tuple[JobQuery, ...]) -> Iterator[Probe]:
        return (ProbeList(query) for query in queries if query not in self._lists)

    def _with_higher_limit(self) -> JobQuery | None:
        """Return the query with the next higher limit if the list, or the unfiltered one, is as long as its limit."""
        limit, everything = self._answer.query.limit, self._everything()
        longest = self._answer.length if everything is None else max(self._answer.length, everything.length)
        has_more = self._answer.has_more or (everything is not None and everything.has_more)
        if limit is None or (longest < limit and not has_more):
            return None
        higher = next((value for value in LIMITS if value > limit), None)
        longer = None if higher is None else replace(self._answer.query, limit=higher)
        return None if longer is None or longer in self._lists else longer

    def _missing_from(self, *lists: frozenset[int]) -> list[int]:
        """Return known jobs that are in none of the lists and have not vanished."""
        return [job_id for job_id in sorted(self._known.difference(*lists)) if self._exists.get(job_id) is not False]

    def _type_parts(self) -> tuple[JobQuery, ...]:
        """Return the lists that together hold every type, if the list has several types; empty if types prove nothing."""
        types = self._answer.types
        if not self._query.original_filename or self._query.types or not self._answer.is_filtered:
            return ()  # only jobs of a file always have a type that a list can be filtered by
        if len(types) < 2 or not types <= FILTERED_TYPES:
            return ()
        others = tuple(sorted(FILTERED_TYPES - types))
        groups = [(kind,) for kind in sorted(str(kind) for kind in types)]
        return tuple(replace(self._answer.query, types=group) for group in (*groups, others))

    def _everything(self) -> ListAnswer | None:
        return self._lists.get(JobQuery(limit=self._answer.query.limit))

    def _may_be_cut_before_filtering(self) -> bool:
        """Return whether the list may lack jobs because the server cuts the queue before it filters it, or whether the
        unfiltered list has yet to show that.
        """
        everything, limit = self._everything(), self._answer.query.limit
        if self._query == JobQuery():
            return False
        if JobQuery(limit=limit) not in self._lists:
            return self._longest.may_have_cut_queue(limit)
        if everything is None or everything.unusable or not is_usual_cut(everything.length, limit):
            return False
        return not (self._goes_beyond(everything) or self._has_no_neighbour())

    def _goes_beyond(self, everything: ListAnswer) -> bool:
        """Return whether later lists hold jobs past the end at which the server would have cut the queue: more than
        came into view because others vanished. In a queue without an order nothing shows where it was cut.
        """
        lists = list(self._lists.values())
        later = lists[lists.index(everything) + 1 :]
        found = {job_id for part in later if part is not None for job_id in part.job_ids}
        if not everything.job_ids:
            return False
        oldest, newest = min(everything.job_ids), max(everything.job_ids)
        older = everything.is_newest_first and sum(job_id < oldest for job_id in found) >= MORE_THAN_VANISH
        newer = everything.is_oldest_first and sum(job_id > newest for job_id in found) >= MORE_THAN_VANISH
        return older or newer

    def _is_within_everything(self) -> bool:
        """Return whether the unfiltered list holds all jobs of the list, and is complete or continues past its ends."""
        everything, answer = self._everything(), self._answer
        if everything is None or everything.unusable or self._revealed or not answer.is_filtered or not answer.job_ids:
            return False
        limit = everything.query.limit
        is_short = everything.length not in USUAL_CUTS and limit is not None and everything.length < limit
        is_all = is_short and not everything.has_more
        if is_all and answer.size_bytes <= SMALL_BYTES:
            return everything.job_ids > answer.job_ids
        next_bytes = LARGE_JOB * answer.size_bytes / max(1, answer.length)
        if answer.size_bytes > SMALL_BYTES and everything.size_bytes < answer.size_bytes + next_bytes:
            return False
        has_older = everything.is_oldest_first or min(everything.job_ids) < min(answer.job_ids)
        has_newer = everything.is_newest_first or max(everything.job_ids) > max(answer.job_ids)
        return everything.job_ids > answer.job_ids and has_older and has_newer

    def _is_whole_queue(self) -> bool:
        """Return whether the unfiltered list may be the whole queue, with ids dense enough to check the neighbours.

        It has the jobs of the list and no others, or more jobs that are in order or without a gap between their ids.
        """
        everything, answer = self._everything(), self._answer
        if everything is None or everything.unusable or everything.has_more or not answer.is_filtered:
            return False
        if everything.length != len(everything.job_ids) or answer.length != len(answer.job_ids):
            return False
        if everything.job_ids != answer.job_ids:
            ids = everything.job_ids
            is_dense = max(ids) - min(ids) == len(ids) - 1
            is_sure = is_dense or everything.is_newest_first or everything.is_oldest_first
            return is_sure and len(ids) >= MANY_JOBS and ids > answer.job_ids and bool(self._neighbours())
        return bool(self._neighbours())

    def _has_same_length(self) -> bool:
        """Return whether the unfiltered list has other jobs but the same length: a sign that the server cuts lists
        there.
        """
        everything = self._everything()
        return (
            everything is not None
            and everything.length == self._answer.length
            and everything.job_ids != self._answer.job_ids
        )

    def _neighbours(self) -> tuple[int, ...]:
        """Return the ids before and after those of the unfiltered list, or of the list before that one was read, that
        a missing job could have; empty if there are too many.
        """
        everything = self._everything()
        job_ids = sorted(self._answer.job_ids if everything is None else everything.job_ids)
        if not job_ids:
            return ()
        widest_gap = max((later - earlier for earlier, later in pairwise(job_ids)), default=1)
        if widest_gap == 1 and len(job_ids) >= MANY_JOBS:
            reach = 1
        else:
            reach = widest_gap + 2  # the next gap may be wider than those seen
        if everything is not None and is_usual_cut(everything.length, everything.query.limit):
            reach = max(reach, REACH_OF_CUT_QUEUE)
        if reach > WIDEST_REACH:
            return ()
        before = [job_id for job_id in range(job_ids[0] - 1, job_ids[0] - 1 - reach, -1) if job_id >= 1]
        return (*before, *range(job_ids[-1] + 1, job_ids[-1] + 1 + reach))

    def _has_neighbour(self) -> bool:
        return self._is_whole_queue() and any(self._exists.get(job_id) for job_id in self._neighbours())

    def _location_parts(self) -> tuple[JobQuery, ...]:
        """Return the lists of single locations that may show jobs missing from the list."""
        if self._query.location_code or not self._answer.is_filtered or len(self._answer.locations) < 2:
            return ()
        parts = tuple(
            replace(self._answer.query, location_code=code) for code in self._answer.locations[:MOST_LOCATIONS]
        )
        sample = parts[:SAMPLED_LOCATIONS]
        answered = [self._lists[part] for part in sample if part in self._lists]
        if any(answer is None or not answer.is_filtered for answer in answered):
            return ()
        is_sampled = len(answered) == len(sample)
        return parts if is_sampled and self._revealed else sample
