"""The main screen: shows the monitor's snapshots in its panes, and turns keys into commands."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from functools import partial
from typing import ClassVar, TypeVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.reactive import var
from textual.screen import Screen

from tui.analysis.groups import GroupBy
from tui.analysis.late import Lateness
from tui.core.errors import ConfigError
from tui.core.text import count, one_line
from tui.domain.job_status import JobStatus
from tui.domain.selection import Selection
from tui.domain.snapshot import Snapshot
from tui.domain.tracked_job import TrackedJob
from tui.history.views import RememberedView
from tui.presentation.job_text import state_word
from tui.presentation.lateness_text import late_jobs
from tui.ui.app_context import AppContext
from tui.ui.commands import NO_CARDS, bindings, hints
from tui.ui.monitor_client import MonitorCommands
from tui.ui.rendering.choices import Choice
from tui.ui.rendering.job_rows import Folds
from tui.ui.rendering.job_table import Order, Sorting
from tui.ui.rendering.lines import Role, Span, cut, wrap
from tui.ui.rendering.status_bar import access_problem, notices, refresh_note, top_line
from tui.ui.rendering.view_state import NO_SNAPSHOT, Times, ViewOptions, ViewState
from tui.ui.screens.bell import Bell
from tui.ui.screens.comparing import Comparing, named
from tui.ui.screens.copying import Copying
from tui.ui.screens.marking import Marking
from tui.ui.screens.panes import FIRST_LAYOUT, LAYOUTS, Panes
from tui.ui.screens.recent_jobs import RecentJobs
from tui.ui.screens.search import Search
from tui.ui.screens.snapshot_feed import SnapshotFeed
from tui.ui.terminal.app_base import TerminalApp
from tui.ui.widgets.bottom_line import BottomLine, Hints
from tui.ui.widgets.deck import Deck
from tui.ui.widgets.job_detail import JobDetail, Tab
from tui.ui.widgets.job_input import JobInput
from tui.ui.widgets.job_list import JobList
from tui.ui.widgets.line_view import PAINTS, LineView, StatusLine
from tui.ui.widgets.recent_list import RecentList
from tui.ui.widgets.search_prompt import SearchPrompt

_Member = TypeVar("_Member", bound=Enum)


def member_of(kind: type[_Member], value: str, default: _Member) -> _Member:
    """Return the member with this value; `default` if there is none."""
    return next((member for member in kind if member.value == value), default)


JOBS_COMPARED_PER_S = 1_000
"""Jobs that are compared for late ones a second: 1.5 % of a processor."""

STEADY_CLOCK = timedelta(seconds=1)
"""Differences of the server's clock below this are ignored: its times would change by a second and back."""

MESSAGE_CELLS = 40
"""Cells of a message besides a name in it."""


class MainScreen(Screen[None]):
    """Shows the watched jobs, and handles all keys that do not belong to a pane."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("screen")
    COMPONENT_CLASSES: ClassVar[set[str]] = PAINTS

    scene: var[ViewState | None] = var(None, init=False)
    """The newest snapshot and the view options."""
    pinned: var[tuple[int, ...]] = var(())
    """Jobs on the deck, left to right."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(classes=FIRST_LAYOUT)
        self._app_context = context
        self._feed = SnapshotFeed(self, context.monitor, context.clock)
        self._monitor = MonitorCommands(context.monitor, context.policy)
        self._look = ViewOptions(context.clock.now(), context.glyphs)
        self._pending_count = len(context.job_ids)
        self._pins_to_restore = context.view.pinned
        self._late: Mapping[int, Lateness] = {}
        self._late_again_s = 0.0
        self._has_begun = False
        self._restored: int | None = None
        """The first job that undo restored, until it is listed."""
        self.top, self.problem = StatusLine(id="top"), LineView(id="problem")
        self.panes, self.bottom = Panes(), BottomLine()
        self.input, self.jobs = self.panes.input, self.panes.jobs
        self.detail, self.deck = self.panes.detail, self.panes.deck
        self.recent = RecentJobs(self, self.panes, context)
        self._search = Search(self.panes, self.bottom, self.recent)
        self._marking = Marking(self.panes, self.bottom)
        self._bell = Bell(self._ring, self.show_message)
        self.copying = Copying(self, context)
        self.comparing = Comparing(self)

    def compose(self) -> ComposeResult:
        yield self.top
        yield self.problem
        yield self.panes
        yield self.bottom

    def on_mount(self) -> None:
        self.scene = ViewState(NO_SNAPSHOT, self._look, self._pending_count)
        self.action_pane("input" if self._is_without_jobs else "jobs")
        self._restore(self._app_context.view)
        self._show_keys()
        self.watch(self.panes, "current", self._show_keys, init=False)
        self._monitor.begin(self._app_context.job_ids, self._app_context.selections, self._app_context.removed)
        self.call_after_refresh(self._feed.start)  # once the first screen is painted
        self.set_interval(1.0, self._tick)

    def _restore(self, view: RememberedView) -> None:
        """Show the jobs as the last session did; the pins follow when their jobs are known."""
        self.jobs.sorting = Sorting(member_of(Order, view.order, self.jobs.sorting.order), view.is_reversed)
        self.jobs.group_by = next((by for by in GroupBy if by.value == view.grouping), None)
        self.jobs.folds = Folds.of_words(view.folds)
        self._search.filter(view.filter_text)  # that of an older version may be none
        self.detail.is_wrapped = view.is_wrapped
        self._look = replace(self._look, times=member_of(Times, view.times, self._look.times))
        if view.layout in LAYOUTS:
            self.panes.layout_name = view.layout

    @property
    def remembered(self) -> RememberedView:
        """What the next session shows again; without the theme, which belongs to the app."""
        if self.scene is None:  # a signal before the screen is mounted: its widgets know nothing yet
            return self._app_context.view
        return RememberedView(
            order=self.jobs.sorting.order.value,
            is_reversed=self.jobs.sorting.is_reversed,
            filter_text=self.jobs.filter_text,
            pinned=self.comparing.pins_kept or self._pins_to_restore,
            layout=self.comparing.layout_kept,
            times=self._look.times.value,
            is_wrapped=self.detail.is_wrapped,
            grouping=self.jobs.group_by.value if self.jobs.group_by else "",
            folds=self.jobs.folds.words,
        )

    @on(SnapshotFeed.Arrived)
    def _take_snapshot(self, event: SnapshotFeed.Arrived) -> None:
        is_first = not self._has_begun
        self._has_begun = True
        self._update_view(event.snapshot)
        if event.snapshot.watchlist or event.snapshot.selections:
            self._leave_recent_of_start()
        elif is_first and self._is_without_jobs and self._app_context.has_recent_jobs:
            self._show_recent_at_start()

    @property
    def _is_without_jobs(self) -> bool:
        """Whether the session began without jobs; its first snapshot may lack those of others."""
        return not (self._app_context.job_ids or self._app_context.selections)

    def _show_recent_at_start(self) -> None:
        """Offer the recent jobs; the input keeps the focus if the user types already."""
        self.recent.is_of_start = True
        self.recent.show(is_focused=not self.input.value and not self.bottom.prompt.has_focus)
        self._show_keys()

    def _leave_recent_of_start(self) -> None:
        if self.recent.is_of_start:
            self._leave_recent()

    def _leave_recent(self) -> None:
        if self.recent.is_shown:
            self.recent.leave()
            self._show_keys()

    @on(SnapshotFeed.Crashed)
    def _end_after_crash(self, event: SnapshotFeed.Crashed) -> None:
        if not isinstance(event.error, ConfigError):
            raise event.error
        self.app.exit(return_code=2)  # the caller prints the error after the app

    def _tick(self) -> None:
        """Update durations and ages, if any is running."""
        has_ages = self._look.times is Times.AGE or self.jobs.has_ages
        if self.scene and (has_ages or not self.scene.watchlist.is_final):
            self._update_view()
            self._look_for_late_jobs()

    def _update_view(self, snapshot: Snapshot | None = None) -> None:
        before = self.scene.snapshot if self.scene else NO_SNAPSHOT
        facts, clock = snapshot or before, self._app_context.clock
        now = clock.now()
        ahead = facts.server_clock.at(clock.monotonic_s(), default=now) - now
        if abs(ahead - self._look.ahead) < STEADY_CLOCK:
            ahead = self._look.ahead
        self._look = replace(self._look, now=now, ahead=ahead)
        if facts.watchlist:
            self._pending_count = 0
        self.scene = ViewState(facts, self._look, self._pending_count, self._late)
        message = notices(before, facts, log=self._app_context.crash_log) or self._app_context.notice()
        if message:
            self.show_message(message)

    def _look_for_late_jobs(self) -> None:
        """Find the late jobs once a second, in a long list less often: a job takes 15 µs."""
        now_s = self._app_context.clock.monotonic_s()
        if self.scene and now_s >= self._late_again_s:
            watched = tuple(self.scene.watchlist.values())
            self._late_again_s = now_s + max(1.0, len(watched) / JOBS_COMPARED_PER_S)
            self._find_late(watched)

    @work(group="late", exclusive=True)  # makes the coroutine once the worker runs: the app may end before
    async def _find_late(self, watched: tuple[TrackedJob, ...]) -> None:
        # In a thread: 10,000 jobs would hold back a key for 0.15 s.
        self._late = await asyncio.to_thread(late_jobs, watched, self._look.now + self._look.ahead)

    def _update_view_without(self, job_ids: tuple[int, ...]) -> None:
        """Hide removed jobs before the next snapshot, because the next key may be waiting."""
        if self.scene:
            self._update_view(replace(self.scene.snapshot, watchlist=self.scene.watchlist.without(job_ids)))

    def watch_scene(self, scene: ViewState) -> None:
        self.jobs.scene = scene
        if self._restored in scene.watchlist:
            self._select_restored()
        if self.detail.job_id is None:
            self.detail.group = self.jobs.group_view(self.jobs.cursor_row)
        self.detail.scene = self.deck.scene = scene
        self.input.watched = self.panes.recent.watched = scene.watchlist
        self.panes.recent.look = scene.look
        if scene.watchlist and self._pins_to_restore:
            self.pinned, self._pins_to_restore = self._pins_to_restore, ()
        self.pinned = tuple(job_id for job_id in self.pinned if job_id in scene.watchlist)
        self._bell.look(scene.watchlist)
        self._show_top()

    def watch_pinned(self, pinned: tuple[int, ...]) -> None:
        self.jobs.pinned = self.deck.pinned = pinned
        self.bottom.replace_hints(self._hints)
        self._focus()

    def _focus(self) -> None:
        """Have the monitor poll the jobs on screen first."""
        self._monitor.focus([job_id for job_id in (self.jobs.cursor, *self.pinned) if job_id is not None])

    def on_resize(self, event: events.Resize) -> None:
        self.panes.fit(event.size)
        self.call_after_refresh(self.show_frame)

    def show_frame(self) -> None:
        """Redraw the top and the bottom line for the current width."""
        self._show_top()
        self.top.repaint_all()
        self.bottom.repaint()

    def _show_top(self) -> None:
        scene, width, context = self.scene, self.outer_size.width, self._app_context
        if scene is None or not width:
            return
        self.top.say(top_line(scene.snapshot, context.place_now, scene.look, width, late=len(scene.late)))
        known_before = None if scene.snapshot.answered_at else context.access_problem
        problem = access_problem(scene.link, known_before, is_token_fixed=context.is_token_fixed)
        self.problem.display = problem is not None
        self.problem.show(tuple((Span(f" {part}", Role.WARNING),) for part in wrap(problem or "", width - 2)))

    def _show_keys(self) -> None:
        """Show the keys of the current pane in the bottom line, instead of a message of the pane before."""
        if self.recent.is_of_start and self.panes.current == "jobs":
            self.bottom.replace_hints(self._hints)  # no key of the user came in between: a note of the start stays
        else:
            self.bottom.show_hints(self._hints)

    @property
    def _hints(self) -> Hints:
        is_without_cards = self.panes.current == "deck" and not self.pinned
        is_recent = self.recent.is_shown and self.panes.current == "jobs"
        return hints(NO_CARDS if is_without_cards else "recent" if is_recent else self.panes.current)

    def show_message(self, text: str) -> None:
        """Show a message in the bottom line for some seconds."""
        self.bottom.show_message(text)

    def action_pane(self, name: str) -> None:
        self.panes.focus_pane(name)

    def action_step(self, step: int) -> None:
        if self.bottom.prompt.has_focus:
            self._search.close()
        self.panes.step(step)

    def action_layout(self) -> None:
        self.panes.next_layout()

    def action_full(self) -> None:
        self.panes.toggle_full()
        if isinstance(self.app, TerminalApp):
            self.app.take_mouse(is_taken=not self.panes.is_full)

    def action_search(self) -> None:
        self._search.open()

    def action_return_from_prompt(self) -> None:
        self._search.close()

    def action_complete_prompt(self) -> None:
        if not self._search.complete():
            self.action_step(1)

    def action_find_elsewhere(self) -> None:
        self.show_message("n and N need a search in the detail: 3, then /")

    @on(SearchPrompt.Typed)
    def _search_typed(self, event: SearchPrompt.Typed) -> None:
        if event.text == self.bottom.prompt.value:
            self._search.apply()

    @on(JobDetail.Built)
    def _show_late_result(self) -> None:
        self._search.show_late_result()

    @on(JobDetail.Searched)
    def _show_match(self) -> None:
        self._search.show_match()

    @on(JobList.Highlighted)
    def _show_highlighted(self, event: JobList.Highlighted) -> None:
        self.detail.turn_to(event.job_id, self.jobs.group_view(self.jobs.cursor_row))
        self._focus()

    @on(JobList.Opened)
    @on(Deck.Opened)
    def _open_detail(self, event: JobList.Opened | Deck.Opened) -> None:
        job_id = event.job_id or next(iter(self.target_jobs()), None)
        if job_id is None:
            return
        is_hidden = job_id not in self.jobs.visible_ids
        if is_hidden:
            self.jobs.filter_text = ""
        self.jobs.select(job_id)
        self.action_pane("detail")
        if is_hidden:
            self.show_message(f"filter cleared: it hid {job_id}")

    def target_jobs(self) -> tuple[int, ...]:
        """Return the jobs that an action takes: that of the current card, or those under the cursor of the list.

        Empty, with a message, if there are none.
        """
        if self.recent.is_shown:
            self._say_not_watched()
            return ()
        is_deck = self.panes.current == "deck"
        if not is_deck:
            job_ids = self.jobs.jobs_under_cursor
        else:
            job_ids = () if self.deck.current is None else (self.deck.current,)
        if not job_ids:
            in_list = (
                "no job matches the filter: esc clears it" if self.jobs.filter_text else "no jobs yet: a adds some"
            )
            self.show_message("no job on the deck: m in the list pins one" if is_deck else in_list)
        return job_ids

    @on(JobInput.Submitted)
    def _watch_submitted(self, event: JobInput.Submitted) -> None:
        self._leave_recent()
        self._monitor.track(event.job_ids)
        if event.job_ids[0] in self.jobs.visible_ids:
            self.jobs.select(event.job_ids[0])

    @on(JobInput.SelectionSubmitted)
    def _track_selections(self, event: JobInput.SelectionSubmitted) -> None:
        self._leave_recent()
        selections = event.wanted.selections(self._app_context.clock.now())
        for selection in selections:
            self._monitor.track_selection(selection)
        names = one_line(selections[0].words) if len(selections) == 1 else f"of {count(len(selections), 'file')}"
        self.show_message(f"watching jobs {self._cut(names)}, late ones included")

    @on(RecentList.Chosen)
    def _watch_recent(self, event: RecentList.Chosen) -> None:
        self._monitor.track((event.job_id,))
        self._leave_recent()
        if event.job_id in self.jobs.visible_ids:
            self.jobs.select(event.job_id)
        self.show_message(f"watching {event.job_id}: F shows the recent jobs again")

    @on(RecentList.KeyWithoutEffect)
    def _say_not_watched(self) -> None:
        self.show_message("for watched jobs only: enter watches this one, esc goes back")

    @on(RecentList.Again)
    def _read_recent(self) -> None:
        self.recent.read()

    def action_find(self) -> None:
        self._find("")

    def _find(self, text: str) -> None:
        mistake = self.recent.show(text)
        self._show_keys()
        if mistake:
            self.show_message(mistake)

    def watched_lists(self) -> tuple[Choice, ...]:
        """Return actions that stop watching files, locations or times."""
        selections = self.scene.snapshot.selections if self.scene else ()
        return tuple(
            Choice(f"Stop watching jobs {one_line(each.words)}", "", partial(self._unwatch, each))
            for each in selections
        )

    def _unwatch(self, selection: Selection) -> None:
        self._monitor.untrack_selection(selection)
        self.show_message(f"new jobs {self._cut(one_line(selection.words))} are no longer added")

    def _cut(self, name: str) -> str:
        """Return a name cut to fit a message, whose text must stay visible."""
        return cut(name, max(12, self.outer_size.width - MESSAGE_CELLS), self._look.glyphs.ellipsis)

    def action_back(self) -> None:
        if self.panes.is_full:
            self.action_full()
        elif self.panes.current == "deck" and self.comparing.end():
            return
        elif self.panes.current != "jobs":
            self.action_pane("jobs")
        elif self.recent.is_shown:
            self.recent.back()
            self._show_keys()
        elif not self._marking.clear():
            self.jobs.filter_text = ""

    def action_mark(self) -> None:
        self._marking.mark()

    def action_mark_range(self) -> None:
        self._marking.mark_range()

    def orders(self) -> tuple[Choice, ...]:
        """Return actions that sort the jobs."""
        now = self.jobs.sorting.order
        return tuple(
            Choice(
                "Sort as given" if order is Order.AS_GIVEN else f"Sort by {order.value}",
                "now" if order is now else "",
                partial(self._sort, Sorting(order)),
            )
            for order in Order
        )

    def filter_choices(self, words: str) -> tuple[Choice, ...]:
        """Return the action that filters the list, or finds jobs, by what follows the word `filter` or `find`."""
        verb, _, text = words.strip().partition(" ")
        if verb.lower() == "find" and text.strip():
            return (Choice(f"Find jobs {one_line(text.strip())}", "", partial(self._find, text.strip())),)
        if verb.lower() != "filter" or not text.strip():
            return ()
        return (Choice(f"Filter {one_line(text.strip())}", "", partial(self._filter, text.strip())),)

    def _filter(self, text: str) -> None:
        mistake = self._search.filter(text)
        if not mistake:
            self.action_pane("jobs")
        total = len(self.scene.watchlist) if self.scene else 0
        self.show_message(mistake or f"{len(self.jobs.visible_ids):,} of {count(total, 'job')} listed: esc lists all")

    def action_reverse(self) -> None:
        sorting = self.jobs.sorting
        self._sort(replace(sorting, is_reversed=not sorting.is_reversed))

    def _sort(self, sorting: Sorting) -> None:
        self.jobs.sorting = sorting
        self.show_message(f"order: {sorting.words}")

    def groupings(self) -> tuple[Choice, ...]:
        """Return actions that group the jobs."""
        now = self.jobs.grouped_by
        return tuple(
            Choice(
                "Do not group" if by is GroupBy.NONE else f"Group by {by}",
                "now" if by is now else "",
                partial(self._group_by, by),
            )
            for by in (*list(GroupBy)[1:], GroupBy.NONE)
        )

    def _group_by(self, by: GroupBy) -> None:
        self.jobs.group_by = by
        self.show_message("no groups" if by is GroupBy.NONE else f"grouped by {by}")

    @on(JobList.KeyWithoutEffect)
    def _say_why(self, event: JobList.KeyWithoutEffect) -> None:
        self.show_message(event.why)

    def action_tab(self, step: int) -> None:
        self.detail.step_tab(step)

    def action_failed(self, step: int) -> None:
        scene, failed = self.scene, None
        if scene and JobStatus.FAILED in scene.watchlist.counts:
            circle = self.jobs.jobs_from_cursor(step)
            failed = next(
                (job_id for job_id in circle if state_word(scene.watchlist[job_id]) == JobStatus.FAILED), None
            )
        if failed is None:
            self.show_message(self._why_none_failed())
            return
        self.jobs.select(failed)
        self.detail.tab = Tab.WHY
        if self.panes.current == "deck" or self.panes.is_one_at_a_time:
            self.action_pane("detail")
        else:
            self.panes.layout_name = "split"

    def action_late(self) -> None:
        scene = self.scene
        late = next((job_id for job_id in self.jobs.jobs_from_cursor(1) if scene and job_id in scene.late), None)
        if late is None:
            hidden = len(scene.late) if scene else 0
            self.show_message(
                f"{count(hidden, 'late job')} hidden by the filter: esc clears it" if hidden else "no late job"
            )
            return
        self.jobs.select(late)

    def _why_none_failed(self) -> str:
        hidden = self.scene.watchlist.counts.get(JobStatus.FAILED, 0) if self.scene else 0
        if not hidden:
            return "no failed job in the list"
        return f"{count(hidden, 'failed job')} {'is' if hidden == 1 else 'are'} hidden by the filter: esc clears it"

    def action_pin(self) -> None:
        self.comparing.pin()

    def action_compare(self) -> None:
        self.comparing.compare()

    async def action_copy(self) -> None:
        await self.copying.copy_usual()

    def action_bell(self) -> None:
        job_ids = self.target_jobs()
        if job_ids and self.scene:
            self._bell.toggle(job_ids, self.scene.watchlist)

    def _ring(self) -> None:
        self.app.bell()

    def action_refresh(self) -> None:
        job_ids = self.target_jobs()
        if job_ids:
            self._refresh(job_ids)

    def action_refresh_all(self) -> None:
        if self.scene:
            self._refresh(self.scene.watchlist.ids)

    def _refresh(self, job_ids: tuple[int, ...]) -> None:
        if self.scene:
            self.show_message(refresh_note(self.scene.snapshot, len(job_ids), self.scene.look.now))
        self._monitor.refresh(job_ids)

    def action_pause(self) -> None:
        is_paused = self.scene is not None and self.scene.snapshot.is_paused
        self._monitor.pause(is_paused=not is_paused)
        self.show_message("polling resumed" if is_paused else "paused: p resumes polling")

    def action_interval(self, step: int) -> None:
        interval_s = self._monitor.step_interval(step)
        self.show_message(f"each job every {interval_s:g} s" if interval_s else "automatic interval for each job")

    def attend(self, *, is_attended: bool) -> None:
        """Set whether the terminal window has the focus."""
        self._monitor.attend(is_attended=is_attended)

    def action_times(self) -> None:
        self._look = replace(self._look, times=self._look.times.following)
        self._update_view()
        self.show_message(
            {Times.UTC: "times in UTC", Times.LOCAL: "times in local time", Times.AGE: "times as ages"}[
                self._look.times
            ]
        )

    def action_wrap(self) -> None:
        self.detail.is_wrapped = not self.detail.is_wrapped
        self.show_message("long lines are wrapped" if self.detail.is_wrapped else "long lines scroll sideways")

    def action_drop(self) -> None:
        job_ids = self.target_jobs()
        if job_ids:
            self.pinned = tuple(pin for pin in self.pinned if pin not in frozenset(job_ids))
            self._monitor.untrack(job_ids)
            self._update_view_without(job_ids)
            self.show_message(f"{named(job_ids)} removed: u undoes it")

    def action_undo(self) -> None:
        job_ids = self._monitor.undo()
        self._restored = next(iter(job_ids), None)
        self.show_message(f"{named(job_ids)} restored" if job_ids else "nothing to undo")

    def _select_restored(self) -> None:
        """Move the cursor to the restored job, unless a filter hides it."""
        if self._restored in self.jobs.visible_ids:
            self.jobs.select(self._restored)
        self._restored = None

    async def action_help(self) -> None:
        from tui.ui.screens.help import HelpScreen  # noqa: PLC0415  # the first screen does not need it

        pane = "recent" if self.recent.is_shown and self.panes.current == "jobs" else self.panes.current
        await self.app.push_screen(HelpScreen(pane, is_list_kept=self._app_context.is_list_kept()))
