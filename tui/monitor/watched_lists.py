"""The watched lists: what each response showed, and the checks for completeness.

Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.job_source import JobQuery
from tui.domain.selection import Selection, forms
from tui.domain.watched_list import Extent, WatchedList
from tui.monitor.completeness import CompletenessCheck, ListAnswer, LongestLists, Probe, ProbeJob, ProbeList

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job
    from tui.domain.job_source import ApiResult


PROBE_TRIES = 3
"""Attempts for one probe if the connection fails; after the last one the check continues without it."""


@dataclass(frozen=True, slots=True)
class SelectionProbe:
    """A request that belongs to the check of one selection."""

    selection: Selection
    probe: Probe


class _State:
    """The state of one list, and its running check."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        file = selection.query.original_filename
        self.queries = (
            (selection.query,)
            if file is None
            else tuple(replace(selection.query, original_filename=form) for form in forms(file))
        )
        """The query of its list in each Unicode form of its file; the server compares code points."""
        self.query = self.queries[0]
        """The one that is requested."""
        self.pattern: Selection | None = None
        """The pattern through which the file was found; None if a user named it."""
        self.has_jobs = False
        self.reading = 0
        self.read_at: datetime | None = None
        self.answer: ListAnswer | None = None
        self.check: CompletenessCheck | None = None
        self.check_reading = 0
        self.tries = 0
        self.checked_reading = 0
        self.checked_extent = Extent.UNKNOWN
        self.reading_at_end_of_check = 0
        self.seen_ids: frozenset[int] = frozenset()
        """Jobs of all lists so far."""
        self.checked_ids: frozenset[int] | None = None


class WatchedLists:
    """The watched selections, in the order of `add`."""

    def __init__(self) -> None:
        self._states: dict[Selection, _State] = {}
        self._longest = LongestLists()

    def __iter__(self) -> Iterator[Selection]:
        return iter(self._states)

    def add(self, selection: Selection, *, pattern: Selection | None = None) -> None:
        """Watch a selection.

        Args:
            selection: What its jobs have in common.
            pattern: The watched pattern that names its file; None if a user named the selection itself.
        """
        if selection not in self._states:
            self._states[selection] = _State(selection)
            self._states[selection].pattern = pattern
        elif pattern is None:
            self._states[selection].pattern = None

    def remove(self, selection: Selection) -> frozenset[JobQuery]:
        """Stop watching a selection, and the files found through it; return the queries that no other selection needs."""
        removed = [each for each, state in self._states.items() if selection in {each, state.pattern}]
        queries = {self._states.pop(each).query for each in removed}
        return frozenset(queries - {state.query for state in self._states.values()})

    def query_of(self, selection: Selection) -> JobQuery:
        """Return the query of a selection's list."""
        return self._states[selection].query if selection in self._states else selection.query

    def turn(self, selection: Selection) -> JobQuery | None:
        """Change to the next Unicode form of a file name without jobs and return its query.

        None if the name has jobs or only one form.
        """
        state = self._states.get(selection)
        if state is None or state.has_jobs or len(state.queries) < 2:
            return None
        index = state.queries.index(state.query) + 1
        state.query = state.queries[index % len(state.queries)]
        return state.query

    def values(self) -> tuple[WatchedList, ...]:
        """Return the state of each list."""
        return tuple(self._value(state) for state in self._states.values())

    def matching_ids(self, jobs: Iterable[Job]) -> list[int]:
        """Return the ids of the jobs that belong to a selection, and remember which selections have jobs."""
        jobs = tuple(jobs)
        for state in self._states.values():
            state.has_jobs = state.has_jobs or any(map(state.selection.accepts, jobs))
        return [job.job_id for job in jobs if any(selection.accepts(job) for selection in self._states)]

    def __len__(self) -> int:
        return len(self._states)

    def __contains__(self, selection: Selection) -> bool:
        return selection in self._states

    def read(self, query: JobQuery, answer: ApiResult[tuple[Job, ...]], at: datetime) -> tuple[Selection, ...]:
        """Store the response to a list request and return the selections that it belongs to.

        The list of a file name without jobs counts as read after a request with each of its Unicode forms.
        """
        self._longest.learn(query, answer.length, answer.size_bytes)
        states = [state for state in self._states.values() if state.query == query.unlimited]
        for state in states:
            if not state.has_jobs and state.query != state.queries[-1]:
                continue
            state.reading += 1
            state.read_at, state.answer = at, ListAnswer.of(query, answer)
            state.seen_ids |= state.answer.job_ids
        return tuple(state.selection for state in states)

    def has_unchecked_jobs(self, selection: Selection) -> bool:
        """Return whether the last list of a selection may be incomplete and has jobs that no check has covered."""
        state = self._states.get(selection)
        if state is None or state.answer is None or state.check is not None:
            return False
        return self._extent(state, state.answer) is not Extent.COMPLETE and state.answer.job_ids != state.checked_ids

    def begin_check(self, selection: Selection, known: Collection[int]) -> SelectionProbe | None:
        """Start to check whether the last list is complete, and return the first probe; None if none is needed or a
        check runs.

        Args:
            selection: A selection whose list was read.
            known: Ids of the jobs known to belong to it and to exist.
        """
        state = self._states.get(selection)
        if state is None or state.answer is None or state.check is not None:
            return None
        state.check, state.check_reading = CompletenessCheck(state.answer, known, self._longest), state.reading
        state.checked_ids = state.answer.job_ids
        return self._next(state)

    def list_probed(self, requested: SelectionProbe, answer: ApiResult[tuple[Job, ...]]) -> SelectionProbe | None:
        """Store the response to a list probe and return the next probe; None after the last."""
        state = self._states.get(requested.selection)
        if state is None or state.check is None or not isinstance(requested.probe, ProbeList):
            return None
        matching = [job.job_id for job in answer.value if requested.selection.accepts(job)]
        state.check.list_answered(ListAnswer.of(requested.probe.query, answer), matching)
        return self._next(state)

    def job_probed(self, requested: SelectionProbe, *, exists: bool) -> SelectionProbe | None:
        """Store the result of a job probe and return the next probe; None after the last."""
        state = self._states.get(requested.selection)
        if state is None or state.check is None or not isinstance(requested.probe, ProbeJob):
            return None
        state.check.job_answered(requested.probe.job_id, exists=exists)
        return self._next(state)

    def probe_failed(self, requested: SelectionProbe, *, may_retry: bool) -> SelectionProbe | None:
        """Record a failed probe and return the next request: the same again, the next probe, or None after the last."""
        state = self._states.get(requested.selection)
        if state is None or state.check is None:
            return None
        state.tries += 1
        if may_retry and state.tries < PROBE_TRIES:
            return requested
        match requested.probe:
            case ProbeList(query):
                state.check.list_failed(query)
            case ProbeJob(job_id):
                state.check.job_answered(job_id, exists=None)
        return self._next(state)

    def _next(self, state: _State) -> SelectionProbe | None:
        """Return the next probe of a check; end the check if there is none."""
        check = state.check
        if check is None:
            return None
        state.tries = 0
        probe = check.next_probe
        if probe is not None:
            return SelectionProbe(state.selection, probe)
        state.check, state.checked_reading, state.checked_extent = None, state.check_reading, check.extent
        state.reading_at_end_of_check = state.reading
        return None

    def _extent(self, state: _State, answer: ListAnswer) -> Extent:
        """Return what the length of the last list shows; nothing if it lacks jobs that an earlier one had."""
        return Extent.UNKNOWN if state.seen_ids > answer.job_ids else self._longest.extent(answer)

    def _value(self, state: _State) -> WatchedList:
        answer = state.answer
        if answer is None:
            return WatchedList(state.selection, has_jobs=state.has_jobs, is_asked_for=state.pattern is None)
        return WatchedList(
            state.selection,
            state.reading,
            state.read_at,
            answer.length,
            answer.is_filtered,
            self._extent(state, answer),
            state.checked_reading,
            state.checked_extent,
            state.reading_at_end_of_check,
            state.has_jobs,
            state.pattern is None,
        )
