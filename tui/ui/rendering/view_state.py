"""The value that all widgets render, a snapshot with its view options; glyphs, times and words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum

from tui.core.durations import coarse_duration, duration
from tui.domain.connection import Connection, ConnectionState
from tui.domain.errors import BadAnswer
from tui.domain.job_status import JobStatus
from tui.domain.tracked_job import Freshness, TrackedJob
from tui.domain.watchlist import Watchlist
from tui.monitor.snapshot import Snapshot
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


ASCII_GLYPHS = Glyphs(".", ">", "+", "x", "?", " ", "~", "=", "-", "!", ">", "-", "*")
"""For locales without UTF-8."""


HALF_A_DAY_S = 12 * 3600

LONGEST_TIME = 20
"""Cells of the longest duration."""

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


def status_word(tracked: TrackedJob, link: Connection) -> str:
    """Return the status verbatim, or our word if the API has sent none."""
    if tracked.job is None:
        if tracked.error is None:
            return "asking" if link.state is ConnectionState.UP else "not asked"
        return (
            "not found"
            if tracked.not_found_count
            else "unusable"
            if isinstance(tracked.error, BadAnswer)
            else "no answer"
        )
    return str(tracked.job.status) if tracked.job.status is not None else "none"


def awaited(link: Connection, look: ViewOptions) -> str:
    """Return the text for a job without a response."""
    return (
        f"loading {look.glyphs.ellipsis}"
        if link.state is ConnectionState.UP
        else "not polling now: the top line shows why"
    )


def freshness_note(tracked: TrackedJob, link: Connection, now: datetime) -> Span | None:
    """Return `gone` or `stale 0:31` if the shown state may be outdated; None if it is current."""
    if tracked.freshness is Freshness.GONE:
        return Span("gone", Role.WARNING)
    is_cut_off = link.state is not ConnectionState.UP and not tracked.is_final
    if tracked.answered_at and (tracked.freshness is Freshness.STALE or is_cut_off):
        return Span(f"stale {duration((now - tracked.answered_at).total_seconds())}", Role.WARNING)
    return None


def wait_text(tracked: TrackedJob, link: Connection, look: ViewOptions, cells: int = LONGEST_TIME) -> str:
    """Return how long the job waited for its start, in at most `cells`; coarse while it waits, `-` if unknown."""
    job = tracked.job
    if job is None or job.added is None:
        return "-"
    if job.started is not None:
        return duration((job.started - job.added).total_seconds(), cells)
    return (
        coarse_duration((known_until(tracked, link, look) - job.added).total_seconds())
        if job.status is JobStatus.PENDING
        else "-"
    )


def run_text(tracked: TrackedJob, link: Connection, look: ViewOptions, cells: int = LONGEST_TIME) -> str:
    """Return how long the job ran, or has run so far, in at most `cells`; `-` if unknown."""
    job = tracked.job
    if job is None or job.started is None:
        return "-"
    if job.finished is not None:
        return duration((job.finished - job.started).total_seconds(), cells)
    if job.status is not JobStatus.WORKING:
        return "-"
    return duration((known_until(tracked, link, look) - job.started).total_seconds(), cells)


def known_until(tracked: TrackedJob, link: Connection, look: ViewOptions) -> datetime:
    """Return the server time up to which the job's durations count: now, or its last response if it may be stale."""
    is_followed = tracked.freshness is Freshness.LIVE and link.state is ConnectionState.UP
    return look.server_now if is_followed else look.at_server(tracked.answered_at or look.now)


def items_text(tracked: TrackedJob) -> str:
    """Return the item count with thousands separators, the sent value if it is no number, or `-`."""
    job = tracked.job
    if job is None:
        return "-"
    return number_text(job.item_count, job.verbatim("itemCount"))


def number_text(number: int | None, verbatim: str | None) -> str:
    """Return a number with thousands separators, the sent value if it is no number, or `-`."""
    return f"{number:,}" if number is not None else verbatim or "-"


NO_SNAPSHOT = Snapshot()
"""The snapshot before the first one of the monitor."""


@dataclass(frozen=True, slots=True, eq=False)
class ViewState:
    """A snapshot and the view options; each new snapshot and each second makes a new one."""

    snapshot: Snapshot
    look: ViewOptions
    awaited: int = 0
    """Number of jobs given at the start, until a snapshot contains them."""

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
