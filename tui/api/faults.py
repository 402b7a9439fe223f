"""Words for every way a connection can fail, and what to do about each. Sends nothing; statuses are judged in `http_errors`."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import Final

import httpx

from tui.api.phases import Phase
from tui.api.proxies import Proxy
from tui.core.errors import ConfigError
from tui.core.text import one_line
from tui.domain.errors import ApiError, BadAnswer, Unreachable
from tui.settings import is_loopback

_SELF_SIGNED, _EXPIRED, _NOT_YET_VALID, _WRONG_HOST = {18, 19, 20, 21}, {10}, {9}, {62, 64}
"""OpenSSL's verification codes."""

_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"})
"""OpenSSL's reasons where the other side answers without TLS."""
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
"""Ends of OpenSSL's reasons where the server says what it thinks of the client's certificate."""

FAILURES: Final = (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError)
"""What a request may raise because of the network or the server; anything else is a bug of ours. UnicodeError: httpx reads
the Location of a redirect even if it does not follow, and lets errors of its host name through."""


def error_for(failure: Exception, url: httpx.URL, *, phase: Phase = Phase.QUEUE) -> ApiError | ConfigError:
    """Return the one error of ours that says why a request to `url` failed; `str(failure)` may be empty and is not used.

    Args:
        failure: What was raised.
        url: What was asked for.
        phase: How far the request had got.
    """
    host = url.netloc.decode("ascii", "replace")
    if isinstance(failure, httpx.LocalProtocolError):
        return ConfigError("a header could not be sent as it is", "check token, tenant and site for odd characters")
    if isinstance(failure, (UnicodeError, httpx.InvalidURL)):
        return BadAnswer("redirects to an unreadable address: refused")
    if isinstance(failure, httpx.ProxyError):
        return Unreachable(f"the proxy did not let us through to {host}: {one_line(str(failure))[:80]}", remedy="check HTTPS_PROXY")
    if isinstance(failure, httpx.TimeoutException):
        error = _timeout(failure, host, phase)
        return _or_plain_http(error, url) if isinstance(failure, httpx.ConnectTimeout) else error
    if isinstance(failure, httpx.RemoteProtocolError):
        return _protocol(failure, url, host)
    return _connection(failure, url, host)


def error_behind(proxy: Proxy | None, failure: Exception, url: httpx.URL, *, phase: Phase = Phase.QUEUE) -> ApiError | ConfigError:
    """Return the same as `error_for`, but of the proxy where it was that which could not be reached.

    Args:
        proxy: Where requests to `url` go first; None for nowhere.
        failure: What was raised.
        url: What was asked for.
        phase: How far the request had got.
    """
    is_tunnelled = phase is Phase.TLS or any(isinstance(cause, ssl.SSLError) for cause in _causes(failure))  # the proxy let it through
    if proxy is None or is_tunnelled or not isinstance(failure, httpx.ConnectError | httpx.ConnectTimeout):
        return error_for(failure, url, phase=phase)
    host = f"{proxy.host}:{proxy.port}"
    error = _timeout(failure, host, phase) if isinstance(failure, httpx.TimeoutException) else _network(failure, host, proxy.host)
    return unreachable_proxy(proxy, error)


def unreachable_proxy(proxy: Proxy, error: Unreachable) -> Unreachable:
    """Return the error of a proxy that cannot be reached, as `error` says."""
    remedy = f"check {proxy.variable}, and that the proxy runs there"
    return Unreachable(f"the proxy of {proxy.variable} cannot be reached: {error.message}", remedy=remedy)


def unresolved(name: str, *, within_s: float | None = None) -> Unreachable:
    """Return the error of a name without an address.

    Args:
        name: The host.
        within_s: Seconds after which nobody waited any more; None where the answer was no.
    """
    message = f"cannot resolve {name}{f' within {within_s:g} s' if within_s else ''}"
    return Unreachable(message, remedy="check the spelling, the network and its DNS")


def is_closed_unanswered(failure: Exception) -> bool:
    """Return whether the server ended the connection before the first byte of its answer."""
    if isinstance(failure, httpx.RemoteProtocolError):
        return "without sending a response" in str(failure)
    return isinstance(failure, (httpx.ReadError, httpx.WriteError))


def may_be_about_client_certificate(failure: Exception) -> bool:
    """Return whether the server ended the connection as one may that misses the client's certificate."""
    if isinstance(failure, httpx.ProxyError | httpx.TimeoutException):
        return False
    tls = next((cause for cause in _causes(failure) if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        return not isinstance(tls, ssl.SSLCertVerificationError) and tls.reason not in _NO_TLS
    return is_closed_unanswered(failure) or any(isinstance(cause, ConnectionResetError) for cause in _causes(failure))


def is_about_client_certificate(failure: BaseException | None) -> bool:
    """Return whether a TLS alert says what the server thinks of the client's certificate, or of having none."""
    reason = (failure.reason or "") if isinstance(failure, ssl.SSLError) else ""
    return reason.endswith((_CERTIFICATE_REQUIRED, *_CERTIFICATE_REFUSED))


def certificate_wanted(url: httpx.URL, failure: BaseException | None, *, has_client_cert: bool) -> Unreachable:
    """Return the error of a server that ends connections because of the client's certificate.

    Args:
        url: What was asked for.
        failure: The alert that says so; None where it asked for a certificate and closed the connection without an alert.
        has_client_cert: Whether there was a certificate to be shown.
    """
    host = url.netloc.decode("ascii", "replace")
    if not has_client_cert:
        return Unreachable(f"{host} asks for a client certificate", remedy="give it by --client-cert, and its private key by --client-key")
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
            return Unreachable(f"timed out connecting to {host}", remedy="check the address, VPN and proxy, or raise --connect-timeout")
        case httpx.PoolTimeout():
            return Unreachable("no free connection: all are waiting for answers")
        case httpx.WriteTimeout():
            return Unreachable(f"timed out sending the request to {host}")
        case _:
            missing = "the rest" if phase is Phase.BODY else "the first byte"
            return Unreachable(
                f"timed out waiting for {missing} of the answer of {host}", remedy="try again later, or raise --read-timeout"
            )


def _protocol(failure: httpx.RemoteProtocolError, url: httpx.URL, host: str) -> ApiError:
    text = str(failure)
    if r"\x15\x03" in text and url.scheme == "http":  # how a TLS alert begins
        return BadAnswer(f"{host} does not speak http: it answers with TLS", remedy=f"write https://{host}")
    if is_closed_unanswered(failure):
        return Unreachable(f"{host} closed the connection before answering")
    if "without sending complete" in text or "incomplete chunked" in text:
        return Unreachable(f"{host} closed the connection in the middle of its answer")
    if "location header" in text:
        return BadAnswer("redirects to an unreadable address: refused")
    return BadAnswer(f"{host} does not answer in HTTP", remedy="check the port and that https is right")


def _connection(failure: Exception, url: httpx.URL, host: str) -> Unreachable:
    tls = next((cause for cause in _causes(failure) if isinstance(cause, ssl.SSLError)), None)
    if tls is not None and not isinstance(tls, ssl.SSLCertVerificationError):
        return _tls(tls, url, host)
    error = _network(failure, host, url.host)
    is_reset = isinstance(failure, httpx.ConnectError) and any(isinstance(cause, ConnectionResetError) for cause in _causes(failure))
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
    """Add what to do if a server on this machine, where http is usual, did not understand TLS."""
    if url.scheme != "https" or not is_loopback(url.host):
        return error
    host = url.netloc.decode("ascii", "replace")
    return Unreachable(error.message, remedy=f"check that the server runs there; if it speaks http, write http://{host}")


def _network(failure: Exception, host: str, name: str) -> Unreachable:
    causes = tuple(_causes(failure))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _certificate(cause, name)
        if isinstance(cause, socket.gaierror):
            return unresolved(name)
    for cause in causes:
        if isinstance(cause, ConnectionRefusedError):
            return Unreachable(f"{host} refused the connection", remedy="check the address, and that the server runs there")
        if isinstance(cause, (ConnectionResetError, BrokenPipeError, ConnectionAbortedError)):
            return Unreachable(f"{host} reset the connection")
    reason = next((cause.strerror for cause in reversed(causes) if isinstance(cause, OSError) and cause.strerror), None)
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


def _causes(failure: BaseException | None) -> Iterator[BaseException]:
    """Yield a failure and everything behind it, groups of several addresses included, outermost first."""
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
