"""Builds the context of the app.

Imported only if there is a terminal, because it imports the monitor and the screens.
"""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from tui.api.auth.token_source import TokenSource
from tui.cli.build import DEMO_JOBS, Target, opened_api
from tui.cli.crash_report import crash_log, written_down
from tui.cli.output import is_utf8
from tui.cli.saved_session import SavedSession
from tui.cli.view_texts import job_address, rendered, write_new
from tui.core.clock import Clock, SystemClock
from tui.core.terminal import has_mouse
from tui.core.text import one_line
from tui.domain.errors import Unauthorised
from tui.domain.poll_policy import PollPolicy
from tui.domain.selection import Selection
from tui.history.recorder import HistoryRecorder
from tui.history.views import USUAL, RememberedView
from tui.monitor.monitor import Monitor
from tui.settings.resolve import Settings
from tui.ui.app_context import AppContext
from tui.ui.monitor_client import MonitorThread
from tui.ui.rendering.status_bar import Place
from tui.ui.rendering.view_state import ASCII_GLYPHS, Glyphs

if TYPE_CHECKING:  # httpx takes 100 ms to import; the first screen does not need it
    from tui.api.tenant_host import TenantHost


def session_of(
    target: Target,
    job_ids: tuple[int, ...],
    memory: SavedSession,
    *,
    selections: tuple[Selection, ...] = (),
    removed: tuple[int, ...] = (),
    view: RememberedView = USUAL,
    command: tuple[str, ...] = ("jobdeck",),
) -> AppContext:
    """Return the context for these jobs and selections; the demo's own jobs if none are named.

    Args:
        target: The API.
        job_ids: The jobs.
        memory: Saves the watched jobs.
        selections: Files, locations and times.
        removed: Jobs of the selections that an earlier session removed; they stay unwatched.
        view: How the last session showed its jobs.
        command: The program with the options that lead to the same API.

    Raises:
        ConfigError: The token cannot be used.
    """
    clock, settings = SystemClock(), target.settings
    tokens = target.tokens(clock)
    found: list[Place] = []
    notes: deque[str] = deque()
    recorder = target.recorder(clock)
    opened = _opener(
        target,
        tokens,
        clock,
        memory,
        recorder,
        notify=notes.append,
        on_host=lambda host: found.append(_badge(settings, host)),
    )
    return AppContext(
        monitor=MonitorThread(opened, clock=clock, on_snapshot=memory.take, on_bug=written_down),
        place=_badge(settings),
        found_place=lambda: found[-1] if found else None,
        clock=clock,
        job_ids=job_ids or (DEMO_JOBS if settings.is_demo and not selections else ()),
        selections=selections,
        removed=removed,
        view=view,
        policy=PollPolicy(settings.interval_s),
        glyphs=ASCII_GLYPHS if settings.is_ascii or not is_utf8() else Glyphs(),
        crash_log=one_line(str(crash_log().path)),
        write_down=lambda text: crash_log().write(text, at=clock.now()),
        has_mouse=settings.has_mouse and has_mouse(os.environ),
        has_recent_jobs=True,
        notice=lambda: (
            memory.notice()
            or (recorder.notice() if memory.is_list_kept else None)  # one note for one disk
            or (notes.popleft().removeprefix("note: ") if notes else None)
        ),
        is_list_kept=lambda: memory.is_list_kept,
        access_problem=_access_problem(tokens),
        is_token_fixed=tokens.facts.is_fixed,
        render=rendered,
        write_new=write_new,
        address_of=partial(job_address, settings.api_base),
        command=command,
    )


def _opener(
    target: Target,
    tokens: TokenSource,
    clock: Clock,
    memory: SavedSession,
    recorder: HistoryRecorder,
    *,
    notify: Callable[[str], object],
    on_host: Callable[[TenantHost], object],
) -> Callable[[], AbstractAsyncContextManager[Monitor]]:
    """Return a function that creates the monitor in the loop of its own thread."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Monitor]:
        gc.freeze()  # the first screen is drawn now; its objects stay alive
        gc.enable()
        with memory.noticing():
            async with opened_api(target, tokens, clock, notify=notify, on_host=on_host) as api:
                monitor = Monitor(api.client, clock, policy=PollPolicy(target.settings.interval_s), gate=api.gate)
                monitor.subscribe(recorder.take)
                try:
                    yield monitor
                finally:
                    recorder.close()

    return opened


def _access_problem(tokens: TokenSource) -> str | None:
    try:
        tokens.check()
    except Unauthorised as error:
        return str(error)
    return None


def _badge(settings: Settings, host: TenantHost | None = None) -> Place:
    """Return the tenant badge.

    Args:
        settings: The resolved settings; `production` in a profile wins over the host.
        host: The API host that the auth host returned; None if it was not requested, or not yet.
    """
    environment = host.environment if host else settings.environment
    is_live = None
    if host is not None:
        is_live = settings.is_production if "production" in settings.raw else host.is_production
    return Place(environment, _name(settings, environment), is_marked=settings.is_production, is_live=is_live)


def _name(settings: Settings, environment: str) -> str:
    """Return profile and tenant, without the name of the environment."""
    if settings.is_demo:
        return "simulator"
    names = (settings.profile, f"t{settings.tenant}" if settings.tenant else None)
    return " ".join(name for name in names if name and name != environment)
