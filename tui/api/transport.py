"""Sends requests so that no cancelled caller, dead connection or slow server can harm the pool. Knows no job and no status."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.request import getproxies

import httpx
from pydantic import SecretBytes, SecretStr

from tui.api import faults
from tui.api.bodies import read_body
from tui.api.errors import ApiError, BadAnswer, Unreachable
from tui.api.proxies import Proxy, route_to
from tui.api.replies import Reply
from tui.errors import ConfigError
from tui.text import one_line

_LOG = logging.getLogger("jobdeck.api")

MOST_REQUESTS = 10
"""Requests in flight; httpx walks its whole pool for each one (architecture.md, What measuring taught)."""

_SLOW_REMEDY = "try again later: the server or the network is too slow"

_SECRETS = "jobdeck.secrets"
"""Name of our own extension of a request; httpx ignores those that it does not know."""


@dataclass(frozen=True, slots=True)
class Pools:
    """Two httpx clients with the same settings."""

    kept: httpx.AsyncClient
    """Keeps its connections open."""
    fresh: httpx.AsyncClient
    """Opens one for each request: the second try after a stale connection."""


class Transport:
    """Sends one request a task; cancelling a caller never cancels its request.

    httpx loses a pool slot in about one of a hundred cancelled requests (httpcore#1093), so a request that nobody waits for
    any more runs on to its own end.

    Args:
        pools: The clients; closed by `aclose`.
        total_s: Seconds in which a whole answer has to come, above 0.
    """

    def __init__(self, pools: Pools, *, total_s: float) -> None:
        self._pools = pools
        self._total_s = total_s
        self._slots = asyncio.Semaphore(MOST_REQUESTS)
        self._running: set[asyncio.Task[Reply | ApiError | ConfigError]] = set()

    async def get(self, url: str, *, parameters: Sequence[tuple[str, str]], headers: httpx.Headers) -> Reply:
        """Return the whole answer to one GET, whatever its status.

        Args:
            url: Absolute, without a query.
            parameters: The query's pairs; a name may be repeated.
            headers: Sent beside those that every request has.

        Raises:
            Unreachable: None came, or not within `total_s` seconds of the event loop's clock.
            BadAnswer: It is no HTTP, or too large.
            ConfigError: The request cannot be sent as configured.
        """
        outcome = await self._answer(self._request(url, parameters, headers))
        if isinstance(outcome, Reply):
            return outcome
        raise outcome

    async def post(self, url: str, *, content: SecretBytes, secrets: tuple[SecretStr, ...]) -> Reply:
        """Return the whole answer to one POST of JSON, whatever its status. It is sent twice if an old connection was closed unanswered.

        Args:
            url: Absolute, without a query.
            content: The JSON, of which no error shows a part.
            secrets: Those in it, which nothing that is shown of the answer repeats.

        Raises:
            Unreachable: As `get`.
            BadAnswer: As `get`.
            ConfigError: As `get`.
        """
        headers = {"Content-Type": "application/json"}
        request = self._pools.kept.build_request("POST", url, content=content.get_secret_value(), headers=headers)
        request.extensions[_SECRETS] = secrets
        outcome = await self._answer(request)
        if isinstance(outcome, Reply):
            return outcome
        raise outcome.with_traceback(None) from None  # frames of httpx hold the content

    async def aclose(self) -> None:
        """End what still runs and close every connection."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._pools.kept.aclose()
        await self._pools.fresh.aclose()

    async def _answer(self, request: httpx.Request) -> Reply | ApiError | ConfigError:
        deadline_s = asyncio.get_running_loop().time() + self._total_s
        task = None
        try:
            async with asyncio.timeout_at(deadline_s) as waiting:
                await self._slots.acquire()
                task = self._start(request, deadline_s)
                return await asyncio.shield(task)
        except TimeoutError:
            if not waiting.expired():
                raise
            missing = "no whole answer" if task else f"no free connection (all {MOST_REQUESTS} are waiting for answers)"
            return Unreachable(f"{missing} within {self._total_s:g} s", remedy=_SLOW_REMEDY)

    def _request(self, url: str, parameters: Sequence[tuple[str, str]], headers: httpx.Headers) -> httpx.Request:
        try:
            return self._pools.kept.build_request("GET", url, params=list(parameters) or None, headers=headers)
        except UnicodeEncodeError as error:
            raise ConfigError("a filter holds bytes that are no text in UTF-8", "type it again") from error

    def _start(self, request: httpx.Request, deadline_s: float) -> asyncio.Task[Reply | ApiError | ConfigError]:
        """Hand the slot that was just acquired to a task of its own."""
        task = asyncio.create_task(self._outcome(request, deadline_s), name=f"{request.method} {request.url.path}")
        self._running.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Reply | ApiError | ConfigError]) -> None:
        self._running.discard(task)
        self._slots.release()

    async def _outcome(self, request: httpx.Request, deadline_s: float) -> Reply | ApiError | ConfigError:
        """Return foreseen errors instead of raising them: nobody may be left to catch them, and a bug must stay loud."""
        started_s = asyncio.get_running_loop().time()
        outcome: Reply | ApiError | ConfigError
        try:
            async with asyncio.timeout_at(deadline_s + self._total_s):
                outcome = await self._reply(request, deadline_s)
        except TimeoutError:
            outcome = Unreachable(f"no whole answer within {self._total_s:g} s", remedy=_SLOW_REMEDY)
        except (ApiError, ConfigError) as error:
            outcome = error
        if _LOG.isEnabledFor(logging.INFO):
            _log(request, outcome, asyncio.get_running_loop().time() - started_s)
        return outcome

    async def _reply(self, request: httpx.Request, deadline_s: float) -> Reply:
        was_reused = _watch_reuse(request)
        try:
            try:
                return await _exchange(self._pools.kept, request, deadline_s)
            except faults.FAILURES as failure:
                if not (was_reused() and faults.is_closed_unanswered(failure)):
                    raise
                return await _exchange(self._pools.fresh, request, deadline_s)
        except faults.FAILURES as failure:
            error = faults.error_behind(_proxy_to(request.url), failure, request.url)
            if isinstance(error, ConfigError):
                raise error from None  # the failure's own text quotes the header, which is the token
            raise error from failure


def _proxy_to(url: httpx.URL) -> Proxy | None:
    with suppress(ConfigError):  # said when the clients were built
        return route_to(str(url), getproxies(), os.environ).proxy
    return None


def _log(request: httpx.Request, outcome: Reply | ApiError | ConfigError, took_s: float) -> None:
    """Write down what was asked and what came; neither the token nor a body."""
    facts: dict[str, object] = {
        "method": request.method,
        "url": one_line(str(request.url)),
        "ms": round(took_s * 1000, 1),
    }
    if isinstance(outcome, Reply):
        # The answer to the token call may repeat the token that it gives, which nobody knows yet.
        correlation_id = outcome.correlation_id if request.method == "GET" else None
        facts |= {"status": outcome.status, "bytes": len(outcome.body), "correlationId": correlation_id}
        _LOG.info("answer", extra={"facts": facts})
    else:
        _LOG.warning("no answer", extra={"facts": {**facts, "error": str(outcome)}})


async def _exchange(client: httpx.AsyncClient, request: httpx.Request, deadline_s: float) -> Reply:
    response = await client.send(request, stream=True)
    try:
        body = await _body(response, deadline_s)
    finally:
        await response.aclose()
    return Reply(response.status_code, response.reason_phrase, response.headers, body, _secrets(request))


def _secrets(request: httpx.Request) -> tuple[SecretStr, ...]:
    """Return what the request sends to be let in."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return (*request.extensions.get(_SECRETS, ()), *([SecretStr(token)] if token else []))


async def _body(response: httpx.Response, deadline_s: float) -> bytes:
    """Return the body; an error's only if it comes whole in half the time left, because the status alone says what happened."""
    if response.status_code == 200:
        return await read_body(response, deadline_s=deadline_s)
    now_s = asyncio.get_running_loop().time()
    try:
        return await read_body(response, deadline_s=(now_s + deadline_s) / 2)
    except (BadAnswer, Unreachable, *faults.FAILURES):
        return b""


def _watch_reuse(request: httpx.Request) -> Callable[[], bool]:
    """Return a question: did the request go out on a connection that was open before? Without a real network: no."""
    steps: set[str] = set()

    async def trace(step: str, _facts: Mapping[str, object]) -> None:
        steps.add(step)

    request.extensions["trace"] = trace
    return lambda: "http11.send_request_headers.started" in steps and "connection.connect_tcp.started" not in steps
