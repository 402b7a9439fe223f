"""Builds the settings, the client and the demo's simulator for the front ends."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from tui.cli.options import Chosen
from tui.cli.output import warn
from tui.cli.settings_file import chosen_profile
from tui.cli.user_folders import state_folder
from tui.settings.resolve import Settings, resolve_raw
from tui.settings.schema import from_options_and_env

if TYPE_CHECKING:  # httpx and pydantic take 150 ms to import; --help and the first screen do not need them
    from pathlib import Path

    from tui.api.auth.token_source import TokenSource
    from tui.api.client import JobClient
    from tui.api.failures import OnStep
    from tui.api.tenant_host import TenantHost
    from tui.api.transport import Transport
    from tui.core.clock import Clock
    from tui.history.recorder import HistoryRecorder
    from tui.monitor.request_gate import RequestGate


DEMO_JOBS = tuple(range(884204, 884242))
"""The jobs of the demo; the simulator adds more while it runs."""


@dataclass(frozen=True, slots=True)
class Target:
    """The API to poll, and whether it must be started first."""

    settings: Settings
    is_embedded: bool = False
    """Whether to start the simulator in this process: with `--demo`, until it runs."""

    @classmethod
    def of(cls, chosen: Chosen, *, notify: Callable[[str], object] = warn) -> Target:
        """Return the target that options, environment and profile define.

        Args:
            chosen: The options.
            notify: Receives notes for the user about how the settings were combined.

        Raises:
            ConfigError: A setting is invalid or missing.
        """
        overrides = from_options_and_env(chosen.values, os.environ)
        settings = resolve_raw(overrides, os.environ, chosen_profile(overrides))
        for note in filter(None, (settings.note, *settings.remarks)):
            notify(f"note: {note}")
        return cls(settings, is_embedded=settings.is_demo)

    def tokens(self, clock: Clock) -> TokenSource:
        """Return the token source; reads nothing yet."""
        from tui.cli.token_source import token_source  # noqa: PLC0415  # heavy: pydantic

        return token_source(self.settings, os.environ, clock=clock, transport_to=self._transport_to)

    def recorder(self, clock: Clock) -> HistoryRecorder:
        """Return the recorder of the history; it opens its file with the first response."""
        from tui.history.recorder import HistoryRecorder  # noqa: PLC0415  # --help does not need it

        settings = self.settings
        return HistoryRecorder(
            None if settings.is_demo or not settings.history_days else self.history_path,
            clock.now,
            keep_days=settings.history_days,
            keeps_messages=settings.keeps_messages,
        )

    def history_path(self) -> Path:
        """The file of the history of this API."""
        from tui.history.store import store_path  # noqa: PLC0415  # --help does not need it

        return store_path(state_folder(), self.settings.api_base)

    def _transport_to(self, base: str) -> Transport:
        """Return the transport to the auth host."""
        from tui.api.transport import transport_to  # noqa: PLC0415  # heavy: httpx

        return transport_to(base, self.settings)


@dataclass(frozen=True, slots=True)
class OpenedApi:
    """The client of an API, and the only gate of the process: each request of the client goes through it."""

    client: JobClient
    gate: RequestGate


@asynccontextmanager
async def opened_api(
    target: Target,
    tokens: TokenSource,
    clock: Clock,
    *,
    notify: Callable[[str], object] = warn,
    on_host: Callable[[TenantHost], object] = lambda _: None,
    on_step: OnStep | None = None,
) -> AsyncIterator[OpenedApi]:
    """Open the log, the simulator if it is embedded, and the client of `target` with its gate, in the running loop.

    Args:
        target: The API.
        tokens: The token source.
        clock: The clock.
        notify: Receives notes for the user, such as that the log cannot be written any more.
        on_host: As in `JobClient`.
        on_step: As in `JobClient`.
    """
    from tui.api.client import JobClient  # noqa: PLC0415  # heavy: httpx
    from tui.cli.rate_limit import gate_for  # noqa: PLC0415  # heavy: the monitor
    from tui.history.logs import logging_to  # noqa: PLC0415  # most runs keep none

    with logging_to(target.settings.log_file, origin=target.settings.origin("log_file"), report=notify):
        async with served(target, clock) as settings:
            gate = gate_for(settings)
            admit = partial(gate.another, clock)
            client = JobClient(
                settings, tokens, clock=clock, admit=admit, notify=notify, on_host=on_host, on_step=on_step
            )
            try:
                yield OpenedApi(client, gate)
            finally:
                await client.aclose()
                await tokens.aclose()


@asynccontextmanager
async def served(target: Target, clock: Clock) -> AsyncIterator[Settings]:
    """Yield the settings with the address of the running API."""
    if not target.is_embedded:
        yield target.settings
        return
    from tui.simulator.app import create_app  # noqa: PLC0415  # heavy: uvicorn
    from tui.simulator.demo import demo  # noqa: PLC0415  # heavy: uvicorn
    from tui.simulator.queue import JobQueue  # noqa: PLC0415  # heavy: uvicorn
    from tui.simulator.server import SimulatorServer  # noqa: PLC0415  # heavy: uvicorn

    async with SimulatorServer(create_app(JobQueue(demo(), clock))) as server:
        yield replace(target.settings, api_base=f"{server.url}/api")
