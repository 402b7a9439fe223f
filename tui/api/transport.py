"""Send requests over a pool of connections: deadline, decompression, size limit, one retry on a stale connection.

Requests are never cancelled, because a cancelled request leaks its pool slot (httpcore#1093).
"""

from __future__ import annotations

import asyncio
import logging
import os
import zlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Protocol
from urllib.parse import urlsplit

import httpx
from pydantic import SecretBytes, SecretStr

from tui import __version__
from tui.api.client_certificate import ClientFiles, client_certificate_error
from tui.api.dns import resolve
from tui.api.failures import (
    FAILURES,
    OnStep,
    Phase,
    Progress,
    is_closed_unanswered,
    may_be_about_client_certificate,
    proxied_connection_error,
    unreachable_proxy,
)
from tui.api.proxy import DIRECT, Proxy, Route, route_to
from tui.api.raw_response import RawResponse
from tui.api.tls import trust_for
from tui.core.errors import ConfigError
from tui.core.redaction import remember
from tui.core.text import one_line
from tui.domain.errors import AnswerTooLarge, ApiError, BadAnswer, Unreachable
from tui.settings.resolve import Settings

LARGEST_RAW = 1_000_000
"""Largest compressed body in bytes."""

LARGEST_DECODED = 5_000_000
"""Largest decompressed body in bytes."""

_PROXY_REMEDY = "try again; if it persists, ask who runs the proxy on the way"

_TOO_LARGE = "response too large (over 5 MB)"

_ENCODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""The `wbits` of each accepted encoding."""


class _Decoder(Protocol):
    def feed(self, chunk: bytes) -> None: ...
    def finish(self) -> bytes: ...


async def read_body(response: httpx.Response, *, deadline_s: float) -> bytes:
    """Return the decompressed body.

    Args:
        response: A response whose body was not read yet.
        deadline_s: Deadline on the event loop's clock.

    Raises:
        BadAnswer: The body is too large, or its compression is unknown or broken.
        Unreachable: The body was not complete by the deadline.
    """
    decoder = _decoder(response.headers.get("content-encoding", ""))
    loop = asyncio.get_running_loop()
    async with aclosing(_pieces(response)) as pieces:
        async for piece in pieces:
            if loop.time() > deadline_s:
                raise Unreachable("the response came too slowly to wait for its end")
            decoder.feed(piece)
    return decoder.finish()


async def _pieces(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Yield the raw body; `aiter_raw` rejects the prepared responses of `httpx.MockTransport`."""
    async for piece in response.stream:  # type: ignore[union-attr]  # an AsyncClient's responses stream asynchronously
        yield piece


def _decoder(encoding: str) -> _Decoder:
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return _Plain()
    if name not in _ENCODINGS:
        raise BadAnswer(
            f"the response has the content encoding '{one_line(name)[:40]}', which was not requested",
            remedy=_PROXY_REMEDY,
        )
    return _Unpacked(_ENCODINGS[name])


class _Plain:
    def __init__(self) -> None:
        self._body = bytearray()

    def feed(self, chunk: bytes) -> None:
        self._body += chunk
        if len(self._body) > LARGEST_DECODED:
            raise AnswerTooLarge(_TOO_LARGE)

    def finish(self) -> bytes:
        return bytes(self._body)


class _Unpacked:
    """Decompresses in pieces, at most one byte beyond the limit: 292 kB of gzip can hold 300 MB."""

    def __init__(self, wbits: int) -> None:
        self._unpacker = zlib.decompressobj(wbits)
        self._wbits = wbits
        self._raw_size = 0
        self._body = bytearray()

    def feed(self, chunk: bytes) -> None:
        if not self._raw_size and self._wbits == zlib.MAX_WBITS and _is_headless(chunk):
            self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        self._raw_size += len(chunk)
        if self._raw_size > LARGEST_RAW:
            raise AnswerTooLarge("response too large (over 1 MB compressed)")
        try:
            self._body += self._unpacker.decompress(chunk, LARGEST_DECODED + 1 - len(self._body))
        except zlib.error as error:
            raise BadAnswer("the compressed response is damaged", remedy=_PROXY_REMEDY) from error
        if len(self._body) > LARGEST_DECODED:
            raise AnswerTooLarge(_TOO_LARGE)

    def finish(self) -> bytes:
        if self._raw_size and not self._unpacker.eof:
            raise BadAnswer("the compressed response ends in the middle", remedy=_PROXY_REMEDY)
        return bytes(self._body)


def _is_headless(chunk: bytes) -> bool:
    """Return whether the zlib header, whose first byte always ends in 8, is missing; some servers omit it."""
    return chunk != b"" and chunk[0] & 0x0F != 8


MOST_REQUESTS = 10
"""Requests in flight; httpx walks its whole pool for each one."""

KEPT_OPEN_S = 60
"""Seconds; longer than the usual pause between two polls. With httpx's default of 5 s every poll would reconnect."""


@dataclass(frozen=True, slots=True)
class HttpClients:
    """Two httpx clients with the same settings."""

    kept: httpx.AsyncClient
    """Client with persistent connections."""
    fresh: httpx.AsyncClient
    """Client with one connection per request: for the retry after a stale connection."""
    client_files: ClientFiles | None = None
    """Client certificate and key; None for none."""
    route: Route = DIRECT
    """The route of all requests."""


def build_clients(
    base: str, settings: Settings, *, total_s: float, transport: httpx.AsyncBaseTransport | None = None
) -> HttpClients:
    """Return the HTTP clients for one server.

    Args:
        base: Address of the API or the auth host.
        settings: Timeouts and trusted certificates.
        total_s: Timeout of one request in seconds.
        transport: Replaces the network; None means the real one.

    Raises:
        ConfigError: A proxy or certificate setting of the environment is unusable; the message names it.
    """
    address = urlsplit(base)
    has_files = settings.ca_file is not None or settings.client_cert is not None  # report a wrong file with http too
    context = (
        trust_for(settings, os.environ) if transport is None and (address.scheme == "https" or has_files) else None
    )
    route = route_to(base, os.environ) if transport is None else DIRECT

    def client(kept: int) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "gzip, deflate",
                "User-Agent": f"jobdeck/{__version__}",
            },
            timeout=httpx.Timeout(settings.read_timeout_s, connect=settings.connect_timeout_s, pool=total_s),
            limits=httpx.Limits(
                max_connections=MOST_REQUESTS, max_keepalive_connections=kept, keepalive_expiry=KEPT_OPEN_S
            ),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            verify=True if context is None else context,
            proxy=None if route.proxy is None else httpx.Proxy(route.proxy.url),
            trust_env=False,
            follow_redirects=False,
            transport=transport,
        )

    files = None if settings.client_cert is None else (settings.client_cert, settings.client_key)
    return HttpClients(client(MOST_REQUESTS), client(0), files, route)


CERTIFICATE_LIMIT_S = 3.0
"""Timeout in seconds of the check whether a server requires a client certificate."""


NAME_S = 1.0
"""Timeout in seconds of the second look-up, which shows whether the resolver hangs."""


async def send_over_pool(
    pools: HttpClients,
    request: httpx.Request,
    secrets: tuple[SecretStr, ...],
    *,
    deadline_s: float,
    progress: Progress,
    is_first: bool = False,
) -> RawResponse:
    """Return the complete response to `request`, whatever its status. Retries once after a stale connection.

    Args:
        pools: The HTTP clients.
        request: The request to send.
        secrets: Credentials in the request.
        deadline_s: Deadline for the body, on the event loop's clock.
        progress: Records the progress of the request.
        is_first: Whether the server has sent no response yet; then a connection that closes without a reason is
            examined.

    Raises:
        Unreachable: No complete response arrived.
        BadAnswer: The response is not HTTP, or too large.
        ConfigError: A setting makes the request impossible to send.
    """
    request.extensions["trace"] = progress.note
    try:
        try:
            return await _once(pools.kept, request, secrets, deadline_s)
        except FAILURES as failure:
            if not (progress.is_on_open_connection and is_closed_unanswered(failure)):
                raise
            return await _once(pools.fresh, request, secrets, deadline_s)
    except FAILURES as failure:
        proxy = pools.route.proxy
        if is_first and request.url.scheme == "https" and may_be_about_client_certificate(failure):
            wanted = await client_certificate_error(request.url, proxy, pools.client_files, limit_s=CERTIFICATE_LIMIT_S)
            if wanted is not None:
                raise wanted from failure
        hung_name = await _hung_name(proxy, request, failure, progress)
        error = hung_name or proxied_connection_error(proxy, failure, request.url, phase=progress.phase)
        if isinstance(error, ConfigError):
            raise error from None  # the cause's text quotes the header with the token
        raise error from failure


async def _once(
    client: httpx.AsyncClient, request: httpx.Request, secrets: tuple[SecretStr, ...], deadline_s: float
) -> RawResponse:
    response = await client.send(request, stream=True)
    try:
        body = await _body(response, deadline_s)
    finally:
        await response.aclose()
    return RawResponse(response.status_code, response.reason_phrase, response.headers, body, secrets)


async def _body(response: httpx.Response, deadline_s: float) -> bytes:
    """Return the body. For an error status it may be empty: jobdeck waits only half the remaining time for it."""
    if response.status_code == 200:
        return await read_body(response, deadline_s=deadline_s)
    now_s = asyncio.get_running_loop().time()
    try:
        return await read_body(response, deadline_s=(now_s + deadline_s) / 2)
    except (BadAnswer, Unreachable, *FAILURES):
        return b""


async def _hung_name(
    proxy: Proxy | None, request: httpx.Request, failure: Exception, progress: Progress
) -> Unreachable | None:
    """Return an error if DNS caused the connection timeout; otherwise None.

    httpx does not report whether the look-up or the connection hung, so this function looks up the name again.
    """
    if not isinstance(failure, httpx.ConnectTimeout) or progress.phase is not Phase.CONNECT:
        return None
    try:
        await resolve(proxy.host if proxy else request.url.host, limit_s=NAME_S)
    except Unreachable as error:
        return unreachable_proxy(proxy, error) if proxy else error
    return None


TOTAL_S = 15.0
"""Timeout of one request in seconds."""

_LOG = logging.getLogger("jobdeck.api")

_Outcome = RawResponse | ApiError | ConfigError
"""Expected errors are values: the caller may be gone, and a bug must still raise."""


def transport_to(
    base: str,
    settings: Settings,
    *,
    total_s: float = TOTAL_S,
    transport: httpx.AsyncBaseTransport | None = None,
    on_step: OnStep | None = None,
) -> Transport:
    """Return the transport to one server; the caller closes it.

    Args:
        base: Address of the API or the auth host.
        settings: Timeouts and trusted certificates.
        total_s: Timeout of one request in seconds, above 0.
        transport: Replaces the network; None means the real one.
        on_step: As in `Transport`.

    Raises:
        ConfigError: A proxy or certificate setting of the environment is unusable; the message names it.
    """
    clients = build_clients(base, settings, total_s=total_s, transport=transport)
    return Transport(clients, total_s=total_s, on_step=on_step)


class Transport:
    """Sends each request in its own task; a cancelled caller does not cancel its request.

    httpx loses a pool slot in about one of a hundred cancelled requests (httpcore#1093). So an abandoned request
    continues, until `total_s` after its deadline at the latest.

    Args:
        pools: The HTTP clients; `aclose` closes them.
        total_s: Timeout of one request in seconds, above 0.
        on_step: Receives the trace events of each request; None for no receiver.
    """

    def __init__(self, pools: HttpClients, *, total_s: float, on_step: OnStep | None = None) -> None:
        self._pools = pools
        self._on_step = on_step
        self._total_s = total_s
        self._slots = asyncio.Semaphore(MOST_REQUESTS)
        self._signed = httpx.AsyncClient(transport=_Exchange(self._outcome_of), trust_env=False)
        self._has_answered = False
        self._running: set[asyncio.Task[_Outcome]] = set()

    @property
    def unreadable_exemptions(self) -> str | None:
        """Message about skipped entries of NO_PROXY; None for none."""
        return self._pools.route.unreadable

    async def get(
        self,
        url: str,
        *,
        parameters: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        auth: httpx.Auth | None = None,
    ) -> RawResponse:
        """Return the complete response to a GET, whatever its status. Retries once after a stale connection.

        Args:
            url: Absolute, without a query.
            parameters: Pairs of the query; a name may occur several times.
            headers: Additional headers.
            auth: Adds the credentials by `signed`, and may repeat the request; each one has a deadline of its own.

        Raises:
            Unreachable: No complete response arrived within `total_s` seconds.
            BadAnswer: The response is not HTTP, or too large.
            ConfigError: A setting makes the request impossible to send.
        """
        try:
            request = self._pools.kept.build_request("GET", url, params=list(parameters) or None, headers=headers)
        except UnicodeEncodeError as error:
            raise ConfigError("a filter holds bytes that are no text in UTF-8", "type it again") from error
        return raw_response_of(await self._signed.send(request, auth=auth))

    async def post(self, url: str, *, content: SecretBytes, secrets: tuple[SecretStr, ...]) -> RawResponse:
        """Return the complete response to a POST of JSON; otherwise as `get`.

        Args:
            url: Absolute, without a query.
            content: The JSON; no error quotes it.
            secrets: Credentials in the content; removed from all text of the response that is shown.

        Raises:
            Unreachable: As `get`.
            BadAnswer: As `get`.
            ConfigError: As `get`.
        """
        headers = {"Content-Type": "application/json"}
        request = self._pools.kept.build_request("POST", url, content=content.get_secret_value(), headers=headers)
        outcome = await self._outcome_of(request, secrets)
        if isinstance(outcome, RawResponse):
            return outcome
        raise outcome.with_traceback(None) from None  # the frames of httpx contain the content

    async def aclose(self) -> None:
        """Cancel all requests and close all connections."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._signed.aclose()
        await self._pools.kept.aclose()
        await self._pools.fresh.aclose()

    async def _outcome_of(self, request: httpx.Request, secrets: tuple[SecretStr, ...]) -> _Outcome:
        """Return the outcome of the request; waits for a slot first, up to the timeout in all."""
        remember(*secrets)
        deadline_s = asyncio.get_running_loop().time() + self._total_s
        task, progress = None, Progress(self._on_step)
        try:
            async with asyncio.timeout_at(deadline_s) as waiting:
                await self._slots.acquire()
                task = self._start(request, secrets, deadline_s, progress)
                return await asyncio.shield(task)
        except TimeoutError:
            if not waiting.expired():
                raise
            if task is not None:
                return self._too_slow("no complete response", progress)
            return self._too_slow(f"no free connection (all {MOST_REQUESTS} are waiting for responses)")

    def _start(
        self, request: httpx.Request, secrets: tuple[SecretStr, ...], deadline_s: float, progress: Progress
    ) -> asyncio.Task[_Outcome]:
        """Start the request in its own task, which releases the slot at its end."""
        task = asyncio.create_task(
            self._outcome(request, secrets, deadline_s, progress), name=f"{request.method} {request.url.path}"
        )
        self._running.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[_Outcome]) -> None:
        self._running.discard(task)
        self._slots.release()

    async def _outcome(
        self, request: httpx.Request, secrets: tuple[SecretStr, ...], deadline_s: float, progress: Progress
    ) -> _Outcome:
        started_s = asyncio.get_running_loop().time()
        outcome: _Outcome
        try:
            async with asyncio.timeout_at(deadline_s + self._total_s):
                is_first = not self._has_answered
                outcome = await send_over_pool(
                    self._pools, request, secrets, deadline_s=deadline_s, progress=progress, is_first=is_first
                )
                self._has_answered = True
        except TimeoutError:
            outcome = self._too_slow("no complete response", progress)
        except (ApiError, ConfigError) as error:
            outcome = error
        if _LOG.isEnabledFor(logging.INFO):
            _log(request, outcome, asyncio.get_running_loop().time() - started_s)
        return outcome

    def _too_slow(self, missing: str, progress: Progress | None = None) -> Unreachable:
        hung = f": {progress.phase.value}" if progress is not None else ""
        message = f"{missing} within {self._total_s:g} s{hung}"
        return Unreachable(message, remedy="try again later: the server or the network is too slow")


_RAW_RESPONSE, _SECRETS = "jobdeck.raw_response", "jobdeck.secrets"
"""Extensions of httpx's responses and requests."""


class _Exchange(httpx.AsyncBaseTransport):
    """Lets httpx drive an `httpx.Auth` over complete responses, whose bodies are within their limits already.

    Args:
        outcome_of: Returns the outcome of a request with these credentials.
    """

    def __init__(self, outcome_of: Callable[[httpx.Request, tuple[SecretStr, ...]], Awaitable[_Outcome]]) -> None:
        self._outcome_of = outcome_of

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        outcome = await self._outcome_of(request, request.extensions.get(_SECRETS, ()))
        if isinstance(outcome, RawResponse):
            return httpx.Response(outcome.status, extensions={_RAW_RESPONSE: outcome})
        raise outcome


def signed(request: httpx.Request, token: SecretStr) -> httpx.Request:
    """Return a GET with the token, which is removed from all text of the response that is shown."""
    headers = request.headers.copy()
    headers["Authorization"] = f"Bearer {token.get_secret_value()}"
    extensions = {**request.extensions, _SECRETS: (token,)}
    return httpx.Request(request.method, request.url, headers=headers, extensions=extensions)


def raw_response_of(response: httpx.Response) -> RawResponse:
    """Return the complete response that a transport put into httpx's."""
    raw: RawResponse = response.extensions[_RAW_RESPONSE]
    return raw


def _log(request: httpx.Request, outcome: _Outcome, took_s: float) -> None:
    """Log the request and its outcome, without token and body."""
    facts: dict[str, object] = {
        "method": request.method,
        "url": one_line(str(request.url)),
        "ms": round(took_s * 1000, 1),
    }
    if isinstance(outcome, RawResponse):
        # The response to the token call may repeat its token, which redaction does not know yet.
        correlation_id = outcome.correlation_id if request.method == "GET" else None
        facts |= {"status": outcome.status, "bytes": len(outcome.body), "correlationId": correlation_id}
        _LOG.info("answer", extra={"facts": facts})
    else:
        _LOG.warning("no answer", extra={"facts": {**facts, "error": str(outcome)}})
