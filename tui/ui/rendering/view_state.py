"""The value that all widgets render, a snapshot with its view options; glyphs, times and words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum

from tui.analysis.late import Lateness
from tui.core.durations import coarse_duration
from tui.domain.connection import Connection, ConnectionState
from tui.domain.job_status import JobStatus
from tui.domain.snapshot import Snapshot
from tui.domain.tracked_job import TrackedJob
from tui.domain.watchlist import Watchlist
from tui.presentation.job_text import freshness_text, known_until
from tui.ui.rendering.lines import Role, Span


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters beyond ASCII, all one cell wide."""

    pending: str = "·"
    working: str = "▶"
    success: str = "✔"
    failed: str = "✖"
    unknown: str = "?"
    unseen: str = " "
    ellipsis: str = "…"
    bar: str = "━"
    rule: str = "─"
    differs: str = "≠"
    arrow: str = "→"
    dot: str = "·"
    pinned: str = "◆"
    cursor: str = "▌"
    late: str = "!"
    times: str = "×"
    folded: str = "▸"
    unfolded: str = "▾"
    same: str = "≡"
    marked: str = "■"


ASCII_GLYPHS = Glyphs(
    ".", ">", "+", "x", "?", " ", "~", "=", "-", "!", ">", "-", "*", ">", "!", "x", "+", "-", "=", "#"
)
"""For locales without UTF-8."""


HALF_A_DAY_S = 12 * 3600

DAY_WIDTH = 11
"""Cells of a date and the blank after it."""


class Times(Enum):
    """The formats of times."""

    UTC = "UTC"
    LOCAL = "local"
    AGE = "age"

    @property
    def following(self) -> Times:
        """The next format, in a cycle."""
        order = list(Times)
        return order[(order.index(self) + 1) % len(order)]


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """Time, glyphs and formats for all views."""

    now: datetime
    """Aware; from the clock of this machine, which may be wrong."""
    glyphs: Glyphs = Glyphs()
    times: Times = Times.UTC
    zone: tzinfo | None = None
    """The local time zone; None is the machine's."""
    ahead: timedelta = timedelta(0)
    """How far the server's clock is ahead of ours. Times of jobs come from the server's clock."""

    @property
    def server_now(self) -> datetime:
        """The current time of the server's clock; running durations end here."""
        return self.now + self.ahead

    def at_server(self, moment: datetime) -> datetime:
        """Return a time of our clock as a time of the server's clock."""
        return moment + self.ahead

    def known_until(self, tracked: TrackedJob, link: Connection) -> datetime:
        """Return the moment at which the job's durations end: now, or its last response if it may be stale."""
        return known_until(tracked, link, self.now, self.ahead)

    def clock_time(self, moment: datetime) -> str:
        """Return a time in at most 8 cells: time of day, the date if it is over half a day away, or its age."""
        away_s = (self.server_now - moment).total_seconds()
        if self.times is Times.AGE:
            return coarse_duration(away_s)
        there = self._zoned(moment)
        return f"{there:%H:%M:%S}" if abs(away_s) < HALF_A_DAY_S else f"{there:%b %d}"

    def full_time(self, moment: datetime, *, beside: datetime | None = None) -> str:
        """Return a time with date and zone, and its age in mode AGE; blanks for the date if `beside` has the same."""
        there = self._zoned(moment)
        is_known = beside is not None and self._zoned(beside).date() == there.date()
        day = " " * DAY_WIDTH if is_known else f"{there:%Y-%m-%d} "
        text = f"{day}{there:%H:%M:%S}{'Z' if self.times is not Times.LOCAL else f'{there:%z}'}"
        return (
            f"{text}  {coarse_duration((self.server_now - moment).total_seconds())} ago"
            if self.times is Times.AGE
            else text
        )

    def _zoned(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone) if self.times is Times.LOCAL else moment.astimezone(UTC)


_ROLES = {
    JobStatus.PENDING: Role.PENDING,
    JobStatus.WORKING: Role.WORKING,
    JobStatus.SUCCESS: Role.SUCCESS,
    JobStatus.FAILED: Role.FAILED,
}


def status_role(status: JobStatus | None) -> Role:
    """Return the role that colours a status."""
    return Role.MUTED if status is None else _ROLES.get(status, Role.UNKNOWN)


def status_glyph(status: JobStatus | None, glyphs: Glyphs) -> str:
    """Return the one-cell glyph of a status."""
    if status is None:
        return glyphs.unseen
    return getattr(glyphs, _ROLES[status].value) if status in _ROLES else glyphs.unknown


def awaited(link: Connection, look: ViewOptions) -> str:
    """Return the text for a job without a response."""
    return (
        f"loading {look.glyphs.ellipsis}"
        if link.state is ConnectionState.UP
        else "not polling now: the top line shows why"
    )


def freshness_note(tracked: TrackedJob, link: Connection, now: datetime) -> Span | None:
    """Return `gone` or `stale 0:31` if the shown state may be outdated; None if it is current."""
    text = freshness_text(tracked, link, now)
    return None if text is None else Span(text, Role.WARNING)


NO_SNAPSHOT = Snapshot()
"""The snapshot before the first one of the monitor."""


@dataclass(frozen=True, slots=True, eq=False)
class ViewState:
    """A snapshot and the view options; each new snapshot and each second makes a new one."""

    snapshot: Snapshot
    look: ViewOptions
    awaited: int = 0
    """Number of jobs given at the start, until a snapshot contains them."""
    late: Mapping[int, Lateness] = field(default_factory=dict)
    """The late jobs by id, as of the last second or so."""

    @property
    def watchlist(self) -> Watchlist:
        """The watched jobs."""
        return self.snapshot.watchlist

    @property
    def link(self) -> Connection:
        """The connection; a pause counts as one that is not up."""
        if self.snapshot.is_paused and self.snapshot.link.state is ConnectionState.UP:
            return Connection(ConnectionState.PAUSED)
        return self.snapshot.link
