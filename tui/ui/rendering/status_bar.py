"""Render the top line and the bottom line, with warnings about connection and token. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tui.core.durations import coarse_duration
from tui.core.environments import is_pod, is_production
from tui.core.text import count, one_line
from tui.domain.connection import Connection, ConnectionState
from tui.domain.errors import ErrorRecord
from tui.domain.job_status import JobStatus
from tui.domain.snapshot import Snapshot
from tui.presentation.messages import (
    TOKEN_RENEWED,
    doubt_note,
    left_text,
    looking_for,
    skipped_note,
    token_left_s,
)
from tui.ui.rendering.lines import BLANK, Line, Role, Span, clip, join, line_width, spread
from tui.ui.rendering.view_state import ViewOptions, status_glyph, status_role

_NEW_FIXED_TOKEN = (
    "start again with a new KIBO_ACCESS_TOKEN, or use --token-file or --token-command; R retries this one"  # noqa: S105  # a remedy
)
"""Remedy for a rejected token that this process cannot read again. A retry helps if a gateway rejected it briefly."""


def link_warning(snapshot: Snapshot, now: datetime) -> str:
    """Return the state of a connection that is not up, with the remaining time if known; empty if it is up."""
    match snapshot.link.state:
        case ConnectionState.UP:
            return ""
        case ConnectionState.PAUSED:
            return "PAUSED"
        case ConnectionState.THROTTLED:
            left = left_text(snapshot.link.until, now)
            return f"THROTTLED {left}" if left else f"THROTTLED{_next_try(snapshot, now)}"
        case ConnectionState.OFFLINE:
            return f"OFFLINE{_next_try(snapshot, now)}"
        case ConnectionState.UNAUTHORIZED:
            return f"NOT AUTHORISED{_next_try(snapshot, now)}"


def _next_try(snapshot: Snapshot, now: datetime) -> str:
    """Return the time of the next try, or that it is running; empty if polling has stopped."""
    if snapshot.is_paused or snapshot.watchlist.is_final:
        return ""
    # The connection allows a request from `until` on, but a job must be due. Without a time a request is in flight.
    left = left_text(snapshot.traffic.next_at, now)
    return f", next try {left}" if left else ", trying"


def refresh_note(snapshot: Snapshot, jobs: int, now: datetime) -> str:
    """Return the message for a refresh of this many jobs, with the delay if there is one."""
    if snapshot.is_paused:
        return "paused: p resumes polling"
    requesting = f"requesting {count(jobs, 'job')}"
    left = left_text(snapshot.link.until, now) if snapshot.link.state is ConnectionState.THROTTLED else ""
    return f"{requesting} in {left}, when the rate limit is over" if left else requesting


def access_problem(link: Connection, known_before: str | None, *, is_token_fixed: bool = False) -> str | None:
    """Return why the token is rejected and the remedy, most important first; None if no problem is known.

    Args:
        link: The connection with the newest rejection.
        known_before: Problem of the token, known before the first request; None without one.
        is_token_fixed: Whether the token cannot change while this process runs.
    """
    if link.state is ConnectionState.UNAUTHORIZED and link.error:
        return f"{link.error.message}; {_remedy(link.error, is_token_fixed=is_token_fixed)}{_evidence(link.error)}"
    if known_before is None:
        return None
    return f"{known_before}; then {'start again' if is_token_fixed else 'press R to try again'}"


def _remedy(error: ErrorRecord, *, is_token_fixed: bool) -> str:
    return (
        _NEW_FIXED_TOKEN
        if is_token_fixed and error.http_status == 401
        else f"{error.remedy}; then press R to try at once"
    )


def _evidence(error: ErrorRecord) -> str:
    """Return the host that rejected the token, and facts for support. Last, because a low screen cuts it off."""
    who = (f"not authorised by {error.host}",) if error.host else ()
    facts = (*who, *error.facts)
    return f" ({', '.join(facts)})" if facts else ""


def notices(before: Snapshot, after: Snapshot, *, log: str) -> str | None:
    """Return one sentence on a change between two snapshots; None without a notable change.

    Args:
        before: The snapshot on screen.
        after: The new snapshot.
        log: Path of the crash log.
    """
    if after.restarts > before.restarts:
        return f"jobdeck met a bug and continues{f'; details: {log}' if log else ''}"
    if after.token_renewed_at != before.token_renewed_at:
        return TOKEN_RENEWED
    if after.skipped and not before.skipped:
        return skipped_note(after.skipped)
    checked = {known.selection: known.checked_reading for known in before.lists}
    for known in after.lists:
        if known.checked_reading > checked.get(known.selection, 0) and not known.is_proven:
            return doubt_note(known)
    return None


@dataclass(frozen=True, slots=True)
class Place:
    """The environment and tenant of the jobs."""

    environment: str
    """`sandbox`, `tp1`, … or the host."""
    name: str
    """Profile and tenant; may be empty."""
    is_marked: bool = False
    """Whether the profile sets production."""
    is_live: bool | None = None
    """Whether the auth host reports a live tenant; None without a request to it."""

    @property
    def is_production(self) -> bool:
        """Whether these are jobs of live shops; if unknown, `tp1` to `tp5` count as production."""
        if self.is_marked or self.is_live is None:
            return self.is_marked or is_production(self.environment)
        return self.is_live

    @property
    def badge(self) -> Line:
        """The environment and the name as spans."""
        word = "PRODUCTION " if self.is_production else ""
        label = self.environment.upper() if is_pod(self.environment) else self.environment
        return (Span(f" {word}{label} ", Role.PRODUCTION if self.is_production else Role.STRONG), Span(f" {self.name}"))


def top_line(snapshot: Snapshot, place: Place, look: ViewOptions, width: int, *, late: int = 0) -> Line:
    """Return environment, counts, warnings and freshness in `width` cells.

    Args:
        snapshot: The state of the monitor.
        place: The environment and tenant.
        look: Glyphs and the time.
        width: Cells of the line; production and warnings are dropped last.
        late: Number of late jobs.
    """
    counts = _counts(snapshot, look, late)
    warnings = join(_warnings(snapshot, look), "  ")
    whole, brief, least = (join((warnings, freshness), "  ") for freshness in _freshness(snapshot, look))
    full = (*place.badge, Span("  "), Span("READ-ONLY", Role.MUTED), Span("   "), *counts)
    short = (*place.badge[:1], Span(" "), *counts)
    named = (*place.badge, Span("  "), *counts)
    offers = (
        (full, whole),
        (full, brief),
        (named, whole),
        (named, brief),
        (short, brief),
        (short, least),
        (short, warnings),
    )
    for left, right in offers:
        if line_width(left) + line_width(right) + 2 <= width:
            return spread(left, (*right, Span(" ")), width)
    # Production and warnings first: a user can count the rows below.
    band = place.badge[:1] if place.is_production else BLANK
    return clip(join((band, warnings, counts), "  "), width)


def _counts(snapshot: Snapshot, look: ViewOptions, late: int) -> Line:
    groups, counts = snapshot.watchlist.groups, snapshot.watchlist.counts
    known = [
        status
        for status in (JobStatus.FAILED, JobStatus.WORKING, JobStatus.PENDING, JobStatus.SUCCESS)
        if counts.get(status)
    ]
    others = sum(number for status, number in counts.items() if status is not None and not status.is_known)
    parts: list[Line] = [
        (Span(f"{status_glyph(status, look.glyphs)} {counts[status]:,}", status_role(status)),) for status in known
    ]
    if late:
        place = 1 if counts.get(JobStatus.FAILED) else 0
        parts.insert(place, (Span(f"{look.glyphs.late} {late:,} late", Role.WARNING),))
    if others:
        parts.append((Span(f"{look.glyphs.unknown} {others:,}", Role.UNKNOWN),))
    if unseen := counts.get(None, 0):
        parts.append((Span(f"{unseen:,} without status", Role.MUTED),))
    if gone := sum(number for group, number in groups.items() if group.is_missing and group.status is not None):
        parts.append((Span(f"{gone:,} gone", Role.WARNING),))
    if lost := sum(number for group, number in groups.items() if group.is_missing and group.status is None):
        parts.append((Span(f"{lost:,} not found", Role.MUTED),))
    return join(parts, "  ")


def _warnings(snapshot: Snapshot, look: ViewOptions) -> tuple[Line, ...]:
    warning, stale = link_warning(snapshot, look.now), _stale(snapshot)
    return (
        ((Span("PAUSED", Role.WARNING),) if snapshot.is_paused else ()),
        ((Span(warning, Role.WARNING),) if warning else ()),
        ((Span(ending, Role.WARNING),) if (ending := _access_ending(snapshot, look.now)) else ()),
        ((Span(f"{stale:,} stale", Role.WARNING),) if stale else ()),
        ((Span(f"{behind} s behind", Role.WARNING),) if (behind := _behind_s(snapshot)) else ()),
        ((Span(f"every {snapshot.policy.interval_s:g} s", Role.MUTED),) if snapshot.policy.interval_s else ()),
    )


def _stale(snapshot: Snapshot) -> int:
    """Return the number of stale jobs; 0 if polling is paused or the connection is down, which has its own warning."""
    if snapshot.is_paused or snapshot.link.state is not ConnectionState.UP:
        return 0
    return sum(number for group, number in snapshot.watchlist.groups.items() if group.is_stale)


def _access_ending(snapshot: Snapshot, now: datetime) -> str:
    """Return a warning before a token expires that jobdeck cannot renew; in minutes, so that it seldom changes."""
    left_s = token_left_s(snapshot, now)
    if left_s is None or snapshot.link.state is ConnectionState.UNAUTHORIZED:
        return ""
    return "token ended" if left_s <= 0 else f"token ends in {coarse_duration(left_s)}"


def _behind_s(snapshot: Snapshot) -> int:
    """Return the delay of requests by the rate limit in seconds, in steps, so that it seldom changes."""
    late_s = (
        snapshot.traffic.late_s
        if snapshot.link.state is ConnectionState.UP and not snapshot.watchlist.is_final
        else 0.0
    )
    return max(1, round(late_s)) if 0 < late_s < 10 else 5 * round(late_s / 5)


def _freshness(snapshot: Snapshot, look: ViewOptions) -> tuple[Line, Line, Line]:
    """Return pending files and the freshness of the list in three lengths, longest first."""
    waiting, current = _waiting(snapshot), _currency(snapshot, look)
    whole, brief, least = (join(parts, "  ") for parts in zip(waiting, current, strict=True))
    return whole, brief, least


def _waiting(snapshot: Snapshot) -> tuple[Line, Line, Line]:
    """Return the files without jobs in three lengths, longest first."""
    awaited = snapshot.awaited
    if not awaited:
        return (BLANK,) * 3
    first = awaited[0]
    kind = "file" if all(known.selection.file is not None for known in awaited) else "list"
    number = f"{count(len(awaited), kind)} without jobs"
    words = one_line(first.selection.words)
    named = number if len(awaited) > 1 else f"no job {words} yet" if first.reading else looking_for(words)
    whole, brief, least = ((Span(text, Role.WARNING),) for text in (named, number, "no jobs yet"))
    return whole, brief, least


def _currency(snapshot: Snapshot, look: ViewOptions) -> tuple[Line, Line, Line]:
    """Return the freshness in three lengths. It changes with time only while jobs run, to send no needless bytes."""
    newest, counts = snapshot.answered_at, snapshot.watchlist.counts
    if newest is None or snapshot.watchlist.is_final:
        return (_ended(snapshot, counts),) * 3
    if snapshot.is_paused or snapshot.link.state is not ConnectionState.UP:
        return (BLANK,) * 3
    if JobStatus.WORKING not in counts:
        is_doubtful = snapshot.link.failures or _stale(snapshot)
        return (BLANK if is_doubtful else (Span("live", Role.MUTED),),) * 3
    age = f"{max(0, int((look.now - newest).total_seconds()))} s ago"
    rate = f"{snapshot.traffic.requests_per_min} req/min"
    upcoming = snapshot.traffic.next_at
    coming = (f"next {max(0, round((upcoming - look.now).total_seconds()))} s",) if upcoming else ()
    whole, brief, least = (
        (Span("  ".join(parts), Role.MUTED),) for parts in ((age, *coming, rate), (age, rate), (age,))
    )
    return whole, brief, least


def _ended(snapshot: Snapshot, counts: Mapping[JobStatus | None, int]) -> Line:
    if not snapshot.answered_at or not counts or snapshot.awaited:
        return BLANK
    if any(known.checked_reading and not known.is_proven for known in snapshot.lists):
        return (Span("all known ended, there may be more", Role.WARNING),)
    return (Span("all ended" if sum(counts.values()) == len(snapshot.watchlist) else "all else ended", Role.MUTED),)


def key_bar(hints: Sequence[tuple[str, str]], width: int) -> Line:
    """Return the keys of the current pane, as many as fit."""
    spans: list[Span] = []
    used = 0
    for key, word in hints:
        size = len(key) + len(word) + 3
        if used + size - 1 > width:  # the blank after the last word may be cut
            break
        spans += [Span(f" {key}", Role.KEY), Span(f" {word} ", Role.MUTED)]
        used += size
    return clip(tuple(spans), width)
