"""What is worth a word of its own between two snapshots. Pure."""

from __future__ import annotations

from tui.monitor.snapshot import Snapshot


def news(before: Snapshot, after: Snapshot, *, log: str) -> str | None:
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
    return None
