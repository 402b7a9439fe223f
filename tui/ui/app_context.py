"""What the app gets when it starts. A value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tui.core.clock import Clock
from tui.domain.selection import Selection
from tui.monitor.polling_policy import PollPolicy
from tui.ui.monitor_client import MonitorThread
from tui.ui.rendering.status_bar import Place
from tui.ui.rendering.view_state import Glyphs


@dataclass(frozen=True, slots=True)
class AppContext:
    """Everything the screens need from outside."""

    engine: MonitorThread
    """Has the facts."""
    place: Place
    """Whose jobs are watched."""
    clock: Clock
    """The time that durations run up to."""
    job_ids: tuple[int, ...] = ()
    """What is watched from the start."""
    selections: tuple[Selection, ...] = ()
    """Files, locations and times whose jobs are watched from the start, late ones included."""
    removed: tuple[int, ...] = ()
    """Jobs of the selections that an earlier session removed."""
    policy: PollPolicy = field(default_factory=PollPolicy)
    """How eagerly at the start."""
    glyphs: Glyphs = field(default_factory=Glyphs)
    """What the terminal can show."""
    crash_log: str = ""
    """Where bugs are written down."""
    write_down: Callable[[str], str] = lambda _: "nowhere"
    """Appends a text to that file and returns where it is, or why it could not be written."""
    has_mouse: bool = True
    """Whether the terminal reports clicks to the app."""
    notice: Callable[[], str | None] = lambda: None
    """Returns what a person should know of the list on disk, once; None if there is nothing more."""
    is_list_kept: Callable[[], bool] = lambda: True
    """Whether the list comes back at the next start."""
    access_problem: str | None = None
    """Why nothing can be read, known before anything was tried; None if nothing is known against it."""
    is_token_fixed: bool = False
    """Whether no other token can come while the app runs."""
    found_place: Callable[[], Place | None] = lambda: None
    """Returns what took the place of `place` when the API's host was found; None until then, and where it is set."""

    @property
    def place_now(self) -> Place:
        """Whose jobs are watched, as far as it is known now."""
        return self.found_place() or self.place
