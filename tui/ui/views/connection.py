"""What is to be said of the connection and of the token: warnings, what a key waits for, remedies. Pure."""

from __future__ import annotations

import math
from datetime import datetime

from tui.core.text import count, duration
from tui.domain.connection import Link, LinkState
from tui.domain.errors import ApiError, Unauthorised
from tui.monitor.snapshot import Snapshot

_NEW_FIXED_TOKEN = "start again with a new KIBO_ACCESS_TOKEN, or use --token-file or --token-command; R tries this one at once"  # noqa: S105  # a remedy
"""What to do about a rejected token that this process cannot read again; a gateway may have rejected it for a moment only."""


def link_warning(snapshot: Snapshot, now: datetime) -> str:
    """Return one or two words on a link that is not up, with the time left where it is known; else nothing."""
    match snapshot.link.state:
        case LinkState.UP:
            return ""
        case LinkState.PAUSED:
            return "PAUSED"
        case LinkState.THROTTLED:
            left = _left(snapshot.link.until, now)
            return f"THROTTLED {left}" if left else f"THROTTLED{_next_try(snapshot, now)}"
        case LinkState.OFFLINE:
            return f"OFFLINE{_next_try(snapshot, now)}"
        case LinkState.REFUSED:
            return f"NOT AUTHORISED{_next_try(snapshot, now)}"


def _next_try(snapshot: Snapshot, now: datetime) -> str:
    """When the link is tried again, or that it is now; nothing where nobody asks."""
    if snapshot.is_paused or snapshot.watchlist.is_settled:
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
    left = _left(snapshot.link.until, now) if snapshot.link.state is LinkState.THROTTLED else ""
    return f"{asking} in {left}: the server wants silence until then" if left else asking


def access_problem(link: Link, known_before: str | None, *, is_token_fixed: bool = False) -> str | None:
    """Return why the token does not open the door and what to do about it, most important first; None if nothing is known against it.

    Args:
        link: The connection, which has the newest refusal.
        known_before: What was wrong with the token before anything was asked; None for nothing.
        is_token_fixed: Whether no other token can come while this process lives.
    """
    if link.state is LinkState.REFUSED and link.error:
        return f"{link.error.message}; {_remedy(link.error, is_token_fixed=is_token_fixed)}{_evidence(link.error)}"
    if known_before is None:
        return None
    return f"{known_before}; then {'start again' if is_token_fixed else 'press R to try again'}"


def _remedy(error: ApiError, *, is_token_fixed: bool) -> str:
    return _NEW_FIXED_TOKEN if is_token_fixed and error.http_status == 401 else f"{error.remedy}; then press R to try at once"


def _evidence(error: ApiError) -> str:
    """Who refused it, and what support asks for; behind all that helps, where a low screen cuts it off."""
    who = (f"not authorised by {error.host}",) if isinstance(error, Unauthorised) and error.host else ()
    facts = (*who, *error.facts)
    return f" ({', '.join(facts)})" if facts else ""
