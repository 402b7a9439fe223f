"""Writes down each request that an app served, for whoever keeps a log; neither a header nor a body. Opens no file."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger("jobdeck.simulator")


class Logged:
    """The same app, whose answers are logged as the client logs those that it gets.

    Args:
        app: What serves the requests.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started_s, length = asyncio.get_running_loop().time(), 0
        facts: dict[str, object] = {"method": scope["method"], "url": _asked(scope), "status": None}

        async def noting_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                facts.update(status=message["status"], correlationId=Headers(raw=message["headers"]).get("x-vol-correlation"))
            nonlocal length
            length += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, noting_send)
        finally:
            facts |= {"bytes": length, "ms": round((asyncio.get_running_loop().time() - started_s) * 1000, 1)}
            _LOG.info("served", extra={"facts": facts})


def _asked(scope: Scope) -> str:
    """Path and query as they came; a name may be there twice, which a decoded one would hide."""
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path
