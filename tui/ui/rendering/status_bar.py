"""The top line and the bottom line, with warnings about connection and token. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tui.core.environments import is_pod, is_production
from tui.core.text import coarse, count, duration, one_line
from tui.domain.connection import Connection, ConnectionState
from tui.domain.errors import ApiError, Unauthorised
from tui.domain.job_source import skipped_note
from tui.domain.job_status import JobStatus
from tui.domain.watchlist import Watchlist
from tui.monitor.snapshot import ACCESS_TOLD_BEFORE_S, Snapshot
from tui.ui.rendering.lines import BLANK, Line, Role, Span, clip, join, line_width, spread
from tui.ui.rendering.view_state import ViewOptions, status_glyph, status_role

_NEW_FIXED_TOKEN = (
    "start again with a new KIBO_ACCESS_TOKEN, or use --token-file or --token-command; R tries this one at once"  # noqa: S105  # a remedy
)

"""What to do about a rejected token that this process cannot read again; a gateway may have rejected it for a moment
only.
"""


def link_warning(snapshot: Snapshot, now: datetime) -> str:
    """Return one or two words on a link that is not up, with the time left where it is known; else nothing."""
    match snapshot.link.state:
        case ConnectionState.UP:
            return ""
        case ConnectionState.PAUSED:
            return "PAUSED"
        case ConnectionState.THROTTLED:
            left = _left(snapshot.link.until, now)
            return f"THROTTLED {left}" if left else f"THROTTLED{_next_try(snapshot, now)}"
        case ConnectionState.OFFLINE:
            return f"OFFLINE{_next_try(snapshot, now)}"
        case ConnectionState.UNAUTHORIZED:
            return f"NOT AUTHORISED{_next_try(snapshot, now)}"


def _next_try(snapshot: Snapshot, now: datetime) -> str:
    """When the link is tried again, or that it is now; nothing where nobody asks."""
    if snapshot.is_paused or snapshot.watchlist.is_final:
        return ""
    # The link allows a call from `until`, but it leaves only once a job is due; without a time one is under way.
    left = _left(snapshot.traffic.next_at, now)
    return f", next try {left}" if left else ", trying"


def _left(until: datetime | None, now: datetime) -> str:
    """The time until a moment, never `0:00`; empty for one that is over, or none."""
    left_s = math.ceil((until - now).total_seconds()) if until else 0
    return duration(left_s) if left_s > 0 else ""


def refresh_note(snapshot: Snapshot, jobs: int, now: datetime) -> str:
    """Return what happens when a person wants this many jobs asked for, or what it waits for."""
    if snapshot.is_paused:
        return "paused: p goes on"
    asking = f"asking for {count(jobs, 'job')}"
    left = _left(snapshot.link.until, now) if snapshot.link.state is ConnectionState.THROTTLED else ""
    return f"{asking} in {left}: the server wants silence until then" if left else asking


def access_problem(link: Connection, known_before: str | None, *, is_token_fixed: bool = False) -> str | None:
    """Return why the token does not open the door and what to do about it, most important first; None if nothing is
    known against it.

    Args:
        link: The connection, which has the newest refusal.
        known_before: What was wrong with the token before anything was asked; None for nothing.
        is_token_fixed: Whether no other token can come while this process lives.
    """
    if link.state is ConnectionState.UNAUTHORIZED and link.error:
        return f"{link.error.message}; {_remedy(link.error, is_token_fixed=is_token_fixed)}{_evidence(link.error)}"
    if known_before is None:
        return None
    return f"{known_before}; then {'start again' if is_token_fixed else 'press R to try again'}"


def _remedy(error: ApiError, *, is_token_fixed: bool) -> str:
    return (
        _NEW_FIXED_TOKEN
        if is_token_fixed and error.http_status == 401
        else f"{error.remedy}; then press R to try at once"
    )


def _evidence(error: ApiError) -> str:
    """Who refused it, and what support asks for; behind all that helps, where a low screen cuts it off."""
    who = (f"not authorised by {error.host}",) if isinstance(error, Unauthorised) and error.host else ()
    facts = (*who, *error.facts)
    return f" ({', '.join(facts)})" if facts else ""


def notices(before: Snapshot, after: Snapshot, *, log: str) -> str | None:
    """Return one sentence on what happened behind the scenes; None if nothing did.

    Args:
        before: The facts that were shown.
        after: The facts now.
        log: Where bugs are written down.
    """
    if after.restarts > before.restarts:
        return f"jobdeck met a bug and goes on{f'; details: {log}' if log else ''}"
    if after.token_renewed_at != before.token_renewed_at:
        return "the token was refused and has been renewed"
    if after.skipped and not before.skipped:
        return skipped_note(after.skipped)
    checked = {known.selection: known.checked_reading for known in before.lists}
    for known in after.lists:
        if known.checked_reading > checked.get(known.selection, 0) and not known.is_proven:
            return f"not all jobs {one_line(known.selection.words)} may be known: {known.doubt}"
    return None


@dataclass(frozen=True, slots=True)
class Place:
    """Whose jobs these are."""

    environment: str
    """`sandbox`, `tp1`, … or the host."""
    name: str
    """Profile and tenant; may be empty."""
    is_marked: bool = False
    """Whether the profile says that it is production."""
    is_live: bool | None = None
    """Whether the auth host says that the tenant is live; None if it was not asked."""

    @property
    def is_production(self) -> bool:
        """Whether a mistake here costs money; unless it is known, environments `tp1` to `tp5` hold live shops."""
        if self.is_marked or self.is_live is None:
            return self.is_marked or is_production(self.environment)
        return self.is_live

    @property
    def badge(self) -> Line:
        """The environment as a band."""
        word = "PRODUCTION " if self.is_production else ""
        label = self.environment.upper() if is_pod(self.environment) else self.environment
        return (Span(f" {word}{label} ", Role.PRODUCTION if self.is_production else Role.STRONG), Span(f" {self.name}"))


def top_line(snapshot: Snapshot, place: Place, look: ViewOptions, width: int) -> Line:
    """Return environment, counts, and how current everything is, in `width` cells.

    Args:
        snapshot: What the monitor knows.
        place: Whose jobs these are.
        look: Glyphs and the time.
        width: Cells there are; production and warnings stay longest.
    """
    counts = _counts(snapshot, look)
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
    # Whose shop it is and what is wrong come first: the rows below can be counted.
    band = place.badge[:1] if place.is_production else BLANK
    return clip(join((band, warnings, counts), "  "), width)


def _counts(snapshot: Snapshot, look: ViewOptions) -> Line:
    groups, counts = snapshot.watchlist.groups, _present(snapshot.watchlist)
    known = [
        status
        for status in (JobStatus.PENDING, JobStatus.WORKING, JobStatus.SUCCESS, JobStatus.FAILED)
        if counts.get(status)
    ]
    others = sum(number for status, number in counts.items() if status is not None and not status.is_known)
    parts: list[Line] = [
        (Span(f"{status_glyph(status, look.glyphs)} {counts[status]:,}", status_role(status)),) for status in known
    ]
    if others:
        parts.append((Span(f"{look.glyphs.unknown} {others:,}", Role.UNKNOWN),))
    if unseen := counts.get(None, 0):
        parts.append((Span(f"{unseen:,} without status", Role.MUTED),))
    if gone := sum(number for group, number in groups.items() if group.is_missing and group.status is not None):
        parts.append((Span(f"{gone:,} gone", Role.WARNING),))
    if lost := sum(number for group, number in groups.items() if group.is_missing and group.status is None):
        parts.append((Span(f"{lost:,} not found", Role.MUTED),))
    return join(parts, "  ")


def _present(watchlist: Watchlist) -> Counter[JobStatus | None]:
    """Count jobs by status, but those that the server does not know, or knows no more: nobody can say what these do."""
    counts: Counter[JobStatus | None] = Counter()
    for group, number in watchlist.groups.items():
        if not group.is_missing:
            counts[group.status] += number
    return counts


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
    """How many jobs could not be read again; 0 where nothing is asked, which is told in their place."""
    if snapshot.is_paused or snapshot.link.state is not ConnectionState.UP:
        return 0
    return sum(number for group, number in snapshot.watchlist.groups.items() if group.is_stale)


def _access_ending(snapshot: Snapshot, now: datetime) -> str:
    """A token that nobody renews is told of before it strikes; in whole minutes, so that it seldom moves."""
    if snapshot.access_ends_at is None or snapshot.link.state is ConnectionState.UNAUTHORIZED:
        return ""
    left_s = (snapshot.access_ends_at - now).total_seconds()
    if left_s > ACCESS_TOLD_BEFORE_S:
        return ""
    return "token ended" if left_s <= 0 else f"token ends in {coarse(left_s)}"


def _behind_s(snapshot: Snapshot) -> int:
    """How much later than they should jobs are asked, because the budget is used up; in steps, so that it does not move
    all the time.
    """
    late_s = (
        snapshot.traffic.late_s
        if snapshot.link.state is ConnectionState.UP and not snapshot.watchlist.is_final
        else 0.0
    )
    return max(1, round(late_s)) if 0 < late_s < 10 else 5 * round(late_s / 5)


def _freshness(snapshot: Snapshot, look: ViewOptions) -> tuple[Line, Line, Line]:
    """What is awaited and how current the list is: whole, brief, and in few words."""
    waiting, current = _waiting(snapshot), _currency(snapshot, look)
    whole, brief, least = (join(parts, "  ") for parts in zip(waiting, current, strict=True))
    return whole, brief, least


def _waiting(snapshot: Snapshot) -> tuple[Line, Line, Line]:
    """Return which files have no job yet, their number, and that there is one."""
    awaited = snapshot.awaited
    if not awaited:
        return (BLANK,) * 3
    first = awaited[0]
    kind = "file" if all(known.selection.file is not None for known in awaited) else "list"
    number = f"{count(len(awaited), kind)} without jobs"
    words = one_line(first.selection.words)
    named = number if len(awaited) > 1 else f"no job {words} yet" if first.reading else f"looking for jobs {words}"
    whole, brief, least = ((Span(text, Role.WARNING),) for text in (named, number, "no jobs yet"))
    return whole, brief, least


def _currency(snapshot: Snapshot, look: ViewOptions) -> tuple[Line, Line, Line]:
    """How current the list is. It moves by itself only while jobs run: nothing is sent for nothing."""
    newest, counts = snapshot.answered_at, _present(snapshot.watchlist)
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


def _ended(snapshot: Snapshot, counts: Counter[JobStatus | None]) -> Line:
    if not snapshot.answered_at or not counts or snapshot.awaited:
        return BLANK
    return (Span("all ended" if counts.total() == len(snapshot.watchlist) else "all else ended", Role.MUTED),)


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
