"""Puts jobs on the deck: pins, and comparisons that end where they began."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui.analysis.comparison import last_opposite, opposite_status
from tui.core.text import count, one_line
from tui.domain.job_status import JobStatus
from tui.ui.rendering.choices import Choice

if TYPE_CHECKING:
    from tui.ui.screens.main import MainScreen

MOST_PINNED_AT_ONCE = 24
"""Jobs, in the order of the list, that become cards at once; thousands would hold back the next key."""


def named(job_ids: Sequence[int]) -> str:
    """Return one id, or the number of jobs."""
    return str(job_ids[0]) if len(job_ids) == 1 else count(len(job_ids), "job")


class Comparing:
    """Pins jobs to the deck, and compares jobs there.

    Args:
        screen: The main screen: its panes, its pins, its messages.
    """

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen
        self._before: tuple[tuple[int, ...], str, str] | None = None
        """Pins, layout and pane before the comparison; None without one."""

    @property
    def pins_kept(self) -> tuple[int, ...]:
        """The pins that the user made, also while a comparison is on the deck."""
        return self._screen.pinned if self._before is None else self._before[0]

    @property
    def layout_kept(self) -> str:
        """The layout that the user chose."""
        return self._screen.panes.layout_name if self._before is None else self._before[1]

    def compare(self) -> None:
        """Show the job under the cursor beside the last one that ended the other way, or the marked jobs."""
        screen = self._screen
        targets = screen.target_jobs()
        if not targets or screen.scene is None:
            return
        if len(targets) > 1:
            self._show(targets[:MOST_PINNED_AT_ONCE])
            screen.show_message(f"{_of(MOST_PINNED_AT_ONCE, len(targets))} compared: esc goes back")
            return
        watchlist = screen.scene.watchlist
        tracked = watchlist.get(targets[0])
        job = tracked.job if tracked else None
        if job is None:
            screen.show_message(f"{targets[0]} cannot be compared: not read yet")
            return
        word = "failed" if opposite_status(job) is JobStatus.FAILED else "good"
        other = last_opposite(job, (each.job for each in watchlist.values() if each.job is not None))
        if other is None:
            screen.show_message(f"no {word} job of this type and location is watched")
            return
        self._show((job.job_id, other.job_id))
        screen.deck.remarks = {other.job_id: f"the last {word} job of this type and location"}
        screen.show_message(f"{job.job_id} beside {other.job_id}, the last {word} one: esc goes back")

    def _show(self, job_ids: tuple[int, ...]) -> None:
        screen = self._screen
        if self._before is None:
            self._before = (screen.pinned, screen.panes.layout_name, screen.panes.current)
        screen.deck.remarks = {}
        screen.pinned = job_ids
        screen.deck.current = job_ids[0]
        screen.action_pane("deck")

    def end(self) -> bool:
        """Show again what was there before the comparison; return whether there was one."""
        if self._before is None:
            return False
        screen = self._screen
        watchlist = screen.scene.watchlist if screen.scene else ()
        (pinned, layout, pane), self._before = self._before, None
        screen.deck.remarks = {}
        screen.pinned = tuple(job_id for job_id in pinned if job_id in watchlist)
        screen.action_pane(pane)
        screen.panes.layout_name = layout
        return True

    def pin(self) -> None:
        """Pin the jobs under the cursor, or unpin them if all are pinned; what is compared becomes pinned."""
        targets = self._screen.target_jobs()
        job_ids = targets[:MOST_PINNED_AT_ONCE]
        if not job_ids:
            return
        pinned = self._screen.pinned
        is_pinned = all(job_id in pinned for job_id in job_ids)
        others = tuple(pin for pin in pinned if pin not in frozenset(job_ids))
        self._pin(others if is_pinned else (*pinned, *(each for each in job_ids if each not in pinned)))
        cut = f" of {len(targets):,}" if len(targets) > len(job_ids) else ""
        self._say(f"{named(job_ids)}{cut} {'unpinned' if is_pinned else 'pinned'}, ")

    def choices(self) -> tuple[Choice, ...]:
        """Return actions that replace what is on the deck, or empty it."""
        screen = self._screen
        scene, listed, marked = screen.scene, screen.jobs.visible_ids, screen.jobs.marked_ids
        failed = [job_id for job_id in listed if scene and scene.watchlist[job_id].status is JobStatus.FAILED]
        words = f"filter {one_line(screen.jobs.filter_text)}" if screen.jobs.filter_text else "no filter: all jobs"
        return (
            Choice(
                "Pin failed", count(len(failed), "job"), partial(self._fill, failed, "no failed job is listed"), "f"
            ),
            Choice(
                "Pin marked", count(len(marked), "job"), partial(self._fill, marked, "no marks: space sets one"), "m"
            ),
            Choice("Pin listed", words, partial(self._fill, listed, "no job is listed"), "l"),
            Choice("Pin none", "empties the deck", self._empty, "n"),
        )

    def _fill(self, job_ids: Sequence[int], why_none: str) -> None:
        if not job_ids:
            self._screen.show_message(why_none)
            return
        self._pin(tuple(job_ids[:MOST_PINNED_AT_ONCE]))
        self._screen.deck.current = job_ids[0]
        self._say(f"pinned {_of(MOST_PINNED_AT_ONCE, len(job_ids))}, ")

    def _empty(self) -> None:
        self._pin(())
        self._screen.show_message("deck is empty: m pins a job")

    def _pin(self, job_ids: tuple[int, ...]) -> None:
        self._before = None
        self._screen.deck.remarks = {}
        self._screen.pinned = job_ids

    def _say(self, what: str) -> None:
        hint = "" if self._screen.panes.layout_name == "deck" else ": 4 shows it"
        self._screen.show_message(f"{what}{count(len(self._screen.pinned), 'job')} on the deck{hint}")


def _of(limit: int, total: int) -> str:
    return count(total, "job") if total <= limit else f"{limit} of {count(total, 'job')}"
