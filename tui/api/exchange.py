"""One request to its whole answer: over an open connection, and over a new one if that was stale. Knows no limit on how many."""

from __future__ import annotations

import asyncio

import httpx
from pydantic import SecretStr

from tui.api import faults
from tui.api.bodies import read_body
from tui.api.names import resolve
from tui.api.phases import Phase, Progress
from tui.api.pools import Pools
from tui.api.probes import Way, wanted_certificate
from tui.api.proxies import Proxy
from tui.api.reply import Reply
from tui.core.errors import ConfigError
from tui.domain.errors import BadAnswer, Unreachable

CERTIFICATE_LIMIT_S = 3.0
"""Longest wait for whether a server asks for the client's certificate."""


NAME_S = 1.0
"""Seconds in which a name has to resolve to show that it was not the resolver that hung."""


async def exchange(
    pools: Pools,
    request: httpx.Request,
    secrets: tuple[SecretStr, ...],
    *,
    deadline_s: float,
    progress: Progress,
    is_first: bool = False,
) -> Reply:
    """Return the whole answer to `request`, whatever its status. It is sent twice if an old connection was closed unanswered.

    Args:
        pools: Where connections come from.
        request: Sent as it is.
        secrets: What it sends to be let in.
        deadline_s: Moment of the event loop's clock after which no further piece of the body is taken.
        progress: Takes note of how far it gets.
        is_first: Whether the server has answered nothing yet: then it is found out why, should it end the connection without a word.

    Raises:
        Unreachable: No whole answer came.
        BadAnswer: It is no HTTP, or too large.
        ConfigError: The request cannot be sent as configured.
    """
    request.extensions["trace"] = progress.note
    try:
        try:
            return await _once(pools.kept, request, secrets, deadline_s)
        except faults.FAILURES as failure:
            if not (progress.is_on_open_connection and faults.is_closed_unanswered(failure)):
                raise
            return await _once(pools.fresh, request, secrets, deadline_s)
    except faults.FAILURES as failure:
        proxy = pools.route.proxy
        if is_first and request.url.scheme == "https" and faults.may_be_about_client_certificate(failure):
            way = Way(request.url.host, request.url.port or 443, proxy.host if proxy else request.url.host, proxy)
            wanted = await wanted_certificate(way, pools.client_files, limit_s=CERTIFICATE_LIMIT_S)
            if wanted is not None:
                raise wanted from failure
        hung_name = await _hung_name(proxy, request, failure, progress)
        error = hung_name or faults.error_behind(proxy, failure, request.url, phase=progress.phase)
        if isinstance(error, ConfigError):
            raise error from None  # the failure's own text quotes the header, which is the token
        raise error from failure


async def _once(client: httpx.AsyncClient, request: httpx.Request, secrets: tuple[SecretStr, ...], deadline_s: float) -> Reply:
    response = await client.send(request, stream=True)
    try:
        body = await _body(response, deadline_s)
    finally:
        await response.aclose()
    return Reply(response.status_code, response.reason_phrase, response.headers, body, secrets)


async def _body(response: httpx.Response, deadline_s: float) -> bytes:
    """Return the body; an error's only if it comes whole in half the time left, because the status alone says what happened."""
    if response.status_code == 200:
        return await read_body(response, deadline_s=deadline_s)
    now_s = asyncio.get_running_loop().time()
    try:
        return await read_body(response, deadline_s=(now_s + deadline_s) / 2)
    except (BadAnswer, Unreachable, *faults.FAILURES):
        return b""


async def _hung_name(proxy: Proxy | None, request: httpx.Request, failure: Exception, progress: Progress) -> Unreachable | None:
    """Return that the name does not resolve, if that is why there was no connection in time; None for anything else.

    Connecting includes the look-up, and nothing tells which of both hung, so the name is looked up once more.
    """
    if not isinstance(failure, httpx.ConnectTimeout) or progress.phase is not Phase.CONNECT:
        return None
    try:
        await resolve(proxy.host if proxy else request.url.host, limit_s=NAME_S)
    except Unreachable as error:
        return faults.unreachable_proxy(proxy, error) if proxy else error
    return None
