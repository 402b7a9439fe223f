"""The main screen: passes snapshots to its panes and sends commands of keys to the monitor."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import events, on
from textual._context import NoActiveAppError
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var

from tui.core.errors import ConfigError
from tui.core.text import count, one_line
from tui.domain.job_status import JobStatus
from tui.domain.selection import Selection
from tui.monitor.snapshot import Snapshot
from tui.ui.app_context import AppContext
from tui.ui.commands import GLOBAL_KEYS
from tui.ui.monitor_client import MonitorCommands
from tui.ui.rendering.choices import Choice
from tui.ui.rendering.job_table import Sorting
from tui.ui.rendering.lines import Role, Span, cut, wrap
from tui.ui.rendering.status_bar import access_problem, notices, refresh_note, top_line
from tui.ui.rendering.view_state import NO_SNAPSHOT, Times, ViewOptions, ViewState
from tui.ui.screens.panes import PaneScreen
from tui.ui.widgets.deck import Deck
from tui.ui.widgets.job_detail import JobDetail, Tab
from tui.ui.widgets.job_input import JobInput
from tui.ui.widgets.job_list import JobList
from tui.ui.widgets.search_prompt import SearchPrompt

NEWS_EVERY_S = 0.1
"""Minimum seconds between two snapshots on screen."""


class SnapshotScreen(PaneScreen):
    """Takes snapshots from the monitor. The only writer of `scene`."""

    scene: var[ViewState | None] = var(None, init=False)
    """The newest snapshot and the view options."""
    pinned: var[tuple[int, ...]] = var(())
    """Jobs on the deck, left to right."""

    class News(Message):
        """The monitor's thread has a new snapshot in its slot."""

    class Crashed(Message):
        """The monitor ended with an error."""

        def __init__(self, error: BaseException) -> None:
            super().__init__()
            self.error = error

    def __init__(self, session: AppContext) -> None:
        super().__init__()
        self._session = session
        self._engine = MonitorCommands(session.engine, session.policy)
        self._look = ViewOptions(session.clock.now(), session.glyphs)
        self._pending_count = len(session.job_ids)
        self._taken_s = 0.0
        self._is_take_planned = False

    def on_mount(self) -> None:
        self.scene = ViewState(NO_SNAPSHOT, self._look, self._pending_count)
        self.action_part("jobs" if self._session.job_ids or self._session.selections else "input")
        self.show_keys()
        self._engine.begin(self._session.job_ids, self._session.selections, self._session.removed)
        self.call_after_refresh(self._start)
        self.set_interval(1.0, self._tick)

    def _start(self) -> None:
        """Start the monitor once the first screen is painted."""
        self._session.engine.start(
            on_news=lambda: self._post(self.News()),
            on_crash=lambda error: self._post(self.Crashed(error)),
        )

    def _post(self, message: Message) -> None:
        """Post from the monitor's thread; an app that has ended ignores it."""
        with suppress(NoActiveAppError):
            self.post_message(message)

    def on_snapshot_screen_news(self) -> None:
        wait_s = self._taken_s + NEWS_EVERY_S - self._session.clock.monotonic_s()
        if wait_s <= 0:
            self._take_snapshot()
        elif not self._is_take_planned:
            self._is_take_planned = True
            self.set_timer(wait_s, self._take_snapshot)

    def on_snapshot_screen_crashed(self, event: Crashed) -> None:
        if isinstance(event.error, ConfigError):
            self.app.exit(return_code=2)  # the caller prints the error after the app
        else:
            raise event.error

    def _take_snapshot(self) -> None:
        self._is_take_planned = False
        self._taken_s = self._session.clock.monotonic_s()
        self._update_view(self._session.engine.take())

    def _tick(self) -> None:
        """Update durations and ages, if any is running."""
        if self.scene and (self._look.times is Times.AGE or not self.scene.watchlist.is_final):
            self._update_view()

    def _update_view(self, snapshot: Snapshot | None = None) -> None:
        before = self.scene.snapshot if self.scene else NO_SNAPSHOT
        facts, clock = snapshot or before, self._session.clock
        now = clock.now()
        self._look = replace(self._look, now=now, ahead=facts.server_clock.at(clock.monotonic_s(), default=now) - now)
        if facts.watchlist:
            self._pending_count = 0
        self.scene = ViewState(facts, self._look, self._pending_count)
        message = notices(before, facts, log=self._session.crash_log) or self._session.notice()
        if message:
            self.show_message(message)

    def _update_view_without(self, job_id: int) -> None:
        """Hide a removed job before the next snapshot, because the next key may be waiting."""
        if self.scene:
            self._update_view(replace(self.scene.snapshot, watchlist=self.scene.watchlist.without([job_id])))

    def watch_scene(self, scene: ViewState) -> None:
        self.jobs.scene = self.detail.scene = self.deck.scene = scene
        self.input.watched = scene.watchlist
        self.pinned = tuple(job_id for job_id in self.pinned if job_id in scene.watchlist)
        self._show_top()

    def watch_pinned(self, pinned: tuple[int, ...]) -> None:
        self.jobs.pinned = self.deck.pinned = pinned
        self.refresh_keys()
        self._focus()

    def _focus(self) -> None:
        """Have the monitor poll the jobs on screen first."""
        self._engine.focus([job_id for job_id in (self.jobs.cursor, *self.pinned) if job_id is not None])

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self.show_frame)

    def show_frame(self) -> None:
        """Redraw the top and the bottom line for the current width."""
        self.refresh_keys()
        self._show_top()
        for bar in (self.top, self.keys):
            bar.repaint_all()

    def _show_top(self) -> None:
        scene, width, session = self.scene, self.outer_size.width, self._session
        if scene is None or not width:
            return
        self.top.say(top_line(scene.snapshot, session.place_now, scene.look, width))
        known_before = None if scene.snapshot.answered_at else session.access_problem
        problem = access_problem(scene.link, known_before, is_token_fixed=session.is_token_fixed)
        self.problem.display = problem is not None
        self.problem.show(tuple((Span(f" {part}", Role.WARNING),) for part in wrap(problem or "", width - 2)))


class SearchScreen(SnapshotScreen):
    """Filters the list and searches the detail while the user types."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,N", "find_elsewhere", "next, previous match", id="find-elsewhere", show=False)
    ]

    def __init__(self, session: AppContext) -> None:
        super().__init__(session)
        self._is_searching = False

    def action_search(self) -> None:
        self._is_searching = self.part_name == "detail"
        if self._is_searching:
            if self.detail.tab is Tab.OVERVIEW:
                self.detail.tab = Tab.MESSAGES
            self.open_prompt("search in this text", self.detail.needle)
            return
        self.part_name = "jobs"
        self.open_prompt(
            "only jobs with these words in id, status, type, location, file or messages", self.jobs.filter_text
        )

    def action_find_elsewhere(self) -> None:
        self.show_message("n and N need a search in the detail: 3, then /")

    @on(SearchPrompt.Typed)
    def _seek_typed(self, event: SearchPrompt.Typed) -> None:
        if event.text == self.prompt.value:
            self._seek()

    def _seek(self) -> None:
        if self._is_searching:
            self.detail.needle = self.prompt.value
            self.show_result(self.detail.search_status)
        else:
            self.jobs.filter_text = self.prompt.value

    def action_return_from_prompt(self) -> None:
        self._seek()  # not by a message: the next key may be waiting
        super().action_return_from_prompt()
        if self._is_searching and self.detail.needle:
            self.show_message(self.detail.search_status)

    @on(JobDetail.Made)
    def _judge_late(self) -> None:
        """Show the result of a search that took longer than its key."""
        if self.prompt.has_focus and self._is_searching:
            self.show_result(self.detail.search_status)
        elif self.detail.needle:
            self.show_message(self.detail.search_status)

    @on(JobDetail.Searched)
    def _tell_verdict(self) -> None:
        self.show_message(self.detail.search_status or "no search yet: / starts one")


NOTE_CELLS = 40
"""Cells of a message besides a name in it."""


class MainScreen(SearchScreen):
    """Handles all keys that do not belong to a part."""

    BINDINGS: ClassVar[list[BindingType]] = [key.binding for key in GLOBAL_KEYS]

    @on(JobList.Highlighted)
    def _show_highlighted(self, event: JobList.Highlighted) -> None:
        self.detail.job_id = event.job_id
        self._focus()

    @on(JobList.Opened)
    @on(Deck.Opened)
    def _open_detail(self, event: JobList.Opened | Deck.Opened) -> None:
        job_id = event.job_id or self._target_job()
        if job_id is None:
            return
        is_hidden = job_id not in self.jobs.visible_ids
        if is_hidden:
            self.jobs.filter_text = ""
        self.jobs.cursor = job_id
        self.action_part("detail")
        if is_hidden:
            self.show_message(f"filter cleared: it hid {job_id}")

    def _target_job(self) -> int | None:
        """Return the job of the marked card or under the cursor; None, with a message, if there is none."""
        is_deck = self.part_name == "deck"
        job_id = self.deck.current if is_deck else self.jobs.cursor
        if job_id is None:
            in_list = (
                "no job matches the filter: esc clears it" if self.jobs.filter_text else "no jobs yet: a adds some"
            )
            self.show_message("no job on the deck: m in the list pins one" if is_deck else in_list)
        return job_id

    @on(JobInput.Submitted)
    def _watch_submitted(self, event: JobInput.Submitted) -> None:
        self._engine.watch(event.job_ids)
        if self.jobs.cursor is not None and event.job_ids[0] in self.jobs.visible_ids:
            self.jobs.cursor = event.job_ids[0]

    @on(JobInput.SelectionSubmitted)
    def _track_selections(self, event: JobInput.SelectionSubmitted) -> None:
        selections = event.wanted.selections(self._session.clock.now())
        for selection in selections:
            self._engine.watch_selection(selection)
        names = one_line(selections[0].words) if len(selections) == 1 else f"of {count(len(selections), 'file')}"
        self.show_message(f"watching jobs {self._cut(names)}, late ones included")

    def watched_lists(self) -> tuple[Choice, ...]:
        """Return actions that stop watching files, locations or times."""
        selections = self.scene.snapshot.selections if self.scene else ()
        return tuple(
            Choice(f"Stop watching jobs {one_line(each.words)}", "", partial(self._unwatch, each))
            for each in selections
        )

    def _unwatch(self, selection: Selection) -> None:
        self._engine.unwatch_selection(selection)
        self.show_message(f"new jobs {self._cut(one_line(selection.words))} are no longer added")

    def _cut(self, name: str) -> str:
        """Return a name cut to fit a message, whose text must stay visible."""
        return cut(name, max(12, self.outer_size.width - NOTE_CELLS), self._look.glyphs.ellipsis)

    def action_back(self) -> None:
        if self.has_class("-full"):
            self.action_full()
        elif self.part_name != "jobs":
            self.action_part("jobs")
        else:
            self.jobs.filter_text = ""

    def action_sort(self) -> None:
        sorting = self.jobs.sorting
        self._sort(replace(sorting, order=sorting.order.following))

    def action_reverse(self) -> None:
        sorting = self.jobs.sorting
        self._sort(replace(sorting, is_reversed=not sorting.is_reversed))

    def _sort(self, sorting: Sorting) -> None:
        self.jobs.sorting = sorting
        self.show_message(f"sorted {sorting.words}" if sorting.words else "jobs in their given order")

    def action_tab(self, step: int) -> None:
        self.detail.action_turn(step)

    def action_failed(self, step: int) -> None:
        scene, shown, failed = self.scene, self.jobs.visible_ids, None
        if scene and JobStatus.FAILED in scene.watchlist.counts:
            place = self.jobs.place_of(self.jobs.cursor) or 0
            circle = (shown[(place + step * distance) % len(shown)] for distance in range(1, len(shown) + 1))
            failed = next((job_id for job_id in circle if scene.watchlist[job_id].status is JobStatus.FAILED), None)
        if failed is None:
            self.show_message(self._why_none_failed())
            return
        self.jobs.cursor, self.detail.tab = failed, Tab.MESSAGES
        if self.part_name == "deck" or self.is_one_at_a_time:
            self.action_part("detail")
        else:
            self.layout_name = "split"

    def _why_none_failed(self) -> str:
        hidden = self.scene.watchlist.counts.get(JobStatus.FAILED, 0) if self.scene else 0
        if not hidden:
            return "no failed job in the list"
        return f"{count(hidden, 'failed job')} {'is' if hidden == 1 else 'are'} hidden by the filter: esc clears it"

    def action_pin(self) -> None:
        job_id = self._target_job()
        if job_id is None:
            return
        is_pinned = job_id in self.pinned
        self.pinned = tuple(pin for pin in self.pinned if pin != job_id) if is_pinned else (*self.pinned, job_id)
        hint = "" if self.layout_name == "deck" else ": 4 shows it"
        self.show_message(
            f"{job_id} {'unpinned' if is_pinned else 'pinned'}, {count(len(self.pinned), 'job')} on the deck{hint}"
        )

    def action_refresh(self) -> None:
        job_id = self._target_job()
        if job_id is not None:
            self._refresh((job_id,))

    def action_refresh_all(self) -> None:
        if self.scene:
            self._refresh(self.scene.watchlist.ids)

    def _refresh(self, job_ids: tuple[int, ...]) -> None:
        if self.scene:
            self.show_message(refresh_note(self.scene.snapshot, len(job_ids), self.scene.look.now))
        self._engine.refresh(job_ids)

    def action_pause(self) -> None:
        is_paused = self.scene is not None and self.scene.snapshot.is_paused
        self._engine.pause(is_paused=not is_paused)
        self.show_message("polling resumed" if is_paused else "paused: p resumes polling")

    def action_interval(self, step: int) -> None:
        interval_s = self._engine.step_interval(step)
        self.show_message(f"each job every {interval_s:g} s" if interval_s else "automatic interval for each job")

    def attend(self, *, is_attended: bool) -> None:
        """Set whether the terminal window has the focus."""
        self._engine.attend(is_attended=is_attended)

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
        job_id = self._target_job()
        if job_id is not None:
            self.pinned = tuple(pin for pin in self.pinned if pin != job_id)
            self._engine.drop(job_id)
            self._update_view_without(job_id)
            self.show_message(f"{job_id} removed: u undoes it")

    def action_undo(self) -> None:
        job_id = self._engine.undo()
        self.show_message(f"{job_id} restored" if job_id else "nothing to undo")

    async def action_help(self) -> None:
        from tui.ui.screens.help import HelpScreen  # noqa: PLC0415  # the first screen does not need it

        await self.app.push_screen(HelpScreen(self.part_name, is_list_kept=self._session.is_list_kept()))
