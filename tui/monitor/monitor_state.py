"""What is known of all jobs, and the plan of the next requests: each response changes both."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from tui.domain.errors import (
    AnswerTooLarge,
    ApiError,
    BadAnswer,
    Doubt,
    JobNotFound,
    RateLimited,
    ServerFault,
    Unauthorised,
    Unreachable,
)
from tui.domain.job_source import ApiResult
from tui.domain.poll_policy import PollPolicy
from tui.domain.selection import Selection, is_pattern
from tui.domain.server_clock import ServerClock
from tui.domain.tracked_job import Failed, Freshness, Missing, Reading, TrackedJob
from tui.domain.watchlist import Watchlist
from tui.monitor.completeness import ProbeJob
from tui.monitor.denials import Denials, Disbelieved
from tui.monitor.planner import Planner
from tui.monitor.polling_policy import backed_off_s
from tui.monitor.request_gate import RequestGate
from tui.monitor.requests import Call, InFlightRequest, JobRequest, ListRequest
from tui.monitor.watched_lists import SelectionProbe, WatchedLists

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job


CLIENT_ERRORS_FROM = 400
"""First HTTP status that blames the request: a server that sends one works."""

FILES_EVERY_S = 10.0
"""Seconds between two requests for the list of a watched file, in which new jobs may appear."""


class Moment(NamedTuple):
    """The time of a response, and the random number for it."""

    s: float
    """Monotonic second."""
    at: datetime
    """The same moment by our wall clock, aware."""
    roll: float
    """Random number in [0, 1) that spreads the next polls."""


class MonitorState:
    """The state of all jobs, and the plan of the next requests. Each `now_s` is a monotonic second.

    Args:
        policy: How often jobs are polled.
        gate: Knows the state of the connection.
    """

    def __init__(self, policy: PollPolicy, gate: RequestGate) -> None:
        self.planner = Planner(policy)
        self.watchlist = Watchlist()
        self._gate = gate
        self.server_clock = ServerClock()
        self.answered_at: datetime | None = None
        self.lists = WatchedLists()
        self.skipped = 0
        self._checked: set[Selection] = set()
        """Selections that are checked for completeness after all their known jobs have ended."""
        self._denials = Denials()
        self._invalid_calls: set[Call] = set()
        """Requests that got a response from something other than the API since the API last responded."""
        self._dropped: dict[int, tuple[int, TrackedJob]] = {}
        """Removed jobs: the position of each in the list, and its last state."""

    def track(self, job_ids: Iterable[int], now_s: float) -> tuple[TrackedJob, ...]:
        """Watch jobs and return those that were not watched before. A removed job comes back with its last state."""
        job_ids = tuple(dict.fromkeys(job_ids))
        dropped = {job_id: self._dropped.pop(job_id)[1] for job_id in job_ids if job_id in self._dropped}
        back = {job_id: tracked for job_id, tracked in dropped.items() if job_id not in self.watchlist}
        fresh = tuple(back.get(job_id) or TrackedJob(job_id) for job_id in job_ids if job_id not in self.watchlist)
        self._gate.retry_now()
        self._watch(fresh, now_s)
        return fresh

    def put_back(self, job_ids: Iterable[int], now_s: float) -> tuple[TrackedJob, ...]:
        """Watch jobs again that were removed together, at their positions and with their last states.

        Return those that were not watched.
        """
        places = sorted(
            (
                self._dropped.pop(job_id, (len(self.watchlist), TrackedJob(job_id)))
                for job_id in dict.fromkeys(job_ids)
                if job_id not in self.watchlist
            ),
            key=lambda place: place[0],
        )
        if not places:
            return ()
        ids = list(self.watchlist.ids)
        for index, tracked in places:  # in ascending order, because each index counts the jobs before it
            ids.insert(index, tracked.job_id)
        back = tuple(tracked for _, tracked in places)
        self.watchlist = self.watchlist.with_jobs(back).ordered(ids)
        for tracked in back:
            self.planner.rejoin(tracked, now_s)
        return back

    def untrack(self, job_ids: Iterable[int]) -> None:
        """Stop watching these jobs."""
        job_ids = tuple(job_ids)
        indexes = {job_id: index for index, job_id in enumerate(self.watchlist.ids)}
        for job_id in job_ids:
            tracked = self.watchlist.get(job_id) or TrackedJob(job_id)
            self._dropped.setdefault(job_id, (indexes.get(job_id, len(indexes)), tracked))
            self._denials.forget(job_id)
        self.planner.leave(job_ids)
        self.watchlist = self.watchlist.without(job_ids)

    def track_selection(
        self, selection: Selection, now_s: float, *, is_checked: bool = False, pattern: Selection | None = None
    ) -> None:
        """Watch every job of a selection, including jobs that appear later, except removed jobs.

        Args:
            selection: What the jobs have in common.
            now_s: Monotonic second.
            is_checked: Whether to check that all its jobs are known as soon as the known ones have ended.
            pattern: The watched pattern that names its file; None if a user named the selection itself.
        """
        self.lists.add(selection, pattern=pattern)
        if is_checked:
            self._checked.add(selection)
        self.planner.adopt(selection.query, now_s)

    def untrack_selection(self, selection: Selection) -> None:
        """Stop watching a selection; its known jobs stay watched."""
        self.planner.remove_list(self.lists.remove(selection))
        self._checked.intersection_update(self.lists)

    @property
    def removed_ids(self) -> tuple[int, ...]:
        """Ids of the removed jobs, oldest first. No list brings them back."""
        return tuple(self._dropped)

    def check_completeness(self, selection: Selection, now_s: float) -> None:
        """Check whether the last list of a selection holds all its jobs; the result is in `lists`."""
        known = [
            tracked.job_id
            for tracked in self.watchlist.values()
            if tracked.job is not None and not tracked.not_found_count and selection.accepts(tracked.job)
        ]
        self._probe(self.lists.begin_check(selection, known), now_s)

    def verify(self, job_ids: Iterable[int]) -> None:
        """Request jobs once more, ended ones too. The lists that hold them are used again, so one request may bring
        many.
        """
        watched = [tracked for job_id in job_ids if (tracked := self.watchlist.get(job_id)) is not None]
        for tracked in watched:
            if tracked.job is not None:
                self.planner.batching.update_fields(tracked.job)
        self.planner.refresh(tracked.job_id for tracked in watched)

    def _check_ended(self, now_s: float) -> None:
        """Check selections whose known jobs have all ended, once for each set of jobs."""
        for selection in self._checked:
            is_exact = selection.file is None or not is_pattern(selection.file)
            if is_exact and self.lists.has_unchecked_jobs(selection):
                known = [
                    tracked.job for tracked in self.watchlist.values() if tracked.job and selection.accepts(tracked.job)
                ]
                if known and all(job.is_ended for job in known):
                    self.check_completeness(selection, now_s)

    def abandon(self, *, until_s: float) -> None:
        """Drop the requests in flight; their jobs may be requested again from `until_s`."""
        probes = [sent.probe for sent in self.planner.in_flight if sent.probe is not None]
        self.planner.abandon(until_s=until_s)
        self.planner.ensure_planned(
            [job_id for job_id, tracked in self.watchlist.items() if not tracked.is_final], from_s=until_s
        )
        for requested in probes:
            self._probe(self.lists.probe_failed(requested, may_retry=True), until_s)

    def set_policy(self, policy: PollPolicy, now: Moment) -> None:
        """Poll by `policy` from now on, including jobs that are already planned."""
        self.planner.pace.policy = policy
        waiting = (
            tracked
            for tracked in self.watchlist.values()
            if not tracked.is_final and not self.planner.in_flight.brings(tracked.job_id)
        )
        server_now = self.server_clock.at(now.s, default=now.at)
        for tracked in waiting:
            touched_s = self.planner.touched_s.get(tracked.job_id)
            if touched_s is not None:
                self.planner.follow(
                    {tracked.job_id: tracked}, touched_s=touched_s, roll=now.roll, server_now=server_now
                )

    def answered(
        self, sent: InFlightRequest, answer: ApiResult[tuple[Job, ...]], now: Moment
    ) -> tuple[TrackedJob, ...]:
        """Apply a response and return the watched jobs that it affects, in their new state."""
        self._gate.succeeded(now.s)
        self.answered_at = now.at
        self._invalid_calls.clear()
        self.skipped = max(self.skipped, answer.skipped)
        if answer.value:
            self._denials.described((job.job_id for job in answer.value), now.s)
        if answer.server_time is not None:
            self.server_clock = self.server_clock.observed(answer.server_time, sent_s=sent.at_s, received_s=now.s)
        if self.lists:
            self._join_accepted(answer.value, now.s)
        if isinstance(sent.call, ListRequest):
            self._read_list(sent.call, answer, now)
            self.planner.batching.answered(sent.call, answer.value, now.s)
        if sent.probe is not None:
            self._probe_answered(sent.probe, answer, now.s)
        changed = self._store(sent, self._observed(sent, answer.value, now.at), now, newcomers_from_s=now.s)
        if self._checked and isinstance(sent.call, ListRequest):
            self._check_ended(now.s)
        return changed

    def failed(self, sent: InFlightRequest, error: ApiError, now: Moment) -> tuple[TrackedJob, ...]:
        """Apply a failed request and return the jobs that could not be read, in their new state."""
        doubt = self._doubt(sent, error, now.s)
        believed = error if doubt is None else Disbelieved(error, doubt)
        is_outage = self._is_outage(sent.call, error)
        self._gate.failed(error if doubt is Doubt.DOUBTED else believed, at=now.at, now_s=now.s, is_outage=is_outage)
        if sent.probe is not None:
            self._probe_failed(sent.probe, error, now.s)
        elif isinstance(sent.call, ListRequest):
            self.planner.read_again(sent.call.query.unlimited, from_s=now.s + FILES_EVERY_S)
        kind = Missing if isinstance(believed, JobNotFound) else Failed
        reading: Reading = kind(believed.record, now.at)
        unread = (self.watchlist.get(job_id) for job_id in self._unread(sent, error, now.s))
        changed = {tracked.job_id: tracked.apply_reading(reading) for tracked in unread if tracked is not None}
        return self._store(
            sent, changed, now, newcomers_from_s=now.s + backed_off_s(self._gate.connection.failures, now.roll)
        )

    def _is_outage(self, call: Call, error: ApiError) -> bool:
        """Return whether an invalid response, such as a login page, affects more than one job."""
        if isinstance(error, JobNotFound):
            self._invalid_calls.clear()
        if (
            not isinstance(error, BadAnswer)
            or isinstance(error, AnswerTooLarge)
            or (error.http_status or 0) >= CLIENT_ERRORS_FROM
        ):
            return False
        self._invalid_calls.add(call)
        return len(self._invalid_calls) > 1

    def _doubt(self, sent: InFlightRequest, error: ApiError, now_s: float) -> Doubt | None:
        """Return why a "no such job" is not believed for a job that was read before. None if it is, or if the error is
        another one, or the job was never read.
        """
        if not isinstance(error, JobNotFound):
            self._denials.interrupted()
            return None
        call = sent.call
        tracked = self.watchlist.get(call.job_id) if isinstance(call, JobRequest) and sent.probe is None else None
        if tracked is None or tracked.job is None or tracked.is_final:
            return None
        is_gone = tracked.freshness is Freshness.GONE
        doubt = self._denials.doubt_after(
            tracked.job_id, now_s, is_gone=is_gone, has_others=self.watchlist.unsettled > 1
        )
        if doubt is not None:
            self._compare_with(tracked)
        return doubt

    def _compare_with(self, denied: TrackedJob) -> None:
        """Request another job soon: if the API describes it, the denied one is gone."""
        others = (
            tracked.job_id
            for tracked in self.watchlist.values()
            if tracked is not denied
            and tracked.job is not None
            and not tracked.is_final
            and tracked.job_id not in self._denials
        )
        self.planner.refresh([job_id for job_id in (next(others, None),) if job_id is not None])

    def _join(self, job_ids: Iterable[int], now_s: float) -> tuple[TrackedJob, ...]:
        fresh = tuple(TrackedJob(job_id) for job_id in dict.fromkeys(job_ids) if job_id not in self.watchlist)
        self._watch(fresh, now_s)
        return fresh

    def _watch(self, fresh: tuple[TrackedJob, ...], now_s: float) -> None:
        """Append jobs to the list and plan their first request."""
        if not fresh:
            return
        self.watchlist = self.watchlist.with_jobs(fresh)
        known = [tracked for tracked in fresh if tracked.job is not None]
        self.planner.join([tracked.job_id for tracked in fresh if tracked.job is None], now_s)
        for tracked in known:
            self.planner.rejoin(tracked, now_s)
        self.planner.refresh(tracked.job_id for tracked in known)

    def _join_accepted(self, jobs: Iterable[Job], now_s: float) -> None:
        """Watch the jobs that belong to a selection."""
        self._join([job_id for job_id in self.lists.matching_ids(jobs) if job_id not in self._dropped], now_s)

    def _read_list(self, call: ListRequest, answer: ApiResult[tuple[Job, ...]], now: Moment) -> None:
        """Learn from a list, and have it read again if it is watched for its own sake."""
        for selection in self.lists.read(call.query, answer, now.at):
            self.planner.read_again(call.query.unlimited, from_s=now.s + FILES_EVERY_S)
            if other := self.lists.turn(selection):
                self.planner.remove_list({call.query.unlimited} - {self.lists.query_of(each) for each in self.lists})
                self.planner.adopt(other, now.s + FILES_EVERY_S if other == selection.query else now.s)
            if selection.file is not None and is_pattern(selection.file):
                self._track_files_of(selection, answer.value, now.s)

    def _track_files_of(self, pattern: Selection, jobs: Iterable[Job], now_s: float) -> None:
        """Watch each file that a pattern names by its own list, which is shorter than that of all files."""
        files = {job.origin.original_filename for job in jobs if pattern.accepts(job)}
        for file in files:
            selection = Selection(file, pattern.location, pattern.since)
            if file is not None and not is_pattern(file) and selection not in self.lists:
                self.track_selection(selection, now_s, is_checked=pattern in self._checked, pattern=pattern)

    def _probe(self, requested: SelectionProbe | None, from_s: float) -> None:
        if requested is not None:
            self.planner.probe(requested, from_s=from_s)

    def _probe_answered(self, requested: SelectionProbe, answer: ApiResult[tuple[Job, ...]], now_s: float) -> None:
        if isinstance(requested.probe, ProbeJob):
            following = self.lists.job_probed(requested, exists=True)
        else:
            following = self.lists.list_probed(requested, answer)
        self._continue_check(requested, following, now_s)

    def _probe_failed(self, requested: SelectionProbe, error: ApiError, now_s: float) -> None:
        if isinstance(requested.probe, ProbeJob) and isinstance(error, JobNotFound):
            following = self.lists.job_probed(requested, exists=False)
        else:
            may_retry = isinstance(error, RateLimited | Unauthorised | Unreachable | ServerFault)
            following = self.lists.probe_failed(requested, may_retry=may_retry)
        self._continue_check(requested, following, now_s)

    def _continue_check(self, requested: SelectionProbe, following: SelectionProbe | None, now_s: float) -> None:
        """Plan the next request of a check. After the last one, request the list once more: its jobs may have changed."""
        if following is None:
            self.planner.read_again(self.lists.query_of(requested.selection), from_s=now_s)
        self._probe(following, now_s)

    def _observed(self, sent: InFlightRequest, jobs: Iterable[Job], at: datetime) -> dict[int, TrackedJob]:
        """Return the watched jobs of a response in their new state. Skips jobs that were requested or read after the
        request left, and unchanged final jobs that it was not for.
        """
        observed: dict[int, TrackedJob] = {}
        watched, touched_s = self.watchlist.get, self.planner.touched_s.get
        for job in jobs:
            job_id = job.job_id
            before = watched(job_id)
            if before is None or touched_s(job_id, 0.0) > sent.at_s:
                continue
            known = before.job if before.error is None else None
            if known is job and before.condition.is_final and job_id not in sent.due_s:
                continue
            tracked = observed[job_id] = before.seen(job, at)
            if known is None or known.origin != job.origin or not tracked.condition.repeats:
                self.planner.update_fields(job, before, is_final=tracked.condition.is_final)
        return observed

    def _unread(self, sent: InFlightRequest, error: ApiError, now_s: float) -> tuple[int, ...]:
        """Return the jobs that an error affects; none if it concerns only the connection or the form of the request."""
        if error.retry_after_s is not None or isinstance(error, Unauthorised):
            return ()
        if isinstance(sent.call, ListRequest):
            self.planner.batching.failed(sent.call, error, now_s)
            if not isinstance(error, Unreachable | ServerFault):
                return ()
        return tuple(job_id for job_id, due_s in sent.due_s.items() if due_s <= sent.at_s)

    def _store(
        self, sent: InFlightRequest, changed: dict[int, TrackedJob], now: Moment, *, newcomers_from_s: float
    ) -> tuple[TrackedJob, ...]:
        """Store jobs in their new state, and plan them and those that the request did not bring."""
        self.watchlist = self.watchlist.with_jobs(changed.values())
        self.planner.follow(
            changed, touched_s=now.s, roll=now.roll, server_now=self.server_clock.at(now.s, default=now.at)
        )
        self.planner.complete(sent, changed.keys(), newcomers_from_s=newcomers_from_s)
        return tuple(changed.values())
