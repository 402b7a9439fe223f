"""The selected job: its fields, its messages, its JSON."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from textual import events
from textual.content import Content
from textual.reactive import var
from textual.timer import Timer

from tui.domain.job import Job
from tui.domain.tracked_job import TrackedJob
from tui.ui.rendering.group_lines import GroupView, group_overview, group_title
from tui.ui.rendering.job_fields import overview, title
from tui.ui.rendering.job_tabs import fields_lines, history_lines, times_lines
from tui.ui.rendering.lines import Line, clip, line_width, text_of
from tui.ui.rendering.searchable_text import Text, messages, raw, search_status, searched
from tui.ui.rendering.view_state import ViewState, status_role
from tui.ui.widgets.line_view import SHORTEST_RULE, TITLE_MARGIN
from tui.ui.widgets.text_view import TextView

COMMON_STATUS = len("✔ SUCCESS")
"""Minimum cells of a status in the title."""

REST_S = 0.06
"""Seconds without a new selection until the detail shows it: a key held down sends only the list."""


class Tab(Enum):
    """The tabs of the detail."""

    WHY = "Why"
    MESSAGES = "Messages"
    TIMES = "Times"
    FIELDS = "Fields"
    HISTORY = "History"
    RAW = "Raw"


SEARCHABLE = frozenset({Tab.MESSAGES, Tab.RAW})
"""The tabs with long texts: built in steps, and searched."""


@dataclass(frozen=True, slots=True)
class _Source:
    """The inputs of a text."""

    job: Job | None
    tab: Tab
    width: int
    is_wrapped: bool

    def is_same(self, other: _Source) -> bool:
        """Whether the text is the same. Compares identity, because comparing 100,000 messages is slow."""
        return self.job is other.job and self.has_shape_of(other)

    def has_shape_of(self, other: _Source) -> bool:
        """Whether lines would break at the same positions for an equal job."""
        return (self.tab, self.width, self.is_wrapped) == (other.tab, other.width, other.is_wrapped)


class JobDetail(TextView):
    """Shows one job. Each change builds new lines; the app sends only cells that differ."""

    scene: var[ViewState | None] = var(None)
    """The snapshot and the view options."""
    job_id: var[int | None] = var(None)
    """Id of the shown job; None for none."""
    group: var[GroupView | None] = var(None)
    """The shown group, if no job is; None for none."""
    tab: var[Tab] = var(Tab.WHY)
    """The shown tab."""
    is_wrapped: var[bool] = var(True)
    """Whether long lines wrap; otherwise they scroll sideways."""
    needle: var[str] = var("")
    """The search text for messages and JSON; empty for no search."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # those of LineView
        super().__init__(**options)
        self._moving: Timer | None = None
        self._is_behind = False
        self._built_from: _Source | None = None
        self._is_outdated = False  # a newer job arrived while the text was being built
        self._searched_for = ""

    def watch_scene(self) -> None:
        self._paint()

    def turn_to(self, job_id: int | None, group: GroupView | None) -> None:
        """Show a job, or a group; nothing without both."""
        if job_id is None:  # what is not shown changes first
            self.group, self.job_id = group, None
        else:
            self.job_id, self.group = job_id, None

    def watch_group(self, old: GroupView | None, new: GroupView | None) -> None:
        if self.job_id is None and (old and old.row) != (new and new.row):  # else the scene that brought it follows
            self._turn(is_moving=old is not None)

    def watch_job_id(self, old: int | None, new: int | None) -> None:
        del new
        self._turn(is_moving=old is not None or self.group is not None)

    def _turn(self, *, is_moving: bool) -> None:
        self._is_behind = True
        self.needle = ""
        if self._moving is None:
            self.catch_up()
        else:
            self._moving.stop()
        self._moving = self.set_timer(REST_S, self._rest) if is_moving else None

    def watch_tab(self) -> None:
        self._paint_from_top()

    def watch_is_wrapped(self, is_wrapped: bool) -> None:
        self.set_class(not is_wrapped, "-unwrapped")
        self.catch_up()
        self._paint()

    def watch_needle(self, needle: str) -> None:
        self.match = None
        self.drop_postponed()
        self._paint()
        if needle:
            self.catch_up()
            self.seek()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._paint()
        self.show(self.text.lines)

    def step_tab(self, step: int) -> None:
        tabs = list(Tab)
        self.tab = tabs[(tabs.index(self.tab) + step) % len(tabs)]

    def action_find(self, step: int) -> None:
        if self.needle and self.tab not in SEARCHABLE:
            self.tab = Tab.MESSAGES
        super().action_find(step)

    @property
    def search_status(self) -> str:
        """The state of the search in a few words; empty without a search."""
        if self.needle and self.is_busy:
            return "searching"
        return search_status(self.text, self.match, self.needle)

    @property
    def tracked(self) -> TrackedJob | None:
        """The state of the shown job; None without one."""
        return self.scene.watchlist.get(self.job_id) if self.scene and self.job_id else None

    def _rest(self) -> None:
        self._moving = None
        self.catch_up()

    def catch_up(self) -> None:
        if self._is_behind:
            self._paint_from_top()

    def _paint_from_top(self) -> None:
        self._built_from, self._is_behind, self.match = None, False, None
        self._paint()
        self.go_to(x=0, y=0)

    def _paint(self) -> None:
        self._is_outdated = False
        if self._is_behind:
            return
        tracked, scene, width = self.tracked, self.scene, self.room
        self._show_title()
        if tracked is None and scene is not None and self.group is not None and width:
            self._show_at_once(Text(lines=group_overview(self.group, scene, width, self.size.height)))
        elif tracked is None or scene is None or not width:
            self._show_at_once(Text())
        elif self.tab in SEARCHABLE:
            # Messages and JSON may be long, and do not depend on the time.
            self._build_text(tracked, _Source(tracked.job, self.tab, width, self.is_wrapped))
        else:
            self._show_at_once(Text(lines=self._short_lines(tracked, scene, width)))

    def _short_lines(self, tracked: TrackedJob, scene: ViewState, width: int) -> tuple[Line, ...]:
        """Return the lines of a tab that changes with time or is short."""
        match self.tab:
            case Tab.TIMES if tracked.job:
                return times_lines(tracked, scene.link, scene.look)
            case Tab.FIELDS if tracked.job:
                return fields_lines(tracked, width)
            case Tab.HISTORY if tracked.job:
                return history_lines(tracked, scene.look)
            case _:
                return overview(tracked, scene.link, scene.look, width, self.size.height)

    def _show_at_once(self, text: Text) -> None:
        self.stop_building()
        self._built_from = None
        self.show_text(text)

    def _build_text(self, tracked: TrackedJob, source: _Source) -> None:
        """Build the text of `source` if it changed, and mark the matches."""
        before = self._built_from
        if before is None or not before.is_same(source):
            if before is not None and self.is_busy and before.has_shape_of(source):
                self._is_outdated = True  # finish first: a job that changes all the time would never be shown
                return
            self._built_from = source
            self.build(self._read(tracked, source, before))
        elif self._searched_for != self.needle and not self.is_busy:
            self.build(self._search())

    def _read(self, tracked: TrackedJob, source: _Source, before: _Source | None) -> Iterator[None]:
        view = messages if source.tab is Tab.MESSAGES else raw
        work = view(tracked, source.width, is_wrapped=source.is_wrapped)
        if before is None:
            self.show_text(work.text)  # it grows; a new version of the same text appears when it is complete
        yield from work.steps
        text = yield from self._marked(work.text)
        self.show_text(text, is_rewrapped=before is not None and not before.has_shape_of(source))
        if self._is_outdated:
            self.call_later(self._paint)

    def _search(self) -> Iterator[None]:
        text = yield from self._marked(self.text)
        self.show_text(text)

    def _marked(self, text: Text) -> Generator[None, None, Text]:
        """Return `text` with the matches of the newest search text, which may change during the search."""
        while True:
            needle = self._searched_for = self.needle
            work = searched(text.layout, needle)
            for _ in work.steps:
                if self.needle != needle:
                    break
                yield
            else:
                return work.text

    def _show_title(self) -> None:
        """Show the job at the left of the rule, and the tabs at its right."""
        tracked, scene = self.tracked, self.scene
        if tracked is None and scene is not None and self.group is not None:
            name, counts = group_title(self.group, scene.look)
            self.set_title(Content.assemble(name.text, (counts.text, f"$status-{counts.role}")))
            return
        if tracked is None or scene is None:
            self.set_title(Content("Job"))
            return
        ellipsis = scene.look.glyphs.ellipsis
        head: Line = title(tracked, scene.look)
        # 0 is shown too: the tabs keep their position from job to job, and are not sent again.
        count = f" {len(tracked.job.messages):,}" if tracked.job else ""
        room = self.outer_size.width - TITLE_MARGIN
        # Tab names never cut off a status.
        room_for_tabs = room - max(line_width(head), len(head[0].text) + COMMON_STATUS) - SHORTEST_RULE
        names = next(
            (names for names in _tab_names(count) if sum(map(len, names)) + 2 * len(names) <= room_for_tabs), None
        )
        tabs = Content("") if names is None else self._tabs(names)
        head = clip(head, room if names is None else room - tabs.cell_length - SHORTEST_RULE, ellipsis)
        left = Content.assemble(text_of(head[:1]), (text_of(head[1:]), f"$status-{status_role(tracked.status)}"))
        self.set_title(left, tabs, bar=scene.look.glyphs.bar)

    def _tabs(self, names: tuple[str, ...]) -> Content:
        current = list(Tab).index(self.tab)
        parts = (
            (f" {name} ", "bold reverse $rule-current" if place == current else "not bold $status-muted")
            for place, name in enumerate(names)
        )
        return Content.assemble(*parts)


def _tab_names(count: str) -> tuple[tuple[str, ...], ...]:
    """Return the names of the tabs, whole and shortened; `count` is the number of messages."""
    return (
        ("Why", f"Messages{count}", "Times", "Fields", "History", "Raw"),
        ("Why", f"Msgs{count}", "Times", "Fields", "Hist", "Raw"),
        ("Why", f"M{count}", "Tim", "Fld", "His", "Raw"),
        ("W", f"M{count}", "T", "F", "H", "R"),
        ("W", "M", "T", "F", "H", "R"),
    )
