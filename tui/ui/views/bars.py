"""The top line and the bottom line. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tui.api.status import JobStatus
from tui.monitor.link import Link, LinkState
from tui.monitor.snapshot import ACCESS_TOLD_BEFORE_S, Snapshot
from tui.pods import is_pod, is_production
from tui.text import coarse, duration
from tui.ui.views.lines import BLANK, Line, Role, Span, clip, join, line_width, spread
from tui.ui.views.look import Look, status_glyph, status_role


@dataclass(frozen=True, slots=True)
class Place:
    """Whose jobs these are."""

    environment: str
    """`sandbox`, `tp1`, … or the host."""
    name: str
    """Profile and tenant; may be empty."""
    is_marked: bool = False
    """Whether the profile says that it is production."""

    @property
    def is_production(self) -> bool:
        """Whether a mistake here costs money; environments `tp1` to `tp5` hold live shops."""
        return self.is_marked or is_production(self.environment)

    @property
    def badge(self) -> Line:
        """The environment as a band."""
        word = "PRODUCTION " if self.is_production else ""
        label = self.environment.upper() if is_pod(self.environment) else self.environment
        return (Span(f" {word}{label} ", Role.PRODUCTION if self.is_production else Role.STRONG), Span(f" {self.name}"))


def top_line(snapshot: Snapshot, place: Place, look: Look, width: int) -> Line:
    """Return environment, counts, and how current everything is, in `width` cells.

    Args:
        snapshot: What the monitor knows.
        place: Whose jobs these are.
        look: Glyphs and the time.
        width: Cells there are; production and warnings stay longest.
    """
    counts = _counts(snapshot, look)
    warnings = join(_warnings(snapshot, look), "  ")
    whole, brief = (join((warnings, _freshness(snapshot, look, is_brief=is_brief)), "  ") for is_brief in (False, True))
    full = (*place.badge, Span("  "), Span("READ-ONLY", Role.MUTED), Span("   "), *counts)
    short = (*place.badge[:1], Span(" "), *counts)
    named = (*place.badge, Span("  "), *counts)
    for left, right in ((full, whole), (full, brief), (named, whole), (named, brief), (short, brief), (short, warnings)):
        if line_width(left) + line_width(right) + 2 <= width:
            return spread(left, (*right, Span(" ")), width)
    # Whose shop it is and what is wrong come first: the rows below can be counted.
    band = place.badge[:1] if place.is_production else BLANK
    return clip(join((band, warnings, counts), "  "), width)


def _counts(snapshot: Snapshot, look: Look) -> Line:
    counts = snapshot.watchlist.counts
    known = [status for status in (JobStatus.PENDING, JobStatus.WORKING, JobStatus.SUCCESS, JobStatus.FAILED) if counts.get(status)]
    others = sum(number for status, number in counts.items() if status is not None and not status.is_known)
    unseen = counts.get(None, 0)
    parts: list[Line] = [(Span(f"{status_glyph(status, look.glyphs)} {counts[status]:,}", status_role(status)),) for status in known]
    if others:
        parts.append((Span(f"{look.glyphs.unknown} {others:,}", Role.UNKNOWN),))
    if unseen:
        parts.append((Span(f"{unseen:,} without status", Role.MUTED),))
    return join(parts, "  ")


def _warnings(snapshot: Snapshot, look: Look) -> tuple[Line, ...]:
    warning = link_warning(snapshot.link, look.now)
    return (
        ((Span("PAUSED", Role.WARNING),) if snapshot.is_paused else ()),
        ((Span(warning, Role.WARNING),) if warning else ()),
        ((Span(ending, Role.WARNING),) if (ending := _access_ending(snapshot, look.now)) else ()),
        ((Span(f"{behind} s behind", Role.WARNING),) if (behind := _behind_s(snapshot)) else ()),
        ((Span(f"every {snapshot.policy.interval_s:g} s", Role.MUTED),) if snapshot.policy.interval_s else ()),
    )


def link_warning(link: Link, now: datetime) -> str:
    """Return one or two words on a link that is not up, with the time left where it is known; else nothing."""
    left = f" {duration((link.until - now).total_seconds())}" if link.until else ""
    words = {
        LinkState.UP: "",
        LinkState.PAUSED: "PAUSED",
        LinkState.THROTTLED: f"THROTTLED{left}",
        LinkState.OFFLINE: f"OFFLINE{', next try' + left if left else ''}",
        LinkState.REFUSED: "NOT AUTHORISED",
    }
    return words[link.state]


def _access_ending(snapshot: Snapshot, now: datetime) -> str:
    """A token that nobody renews is told of before it strikes; in whole minutes, so that it seldom moves."""
    if snapshot.access_ends_at is None or snapshot.link.state is LinkState.REFUSED:
        return ""
    left_s = (snapshot.access_ends_at - now).total_seconds()
    if left_s > ACCESS_TOLD_BEFORE_S:
        return ""
    return "token ended" if left_s <= 0 else f"token ends in {coarse(left_s)}"


def _behind_s(snapshot: Snapshot) -> int:
    """How much later than they should jobs are asked, because the budget is used up; in steps, so that it does not move all the time."""
    late_s = snapshot.traffic.late_s if snapshot.link.state is LinkState.UP and not snapshot.watchlist.is_settled else 0.0
    return max(1, round(late_s)) if 0 < late_s < 10 else 5 * round(late_s / 5)


def _freshness(snapshot: Snapshot, look: Look, *, is_brief: bool) -> Line:
    """How current the list is. It moves by itself only while jobs run: nothing is sent to a terminal for nothing."""
    watchlist, newest = snapshot.watchlist, snapshot.answered_at
    if not watchlist:
        return ()
    if watchlist.is_settled:
        return (Span("all ended", Role.MUTED),) if newest else ()
    if snapshot.is_paused or snapshot.link.state is not LinkState.UP or newest is None:
        return ()
    if JobStatus.WORKING not in watchlist.counts:
        return (Span("live", Role.MUTED),)
    parts = [f"{max(0, int((look.now - newest).total_seconds()))} s ago"]
    if snapshot.traffic.next_at and not is_brief:
        parts.append(f"next {max(0, round((snapshot.traffic.next_at - look.now).total_seconds()))} s")
    return (Span("  ".join([*parts, f"{snapshot.traffic.requests_per_min} req/min"]), Role.MUTED),)


def key_bar(hints: Sequence[tuple[str, str]], width: int) -> Line:
    """Return the keys that work here and now, as many as fit."""
    spans: list[Span] = []
    used = 0
    for key, word in hints:
        size = len(key) + len(word) + 3
        if used + size - 1 > width:  # the blank behind the last word may be cut
            break
        spans += [Span(f" {key}", Role.KEY), Span(f" {word} ", Role.MUTED)]
        used += size
    return clip(tuple(spans), width)


def access_problem(link: Link, known_before: str | None) -> str | None:
    """Return why the token does not open the door, in one sentence with the remedy; None if nothing is known against it."""
    reason = str(link.error) if link.state is LinkState.REFUSED and link.error else known_before
    return f"{reason}; then press R to try again" if reason else None
