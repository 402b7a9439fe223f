"""The simulated API as an app, and on a real loopback socket. The only module that knows uvicorn; it decides nothing about jobs."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import socket
import threading
from email.utils import format_datetime
from typing import TYPE_CHECKING, Self

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from tui.simulator.faults import FaultPlan, Recorded
from tui.simulator.routes import QueueRoutes, platform_error
from tui.simulator.tokens import DEMO_TOKENS, TokenDesk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tui.clock import Clock
    from tui.simulator.queue import JobQueue

HOST = "127.0.0.1"

START_TIMEOUT_S = 5.0
"""Longest wait for the server to accept connections; it takes a few ms."""


def create_app(
    queue: JobQueue, *, faults: FaultPlan | None = None, tokens: Collection[str] = DEMO_TOKENS, desk: TokenDesk | None = None
) -> Starlette:
    """Return the simulated API below `/api`, told on the queue's clock.

    Args:
        queue: The jobs.
        faults: What goes wrong; None means nothing does.
        tokens: Bearer tokens that are good while they are in this collection, besides those the token call gives out.
        desk: Who gives out tokens and checks them; None means one that takes `tokens`.
    """
    desk = TokenDesk(queue.clock, tokens) if desk is None else desk
    plan = FaultPlan(queue.clock) if faults is None else faults
    return Starlette(
        routes=QueueRoutes(queue, desk).routes(),
        middleware=[Middleware(_Gate, clock=queue.clock, faults=plan)],
        exception_handlers={HTTPException: platform_error},
    )


class _Gate:
    """Stands before all routes: records each request, lets it meet its fault, stamps each answer."""

    def __init__(self, app: ASGIApp, *, clock: Clock, faults: FaultPlan) -> None:
        self._app = app
        self._clock = clock
        self._faults = faults
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        correlation_id = hashlib.blake2b(str(next(self._numbers)).encode(), digest_size=16).hexdigest()
        scope["state"] = {**scope.get("state", {}), "correlation_id": correlation_id}
        fault = self._faults.meet(_recorded(Request(scope), self._faults.now_s))
        await self._clock.sleep(self._faults.delay_s)
        answer = self._app if fault is None else Response(fault.body, fault.status, fault.headers)
        await answer(scope, receive, self._stamping(send, correlation_id))

    def _stamping(self, send: Send, correlation_id: str) -> Send:
        async def stamped_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("x-vol-correlation", correlation_id)
                headers.setdefault("date", format_datetime(self._clock.now(), usegmt=True))
            await send(message)

        return stamped_send


def _recorded(request: Request, at_s: float) -> Recorded:
    query = tuple(request.query_params.multi_items())
    return Recorded(request.method, request.url.path, query, dict(request.headers), at_s)


class SimulatorServer:
    """Serves an app on 127.0.0.1, in the running loop (`async with`) or in a thread of its own; it may be started again.

    Args:
        app: What `create_app` returned.
        port: Port to listen on; 0 takes a free one and keeps it for later starts.
    """

    def __init__(self, app: ASGIApp, *, port: int = 0) -> None:
        self._app = app
        self._port = port
        self._uvicorn: _QuietUvicorn | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Scheme, host and port, without a path; the port is known once started."""
        return f"http://{HOST}:{self._port}"

    async def __aenter__(self) -> Self:
        """Serve in the running loop. Raises OSError when the port is taken."""
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
        """Serve in a daemon thread with a loop of its own, and return once it accepts. Raises OSError when the port is taken."""
        ready = threading.Event()
        serving, listener = self._prepare(ready.set)
        self._thread = threading.Thread(target=lambda: asyncio.run(serving.serve(sockets=[listener])), name="simulator", daemon=True)
        self._thread.start()
        if not ready.wait(START_TIMEOUT_S):
            raise RuntimeError(f"the simulator did not accept connections within {START_TIMEOUT_S:g} s")
        return self

    def stop(self) -> None:
        """End the thread, cutting open connections; takes up to 0.3 s. Does nothing when no thread serves."""
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
    """A uvicorn that leaves signals, streams and open connections' wishes alone."""

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
        """Cut open connections first: a client that keeps one alive would hold up the end."""
        self.force_exit = True
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in list(self.server_state.tasks):
            task.cancel()
        await super().shutdown(sockets)


def _listener(port: int) -> socket.socket:
    """Return a bound socket: uvicorn would end the whole process when the port is taken.

    It names its protocol, because asyncio turns Nagle's delay off (40 ms an answer) only for sockets that do.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    return listener
