"""The jobs that nobody has asked for yet, and which lists may hold many of them. Pure bookkeeping."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable

from tui.domain.job_source import JobQuery
from tui.monitor.calls import EVERYTHING

SCOUT_FROM = 4
"""Newcomers from which a list that may hold them is tried before they are asked for one by one."""

FRUITLESS_UNTIL_STOP = 3
"""Lists in a row that held no newcomer, after which their kind is tried no more until newer jobs come."""


class _Leads:
    """Lists to try, and how often that was in vain."""

    def __init__(self) -> None:
        self.queries: deque[JobQuery] = deque()
        self.fruitless = 0

    def next(self, may_tell: Callable[[JobQuery], bool]) -> JobQuery | None:
        """Take the next list that may tell something; None if there is none or it was too often in vain."""
        while self.queries and self.fruitless < FRUITLESS_UNTIL_STOP:
            query = self.queries.popleft()
            if may_tell(query):
                return query
        return None

    def judge(self, *, was_fruitful: bool) -> None:
        self.fruitless = 0 if was_fruitful else self.fruitless + 1


class Newcomers:
    """Ids in the order in which they came.

    A job that was asked for alone names a file; the list of that file may hold more newcomers. So may the files of newcomers that
    another list brought, but if that list was complete they hold none: both kinds of lead are judged apart.
    """

    def __init__(self) -> None:
        self._waiting: dict[int, None] = {}
        self._asked_alone: set[int] = set()
        self._from_jobs, self._from_lists = _Leads(), _Leads()
        self._followed: _Leads | None = None
        self._is_turn_of_leads = True

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, job_id: int) -> bool:
        return job_id in self._waiting

    @property
    def first(self) -> int | None:
        """The one that waits longest; None if there is none."""
        return next(iter(self._waiting), None)

    def add(self, job_ids: Iterable[int]) -> None:
        """Take in jobs; what kind of list holds them is open again."""
        self._waiting.update(dict.fromkeys(job_ids))
        self._from_jobs.fruitless = self._from_lists.fruitless = 0

    def remove(self, job_id: int) -> None:
        """Forget a job; unknown ids are ignored."""
        self._waiting.pop(job_id, None)
        self._asked_alone.discard(job_id)

    def take(self, looked_at: Collection[int]) -> int | None:
        """Take one out, to be asked for alone: one that somebody looks at, else the first; None if there is none."""
        job_id = self._seen(looked_at) or self.first
        if job_id is not None:
            del self._waiting[job_id]
            self._asked_alone.add(job_id)
        return job_id

    def scout(self, may_tell: Callable[[JobQuery], bool], looked_at: Collection[int]) -> JobQuery | None:
        """Return the list to try next, None where a job is better asked for alone.

        A job that somebody looks at waits for the bare list, which may bring it with all others, and then for one list at most.

        Args:
            may_tell: Whether a list works, and has not been read since the first newcomer came.
            looked_at: Jobs that somebody looks at.
        """
        if len(self._waiting) < SCOUT_FROM:
            return None
        if may_tell(EVERYTHING):
            self._followed = None
            return EVERYTHING
        self._is_turn_of_leads = not self._is_turn_of_leads
        if self._seen(looked_at) is not None and not self._is_turn_of_leads:
            return None
        for leads in (self._from_jobs, self._from_lists):
            query = leads.next(may_tell)
            if query is not None:
                self._followed = leads
                return query
        return None

    def _seen(self, looked_at: Collection[int]) -> int | None:
        return next((job_id for job_id in looked_at if job_id in self._waiting), None)

    def met_alone(self, job_id: int, query: JobQuery | None, *, is_crowd: bool) -> None:
        """Learn which list a job that was asked for alone belongs to; nothing if it was not.

        Args:
            job_id: The job.
            query: The list; None if its fields name none.
            is_crowd: Whether other watched jobs are known to belong there.
        """
        if job_id not in self._asked_alone:
            return
        self._asked_alone.discard(job_id)
        if query is not None:
            self._from_jobs.queries.appendleft(query)
            self._from_jobs.fruitless = 0 if is_crowd else self._from_jobs.fruitless

    def met_in_list(self, named: dict[int, JobQuery | None]) -> None:
        """Learn which newcomers a list brought, empty for none, each with the list of its file."""
        for job_id in named:
            del self._waiting[job_id]
        if self._followed is not None:
            self._followed.judge(was_fruitful=bool(named))
            self._followed = None
        known = set(self._from_lists.queries)
        self._from_lists.queries.extend(query for query in dict.fromkeys(named.values()) if query is not None and query not in known)
