"""Sends requests so that no cancelled caller, dead connection or slow server can harm the pool. Knows no job and no status."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import httpx
from pydantic import SecretBytes, SecretStr

from tui.api.exchange import exchange
from tui.api.phases import Progress
from tui.api.pools import MOST_REQUESTS, Pools, build_pools
from tui.api.reply import Reply
from tui.core.errors import ConfigError
from tui.core.redaction import remember
from tui.core.text import one_line
from tui.domain.errors import ApiError, Unreachable
from tui.settings import Settings

TOTAL_S = 15.0
"""Seconds that one request may take in all (faults.md, "Polling etiquette")."""

_LOG = logging.getLogger("jobdeck.api")

_Outcome = Reply | ApiError | ConfigError
"""Foreseen errors are values here: nobody may be left to catch them, and a bug must stay loud."""


def transport_to(
    base: str, settings: Settings, *, total_s: float = TOTAL_S, transport: httpx.AsyncBaseTransport | None = None
) -> Transport:
    """Return the way to one server; it belongs to whoever closes it.

    Args:
        base: The server's address: the API's, or the auth host's.
        settings: How patiently to wait, and whom to trust.
        total_s: Seconds in which a whole answer has to come, above 0.
        transport: Replaces the network; None means the real one.

    Raises:
        ConfigError: A proxy or certificate setting of the environment is unusable; the text names it.
    """
    return Transport(build_pools(base, settings, total_s=total_s, transport=transport), total_s=total_s)


class Transport:
    """Sends one request a task; cancelling a caller never cancels its request.

    httpx loses a pool slot in about one of a hundred cancelled requests (httpcore#1093), so a request that nobody waits for
    any more runs on to its own end, which is once more `total_s` after its deadline at the latest.

    Args:
        pools: The clients; closed by `aclose`.
        total_s: Seconds in which a whole answer has to come, above 0.
    """

    def __init__(self, pools: Pools, *, total_s: float) -> None:
        self._pools = pools
        self._total_s = total_s
        self._slots = asyncio.Semaphore(MOST_REQUESTS)
        self._has_answered = False
        self._running: set[asyncio.Task[_Outcome]] = set()

    @property
    def unreadable_exemptions(self) -> str | None:
        """Which entries of NO_PROXY were skipped, in words; None for none."""
        return self._pools.route.unreadable

    async def get(
        self, url: str, *, parameters: Sequence[tuple[str, str]], headers: httpx.Headers, secrets: tuple[SecretStr, ...]
    ) -> Reply:
        """Return the whole answer to one GET, whatever its status. It is sent twice if an old connection was closed unanswered.

        Args:
            url: Absolute, without a query.
            parameters: The query's pairs; a name may be repeated.
            headers: Sent beside those that every request has.
            secrets: Those in it, which nothing that is shown of the answer repeats.

        Raises:
            Unreachable: None came, or not within `total_s` seconds of the event loop's clock.
            BadAnswer: It is no HTTP, or too large.
            ConfigError: The request cannot be sent as configured.
        """
        try:
            request = self._pools.kept.build_request("GET", url, params=list(parameters) or None, headers=headers)
        except UnicodeEncodeError as error:
            raise ConfigError("a filter holds bytes that are no text in UTF-8", "type it again") from error
        outcome = await self._ask(request, secrets)
        if isinstance(outcome, Reply):
            return outcome
        raise outcome

    async def post(self, url: str, *, content: SecretBytes, secrets: tuple[SecretStr, ...]) -> Reply:
        """Return the whole answer to one POST of JSON; all else is as with `get`.

        Args:
            url: Absolute, without a query.
            content: The JSON, of which no error shows a part.
            secrets: As those of `get`.

        Raises:
            Unreachable: As `get`.
            BadAnswer: As `get`.
            ConfigError: As `get`.
        """
        headers = {"Content-Type": "application/json"}
        request = self._pools.kept.build_request("POST", url, content=content.get_secret_value(), headers=headers)
        outcome = await self._ask(request, secrets)
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

    async def _ask(self, request: httpx.Request, secrets: tuple[SecretStr, ...]) -> _Outcome:
        """Wait for a slot and for what comes of the request, as long as anybody should."""
        remember(*secrets)
        deadline_s = asyncio.get_running_loop().time() + self._total_s
        task, progress = None, Progress()
        try:
            async with asyncio.timeout_at(deadline_s) as waiting:
                await self._slots.acquire()
                task = self._start(request, secrets, deadline_s, progress)
                return await asyncio.shield(task)
        except TimeoutError:
            if not waiting.expired():
                raise
            if task is not None:
                return self._too_slow("no whole answer", progress)
            return self._too_slow(f"no free connection (all {MOST_REQUESTS} are waiting for answers)")

    def _start(
        self, request: httpx.Request, secrets: tuple[SecretStr, ...], deadline_s: float, progress: Progress
    ) -> asyncio.Task[_Outcome]:
        """Hand the slot that was just acquired to a task of its own."""
        task = asyncio.create_task(self._outcome(request, secrets, deadline_s, progress), name=f"{request.method} {request.url.path}")
        self._running.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[_Outcome]) -> None:
        self._running.discard(task)
        self._slots.release()

    async def _outcome(self, request: httpx.Request, secrets: tuple[SecretStr, ...], deadline_s: float, progress: Progress) -> _Outcome:
        started_s = asyncio.get_running_loop().time()
        outcome: _Outcome
        try:
            async with asyncio.timeout_at(deadline_s + self._total_s):
                is_first = not self._has_answered
                outcome = await exchange(self._pools, request, secrets, deadline_s=deadline_s, progress=progress, is_first=is_first)
                self._has_answered = True
        except TimeoutError:
            outcome = self._too_slow("no whole answer", progress)
        except (ApiError, ConfigError) as error:
            outcome = error
        if _LOG.isEnabledFor(logging.INFO):
            _log(request, outcome, asyncio.get_running_loop().time() - started_s)
        return outcome

    def _too_slow(self, missing: str, progress: Progress | None = None) -> Unreachable:
        hung = f": {progress.phase.value}" if progress is not None else ""
        message = f"{missing} within {self._total_s:g} s{hung}"
        return Unreachable(message, remedy="try again later: the server or the network is too slow")


def _log(request: httpx.Request, outcome: _Outcome, took_s: float) -> None:
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
