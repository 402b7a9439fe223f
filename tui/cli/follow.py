"""Runs a watch for `watch`, `wait` and the plain demo: client, monitor, signals, progress."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

from tui.cli.build import OpenedApi, Target, opened_api
from tui.cli.crash_report import report
from tui.cli.exit_codes import Exit, exit_after_wait
from tui.cli.output import StatusLine
from tui.cli.signals import interruptible, run
from tui.core.clock import Clock, SystemClock
from tui.core.text import one_line
from tui.domain.errors import ApiError
from tui.domain.poll_policy import PollPolicy
from tui.domain.selection import Selection
from tui.domain.snapshot import Update
from tui.monitor.monitor import Monitor
from tui.scripts.stderr_messages import (
    AccessNotes,
    ending_note,
    lost_note,
    no_upload,
    progress_line,
    unknown_end_notes,
    unproven_notes,
    upload_notes,
)
from tui.scripts.uploads import await_uploads, uploads_of
from tui.scripts.wait_state import Plan, Reason
from tui.scripts.watch import TICK_S, Event, Watching

Show = Callable[[Event, Watching], Iterable[str]]
"""Prints one event and returns the messages for standard error. At the last event, `Watching.outcome` is set."""

MOST_BUGS = 3
"""Bugs of the monitor in a row, without a job update in between, after which the script fails instead of waiting
forever.
"""


LATE_EVERY_S = 30.0
"""Seconds between two searches for later uploads of a pattern, while jobs run."""

DRAW_EVERY_S = 0.1
"""Least seconds between two progress lines: with thousands of events, drawing each one would take longer than the
events.
"""


class WatchRun:
    """One watch of a command.

    Args:
        target: The API.
        plan: What to wait for.
        status: The progress line.
        clock: Time and sleep; None for the system clock.
    """

    def __init__(self, target: Target, plan: Plan, status: StatusLine, *, clock: Clock | None = None) -> None:
        self._target = target
        self._settings = target.settings
        self._plan = plan
        self._status = status
        self._clock = clock or SystemClock()
        self._signalled: Exit | None = None
        self._bugs_in_a_row = 0
        self._drawn_s = -DRAW_EVERY_S

    async def follow(self, job_ids: Sequence[int], show: Show) -> Exit:
        """Watch until the end, show each event and the reason of the end, and return the exit code.

        Raises:
            BrokenPipeError: The reader closed the pipe.
            ConfigError: A setting is invalid, or the output cannot be written.
        """
        tokens = self._target.tokens(self._clock)
        async with opened_api(self._target, tokens, self._clock, notify=self._status.warn) as api:
            plan = await self._with_uploads(api)
            monitor = Monitor(api.client, self._clock, policy=PollPolicy(self._settings.interval_s), gate=api.gate)
            monitor.subscribe(self._forget_bugs)
            recorder = self._target.recorder(self._clock)
            monitor.subscribe(recorder.take)
            watching = Watching(monitor, self._clock, plan, report=self._report)
            try:
                async with self._side_tasks(watching, api):
                    await self._show_events(watching, job_ids, show)
            finally:
                recorder.close()
                while (note := recorder.notice()) is not None:
                    self._status.warn(f"note: {note}")
        return exit_after_wait(watching.outcome, signalled=self._signalled) if watching.outcome else Exit.DONE

    async def _show_events(self, watching: Watching, job_ids: Sequence[int], show: Show) -> None:
        def interrupt(code: Exit) -> None:
            self._signalled = code
            watching.interrupt()

        with interruptible(interrupt):
            async with aclosing(watching.events(job_ids)) as events:
                async for event in events:
                    self._status.clear()
                    for note in show(event, watching):
                        self._status.warn(note)
                    self._draw(watching)

    async def _with_uploads(self, api: OpenedApi) -> Plan:
        """Return the plan with the files that match its pattern, and report them.

        Raises:
            ApiError: No upload appeared in time, or the API cannot be polled.
        """
        plan = self._plan
        if plan.pattern is None:
            return plan
        wait_s = plan.start_s if plan.timeout_s is None else min(plan.start_s, plan.timeout_s)
        if self._status.is_on:
            self._status.show(f"looking for uploads of {one_line(plan.pattern)}")
        selection = Selection(plan.pattern, since=plan.since)
        uploads = await await_uploads(
            api.client, self._clock, selection, is_newest=plan.is_newest, wait_s=wait_s, gate=api.gate
        )
        self._status.clear()
        if not uploads.found:
            raise no_upload(plan, uploads, wait_s=wait_s)
        chosen = uploads.found[:1] if plan.is_newest else uploads.found
        for note in upload_notes(chosen, uploads, is_newest=plan.is_newest, now=self._clock.now()):
            self._status.warn(note)
        return replace(
            plan,
            pattern=None,
            late_pattern=None if plan.is_newest or plan.is_one_look else plan.pattern,
            files=tuple(upload.file for upload in chosen),
            is_choice_proven=uploads.is_proven,
        )

    async def _keep_searching(self, watching: Watching, api: OpenedApi) -> None:
        """Add uploads of the plan's pattern that appear later, and report them. A failed search is repeated."""
        searched_s = self._clock.monotonic_s()
        while (pattern := watching.plan.late_pattern) is not None:
            await self._clock.sleep(TICK_S)
            if not watching.must_search() and self._clock.monotonic_s() < searched_s + LATE_EVERY_S:
                continue
            searched_s = self._clock.monotonic_s()
            selection = Selection(pattern, since=watching.plan.since)
            try:
                uploads = await uploads_of(api.client, self._clock, selection, is_newest=False, gate=api.gate)
            except ApiError:
                continue  # the lists of the files fail too, and report it
            late = [upload for upload in uploads.found if upload.file not in watching.plan.files]
            watching.add_uploads((upload.file for upload in late), is_proven=uploads.is_proven, searched_s=searched_s)
            for note in upload_notes(late, replace(uploads, is_proven=True), is_newest=False, now=self._clock.now()):
                self._status.warn(note)

    @asynccontextmanager
    async def _side_tasks(self, watching: Watching, api: OpenedApi) -> AsyncIterator[None]:
        """Update the progress line and search for later uploads while events are handled."""
        tasks = [
            asyncio.ensure_future(self._keep_reporting(watching)),
            asyncio.ensure_future(self._keep_searching(watching, api)),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
            self._status.clear()
            for outcome in outcomes:
                if isinstance(outcome, Exception):
                    raise outcome

    async def _keep_reporting(self, watching: Watching) -> None:
        notes = AccessNotes()
        while True:
            for note in notes.new(watching.snapshot, self._clock.now()):
                self._status.warn(note)
            self._draw(watching)
            await self._clock.sleep(TICK_S)

    def _draw(self, watching: Watching) -> None:
        now_s, now = self._clock.monotonic_s(), self._clock.now()
        if self._status.is_on and watching.outcome is None and now_s >= self._drawn_s + DRAW_EVERY_S:
            self._drawn_s = now_s
            self._status.show(progress_line(watching.plan, watching.progress, watching.snapshot, now_s=now_s, now=now))

    def _report(self, bug: BaseException) -> None:
        """Report a bug of the monitor, which continues (tests/README.md, row 23), unless there were too many in a row.

        Raises:
            BaseException: The bug.
        """
        self._bugs_in_a_row += 1
        if self._bugs_in_a_row > MOST_BUGS:
            raise bug
        self._status.clear()
        report(bug, what="internal error, polling goes on")

    def _forget_bugs(self, update: Update) -> None:
        if update.changed:
            self._bugs_in_a_row = 0


def end_notes(watching: Watching, *, is_reported: bool = False) -> tuple[str, ...]:
    """Return messages with the reason of the end and a remedy, as far as the output does not show them.

    Args:
        watching: The watch.
        is_reported: Whether the connection error has been reported with the jobs.
    """
    if watching.outcome is None:
        return ()
    plan, jobs, link = watching.plan, watching.jobs(), watching.snapshot.link
    ending = ending_note(watching.outcome, plan, link, watching.unended, has_jobs=bool(jobs), is_reported=is_reported)
    unproven = (
        unproven_notes(watching.snapshot.lists, known=len(jobs)) if watching.outcome.reason is Reason.ENDED else ()
    )
    return (*(note for note in (lost_note(plan, jobs), ending) if note), *unknown_end_notes(jobs), *unproven)


def follow(target: Target, plan: Plan, job_ids: Sequence[int], show: Show, *, clock: Clock | None = None) -> Exit:
    """Run one watch to its end and return the exit code. Raises the errors of `WatchRun.follow`."""
    return run(WatchRun(target, plan, StatusLine(os.environ), clock=clock).follow(job_ids, show))
