"""Serve an app on a real loopback socket. The only module that imports uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Self

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

HOST = "127.0.0.1"

START_TIMEOUT_S = 5.0
"""Timeout in seconds until the server accepts connections; it usually takes a few ms."""


class SimulatorServer:
    """Serves an app on 127.0.0.1, in the running loop (`async with`) or in its own thread; restartable.

    Args:
        app: The app, from `create_app`.
        port: Port to listen on; 0 selects a free one and keeps it for restarts.
    """

    def __init__(self, app: ASGIApp, *, port: int = 0) -> None:
        self._app = app
        self._port = port
        self._uvicorn: _QuietUvicorn | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Scheme, host and port, without a path; the port is known after the start."""
        return f"http://{HOST}:{self._port}"

    async def __aenter__(self) -> Self:
        """Serve in the running loop. Raises OSError if the port is in use."""
        ready = asyncio.Event()
        serving, listener = self._prepare(ready.set)
        self._task = asyncio.create_task(serving.serve(sockets=[listener]), name="simulator")
        await asyncio.wait_for(ready.wait(), START_TIMEOUT_S)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._uvicorn is not None and self._task is not None:
            self._uvicorn.should_exit = True
            await self._task
        self._uvicorn = self._task = None

    def start_in_thread(self) -> Self:
        """Serve in a daemon thread; return when it accepts connections. Raises OSError if the port is in use."""
        ready = threading.Event()
        serving, listener = self._prepare(ready.set)
        self._thread = threading.Thread(
            target=lambda: asyncio.run(serving.serve(sockets=[listener])), name="simulator", daemon=True
        )
        self._thread.start()
        if not ready.wait(START_TIMEOUT_S):
            raise RuntimeError(f"the simulator did not accept connections within {START_TIMEOUT_S:g} s")
        return self

    def stop(self) -> None:
        """Stop the thread and close open connections; takes up to 0.3 s. Without a running thread it does nothing."""
        if self._uvicorn is not None and self._thread is not None:
            self._uvicorn.should_exit = True
            self._thread.join(START_TIMEOUT_S)
        self._uvicorn = self._thread = None

    def _prepare(self, on_ready: Callable[[], None]) -> tuple[_QuietUvicorn, socket.socket]:
        if self._uvicorn is not None:
            raise RuntimeError(f"the simulator already serves {self.url}")
        listener = _listener(self._port)
        self._port = listener.getsockname()[1]
        self._uvicorn = _QuietUvicorn(self._app, on_ready)
        return self._uvicorn, listener


class _QuietUvicorn(uvicorn.Server):
    """A uvicorn server that handles no signals, prints nothing and does not wait for open connections."""

    def __init__(self, app: ASGIApp, on_ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
            )
        )
        self._on_ready = on_ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close open connections first: a persistent connection would delay the shutdown."""
        self.force_exit = True
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in list(self.server_state.tasks):
            task.cancel()
        await super().shutdown(sockets)


def _listener(port: int) -> socket.socket:
    """Return a bound socket: uvicorn itself would exit the process if the port is in use.

    The protocol is explicit, because asyncio disables Nagle's delay (40 ms per response) only for such sockets.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    return listener
