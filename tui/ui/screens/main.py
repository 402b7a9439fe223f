"""The main screen: turns what people do into commands for the monitor, and into what its parts show."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType

from tui.core.text import count, one_line
from tui.domain.job_status import JobStatus
from tui.domain.selection import Selection
from tui.ui.keys import GLOBAL_KEYS
from tui.ui.screens.seeking import SeekScreen
from tui.ui.views.choices import Choice
from tui.ui.views.connection import refresh_note
from tui.ui.views.lines import cut
from tui.ui.views.look import Times
from tui.ui.views.order import Sorting
from tui.ui.widgets.deck import Deck
from tui.ui.widgets.job_detail import Tab
from tui.ui.widgets.job_input import JobInput
from tui.ui.widgets.job_list import JobList

NOTE_CELLS = 40
"""Cells of a note for what it says beside a name."""


class MainScreen(SeekScreen):
    """Carries out every key that is not a part's own."""

    BINDINGS: ClassVar[list[BindingType]] = [key.binding for key in GLOBAL_KEYS]

    @on(JobList.Highlighted)
    def _show_highlighted(self, event: JobList.Highlighted) -> None:
        self.detail.job_id = event.job_id
        self._focus()

    @on(JobList.Opened)
    @on(Deck.Opened)
    def _open_detail(self, event: JobList.Opened | Deck.Opened) -> None:
        job_id = event.job_id or self._meant()
        if job_id is None:
            return
        is_hidden = job_id not in self.jobs.shown
        if is_hidden:
            self.jobs.sought = ""
        self.jobs.cursor = job_id
        self.action_part("detail")
        if is_hidden:
            self.note(f"filter cleared: it hid {job_id}")

    def _meant(self) -> int | None:
        """Return the job that keys are about now: that of the marked card, or the list's current one. Where none is, say so; None."""
        is_deck = self.part_name == "deck"
        job_id = self.deck.current if is_deck else self.jobs.cursor
        if job_id is None:
            in_list = "no job matches the filter: esc clears it" if self.jobs.sought else "no jobs yet: a adds some"
            self.note("no job on the deck: m in the list pins one" if is_deck else in_list)
        return job_id

    @on(JobInput.Given)
    def _watch_given(self, event: JobInput.Given) -> None:
        self._engine.watch(event.job_ids)
        if self.jobs.cursor is not None and event.job_ids[0] in self.jobs.shown:
            self.jobs.cursor = event.job_ids[0]

    @on(JobInput.SelectionSubmitted)
    def _track_selections(self, event: JobInput.SelectionSubmitted) -> None:
        selections = event.wanted.selections(self._session.clock.now())
        for selection in selections:
            self._engine.watch_selection(selection)
        names = one_line(selections[0].words) if len(selections) == 1 else f"of {count(len(selections), 'file')}"
        self.note(f"watching jobs {self._cut(names)}, late ones included")

    def watched_lists(self) -> tuple[Choice, ...]:
        """Return the choices that end the watch of a file, a location or a time."""
        selections = self.scene.snapshot.selections if self.scene else ()
        return tuple(Choice(f"Stop watching jobs {one_line(each.words)}", "", partial(self._unwatch, each)) for each in selections)

    def _unwatch(self, selection: Selection) -> None:
        self._engine.unwatch_selection(selection)
        self.note(f"new jobs {self._cut(one_line(selection.words))} are not added any more")

    def _cut(self, name: str) -> str:
        """Return a name as short as a note needs it: what is said of it must not be cut off."""
        return cut(name, max(12, self.outer_size.width - NOTE_CELLS), self._look.glyphs.ellipsis)

    def action_back(self) -> None:
        if self.has_class("-full"):
            self.action_full()
        elif self.part_name != "jobs":
            self.action_part("jobs")
        else:
            self.jobs.sought = ""

    def action_sort(self) -> None:
        sorting = self.jobs.sorting
        self._sort(replace(sorting, order=sorting.order.following))

    def action_reverse(self) -> None:
        sorting = self.jobs.sorting
        self._sort(replace(sorting, is_reversed=not sorting.is_reversed))

    def _sort(self, sorting: Sorting) -> None:
        self.jobs.sorting = sorting
        self.note(f"sorted {sorting.words}" if sorting.words else "jobs as they were given")

    def action_tab(self, step: int) -> None:
        self.detail.action_turn(step)

    def action_failed(self, step: int) -> None:
        scene, shown, failed = self.scene, self.jobs.shown, None
        if scene and JobStatus.FAILED in scene.watchlist.counts:
            place = self.jobs.place_of(self.jobs.cursor) or 0
            circle = (shown[(place + step * distance) % len(shown)] for distance in range(1, len(shown) + 1))
            failed = next((job_id for job_id in circle if scene.watchlist[job_id].status is JobStatus.FAILED), None)
        if failed is None:
            self.note(self._why_none_failed())
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
        job_id = self._meant()
        if job_id is None:
            return
        is_pinned = job_id in self.pinned
        self.pinned = tuple(pin for pin in self.pinned if pin != job_id) if is_pinned else (*self.pinned, job_id)
        hint = "" if self.layout_name == "deck" else ": 4 shows it"
        self.note(f"{job_id} {'unpinned' if is_pinned else 'pinned'}, {count(len(self.pinned), 'job')} on the deck{hint}")

    def action_refresh(self) -> None:
        job_id = self._meant()
        if job_id is not None:
            self._refresh((job_id,))

    def action_refresh_all(self) -> None:
        if self.scene:
            self._refresh(self.scene.watchlist.ids)

    def _refresh(self, job_ids: tuple[int, ...]) -> None:
        if self.scene:
            self.note(refresh_note(self.scene.snapshot, len(job_ids), self.scene.look.now))
        self._engine.refresh(job_ids)

    def action_pause(self) -> None:
        is_paused = self.scene is not None and self.scene.snapshot.is_paused
        self._engine.pause(is_paused=not is_paused)
        self.note("asking again" if is_paused else "paused: nothing is asked until p is pressed again")

    def action_interval(self, step: int) -> None:
        interval_s = self._engine.step_interval(step)
        self.note(f"each job every {interval_s:g} s" if interval_s else "each job as often as its state calls for")

    def attend(self, *, is_attended: bool) -> None:
        """Take in whether somebody looks: the terminal says so when its window gets or loses the focus."""
        self._engine.attend(is_attended=is_attended)

    def action_times(self) -> None:
        self._look = replace(self._look, times=self._look.times.following)
        self._see()
        self.note({Times.UTC: "times in UTC", Times.LOCAL: "times in local time", Times.AGE: "times as ages"}[self._look.times])

    def action_wrap(self) -> None:
        self.detail.is_wrapped = not self.detail.is_wrapped
        self.note("long lines are wrapped" if self.detail.is_wrapped else "long lines scroll sideways")

    def action_drop(self) -> None:
        job_id = self._meant()
        if job_id is not None:
            self.pinned = tuple(pin for pin in self.pinned if pin != job_id)
            self._engine.drop(job_id)
            self._see_without(job_id)
            self.note(f"{job_id} taken off: u puts it back")

    def action_undo(self) -> None:
        job_id = self._engine.undo()
        self.note(f"{job_id} is back in its place" if job_id else "nothing to put back")

    async def action_help(self) -> None:
        from tui.ui.screens.help import HelpScreen  # noqa: PLC0415  # the first screen does not need it

        await self.app.push_screen(HelpScreen(self.part_name, is_list_kept=self._session.is_list_kept()))
