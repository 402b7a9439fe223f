"""The inputs of the app: monitor, settings and callbacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from tui.core.clock import Clock
from tui.domain.poll_policy import PollPolicy
from tui.domain.selection import Selection
from tui.domain.tracked_job import TrackedJob
from tui.history.views import RememberedView
from tui.ui.monitor_client import MonitorThread
from tui.ui.rendering.status_bar import Place
from tui.ui.rendering.view_state import Glyphs


class Form(StrEnum):
    """A format of exported jobs; the value is the suffix of its files."""

    MARKDOWN = "md"
    TEXT = "txt"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class AppContext:
    """Everything that the screens need from the command line."""

    monitor: MonitorThread
    """Runs the monitor and delivers its snapshots."""
    place: Place
    """The tenant and environment of the jobs."""
    clock: Clock
    """The time for durations of running jobs."""
    job_ids: tuple[int, ...] = ()
    """Jobs watched from the start."""
    selections: tuple[Selection, ...] = ()
    """Files, locations and times whose jobs are watched from the start, late ones included."""
    removed: tuple[int, ...] = ()
    """Jobs of the selections that an earlier session removed."""
    view: RememberedView = field(default_factory=RememberedView)
    """The order, pins, layout and theme of the last session."""
    policy: PollPolicy = field(default_factory=PollPolicy)
    """The polling policy at the start."""
    glyphs: Glyphs = field(default_factory=Glyphs)
    """The glyphs that the terminal can show."""
    crash_log: str = ""
    """Path of the crash log."""
    write_down: Callable[[str], str] = lambda _: "nowhere"
    """Appends a text to the crash log and returns its path, or why the log is not writable."""
    has_mouse: bool = True
    """Whether the terminal reports clicks to the app."""
    has_recent_jobs: bool = False
    """Whether an app without jobs shows the recent ones of the tenant at its start."""
    notice: Callable[[], str | None] = lambda: None
    """Returns the next notice about the saved list; None without a new one."""
    is_list_kept: Callable[[], bool] = lambda: True
    """Whether the next start restores the list."""
    access_problem: str | None = None
    """Why the token cannot work, known before the first request; None without such a problem."""
    is_token_fixed: bool = False
    """Whether the token cannot change while the app runs."""
    found_place: Callable[[], Place | None] = lambda: None
    """Returns the place that the auth host reported; None before its response, and if the API host is configured."""

    render: Callable[[Form, Sequence[TrackedJob], datetime, str], str] = lambda *_: ""
    """Returns jobs in a format, given the moment and a title."""
    write_new: Callable[[str, str], Path] = lambda *_: Path()
    """Writes a text to a new private file of about this name and returns its path; raises OSError."""
    address_of: Callable[[int], str] = str
    """Returns the URL of a job."""
    command: tuple[str, ...] = ("jobdeck",)
    """The program with the options that lead to the same API."""

    @property
    def place_now(self) -> Place:
        """The place that the auth host reported, otherwise the configured one."""
        return self.found_place() or self.place
