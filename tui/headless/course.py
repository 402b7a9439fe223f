"""Keeps count of what a watch has come to, from batch to batch. Every moment is given; it decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.connection import Link, LinkState
from tui.domain.errors import JobNotFound
from tui.domain.exit_codes import Exit
from tui.domain.selection import Selection
from tui.domain.tracked_job import TrackedJob
from tui.domain.watched_list import Extent, WatchedList
from tui.headless.ending import code_of
from tui.headless.standing import FAILURES_UNTIL_FAILING, TRIES_OF_A_LOOK, FileCourse, Plan, Standing
from tui.monitor.snapshot import Batch, Snapshot

if TYPE_CHECKING:  # pydantic takes 80 ms to import; --help does not need it
    from tui.domain.job import Job


class Course:
    """The way of a watch so far.

    Args:
        plan: What is waited for.
        begin_s: Monotonic second of the start; so are all `now_s`.
    """

    def __init__(self, plan: Plan, begin_s: float) -> None:
        self._plan = plan
        self._begin_s = begin_s
        self._snapshot = Snapshot()
        self._codes: dict[int, Exit] = {}
        self._failures: dict[int, int] = {}
        self._missing: set[int] = set()
        self._looked_at: set[int] = set()
        self._of_file: set[int] = set()
        self._newest_s: float | None = None
        self._read_s: dict[Selection, float] = {}
        self._settled_reading: dict[Selection, int] = {}
        """The first reading of each list that found all jobs ended and none new for long enough."""
        self._ended_s: float | None = None
        self._refused_from_s: float | None = None
        self._failing_from_s: float | None = None
        self._is_answered = False

    def take(self, batch: Batch, now_s: float) -> None:
        """Take in what changed."""
        for tracked in batch.changed:
            self._take_job(tracked, batch.snapshot.link, now_s)
        before, self._snapshot = self._snapshot, batch.snapshot
        self._take_link(batch, before.answered_at, now_s)
        if len(self._codes) < len(batch.snapshot.watchlist):
            self._ended_s = None
        elif self._ended_s is None:
            self._ended_s = now_s
        self._take_lists(before.lists, now_s)

    def awaited(self, now_s: float) -> tuple[int, ...]:
        """Return the jobs that do not exist yet and may still come into being."""
        return tuple(self._missing) if self._is_start(now_s) else ()

    def lost(self, now_s: float) -> tuple[int, ...]:
        """Return the jobs that never existed and are waited for no longer."""
        codes = self._current_codes(now_s)
        return tuple(job_id for job_id in self._missing if job_id in codes)

    def unended(self, now_s: float) -> frozenset[int]:
        """Return the jobs that do not count as ended."""
        return frozenset(self._snapshot.watchlist.ids) - self._current_codes(now_s).keys()

    def failed(self, now_s: float) -> frozenset[int]:
        """Return the jobs that count as ended, but not well."""
        return frozenset(job_id for job_id, code in self._current_codes(now_s).items() if code is not Exit.DONE)

    def standing(self, now_s: float, interrupted: Exit | None = None) -> Standing:
        """Return how things stand."""
        codes = self._current_codes(now_s)
        failures = TRIES_OF_A_LOOK if self._plan.is_one_look else FAILURES_UNTIL_FAILING
        return Standing(
            elapsed_s=now_s - self._begin_s,
            ended=Counter(codes.values()),
            unended=len(self._snapshot.watchlist) - len(codes),
            failing=sum(number >= failures for job_id, number in self._failures.items() if job_id not in codes),
            unread=len(self._snapshot.watchlist.keys() - self._looked_at),
            link=self._snapshot.link.state,
            is_answered=self._is_answered,
            refused_s=_since(self._refused_from_s, self._snapshot.link.refused_s),
            failing_s=_since(self._failing_from_s, now_s),
            file=self._file_course(codes),
            interrupted=interrupted,
        )

    def unchecked(self) -> tuple[Selection, ...]:
        """Return the selections whose last reading has to be checked for completeness before the watch can end."""
        return tuple(known.selection for known in self._snapshot.lists if self._needs_check(known))

    def _file_course(self, codes: Mapping[int, Exit]) -> FileCourse:
        has_ended = self._ended_s is not None and len(codes) == len(self._snapshot.watchlist)
        is_read = all(selection in self._read_s for selection in self._plan.selections)
        proofs = [self._proof(known) for known in self._snapshot.lists]
        return FileCourse(
            newest_s=_since(self._begin_s, self._newest_s),
            read_s=_since(self._begin_s, min(self._read_s.values())) if is_read and self._read_s else None,
            ended_s=_since(self._begin_s, self._ended_s) if has_ended else None,
            is_proven=None if None in proofs else all(proofs),
            may_be_hidden=any(not known.is_filtered and known.extent is not Extent.COMPLETE for known in self._snapshot.lists),
        )

    def _proof(self, known: WatchedList) -> bool | None:
        """Return whether a list is proven to hold all its jobs; None while that is not decided."""
        settled = self._settled_reading.get(known.selection)
        if settled is None:
            return None
        if known.extent is Extent.COMPLETE:
            return True
        if known.checked_reading < settled:
            return None
        if known.checked_extent is not Extent.COMPLETE:
            return False
        return True if known.reading > known.reading_at_end_of_check else None

    def _needs_check(self, known: WatchedList) -> bool:
        settled = self._settled_reading.get(known.selection)
        return settled is not None and known.extent is not Extent.COMPLETE and known.checked_reading < settled

    def _current_codes(self, now_s: float) -> Mapping[int, Exit]:
        """The code of each job that counts as ended; of those that do not exist it depends on how long they are waited for."""
        if not self._missing:
            return self._codes
        if self._is_start(now_s):
            return {job_id: code for job_id, code in self._codes.items() if job_id not in self._missing}
        return {**self._codes, **dict.fromkeys(self._missing, Exit.NO_SUCH_JOB)} if self._plan.is_start_told else self._codes

    def _is_start(self, now_s: float) -> bool:
        return now_s - self._begin_s < self._plan.start_s

    def _take_lists(self, before: Sequence[WatchedList], now_s: float) -> None:
        """Note which lists were read, and which of these readings came when no more jobs were to be expected."""
        readings = {known.selection: known.reading for known in before}
        is_settled = self._ended_s is not None and self._newest_s is not None and now_s >= self._newest_s + self._plan.settle_s
        if not is_settled:
            self._settled_reading.clear()
        for known in self._snapshot.lists:
            if known.reading != readings.get(known.selection, 0):
                self._read_s[known.selection] = now_s
                if is_settled:
                    self._settled_reading.setdefault(known.selection, known.reading)

    def _take_job(self, tracked: TrackedJob, link: Link, now_s: float) -> None:
        job_id = tracked.job_id
        if tracked.polled_at is not None and (tracked.failures == 0 or tracked.failures >= TRIES_OF_A_LOOK):
            self._looked_at.add(job_id)
        if tracked.failures == 0:
            self._failures.pop(job_id, None)
        elif link.state is LinkState.UP:  # during an outage every job fails, and none is at fault
            self._failures[job_id] = self._failures.get(job_id, 0) + 1
        code = code_of(tracked, failures=self._failures.get(job_id, 0))
        if code is None:
            self._codes.pop(job_id, None)
        else:
            self._codes[job_id] = code
        if tracked.misses and tracked.job is None:
            self._missing.add(job_id)
        else:
            self._missing.discard(job_id)
        if tracked.job is not None and job_id not in self._of_file and self._is_selected(tracked.job):
            self._of_file.add(job_id)
            self._newest_s = now_s

    def _is_selected(self, job: Job) -> bool:
        return any(selection.accepts(job) for selection in self._plan.selections)

    def _take_link(self, batch: Batch, answered_before: datetime | None, now_s: float) -> None:
        link = batch.snapshot.link
        errors = [tracked.error for tracked in batch.changed if tracked.error]
        is_good = batch.snapshot.answered_at != answered_before or any(isinstance(error, JobNotFound) for error in errors)
        self._is_answered = self._is_answered or is_good
        if link.state is not LinkState.REFUSED:
            self._refused_from_s = None
        elif self._refused_from_s is None:
            self._refused_from_s = link.refused_s
        if is_good:
            self._failing_from_s = None
        elif self._failing_from_s is None and (errors or link.failures or link.state is not LinkState.UP):
            self._failing_from_s = now_s


def _since(begin_s: float | None, now_s: float | None) -> float | None:
    """Seconds between two moments; None where one is not known."""
    return None if begin_s is None or now_s is None else now_s - begin_s
