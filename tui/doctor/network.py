"""Checks the connection to the API step by step: tenant host, DNS, TCP, proxy, TLS, token, one list request, clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from tui.api.auth.token_source import TokenSource
from tui.api.client import JobClient
from tui.api.dns import resolve
from tui.api.probes import Way, connect, secure, tunnel, wanted_certificate
from tui.api.proxy import Proxy, Route, route_to
from tui.api.tenant_host import TenantHost
from tui.api.tls import authorities, trust_for
from tui.core.clock import Clock
from tui.core.errors import ConfigError
from tui.doctor.check_results import (
    access,
    aside,
    call,
    clocks,
    connection,
    direct,
    encryption,
    host_name,
    no_encryption,
    proxy_connected,
    proxy_opened,
)
from tui.doctor.checks import Check, State, Tell, failed, ok, skipped, warning
from tui.domain.errors import ApiError
from tui.domain.job_source import JobQuery
from tui.domain.server_clock import ServerClock
from tui.settings.address import is_loopback
from tui.settings.resolve import Settings


async def look_at_token(tokens: TokenSource, clock: Clock) -> tuple[Check, bool]:
    """Return the check of the token, and whether there is one to send. An expired one counts, because our clock may be
    wrong.
    """
    try:
        await tokens.token()
    except (ApiError, ConfigError) as error:
        return failed("token", error), False
    return access(tokens.facts, clock.now()), True


async def look_at_list(opened: Callable[[], AbstractAsyncContextManager[JobClient]], clock: Clock, tell: Tell) -> None:
    """Request the list of jobs, and report the request and the clock."""
    try:
        async with opened() as client:
            called, compared = await _list_response(client, clock)
    except ConfigError as error:
        called, compared = failed("call", error), None
    tell(called)
    tell(compared or skipped("clock", "not compared, because no response has the server's time"))


async def _list_response(client: JobClient, clock: Clock) -> tuple[Check, Check | None]:
    sent_s = clock.monotonic_s()
    try:
        answer = await client.jobs(JobQuery())
    except ApiError as error:
        return failed("call", error, ms=_ms_since(sent_s, clock)), _compared(error.server_time, sent_s, clock)
    return call(answer, ms=_ms_since(sent_s, clock)), _compared(answer.server_time, sent_s, clock)


def _compared(server_time: datetime | None, sent_s: float, clock: Clock) -> Check | None:
    if server_time is None:
        return None
    received_s, now = clock.monotonic_s(), clock.now()
    server = ServerClock().observed(server_time, sent_s=sent_s, received_s=received_s)
    if not server.epochs:
        return skipped("clock", "not compared, because the response took too long")
    return clocks((server.at(received_s, default=now) - now).total_seconds())


def _ms_since(sent_s: float, clock: Clock) -> float:
    return (clock.monotonic_s() - sent_s) * 1000


async def look_at_tenant(
    opened: Callable[[], AbstractAsyncContextManager[JobClient]], settings: Settings
) -> tuple[Check, TenantHost | None]:
    """Return the check of the tenant, and its API host; None if it is not known."""
    try:
        async with opened() as client:
            host = await client.find_host()
    except (ApiError, ConfigError) as error:
        return failed("tenant", error), None
    if host.note:
        what, _, remedy = host.note.rpartition("; ")
        return warning("tenant", what, remedy), host
    kind = {True: ", which is live", False: ", a development tenant", None: ""}[host.is_production]
    auth_host = urlsplit(settings.auth_base).netloc
    return ok(
        "tenant", f"{auth_host} names {urlsplit(host.api_base).netloc} as the domain of tenant {settings.tenant}{kind}"
    ), host


NAMES = ("dns", "tcp", "tls", "proxy", "token", "call", "clock")
"""The checks of this module, in order. If the auth host provides the API host, `token` and `tenant` come first."""

NAME_S = 5.0
"""Timeout of a name resolution in seconds."""

LONGEST_CONNECT_S = 10.0
"""Upper limit of the connection timeout in seconds."""

ASIDE_S = 2.0
"""Timeout of a direct step that requests do not use because of a proxy."""

_ASIDE = "requests go through the proxy"


@dataclass(frozen=True, slots=True)
class Subject:
    """The API to check."""

    settings: Settings
    tokens: TokenSource
    opened: Callable[[Settings], AbstractAsyncContextManager[JobClient]]
    """Opens a client with these settings and `tokens`."""
    clock: Clock
    environ: Mapping[str, str]

    @property
    def host(self) -> str:
        """The API's host, without brackets."""
        return urlsplit(self.settings.api_base).hostname or ""

    @property
    def port(self) -> int:
        """The API's port."""
        return urlsplit(self.settings.api_base).port or (443 if self.is_tls else 80)

    @property
    def connect_s(self) -> float:
        """Timeout of one connection step in seconds."""
        return min(self.settings.connect_timeout_s, LONGEST_CONNECT_S)

    @property
    def is_tls(self) -> bool:
        """Whether the API uses https."""
        return self.settings.api_base.startswith("https:")


async def look_at_network(subject: Subject, tell: Tell) -> None:
    """Run each check of `NAMES` and report it when it completes."""
    if subject.settings.is_host_asked:
        await _look_from_tenant(subject, tell)
        return
    is_passable = await _look_at_way(subject, tell)
    token, has_token = await look_at_token(subject.tokens, subject.clock)
    tell(token)
    if is_passable and has_token:
        await look_at_list(lambda: subject.opened(subject.settings), subject.clock, tell)
        return
    _skip_call(tell, "the API cannot be reached" if not is_passable else "there is no token")


async def _look_from_tenant(subject: Subject, tell: Tell) -> None:
    """Get the API host from the auth host, and check the connection to it; if there is none, check the connection to
    the auth host.
    """
    token, has_token = await look_at_token(subject.tokens, subject.clock)
    tell(token)
    if has_token:
        tenant, host = await look_at_tenant(lambda: subject.opened(subject.settings), subject.settings)
    else:
        tenant, host = skipped("tenant", "not requested, because there is no token"), None
    tell(tenant)
    base = host.api_base if host else subject.settings.auth_base
    found = replace(subject, settings=replace(subject.settings, api_base=base, is_host_asked=False))
    is_passable = await _look_at_way(found, tell)
    if host and is_passable:
        await look_at_list(lambda: found.opened(found.settings), found.clock, tell)
        return
    _skip_call(tell, "the API cannot be reached" if host else "the API host is not known")


def _skip_call(tell: Tell, reason: str) -> None:
    tell(skipped("call", f"not made, because {reason}"))
    tell(skipped("clock", "not compared, because there was no response"))


async def _look_at_way(subject: Subject, tell: Tell) -> bool:
    """Check the connection and return whether a request can get through."""
    try:
        route = route_to(subject.settings.api_base, subject.environ)
    except ConfigError as error:
        await _look_at_direct_way(subject, tell)
        tell(failed("proxy", error))
        return False
    if route.proxy is not None:
        return await _look_at_proxied_way(subject, route, route.proxy, tell)
    is_passable = await _look_at_direct_way(subject, tell)
    tell(direct(route))
    return is_passable


async def _look_at_direct_way(subject: Subject, tell: Tell) -> bool:
    named, addresses = await _named(subject.host, NAME_S)
    tell(named)
    if not addresses:
        tell(skipped("tcp", "not tried, because there is no address"))
        tell(skipped("tls", "not tried, because nothing is connected"))
        return False
    connected, address = await _connected(addresses, subject.host, subject.port, subject.connect_s)
    tell(connected)
    if address is None:
        tell(skipped("tls", "not tried, because nothing is connected"))
        return False
    encrypted = await _encrypted(subject, Way(subject.host, subject.port, address))
    tell(encrypted)
    return encrypted.state is not State.FAILED


async def _look_at_proxied_way(subject: Subject, route: Route, proxy: Proxy, tell: Tell) -> bool:
    named, addresses = await _named(subject.host, ASIDE_S)
    tell(aside(named, _ASIDE))
    if addresses:
        connected, _ = await _connected(addresses, subject.host, subject.port, ASIDE_S)
        tell(aside(connected, _ASIDE))
    else:
        tell(skipped("tcp", f"not tried directly; {_ASIDE}"))
    opened, way = await _opened(subject, route, proxy)
    if way is None:
        tell(skipped("tls", "not tried, because the proxy does not let us through"))
    else:
        encrypted = await _encrypted(subject, way)
        tell(encrypted)
    tell(opened)
    return way is not None and encrypted.state is not State.FAILED


async def _named(host: str, limit_s: float) -> tuple[Check, tuple[str, ...]]:
    try:
        resolved = await resolve(host, limit_s=limit_s)
    except ApiError as error:
        return failed("dns", error), ()
    return host_name(resolved, host), resolved.addresses


async def _connected(addresses: Sequence[str], host: str, port: int, limit_s: float) -> tuple[Check, str | None]:
    try:
        connected = await connect(addresses, port, host=host, limit_s=limit_s)
    except ApiError as error:
        return failed("tcp", error), None
    return connection(connected, port), connected.address


async def _encrypted(subject: Subject, way: Way) -> Check:
    if not subject.is_tls:
        return no_encryption(subject.host, is_local=is_loopback(subject.host))
    if way.proxy is not None and way.proxy.scheme == "https":
        return skipped("tls", "not looked at within the TLS of the proxy; the call goes that way")
    settings, environ = subject.settings, subject.environ
    try:
        secured = await secure(way, trust_for(settings, environ), limit_s=subject.connect_s)
    except ConfigError as error:
        return failed("tls", error)
    except ApiError as error:
        files = None if settings.client_cert is None else (settings.client_cert, settings.client_key)
        return failed("tls", await wanted_certificate(way, files, limit_s=subject.connect_s) or error)
    return encryption(secured, authorities(settings, environ), subject.clock.now())


async def _opened(subject: Subject, route: Route, proxy: Proxy) -> tuple[Check, Way | None]:
    """Return the check of the proxy, and the way through it if it opened a connection."""
    try:
        addresses = (await resolve(proxy.host, limit_s=NAME_S)).addresses
        connected = await connect(addresses, proxy.port, host=proxy.host, limit_s=subject.connect_s)
        way = Way(subject.host, subject.port, connected.address, proxy)
        if not (subject.is_tls and proxy.scheme == "http"):
            return proxy_connected(route, proxy, ms=connected.ms), way
        return proxy_opened(route, proxy, ms=await tunnel(way, limit_s=subject.connect_s)), way
    except (ApiError, ConfigError) as error:
        return failed("proxy", error), None
