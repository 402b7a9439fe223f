"""Find out whether a server that closed a connection requires a client certificate. Sends no request."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from tui.api.failures import FAILURES, causes, is_about_client_certificate, missing_certificate
from tui.api.proxy import Proxy
from tui.domain.errors import Unreachable

ClientFiles = tuple[Path, Path | None]
"""Files of the client's certificate and of its key; None for a key in the same file."""

END_S = 0.3
"""Seconds to wait for a server that may close the connection."""

_CERTIFICATE_REQUEST = (22, 13)
"""Types of the TLS record and message that request the client certificate."""


class _HandshakeEnded(Exception):
    """Ends the request before it is sent."""


async def client_certificate_error(
    url: httpx.URL, proxy: Proxy | None, client: ClientFiles | None, *, limit_s: float
) -> Unreachable | None:
    """Return the error of a server that requires or rejects the client certificate; None for any other server.

    Such a server often gives no reason: its alert is lost if a request is already in flight, and some servers send
    none. So this function completes the handshake, sends nothing, and watches for the certificate request.

    Args:
        url: An https URL of the server.
        proxy: The proxy on the way; None for none.
        client: Client certificate and key; None for none.
        limit_s: Timeout in seconds.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Safe without verification: nothing is sent and no data is used.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if client is not None:
        context.load_cert_chain(*client)
    is_requested = False

    def note(_conn: object, _direction: object, _version: object, content: int, message: int, _data: bytes) -> None:
        nonlocal is_requested
        is_requested = is_requested or (content, message) == _CERTIFICATE_REQUEST

    context._msg_callback = note  # type: ignore[attr-defined]  # noqa: SLF001  # ssl has no public way to see it; since Python 3.8

    failure: Exception | None = None
    request = httpx.Request("GET", url, extensions={"trace": _stop_after_handshake(is_tunnelled=proxy is not None)})
    try:
        async with asyncio.timeout(limit_s), _connecting(context, proxy) as transport:
            await transport.handle_async_request(request)
    except _HandshakeEnded:
        return None
    except (*FAILURES, TimeoutError) as error:
        failure = error
    alert = next((cause for cause in causes(failure) if is_about_client_certificate(cause)), None)
    return missing_certificate(url, alert, has_client_cert=client is not None) if alert or is_requested else None


def _connecting(context: ssl.SSLContext, proxy: Proxy | None) -> httpx.AsyncHTTPTransport:
    through = None if proxy is None else httpx.Proxy(proxy.url)
    return httpx.AsyncHTTPTransport(verify=context, trust_env=False, proxy=through)


def _stop_after_handshake(*, is_tunnelled: bool) -> Any:  # noqa: ANN401  # httpcore's callback
    ended = f"{'proxy' if is_tunnelled else 'connection'}.start_tls.complete"

    async def trace(step: str, facts: Mapping[str, Any]) -> None:
        if step != ended:
            return
        stream = facts["return_value"]
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(END_S):
                    if not await stream.read(1):
                        raise httpx.RemoteProtocolError("the server closed the connection")
        finally:
            await stream.aclose()
        raise _HandshakeEnded

    return trace
