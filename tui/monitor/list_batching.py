"""Chooses the request for a due job: the job alone, or a list that brings many jobs.

A list request costs as much of the rate limit as a single one, so lists with many watched jobs save requests. Pure.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from tui.domain.errors import AnswerTooLarge, ApiError, ServerFault
from tui.domain.job_source import FILTERED_TYPES, JobQuery
from tui.monitor.list_stats import USUAL_LIMIT, ListStats
from tui.monitor.requests import Call, Deferred, JobRequest, ListRequest

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job, JobGroupKey


EVERYTHING = JobQuery()
"""The unfiltered list: the newest jobs of a tenant, which users watch most."""


_shared = lru_cache(maxsize=20_000)(JobQuery)
"""Returns the same object for the same filter: thousands of jobs share it."""


def filters_of(origin: JobGroupKey) -> tuple[JobQuery, ...]:
    """Return the lists that should hold jobs of this origin, the most specific first. Very long names are not used as
    filters.
    """
    return _filters_of(origin) if origin.is_short else (EVERYTHING,)


@lru_cache(maxsize=20_000)
def _filters_of(origin: JobGroupKey) -> tuple[JobQuery, ...]:
    file, location = origin.original_filename, origin.location_code
    kind = str(origin.type) if origin.type in FILTERED_TYPES else None
    return (
        *((_shared(original_filename=file),) if file else ()),
        *((_shared(location_code=location),) if location else ()),
        *((_shared(types=(kind,)),) if kind else ()),
        EVERYTHING,
    )


SCOUT_FROM = 4
"""From this number of newcomers, lists that may hold them are tried before they are requested one by one."""

FRUITLESS_UNTIL_STOP = 3
"""Lists in a row without a newcomer after which lists of this origin are not tried until jobs are added."""


class _Leads:
    """Lists to try, and the number of misses in a row."""

    def __init__(self) -> None:
        self.queries: deque[JobQuery] = deque()
        self.misses = 0

    def next(self, is_worth_reading: Callable[[JobQuery], bool]) -> JobQuery | None:
        """Remove and return the next useful list; None if there is none or too many missed."""
        while self.queries and self.misses < FRUITLESS_UNTIL_STOP:
            query = self.queries.popleft()
            if is_worth_reading(query):
                return query
        return None

    def record(self, *, was_fruitful: bool) -> None:
        self.misses = 0 if was_fruitful else self.misses + 1


class UnfetchedJobs:
    """Newcomers: watched jobs that have not been requested yet, in order of arrival.

    A job that was requested alone names a file, whose list may hold more newcomers. A newcomer from another list names
    a file too, but its list holds no other newcomers if the first list was complete. So misses are counted separately
    for both origins.
    """

    def __init__(self) -> None:
        self._waiting: dict[int, None] = {}
        self._requested_alone: set[int] = set()
        self._from_jobs, self._from_lists = _Leads(), _Leads()
        self._followed: _Leads | None = None
        self._is_turn_of_leads = True

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, job_id: int) -> bool:
        return job_id in self._waiting

    @property
    def first(self) -> int | None:
        """The newcomer that waits longest; None if there is none."""
        return next(iter(self._waiting), None)

    def add(self, job_ids: Iterable[int]) -> None:
        """Add jobs, and reset the miss counts: new jobs may be in any list."""
        self._waiting.update(dict.fromkeys(job_ids))
        self._from_jobs.misses = self._from_lists.misses = 0

    def remove(self, job_id: int) -> None:
        """Remove a job; unknown ids are ignored."""
        self._waiting.pop(job_id, None)
        self._requested_alone.discard(job_id)

    def take(self, focused: Collection[int]) -> int | None:
        """Remove and return a job to request alone: a focused one, else the first; None if there is none."""
        job_id = self._seen(focused) or self.first
        if job_id is not None:
            del self._waiting[job_id]
            self._requested_alone.add(job_id)
        return job_id

    def next_list(self, is_worth_reading: Callable[[JobQuery], bool], focused: Collection[int]) -> JobQuery | None:
        """Return the list to try next; None if a job should be requested alone.

        A focused job waits for the unfiltered list, which may bring all newcomers, and then for at most one other list.

        Args:
            is_worth_reading: Whether a list works, and has not been read since the first newcomer was added.
            focused: Jobs on the screen.
        """
        if len(self._waiting) < SCOUT_FROM:
            return None
        if is_worth_reading(EVERYTHING):
            self._followed = None
            return EVERYTHING
        self._is_turn_of_leads = not self._is_turn_of_leads
        if self._seen(focused) is not None and not self._is_turn_of_leads:
            return None
        for leads in (self._from_jobs, self._from_lists):
            query = leads.next(is_worth_reading)
            if query is not None:
                self._followed = leads
                return query
        return None

    def _seen(self, focused: Collection[int]) -> int | None:
        return next((job_id for job_id in focused if job_id in self._waiting), None)

    def fetched_alone(self, job_id: int, query: JobQuery | None, *, is_crowd: bool) -> None:
        """Record the list of a job that was requested alone; ignored for other jobs.

        Args:
            job_id: The job.
            query: The list; None if the job's fields name none.
            is_crowd: Whether other known watched jobs belong to it.
        """
        if job_id not in self._requested_alone:
            return
        self._requested_alone.discard(job_id)
        if query is not None:
            self._from_jobs.queries.appendleft(query)
            self._from_jobs.misses = 0 if is_crowd else self._from_jobs.misses

    def fetched_in_list(self, named: dict[int, JobQuery | None]) -> None:
        """Record the newcomers that a list brought, maybe none, each with the list of its file."""
        for job_id in named:
            del self._waiting[job_id]
        if self._followed is not None:
            self._followed.record(was_fruitful=bool(named))
            self._followed = None
        known = set(self._from_lists.queries)
        self._from_lists.queries.extend(
            query for query in dict.fromkeys(named.values()) if query is not None and query not in known
        )


JOBS_WORTH_A_REQUEST = 100
"""Number of unneeded jobs in a response that cost as much, in bytes and work, as one more request."""

UNTRIED_FROM = 3
"""Watched jobs from which an untried list is worth a request. The list of a file is tried from the first."""


_REJECTIONS = range(400, 500)
"""HTTP statuses by which the server rejects the request itself."""


class ListBatching:
    """The watched jobs, the lists that hold them, and the choice of a request.

    Jobs that have not been requested yet are newcomers: `first_call` returns their request. All others belong to the
    lists that their fields name, until they are final.
    """

    def __init__(self) -> None:
        self._newcomers = UnfetchedJobs()
        self._lists = ListStats()
        self._filters: dict[int, tuple[JobQuery, ...]] = {}
        self._members: dict[JobQuery, set[int]] = {}
        self._adopted: set[JobQuery] = set()
        self._since: dict[int, int] = {}
        """For each watched job, the number of list responses when it was added."""

    def adopt(self, query: JobQuery) -> None:
        """Poll this list as a whole, including jobs that are not known yet."""
        self._adopted.add(query)

    def remove_list(self, query: JobQuery) -> None:
        """Stop polling this list as a whole; only its watched jobs count."""
        self._adopted.discard(query)

    def list_call(self, query: JobQuery, now_s: float) -> ListRequest:
        """Return the request for an adopted list."""
        expected = self._expected(query, now_s)
        return ListRequest(self._lists.sized(query, max(USUAL_LIMIT, len(expected)), now_s), expected)

    def is_adopted(self, query: JobQuery) -> bool:
        """Return whether this list is polled as a whole."""
        return query in self._adopted

    @property
    def newcomers(self) -> int:
        """Number of jobs that have not been requested yet."""
        return len(self._newcomers)

    def is_newcomer(self, job_id: int) -> bool:
        """Return whether the job is watched and has not been requested yet."""
        return job_id in self._newcomers

    def join(self, job_ids: Collection[int]) -> None:
        """Add jobs that were never read."""
        self._since.update(dict.fromkeys(job_ids, self._lists.number))
        self._newcomers.add(job_ids)

    def leave(self, job_id: int) -> None:
        """Remove a job."""
        self._since.pop(job_id, None)
        self._newcomers.remove(job_id)
        self.stop_polling(job_id)

    def update_fields(self, job: Job) -> None:
        """Assign a job that is not final to the lists that should bring it, by its file, location and type as just read. If
        these are unchanged, nothing happens.
        """
        filters = filters_of(job.origin)
        if self._filters.get(job.job_id) == filters:
            return
        self.stop_polling(job.job_id)
        self._filters[job.job_id] = filters
        for query in filters:
            self._members.setdefault(query, set()).add(job.job_id)
        self._newcomers.fetched_alone(job.job_id, _lead(filters), is_crowd=len(self._members[filters[0]]) > 1)
        self._newcomers.remove(job.job_id)

    def stop_polling(self, job_id: int) -> None:
        """Remove a job from its lists: it is final, or its fields are not known."""
        for query in self._filters.pop(job_id, ()):
            members = self._members[query]
            members.discard(job_id)
            if not members:
                del self._members[query]
                self._lists.forget(query)

    def first_call(self, now_s: float, focused: Collection[int] = ()) -> Call | None:
        """Return the request that may bring the most newcomers, or a focused one; None if there is none.

        A newcomer that is requested alone is removed from the newcomers.
        """
        query = self._newcomers.next_list(lambda query: self._is_worth_reading(query, now_s), focused)
        if query is not None:
            return ListRequest(self._lists.sized(query, len(self._newcomers), now_s), self._expected(query, now_s))
        job_id = self._newcomers.take(focused)
        return None if job_id is None else JobRequest(job_id)

    def call_for(self, job_id: int, now_s: float, *, is_urgent: bool = False) -> Call | Deferred:
        """Return the request that brings this job, and with it the most other jobs that are not final.

        Args:
            job_id: A job that was requested before.
            now_s: Monotonic second.
            is_urgent: Whether the user waits for this job: then it is not deferred for a list.
        """
        worth = {
            query: self._worth(query, job_id, now_s) * _preference(query) for query in self._filters.get(job_id, ())
        }
        query = max(worth, key=worth.__getitem__, default=None)
        if query is None or worth[query] <= 0:
            return JobRequest(job_id)
        rested_s = self._lists.rested_s(query)
        if now_s < rested_s and is_urgent:
            return JobRequest(job_id)
        expected = self._expected(query, now_s)
        if now_s < rested_s:
            return Deferred(rested_s, expected)
        return ListRequest(self._lists.sized(query, len(expected), now_s), expected)

    def answered(self, call: ListRequest, jobs: Iterable[Job], now_s: float) -> None:
        """Record the response to a list request. Call this before `update_fields` for its jobs."""
        answer = {job.job_id: job for job in jobs}
        brought = frozenset(answer.keys() & self._since.keys())
        # The unfiltered list may lack newcomers without being cut: watched jobs need not be among the newest.
        may_hold_more = (
            self.newcomers > 0 and call.query.unlimited != EVERYTHING
        ) or call.query.unlimited in self._adopted
        is_lacking = may_hold_more or not call.expected <= brought
        met = [job for job_id, job in answer.items() if job_id in self._newcomers] if self.newcomers else []
        self._newcomers.fetched_in_list({job.job_id: _lead(filters_of(job.origin)) for job in met})
        self._lists.answered(call.query, answer.values(), brought=brought, is_lacking=is_lacking, now_s=now_s)

    def failed(self, call: ListRequest, error: ApiError, now_s: float) -> None:
        """Record a failed list request."""
        is_rejected = isinstance(error, AnswerTooLarge) or (
            error.http_status in _REJECTIONS and not isinstance(error, ServerFault)
        )
        self._newcomers.fetched_in_list({})
        self._lists.failed(call.query, is_rejected=is_rejected, now_s=now_s)

    def _worth(self, query: JobQuery, job_id: int, now_s: float) -> float:
        """Return how many requests the list saves, compared with one request for each of its jobs."""
        if self._lists.is_useless(query, now_s):
            return 0.0
        facts, members = self._lists.facts(query, now_s), self._members[query]
        if facts is None:
            is_likely = query.original_filename is not None or len(members) >= UNTRIED_FROM
            return min(len(members), USUAL_LIMIT) - 1.0 if is_likely else 0.0
        if job_id in facts.brought:
            return len(facts.brought & members) - 1.0 - facts.size / JOBS_WORTH_A_REQUEST
        if self._since[job_id] < facts.number and not facts.is_cut_off:
            return 0.0  # it was read without this job
        return len(self._expected(query, now_s)) - 1.0 - facts.size / JOBS_WORTH_A_REQUEST

    def _expected(self, query: JobQuery, now_s: float) -> frozenset[int]:
        facts, members = self._lists.facts(query, now_s), self._members.get(query, set())
        if facts is None or facts.is_cut_off:
            return frozenset(members)
        return frozenset(members & facts.brought).union(
            job_id for job_id in members - facts.brought if self._since[job_id] >= facts.number
        )

    def _is_worth_reading(self, query: JobQuery, now_s: float) -> bool:
        """Return whether a list works and has not been read since the first newcomer was added."""
        first, facts = self._newcomers.first, self._lists.facts(query, now_s)
        is_new = first is None or facts is None or facts.is_cut_off or facts.number <= self._since[first]
        return is_new and not self._lists.is_useless(query, now_s)


def _preference(query: JobQuery) -> float:
    """Return a weight: jobs of a file were read together and stay due together, so another list must bring twice as
    many to split them.
    """
    return 1.0 if query.original_filename is not None else 0.5


def _lead(filters: tuple[JobQuery, ...]) -> JobQuery | None:
    """Return the list that most likely holds related jobs: the most specific one; None if the job's fields name none."""
    return None if filters[0] == EVERYTHING else filters[0]
