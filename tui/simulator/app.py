"""The simulated API as an ASGI app: token check, faults, delays, request log."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import logging
from email.utils import format_datetime
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from tui.simulator.faults import FaultPlan, Recorded
from tui.simulator.routes import QueueRoutes, platform_error
from tui.simulator.tokens import DEMO_TOKENS, TokenDesk
from tui.simulator.uploads import UploadRoutes

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tui.core.clock import Clock
    from tui.simulator.queue import JobQueue


_LOG = logging.getLogger("jobdeck.simulator")


class Logged:
    """The same app with a log of its responses, in the client's format.

    Args:
        app: The app to log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started_s, length = asyncio.get_running_loop().time(), 0
        facts: dict[str, object] = {"method": scope["method"], "url": _asked(scope), "status": None}

        async def noting_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                facts.update(
                    status=message["status"], correlationId=Headers(raw=message["headers"]).get("x-vol-correlation")
                )
            nonlocal length
            length += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, noting_send)
        finally:
            facts |= {"bytes": length, "ms": round((asyncio.get_running_loop().time() - started_s) * 1000, 1)}
            _LOG.info("served", extra={"facts": facts})


def _asked(scope: Scope) -> str:
    """Return path and query, undecoded, because a name may occur twice."""
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path


def create_app(
    queue: JobQueue,
    *,
    faults: FaultPlan | None = None,
    tokens: Collection[str] = DEMO_TOKENS,
    desk: TokenDesk | None = None,
    is_dev_tenant: bool = True,
) -> Starlette:
    """Return the simulated API below `/api`; it uses the queue's clock.

    Args:
        queue: The jobs.
        faults: The fault plan; None means no faults.
        tokens: Bearer tokens that are valid while they are in this collection, in addition to issued ones.
        desk: Issues and checks tokens; None means a new one that accepts `tokens`.
        is_dev_tenant: As that of `QueueRoutes`.
    """
    desk = TokenDesk(queue.clock, tokens) if desk is None else desk
    plan = FaultPlan(queue.clock) if faults is None else faults
    return Starlette(
        routes=[*QueueRoutes(queue, desk, is_dev_tenant=is_dev_tenant).routes(), *UploadRoutes(queue, desk).routes()],
        middleware=[Middleware(_Gate, clock=queue.clock, faults=plan)],
        exception_handlers={HTTPException: platform_error},
    )


class _Gate:
    """Middleware that records each request, applies faults, and adds headers to each response."""

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
