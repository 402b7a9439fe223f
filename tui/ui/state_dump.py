"""The state of the app in lines for a bug report: names of code and numbers, no server text."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING

from tui import __version__
from tui.ui.rendering.view_state import ViewState

if TYPE_CHECKING:
    from textual.app import App


def app_lines(app: App[None]) -> Iterator[str]:
    """Yield the version, the screens, the message queue, and the stack of each thread."""
    python = ".".join(map(str, sys.version_info[:3]))
    yield f"jobdeck {__version__}, Python {python}, {app.size.width}x{app.size.height} cells"
    screens = ", ".join(type(screen).__name__ for screen in app.screen_stack)
    yield f"screens: {screens}; focus: {type(app.focused).__name__}"
    yield f"messages waiting: {app.message_queue_size}"
    frames = sys._current_frames()  # noqa: SLF001  # there is no public name
    for thread in threading.enumerate():
        yield f"thread {thread.name}"
        yield from _stack(frames.get(thread.ident or 0))


def _stack(frame: FrameType | None) -> Iterator[str]:
    for entry in traceback.format_stack(frame) if frame else ():
        yield from entry.rstrip().splitlines()


def scene_lines(scene: ViewState) -> Iterator[str]:
    """Yield the state of the jobs, the connection and the requests."""
    snapshot, link = scene.snapshot, scene.snapshot.link
    counts = ", ".join(f"{number} {status}" for status, number in scene.watchlist.counts.items())
    yield f"jobs: {len(scene.watchlist)}{f' ({counts})' if counts else ''}; lists: {len(snapshot.lists)}"
    failed = f", {link.error.kind}" if link.error else ""
    failures = f"{link.failures} failures in a row, until {link.until}"
    yield f"connection: {link.state.value}{failed}, {failures}; paused: {snapshot.is_paused}"
    traffic = snapshot.traffic
    yield f"requests a minute: {traffic.requests_per_min}; next at {traffic.next_at}; late by {traffic.late_s:.1f} s"
    yield f"last response at {snapshot.answered_at}; monitor restarted {snapshot.restarts} times"
