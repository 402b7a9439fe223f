"""The messages of a job and its raw JSON as lines, wrapped or cut, with what is searched for marked. Pure."""

from __future__ import annotations

import json

from tui.monitor.tracked import TrackedJob
from tui.ui.views.lines import Line, Role, Span, marked, wrap


def messages(tracked: TrackedJob, width: int, *, is_wrapped: bool, needle: str = "") -> tuple[Line, ...]:
    """Return all messages, numbered, the number only on a message's first line.

    Args:
        tracked: The job.
        width: Cells a line may take; without wrapping lines are as long as their text.
        is_wrapped: Whether long messages go on in the next line.
        needle: What is searched for, any case; empty for nothing.
    """
    job = tracked.job
    if job is None or not job.messages:
        return ((Span("no messages" if job else "no answer yet", Role.MUTED),),)
    gutter = len(str(len(job.messages))) + 1
    lines: list[Line] = []
    for number, text in enumerate(job.messages, 1):
        parts = wrap(text, max(8, width - gutter)) if is_wrapped else text.split("\n")
        lines += (
            (Span(f"{number if place == 0 else '':>{gutter - 1}} ", Role.MUTED), *marked(part, needle, Role.TEXT))
            for place, part in enumerate(parts)
        )
    return tuple(lines)


def raw(tracked: TrackedJob, width: int, *, is_wrapped: bool, needle: str = "") -> tuple[Line, ...]:
    """Return the job as the server sent it, as indented JSON; arguments as for `messages`."""
    if tracked.job is None:
        return ((Span("no answer yet", Role.MUTED),),)
    text = json.dumps(tracked.job.sent, indent=2, ensure_ascii=False)
    whole = text.split("\n")
    parts = [part for line in whole for part in wrap(line, max(8, width))] if is_wrapped else whole
    return tuple(marked(part, needle, Role.TEXT) for part in parts)


def found_in(lines: tuple[Line, ...]) -> tuple[int, ...]:
    """Return the numbers of the lines in which something is marked, from 0."""
    return tuple(place for place, line in enumerate(lines) if any(span.role is Role.MATCH for span in line))
