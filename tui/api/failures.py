"""Map a failed connection or an HTTP error status to one `ApiError` with message and remedy."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from tui.api.auth.rejection import TokenRejection
from tui.api.proxy import Proxy
from tui.api.raw_response import RawResponse, http_date
from tui.api.server_words import fitting_remedy, is_no_such_job, is_of_api
from tui.core.errors import ConfigError
from tui.core.text import one_line
from tui.domain.errors import ApiError, BadAnswer, JobNotFound, RateLimited, ServerFault, Unauthorised, Unreachable
from tui.settings.address import is_loopback


class Phase(Enum):
    """The step that a request waits for; the value is the message after a timeout."""

    QUEUE = "it was not sent yet"
    CONNECT = "no connection, or no address for the name"
    TLS = "the TLS handshake did not end"
    REQUEST = "the request could not be sent"
    FIRST_BYTE = "no first byte came"
    BODY = "the response did not end"


_BY_STEP = {
    "connect_tcp": Phase.CONNECT,
    "start_tls": Phase.TLS,
    "send_request_headers": Phase.REQUEST,
    "send_request_body": Phase.REQUEST,
    "receive_response_headers": Phase.FIRST_BYTE,
    "receive_response_body": Phase.BODY,
}
"""Steps by httpcore's trace events, such as `connection.connect_tcp.started`; connecting includes DNS."""


OnStep = Callable[[str, Mapping[str, Any]], Awaitable[None]]
"""Receives httpcore's trace events of a request."""


class Progress:
    """Progress of one request; pass `note` as httpx's extension `trace`.

    Args:
        on_step: Receives the same events; None for no receiver.
    """

    def __init__(self, on_step: OnStep | None = None) -> None:
        self._on_step = on_step
        self.phase = Phase.QUEUE
        self.is_on_open_connection = False
        """Whether the request reuses an open connection; False without a real network."""
        self._has_connected = False

    async def note(self, step: str, facts: Mapping[str, Any]) -> None:
        """Record that a step began or ended."""
        if self._on_step is not None:
            await self._on_step(step, facts)
        _, _, name = step.partition(".")
        name, _, event = name.partition(".")
        if event != "started":
            return
        self.phase = _BY_STEP.get(name, self.phase)
        self._has_connected = self._has_connected or self.phase is Phase.CONNECT
        if name == "send_request_headers":
            self.is_on_open_connection = not self._has_connected


_SELF_SIGNED, _EXPIRED, _NOT_YET_VALID, _WRONG_HOST = {18, 19, 20, 21}, {10}, {9}, {62, 64}
"""OpenSSL's verification codes."""

_NO_TLS = frozenset(
    {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"}
)
"""OpenSSL's reasons if the peer responds without TLS."""

_CERTIFICATE_REQUIRED = "ALERT_CERTIFICATE_REQUIRED"

_CERTIFICATE_REFUSED = (
    "ALERT_BAD_CERTIFICATE",
    "ALERT_UNSUPPORTED_CERTIFICATE",
    "ALERT_CERTIFICATE_REVOKED",
    "ALERT_CERTIFICATE_EXPIRED",
    "ALERT_CERTIFICATE_UNKNOWN",
    "ALERT_UNKNOWN_CA",
    "ALERT_ACCESS_DENIED",
    "ALERT_DECRYPT_ERROR",
)
"""Suffixes of OpenSSL's reasons if the server rejects or requires the client certificate."""

FAILURES: Final = (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError)
"""Exceptions caused by the network or the server; any other is a bug. httpx raises UnicodeError for a bad Location."""


def connection_error(failure: Exception, url: httpx.URL, *, phase: Phase = Phase.QUEUE) -> ApiError | ConfigError:
    """Return the error that explains why a request to `url` failed; does not use `str(failure)`, which may be empty.

    Args:
        failure: The exception.
        url: The requested URL.
        phase: The step that the request had reached.
    """
    host = url.netloc.decode("ascii", "replace")
    if isinstance(failure, httpx.LocalProtocolError):
        return ConfigError("a header could not be sent as it is", "check token, tenant and site for odd characters")
    if isinstance(failure, (UnicodeError, httpx.InvalidURL)):
        return BadAnswer("redirects to an unreadable address: refused")
    if isinstance(failure, httpx.ProxyError):
        return Unreachable(
            f"the proxy did not let us through to {host}: {one_line(str(failure))[:80]}", remedy="check HTTPS_PROXY"
        )
    if isinstance(failure, httpx.TimeoutException):
        error = _timeout(failure, host, phase)
        return _or_plain_http(error, url) if isinstance(failure, httpx.ConnectTimeout) else error
    if isinstance(failure, httpx.RemoteProtocolError):
        return _protocol(failure, url, host)
    return _connection(failure, url, host)


def proxied_connection_error(
    proxy: Proxy | None, failure: Exception, url: httpx.URL, *, phase: Phase = Phase.QUEUE
) -> ApiError | ConfigError:
    """Return the same as `connection_error`, or the error of the proxy if the proxy is unreachable.

    Args:
        proxy: The proxy for `url`; None means a direct connection.
        failure: The exception.
        url: The requested URL.
        phase: The step that the request had reached.
    """
    is_tunnelled = phase is Phase.TLS or any(
        isinstance(cause, ssl.SSLError) for cause in causes(failure)
    )  # the proxy opened the tunnel
    if proxy is None or is_tunnelled or not isinstance(failure, httpx.ConnectError | httpx.ConnectTimeout):
        return connection_error(failure, url, phase=phase)
    host = f"{proxy.host}:{proxy.port}"
    error = (
        _timeout(failure, host, phase)
        if isinstance(failure, httpx.TimeoutException)
        else _network(failure, host, proxy.host)
    )
    return unreachable_proxy(proxy, error)


def unreachable_proxy(proxy: Proxy, error: Unreachable) -> Unreachable:
    """Return the error of an unreachable proxy, with the cause in `error`."""
    remedy = f"check {proxy.variable}, and that the proxy runs there"
    return Unreachable(f"the proxy of {proxy.variable} cannot be reached: {error.message}", remedy=remedy)


def unresolved(name: str, *, within_s: float | None = None) -> Unreachable:
    """Return the error of a host name that did not resolve.

    Args:
        name: The host.
        within_s: The timeout in seconds, if the look-up timed out; None if the name does not exist.
    """
    message = f"cannot resolve {name}{f' within {within_s:g} s' if within_s else ''}"
    return Unreachable(message, remedy="check the spelling, the network and its DNS")


def is_closed_unanswered(failure: Exception) -> bool:
    """Return whether the server closed the connection before the first byte of its response."""
    if isinstance(failure, httpx.RemoteProtocolError):
        return "without sending a response" in str(failure)
    return isinstance(failure, (httpx.ReadError, httpx.WriteError))


def may_be_about_client_certificate(failure: Exception) -> bool:
    """Return whether a missing client certificate may be why the server closed the connection."""
    if isinstance(failure, httpx.ProxyError | httpx.TimeoutException):
        return False
    tls = next((cause for cause in causes(failure) if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        return not isinstance(tls, ssl.SSLCertVerificationError) and tls.reason not in _NO_TLS
    return is_closed_unanswered(failure) or any(isinstance(cause, ConnectionResetError) for cause in causes(failure))


def is_about_client_certificate(failure: BaseException | None) -> bool:
    """Return whether a TLS alert concerns the client certificate or its absence."""
    reason = (failure.reason or "") if isinstance(failure, ssl.SSLError) else ""
    return reason.endswith((_CERTIFICATE_REQUIRED, *_CERTIFICATE_REFUSED))


def missing_certificate(url: httpx.URL, failure: BaseException | None, *, has_client_cert: bool) -> Unreachable:
    """Return the error of a server that requires or rejects the client certificate.

    Args:
        url: The requested URL.
        failure: The TLS alert; None if the server requested a certificate and closed the connection without one.
        has_client_cert: Whether a client certificate is configured.
    """
    host = url.netloc.decode("ascii", "replace")
    if not has_client_cert:
        return Unreachable(
            f"{host} asks for a client certificate",
            remedy="give it by --client-cert, and its private key by --client-key",
        )
    reason = (failure.reason or "") if isinstance(failure, ssl.SSLError) else ""
    words = reason.partition("ALERT_")[2].replace("_", " ").lower() or "it closed the connection"
    remedy = "check --client-cert: who issued it, for whom, and until when it is valid"
    return Unreachable(f"{host} does not accept the client certificate ({words})", remedy=remedy)


def _timeout(failure: httpx.TimeoutException, host: str, phase: Phase) -> Unreachable:
    match failure:
        case httpx.ConnectTimeout() if phase is Phase.TLS:
            remedy = "check that it speaks https on this port, and VPN and proxy, or raise --connect-timeout"
            return Unreachable(f"timed out in the TLS handshake with {host}", remedy=remedy)
        case httpx.ConnectTimeout():
            return Unreachable(
                f"timed out connecting to {host}", remedy="check the address, VPN and proxy, or raise --connect-timeout"
            )
        case httpx.PoolTimeout():
            return Unreachable("no free connection: all are waiting for responses")
        case httpx.WriteTimeout():
            return Unreachable(f"timed out sending the request to {host}")
        case _:
            missing = "the rest" if phase is Phase.BODY else "the first byte"
            return Unreachable(
                f"timed out waiting for {missing} of the response of {host}",
                remedy="try again later, or raise --read-timeout",
            )


def _protocol(failure: httpx.RemoteProtocolError, url: httpx.URL, host: str) -> ApiError:
    text = str(failure)
    if r"\x15\x03" in text and url.scheme == "http":  # how a TLS alert begins
        return BadAnswer(f"{host} does not speak http: it answers with TLS", remedy=f"write https://{host}")
    if is_closed_unanswered(failure):
        return Unreachable(f"{host} closed the connection before answering")
    if "without sending complete" in text or "incomplete chunked" in text:
        return Unreachable(f"{host} closed the connection during its response")
    if "location header" in text:
        return BadAnswer("redirects to an unreadable address: refused")
    return BadAnswer(f"{host} does not answer in HTTP", remedy="check the port and that https is right")


def _connection(failure: Exception, url: httpx.URL, host: str) -> Unreachable:
    tls = next((cause for cause in causes(failure) if isinstance(cause, ssl.SSLError)), None)
    if tls is not None and not isinstance(tls, ssl.SSLCertVerificationError):
        return _tls(tls, url, host)
    error = _network(failure, host, url.host)
    is_reset = isinstance(failure, httpx.ConnectError) and any(
        isinstance(cause, ConnectionResetError) for cause in causes(failure)
    )
    return _or_plain_http(error, url) if is_reset else error


def _tls(failure: ssl.SSLError, url: httpx.URL, host: str) -> Unreachable:
    reason = failure.reason or ""
    if reason in _NO_TLS:
        remedy = f"write http://{host}" if is_loopback(url.host) else "check the port, and that https is right"
        return Unreachable(f"{host} does not speak https: it answers without TLS", remedy=remedy)
    what = f"TLS with {host} failed ({one_line(reason or 'no reason given')})"
    error = Unreachable(what, remedy="check that it speaks https on this port")
    return _or_plain_http(error, url) if reason == "UNEXPECTED_EOF_WHILE_READING" else error


def _or_plain_http(error: Unreachable, url: httpx.URL) -> Unreachable:
    """Add a remedy if a server on this machine, where http is usual, does not speak TLS."""
    if url.scheme != "https" or not is_loopback(url.host):
        return error
    host = url.netloc.decode("ascii", "replace")
    return Unreachable(
        error.message, remedy=f"check that the server runs there; if it speaks http, write http://{host}"
    )


def _network(failure: Exception, host: str, name: str) -> Unreachable:
    chain = tuple(causes(failure))
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _certificate(cause, name)
        if isinstance(cause, socket.gaierror):
            return unresolved(name)
    for cause in chain:
        if isinstance(cause, ConnectionRefusedError):
            return Unreachable(
                f"{host} refused the connection", remedy="check the address, and that the server runs there"
            )
        if isinstance(cause, (ConnectionResetError, BrokenPipeError, ConnectionAbortedError)):
            return Unreachable(f"{host} reset the connection")
    reason = next((cause.strerror for cause in reversed(chain) if isinstance(cause, OSError) and cause.strerror), None)
    return Unreachable(f"the connection to {host} broke" + (f": {one_line(reason).lower()}" if reason else ""))


def _certificate(error: ssl.SSLCertVerificationError, name: str) -> Unreachable:
    code, message = error.verify_code, (error.verify_message or str(error)).lower()
    if code in _WRONG_HOST or "mismatch" in message:
        return Unreachable(f"the certificate does not belong to {name}", remedy="check the address of the host")
    if code in _EXPIRED or "expired" in message:
        remedy = "the server must renew it, or this machine's clock is wrong"
        return Unreachable(f"the certificate of {name} has expired", remedy=remedy)
    if code in _NOT_YET_VALID:
        return Unreachable(f"the certificate of {name} is not valid yet", remedy="check this machine's clock")
    if code in _SELF_SIGNED:
        what = f"the certificate of {name} is self-signed or of an unknown authority"
        return Unreachable(what, remedy="pass its file by --ca-file")
    what = f"the certificate of {name} is not trusted: {one_line(message)[:80]}"
    return Unreachable(what, remedy="ask who runs the server, or pass the file of its authority by --ca-file")


def causes(failure: BaseException | None) -> Iterator[BaseException]:
    """Yield a failure and all its causes, outermost first, including the members of exception groups."""
    seen: set[int] = set()
    waiting = [failure]
    while waiting:
        cause = waiting.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__]
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions


SHORTEST_PAUSE_S, LONGEST_PAUSE_S, USUAL_PAUSE_S = 1.0, 900.0, 30.0
"""Bounds of Retry-After in seconds, and the wait after a 429 without a readable one."""

_FORBIDDEN = TokenRejection(
    "the token is valid but may not read the inventory queue", "ask for that permission, or check the tenant"
)
"""Meaning and remedy of a 403 without an explanation by the server."""

_PERMISSION = re.compile(
    r"permission|behaviors?\b|behaviours?\b|\bscopes?\b|\broles?\b|privilege|\b(?:access|right) to\b", re.IGNORECASE
)
"""Words that name a missing permission."""

_SAYS_NOTHING = re.compile(
    r"(?:error )?(?:40[13])?[ :-]*(?:unauthori[sz]ed|forbidden|access (?:is )?denied)?[ .!]*", re.IGNORECASE
)
"""Words that only repeat the status."""

_CERTIFICATE = re.compile(r"\b(?:ssl|client) certificate", re.IGNORECASE)
"""Matches messages about the client certificate."""

_NO_SUCH = frozenset({404, 410})

REFUSALS = frozenset({400, 409, 422})
"""Statuses that reject the content of a request, not its sender or its form."""

_LONGEST_HOST, _LONGEST_URL = 80, 200


@dataclass(frozen=True, slots=True)
class Subject:
    """The object of a request, for error messages."""

    name: str
    """Such as "job 884213"."""
    remedy: str
    """The remedy if the server rejects the request."""
    setting: str = "--api-host"
    """The setting that names the address."""


def status_error(
    response: RawResponse,
    subject: Subject,
    *,
    host: str,
    now: datetime,
    url: str = "",
    refusal: TokenRejection = _FORBIDDEN,
) -> ApiError:
    """Return the error of a response whose status is not 2xx.

    Args:
        response: The response.
        subject: The object of the request.
        host: The server.
        now: Local time, aware, for a Retry-After date without a Date header.
        url: The URL without its query.
        refusal: Cause and remedy of a 401 without an explanation by the server.
    """
    status = response.status
    if status == 429:
        pause_s = retry_after_s(response.headers.get("retry-after"), response.server_time or now) or USUAL_PAUSE_S
        return RateLimited(
            f"too many requests: {response.words or 'the server limits the rate'}",
            retry_after_s=pause_s,
            **response.evidence,
        )
    if status in {401, 403}:
        return unauthorised(response, refusal if status == 401 else _FORBIDDEN, host=host)
    if status in _NO_SUCH and not is_no_such_job(response.body):
        return _in_front(response, subject, url or host)
    if status >= 500:
        return _failed(response, retry_after_s(response.headers.get("retry-after"), response.server_time or now))
    kind, message, usual = _judged(response, subject)
    return kind(message, remedy=usual, **response.evidence)


def unauthorised(response: RawResponse, refusal: TokenRejection, *, host: str) -> Unauthorised:
    """Return the error of a response that rejects the token or lacks a permission.

    Args:
        response: The response; the server's message takes precedence.
        refusal: Cause and remedy without an explanation by the server.
        host: The server.
    """
    words = response.words
    says_enough = bool(words) and not refusal.is_known and not _SAYS_NOTHING.fullmatch(words)
    message = words if says_enough else ": ".join(filter(None, (words, refusal.cause)))
    remedy = (fitting_remedy(words) if says_enough else None) or refusal.remedy
    if remedy == _FORBIDDEN.remedy and not _PERMISSION.search(message) and says_enough:
        remedy = "check the tenant, and what the token may read"
    if "token" not in message.lower():  # "it" would refer to a noun of the server's message
        remedy = remedy.replace("renew it", "renew the token", 1)
    return Unauthorised(message, remedy=remedy, host=host, **response.evidence)


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Return the seconds to wait by a Retry-After header, 1 to 900; None if it is missing or unreadable.

    Args:
        value: Seconds or an HTTP date; None if the header is missing.
        now: The server's time if known, otherwise local time; aware.
    """
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return _bounded_s(float(text[:400].lstrip("0")[:9] or 0))
    moment = http_date(text)
    return None if moment is None else _bounded_s((moment - now).total_seconds())


def _bounded_s(pause_s: float) -> float:
    return min(LONGEST_PAUSE_S, max(SHORTEST_PAUSE_S, pause_s))


def _in_front(response: RawResponse, subject: Subject, url: str) -> ServerFault:
    """Return the error of a 404 or 410 that a gateway sent: it concerns the address, not a job."""
    words = f": {response.words}" if response.words else ""
    message = f"not the API but something in front of it answers at {response.shown(url, _LONGEST_URL)}{words}"
    usual = f"check {subject.setting} and the path in it; if they are right, wait until the API is back"
    return ServerFault(message, remedy=fitting_remedy(response.words) or usual, **response.evidence)


def _failed(response: RawResponse, pause_s: float | None) -> ServerFault:
    """Return the error of a 5xx."""
    busy = "the server is overloaded or in maintenance" if response.status == 503 else "the server failed"
    when = "try again later, and" if pause_s is None else f"wait {pause_s:.0f} s; if it persists,"
    fitting = fitting_remedy(response.words)
    remedy = f"{when} {_support(response)}" if fitting in {None, "try again later"} else fitting
    return ServerFault(_with_words(busy, response), retry_after_s=pause_s, remedy=remedy, **response.evidence)


def remedy_by_words(response: RawResponse, usual: str | None = None) -> str:
    """Return the remedy for the server's message: a known one, else `usual`, else to contact support."""
    return fitting_remedy(response.words) or usual or f"try again; if it persists, {_support(response)}"


def _support(response: RawResponse) -> str:
    return "give support the correlation id" if response.correlation_id else "tell support when it happened"


def _judged(response: RawResponse, subject: Subject) -> tuple[type[ApiError], str, str | None]:
    """Return error class, message and remedy of any other status; None means the usual remedy of the class."""
    if response.status == 404:
        return JobNotFound, f"{subject.name} does not exist", None
    if response.status == 410:
        return JobNotFound, f"{subject.name} is gone: the server has deleted it", "leave it out"
    if 300 <= response.status < 400:
        return BadAnswer, _redirect(response), None
    remedy = subject.remedy if response.status in REFUSALS else None
    if fitting_remedy(response.words) or is_of_api(response.body):
        remedy = remedy_by_words(response, remedy)
    if _CERTIFICATE.search(response.words_or_reason):  # nginx sends 400, 495 or 496
        remedy = "check --client-cert and --client-key"
    return BadAnswer, _with_words("the server refused the request", response), remedy


def _with_words(message: str, response: RawResponse) -> str:
    words = response.words_or_reason
    return f"{message}: {words}" if words else message


def _redirect(response: RawResponse) -> str:
    location = response.headers.get("location", "")
    if not location:
        return "redirects without saying where: refused"
    try:
        target = urlsplit(location)
        host = target.netloc.rpartition("@")[2] or "another path of the same host"
        _ = target.port  # raises if the port is not a number
    except ValueError:
        host = "an unreadable address"
    return f"redirects to {response.shown(host, _LONGEST_HOST)}: refused"
