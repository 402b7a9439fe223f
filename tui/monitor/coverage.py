"""Which call to make for a job that is due: one job, or a list that brings many. Knows no clock, no I/O and no randomness.

A list call costs as much as a single one (contract.md, Limits), so the fewest requests come from lists that bring many of the watched
jobs. What a list brings is not known before it was asked: each answer is remembered, and one that lacks a job proves nothing about it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from tui.domain.errors import AnswerTooLarge, ApiError, ServerFault
from tui.domain.job_source import JobQuery
from tui.monitor.calls import EVERYTHING, Call, ListCall, NotBefore, OneJob, filters_of
from tui.monitor.lists import USUAL_LIMIT, Lists
from tui.monitor.newcomers import Newcomers

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job

JOBS_WORTH_A_REQUEST = 100
"""Jobs in an answer that nobody waits for and that cost as much, in bytes and work at both ends, as one more request."""

UNTRIED_FROM = 3
"""Watched jobs that make it worth finding out what a list brings that is not sure to bring them, as that of their file is."""


_REFUSALS = range(400, 500)
"""HTTP statuses that say that the call itself was not to the server's taste."""


class Coverage:
    """What is known of the watched jobs and of the lists that hold them.

    Jobs that nobody has asked for yet are newcomers and get their call from `first_call`; all others belong to the lists that their
    fields name, as long as they are not settled.
    """

    def __init__(self) -> None:
        self._newcomers = Newcomers()
        self._lists = Lists()
        self._filters: dict[int, tuple[JobQuery, ...]] = {}
        self._members: dict[JobQuery, set[int]] = {}
        self._adopted: set[JobQuery] = set()
        self._since: dict[int, int] = {}
        """For each watched job, how many lists had been read when it came."""

    def adopt(self, query: JobQuery) -> None:
        """Count every job of this list as wanted, those that nobody knows yet included."""
        self._adopted.add(query)

    def disown(self, query: JobQuery) -> None:
        """Count no job of this list as wanted that is not watched."""
        self._adopted.discard(query)

    def list_call(self, query: JobQuery, now_s: float) -> ListCall:
        """Return the call for a list that is wanted as a whole."""
        expected = self._expected(query, now_s)
        return ListCall(self._lists.sized(query, max(USUAL_LIMIT, len(expected)), now_s), expected)

    def is_adopted(self, query: JobQuery) -> bool:
        """Return whether this list is read for its own sake."""
        return query in self._adopted

    @property
    def newcomers(self) -> int:
        """Jobs that nobody has asked for yet."""
        return len(self._newcomers)

    def is_newcomer(self, job_id: int) -> bool:
        """Return whether the job is watched and nobody has asked for it yet."""
        return job_id in self._newcomers

    def join(self, job_ids: Collection[int]) -> None:
        """Take in jobs of which nothing is known."""
        self._since.update(dict.fromkeys(job_ids, self._lists.number))
        self._newcomers.add(job_ids)

    def leave(self, job_id: int) -> None:
        """Forget a job."""
        self._since.pop(job_id, None)
        self._newcomers.remove(job_id)
        self.rest(job_id)

    def meet(self, job: Job) -> None:
        """Take in the newest description of a job that is not settled: its fields name the lists that should bring it."""
        filters = filters_of(job.origin)
        if self._filters.get(job.job_id) == filters:
            return
        self.rest(job.job_id)
        self._filters[job.job_id] = filters
        for query in filters:
            self._members.setdefault(query, set()).add(job.job_id)
        self._newcomers.met_alone(job.job_id, _lead(filters), is_crowd=len(self._members[filters[0]]) > 1)
        self._newcomers.remove(job.job_id)

    def rest(self, job_id: int) -> None:
        """Ask for no list any more for the sake of this job: it is settled, or nothing is known of it."""
        for query in self._filters.pop(job_id, ()):
            members = self._members[query]
            members.discard(job_id)
            if not members:
                del self._members[query]
                self._lists.forget(query)

    def first_call(self, now_s: float, looked_at: Collection[int] = ()) -> Call | None:
        """Return the call that may tell most of the newcomers, or of one that somebody looks at; None if there is none.

        A newcomer that it asks for alone is none any more.
        """
        query = self._newcomers.scout(lambda query: self._may_tell(query, now_s), looked_at)
        if query is not None:
            return ListCall(self._lists.sized(query, len(self._newcomers), now_s), self._expected(query, now_s))
        job_id = self._newcomers.take(looked_at)
        return None if job_id is None else OneJob(job_id)

    def call_for(self, job_id: int, now_s: float, *, is_urgent: bool = False) -> Call | NotBefore:
        """Return the call that brings this job, and with it the most others that are not settled.

        Args:
            job_id: A job that has been asked for before.
            now_s: Monotonic second.
            is_urgent: Whether somebody waits for this very job: it is not put off for the sake of a list.
        """
        worth = {query: self._worth(query, job_id, now_s) * _preference(query) for query in self._filters.get(job_id, ())}
        query = max(worth, key=worth.__getitem__, default=None)
        if query is None or worth[query] <= 0:
            return OneJob(job_id)
        rested_s = self._lists.rested_s(query)
        if now_s < rested_s and is_urgent:
            return OneJob(job_id)
        expected = self._expected(query, now_s)
        if now_s < rested_s:
            return NotBefore(rested_s, expected)
        return ListCall(self._lists.sized(query, len(expected), now_s), expected)

    def answered(self, call: ListCall, jobs: Iterable[Job], now_s: float) -> None:
        """Learn from the answer to a list call, before its jobs are met."""
        answer = {job.job_id: job for job in jobs}
        brought = frozenset(answer.keys() & self._since.keys())
        # Of the bare list nothing is expected: the newest jobs need not be among those that people watch.
        may_hold_more = (self.newcomers > 0 and call.query.unlimited != EVERYTHING) or call.query.unlimited in self._adopted
        is_lacking = may_hold_more or not call.expected <= brought
        met = [job for job_id, job in answer.items() if job_id in self._newcomers] if self.newcomers else []
        self._newcomers.met_in_list({job.job_id: _lead(filters_of(job.origin)) for job in met})
        self._lists.answered(call.query, answer.values(), brought=brought, is_lacking=is_lacking, now_s=now_s)

    def failed(self, call: ListCall, error: ApiError, now_s: float) -> None:
        """Learn that a list call brought no list."""
        is_refused = isinstance(error, AnswerTooLarge) or (error.http_status in _REFUSALS and not isinstance(error, ServerFault))
        self._newcomers.met_in_list({})
        self._lists.failed(call.query, is_refused=is_refused, now_s=now_s)

    def _worth(self, query: JobQuery, job_id: int, now_s: float) -> float:
        """Return how many requests the list saves, in comparison with asking for the jobs that it brings alone."""
        if self._lists.is_useless(query, now_s):
            return 0.0
        facts, members = self._lists.facts(query, now_s), self._members[query]
        if facts is None:
            is_likely = query.original_filename is not None or len(members) >= UNTRIED_FROM
            return min(len(members), USUAL_LIMIT) - 1.0 if is_likely else 0.0
        if job_id in facts.brought:
            return len(facts.brought & members) - 1.0 - facts.size / JOBS_WORTH_A_REQUEST
        if self._since[job_id] < facts.number and not facts.is_cut_off:
            return 0.0  # it was read, and did not hold the job
        return len(self._expected(query, now_s)) - 1.0 - facts.size / JOBS_WORTH_A_REQUEST

    def _expected(self, query: JobQuery, now_s: float) -> frozenset[int]:
        facts, members = self._lists.facts(query, now_s), self._members.get(query, set())
        if facts is None or facts.is_cut_off:
            return frozenset(members)
        return frozenset(members & facts.brought).union(job_id for job_id in members - facts.brought if self._since[job_id] >= facts.number)

    def _may_tell(self, query: JobQuery, now_s: float) -> bool:
        """Return whether a list works and has not been read since the first newcomer came."""
        first, facts = self._newcomers.first, self._lists.facts(query, now_s)
        is_new = first is None or facts is None or facts.is_cut_off or facts.number <= self._since[first]
        return is_new and not self._lists.is_useless(query, now_s)


def _preference(query: JobQuery) -> float:
    """Jobs of a file are due together, once they were read together; another list has to bring twice as many to break them up."""
    return 1.0 if query.original_filename is not None else 0.5


def _lead(filters: tuple[JobQuery, ...]) -> JobQuery | None:
    """Return the list that most likely holds the companions of a job in these lists; None if its fields name none."""
    return None if filters[0] == EVERYTHING else filters[0]
