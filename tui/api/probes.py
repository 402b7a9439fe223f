"""Probe each step on the way to a server: port, proxy tunnel, TLS certificate. Sends no token."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tui.api.failures import FAILURES, certificate_wanted, connection_error, is_about_client_certificate
from tui.api.proxy import Proxy
from tui.core.errors import ConfigError
from tui.core.text import one_line
from tui.domain.errors import ApiError, Unreachable

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Certificate:
    """Subject, issuer and validity of a certificate."""

    subject: str
    issuer: str
    starts_at: datetime
    ends_at: datetime
    """Aware."""


def certificate(peer: Mapping[str, Any]) -> Certificate | None:
    """Return the certificate from `ssl.SSLSocket.getpeercert()`; None if it is empty, as on systems that verify
    certificates themselves.
    """
    if not peer:
        return None
    names = (value for kind, value in peer.get("subjectAltName", ()) if kind in {"DNS", "IP Address"})
    return Certificate(
        subject=_name(peer.get("subject", ())) or _safe(next(names, "?")),
        issuer=_name(peer.get("issuer", ())) or "?",
        starts_at=_moment(peer["notBefore"]),
        ends_at=_moment(peer["notAfter"]),
    )


def _name(parts: Iterable[Iterable[tuple[str, str]]]) -> str:
    """Return the common name, the organisation, or both."""
    fields = {field: value for part in parts for field, value in part}
    common, organisation = (_safe(fields.get(field, "")) for field in ("commonName", "organizationName"))
    return (
        f"{common} ({organisation})"
        if common and organisation and organisation not in common
        else common or organisation
    )


def _safe(text: str) -> str:
    return one_line(text)[:_LONGEST_NAME]


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)


MOST_ADDRESSES = 6
"""Number of addresses of one name to try, in parallel."""

END_S = 0.3
"""Seconds to wait for a server that may close the connection."""

ClientFiles = tuple[Path, Path | None]
"""Files of the client's certificate and of its key; None for a key in the same file."""

_CERTIFICATE_REQUEST = (22, 13)
"""Types of the TLS record and message that request the client certificate."""

T = TypeVar("T")

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?: ([^\r\n]*))?\r\n")


@dataclass(frozen=True, slots=True)
class Connected:
    """The address that accepted a connection first."""

    address: str
    ms: float


@dataclass(frozen=True, slots=True)
class Secured:
    """Result of a TLS handshake."""

    version: str
    """Such as `TLSv1.3`."""
    certificate: Certificate | None
    """None if the system verifies certificates itself and does not expose them."""
    ms: float


@dataclass(frozen=True, slots=True)
class Way:
    """The route to a server: direct or through a proxy."""

    host: str
    """Host of the server, as in its URL, without brackets."""
    port: int
    address: str
    """Address to connect to: the server's or the proxy's."""
    proxy: Proxy | None = None

    @property
    def url(self) -> httpx.URL:
        """URL of the server, for error messages."""
        return httpx.URL(scheme="https", host=self.host, port=self.port)


async def connect(addresses: Sequence[str], port: int, *, host: str, limit_s: float) -> Connected:
    """Return the address that accepts a connection first.

    Args:
        addresses: Addresses of one server, at least one.
        port: 1 to 65535.
        host: The server's name, for error messages.
        limit_s: Timeout in seconds.

    Raises:
        Unreachable: No address accepts a connection in time.
    """
    began_s = asyncio.get_running_loop().time()
    attempts = [asyncio.create_task(_dialled(address, port)) for address in addresses[:MOST_ADDRESSES]]
    failure: Exception = OSError()
    try:
        async with asyncio.timeout(limit_s):
            for attempt in asyncio.as_completed(attempts):
                try:
                    return Connected(await attempt, _ms_since(began_s))
                except OSError as error:
                    failure = error
    except TimeoutError as error:
        failure = error
    finally:
        for task in attempts:
            task.cancel()
        await asyncio.gather(*attempts, return_exceptions=True)
    raise _worded(failure, httpx.URL(scheme="https", host=host, port=port)) from failure


async def tunnel(way: Way, *, limit_s: float) -> float:
    """Return the milliseconds that the proxy takes to open a tunnel to the server.

    Raises:
        Unreachable: The proxy did not open the tunnel.
        ConfigError: The proxy setting is unusable.
    """
    _, ms = await _talk(way, _nothing, limit_s)
    return ms


async def secure(way: Way, context: ssl.SSLContext, *, limit_s: float) -> Secured:
    """Return the result of a TLS handshake with the server.

    Raises:
        Unreachable: The handshake failed, a certificate is not trusted, or the server requires a client certificate.
        ConfigError: The proxy setting is unusable.
    """
    began_s = asyncio.get_running_loop().time()

    async def shake_hands(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Secured:
        await writer.start_tls(context, server_hostname=way.host)
        agreed, ms = writer.get_extra_info("ssl_object"), _ms_since(began_s)
        await _wait_for_end(reader)
        return Secured(agreed.version() or "TLS", certificate(agreed.getpeercert() or {}), ms)

    secured, _ = await _talk(way, shake_hands, limit_s)
    return secured


async def wanted_certificate(way: Way, client: ClientFiles | None, *, limit_s: float) -> Unreachable | None:
    """Return the error of a server that requires or rejects the client certificate; None for any other server.

    Such a server often gives no reason: its alert is lost if a request is already in flight, and some servers send
    none. So this function completes the handshake, sends nothing, and watches for the certificate request.

    Args:
        way: The route to the server.
        client: Client certificate and key; None for none.
        limit_s: Timeout in seconds.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = (
        False,
        ssl.CERT_NONE,
    )  # safe without verification: nothing is sent and no data is used
    if client is not None:
        context.load_cert_chain(*client)
    is_asked = False

    def note(_conn: object, _direction: object, _version: object, content: int, message: int, _data: bytes) -> None:
        nonlocal is_asked
        is_asked = is_asked or (content, message) == _CERTIFICATE_REQUEST

    context._msg_callback = note  # type: ignore[attr-defined]  # noqa: SLF001  # ssl has no public way to see it; since Python 3.8

    async def shake_hands(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await writer.start_tls(context, server_hostname=way.host)
        await _wait_for_end(reader)

    try:
        await _talk(way, shake_hands, limit_s)
    except (ApiError, ConfigError) as error:
        if is_about_client_certificate(error.__cause__):
            return certificate_wanted(way.url, error.__cause__, has_client_cert=client is not None)
        return certificate_wanted(way.url, None, has_client_cert=client is not None) if is_asked else None
    return None


async def _wait_for_end(reader: asyncio.StreamReader) -> None:
    """Wait until the server closes the connection, for a short time at most.

    Raises:
        SSLError: The server closed it with an alert.
        httpx.RemoteProtocolError: The server closed it without an alert.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(END_S):
            if not await reader.read(1):
                raise httpx.RemoteProtocolError("Server disconnected without sending a response.")


async def _nothing(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
    """Send nothing after the connection is open."""


async def _dialled(address: str, port: int) -> str:
    _, writer = await asyncio.open_connection(address, port)
    writer.transport.abort()
    return address


async def _talk(
    way: Way, talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[T]], limit_s: float
) -> tuple[T, float]:
    """Connect to the server, through the proxy if there is one; return the result of `talk` and the milliseconds of
    both.
    """
    began_s = asyncio.get_running_loop().time()
    writer = None
    try:
        async with asyncio.timeout(limit_s):
            reader, writer = await asyncio.open_connection(way.address, way.proxy.port if way.proxy else way.port)
            if way.proxy:
                await _ask_for_tunnel(reader, writer, way)
            return await talk(reader, writer), _ms_since(began_s)
    except (*FAILURES, EOFError, asyncio.LimitOverrunError) as failure:
        raise _worded(failure, way.url) from failure
    finally:
        if writer is not None:
            writer.transport.abort()


async def _ask_for_tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way) -> None:
    authority = way.url.netloc if way.url.port else b"%s:443" % way.url.netloc
    lines = [b"CONNECT %s HTTP/1.1" % authority, b"Host: %s" % authority]
    if way.proxy and way.proxy.authorization:
        lines.append(b"Proxy-Authorization: " + way.proxy.authorization)
    writer.write(b"\r\n".join([*lines, b"", b""]))
    head = _STATUS.match(await reader.readuntil(b"\r\n\r\n"))
    if head is None:
        raise httpx.ProxyError("it does not answer in HTTP")
    if not head[1].startswith(b"2"):
        raise httpx.ProxyError(f"{head[1].decode()} {(head[2] or b'').decode('latin-1')}".strip())


def _worded(failure: Exception, url: httpx.URL) -> ApiError | ConfigError:
    if isinstance(failure, TimeoutError):
        failure = httpx.ConnectTimeout("")
    if isinstance(failure, EOFError | asyncio.LimitOverrunError):
        failure = httpx.ProxyError(
            "it closed the connection" if isinstance(failure, EOFError) else "it does not answer in HTTP"
        )
    return connection_error(failure, url)


def _ms_since(began_s: float) -> float:
    return (asyncio.get_running_loop().time() - began_s) * 1000
