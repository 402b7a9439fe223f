"""Words for every way a connection can fail, and what to do about each. Sends nothing; statuses are judged in `http_errors`."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import Final

import httpx

from tui.api.errors import ApiError, BadAnswer, Unreachable
from tui.api.proxies import Proxy
from tui.errors import ConfigError
from tui.text import one_line

_SELF_SIGNED, _EXPIRED, _NOT_YET_VALID, _WRONG_HOST = {18, 19, 20, 21}, {10}, {9}, {62, 64}
"""OpenSSL's verification codes."""

FAILURES: Final = (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError)
"""What a request may raise because of the network or the server; anything else is a bug of ours. UnicodeError: httpx reads
the Location of a redirect even if it does not follow, and lets errors of its host name through."""


def error_for(failure: Exception, url: httpx.URL) -> ApiError | ConfigError:
    """Return the one error of ours that says why a request to `url` failed; `str(failure)` may be empty and is not used."""
    host = url.netloc.decode("ascii", "replace")
    if isinstance(failure, httpx.LocalProtocolError):
        return ConfigError("a header could not be sent as it is", "check token, tenant and site for odd characters")
    if isinstance(failure, (UnicodeError, httpx.InvalidURL)):
        return BadAnswer("redirects to an unreadable address: refused")
    if isinstance(failure, httpx.ProxyError):
        return Unreachable(f"the proxy did not let us through to {host}: {one_line(str(failure))[:80]}", remedy="check HTTPS_PROXY")
    if isinstance(failure, httpx.TimeoutException):
        return _timeout(failure, host)
    if isinstance(failure, httpx.RemoteProtocolError):
        return _protocol(failure, host)
    return _network(failure, host, url.host)


def error_behind(proxy: Proxy | None, failure: Exception, url: httpx.URL) -> ApiError | ConfigError:
    """Return the same as `error_for`, but of the proxy where it was that which could not be reached.

    Args:
        proxy: Where requests to `url` go first; None for nowhere.
        failure: What was raised.
        url: What was asked for.
    """
    is_tunnelled = any(isinstance(cause, ssl.SSLError) for cause in _causes(failure))  # the proxy let it through
    if proxy is None or is_tunnelled or not isinstance(failure, httpx.ConnectError | httpx.ConnectTimeout):
        return error_for(failure, url)
    host = f"{proxy.host}:{proxy.port}"
    error = _timeout(failure, host) if isinstance(failure, httpx.TimeoutException) else _network(failure, host, proxy.host)
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


def _timeout(failure: httpx.TimeoutException, host: str) -> Unreachable:
    match failure:
        case httpx.ConnectTimeout():
            return Unreachable(f"timed out connecting to {host}", remedy="check the address, VPN and proxy, or raise --connect-timeout")
        case httpx.PoolTimeout():
            return Unreachable("no free connection: all are waiting for answers")
        case httpx.WriteTimeout():
            return Unreachable(f"timed out sending the request to {host}")
        case _:
            return Unreachable(f"timed out waiting for the answer of {host}", remedy="try again later, or raise --read-timeout")


def _protocol(failure: httpx.RemoteProtocolError, host: str) -> ApiError:
    text = str(failure)
    if is_closed_unanswered(failure):
        return Unreachable(f"{host} closed the connection before answering")
    if "without sending complete" in text or "incomplete chunked" in text:
        return Unreachable(f"{host} closed the connection in the middle of its answer")
    if "location header" in text:
        return BadAnswer("redirects to an unreadable address: refused")
    return BadAnswer(f"{host} does not answer in HTTP", remedy="check the port and that https is right")


def _network(failure: Exception, host: str, name: str) -> Unreachable:
    causes = tuple(_causes(failure))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _certificate(cause, name)
        if isinstance(cause, ssl.SSLError):
            message = f"TLS with {host} failed ({one_line(cause.reason or 'no reason given')})"
            return Unreachable(message, remedy="check that it speaks https on this port")
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
