"""What is worth a word of its own between two snapshots. Pure."""

from __future__ import annotations

from tui.core.text import one_line
from tui.domain.job_source import skipped_note
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
    if after.skipped and not before.skipped:
        return skipped_note(after.skipped)
    checked = {known.selection: known.checked_reading for known in before.lists}
    for known in after.lists:
        if known.checked_reading > checked.get(known.selection, 0) and not known.is_proven:
            return f"not all jobs {one_line(known.selection.words)} may be known: {known.doubt}"
    return None
