"""Checks the connection to the API: host name, one list request and the steps of its connection, token, clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from tui.api.auth.token_source import TokenSource
from tui.api.client import JobClient
from tui.api.connection_trace import ConnectionTrace
from tui.api.dns import resolve
from tui.api.failures import OnStep
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
from tui.doctor.checks import Check, Report, State, failed, ok, skipped, warning
from tui.domain.errors import ApiError
from tui.domain.job import Job
from tui.domain.job_source import ApiResult, JobQuery
from tui.domain.server_clock import ServerClock
from tui.settings.address import is_loopback
from tui.settings.resolve import Settings

NAMES = ("dns", "tcp", "tls", "proxy", "token", "call", "clock")
"""The checks of this module, in order. If the auth host provides the API host, `token` and `tenant` come first."""

NAME_S = 5.0
"""Timeout of a name resolution in seconds."""

ASIDE_S = 2.0
"""The same if requests go through a proxy, which resolves the name itself."""

_ASIDE = "requests go through the proxy"


@dataclass(frozen=True, slots=True)
class Subject:
    """The API to check."""

    settings: Settings
    tokens: TokenSource
    opened: Callable[[Settings, OnStep], AbstractAsyncContextManager[JobClient]]
    """Opens a client with these settings and `tokens` that reports the steps of its connection."""
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
    def is_tls(self) -> bool:
        """Whether the API uses https."""
        return self.settings.api_base.startswith("https:")


@dataclass(frozen=True, slots=True)
class Request:
    """One request, the steps of its connection, and its result."""

    trace: ConnectionTrace
    sent_s: float
    received_s: float
    answer: ApiResult[tuple[Job, ...]] | None = None
    error: ApiError | ConfigError | None = None

    @property
    def ms(self) -> float:
        """Its duration in milliseconds, with the connection."""
        return (self.received_s - self.sent_s) * 1000


async def check_network(subject: Subject, report: Report) -> None:
    """Make each check of `NAMES`, and pass its result to `report` as soon as it is known."""
    if subject.settings.is_host_looked_up:
        await _check_from_tenant(subject, report)
        return
    way = _Way(subject)
    named = await way.name_check()
    report(named)
    token, has_token = await check_token(subject.tokens, subject.clock)
    request = await check_list(subject) if has_token and way.is_usable and named.state is not State.FAILED else None
    for check in way.checks(request):
        report(check)
    report(token)
    why_not = "there is no token" if way.is_usable and not has_token else "the API cannot be reached"
    for check in _call_checks(subject.clock, request if way.is_passed_by(request) else None, why_not):
        report(check)


async def _check_from_tenant(subject: Subject, report: Report) -> None:
    """Get the API host from the auth host; if there is none, report the connection to the auth host."""
    token, has_token = await check_token(subject.tokens, subject.clock)
    report(token)
    request, host = None, None
    if has_token:
        tenant, host, request = await check_tenant(subject)
    else:
        tenant = skipped("tenant", "not requested, because there is no token")
    report(tenant)
    base = host.api_base if host else subject.settings.auth_base
    found = replace(subject, settings=replace(subject.settings, api_base=base, is_host_looked_up=False))
    way = _Way(found)
    named = await way.name_check()
    report(named)
    if host:
        request = await check_list(found) if way.is_usable and named.state is not State.FAILED else None
    for check in way.checks(request):
        report(check)
    why_not = "the API cannot be reached" if host else "the API host is not known"
    for check in _call_checks(found.clock, request if host and way.is_passed_by(request) else None, why_not):
        report(check)


async def check_token(tokens: TokenSource, clock: Clock) -> tuple[Check, bool]:
    """Return the check of the token, and whether there is one to send. An expired one counts, because our clock may be
    wrong.
    """
    try:
        await tokens.token()
    except (ApiError, ConfigError) as error:
        return failed("token", error), False
    return access(tokens.facts, clock.now()), True


async def check_tenant(subject: Subject) -> tuple[Check, TenantHost | None, Request]:
    """Return the check of the tenant, its API host (None if it is not known), and the request for it."""
    trace, sent_s, settings = ConnectionTrace(subject.clock.monotonic_s), subject.clock.monotonic_s(), subject.settings
    try:
        async with subject.opened(settings, trace.note) as client:
            host = await client.find_host()
    except (ApiError, ConfigError) as error:
        request = Request(trace, sent_s, subject.clock.monotonic_s(), error=error)
        return failed("tenant", error), None, request
    request = Request(trace, sent_s, subject.clock.monotonic_s())
    if host.note:
        what, _, remedy = host.note.rpartition("; ")
        return warning("tenant", what, remedy), host, request
    kind = {True: ", which is live", False: ", a development tenant", None: ""}[host.is_production]
    names = f"{urlsplit(settings.auth_base).netloc} names {urlsplit(host.api_base).netloc}"
    return ok("tenant", f"{names} as the domain of tenant {settings.tenant}{kind}"), host, request


async def check_list(subject: Subject) -> Request:
    """Request the list of jobs, and return what became of it."""
    clock = subject.clock
    trace, sent_s = ConnectionTrace(clock.monotonic_s), clock.monotonic_s()
    try:
        async with subject.opened(subject.settings, trace.note) as client:
            sent_s = clock.monotonic_s()
            answer = await client.jobs(JobQuery())
            return Request(trace, sent_s, clock.monotonic_s(), answer)
    except (ApiError, ConfigError) as error:
        return Request(trace, sent_s, clock.monotonic_s(), error=error)


class _Way:
    """The way of requests to the API: direct or through a proxy.

    Args:
        subject: The API.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._route: Route | None = None
        self._wrong_proxy: ConfigError | None = None
        self._wrong_trust: ConfigError | None = None
        try:
            self._route = route_to(subject.settings.api_base, subject.environ)
        except ConfigError as error:
            self._wrong_proxy = error
        if subject.is_tls:
            try:
                trust_for(subject.settings, subject.environ)
            except ConfigError as error:
                self._wrong_trust = error

    @property
    def is_usable(self) -> bool:
        """Whether the settings allow a request."""
        return self._wrong_proxy is None and self._wrong_trust is None

    @property
    def _proxy(self) -> Proxy | None:
        return None if self._route is None else self._route.proxy

    async def name_check(self) -> Check:
        """Return the check of the host name; behind a proxy it never fails."""
        host, is_proxied = self._subject.host, self._proxy is not None
        try:
            check = host_name(await resolve(host, limit_s=ASIDE_S if is_proxied else NAME_S), host)
        except ApiError as error:
            check = failed("dns", error)
        return aside(check, _ASIDE) if is_proxied else check

    def checks(self, request: Request | None) -> Iterator[Check]:
        """Yield the checks of the connection; steps after a failed one are not reached.

        Args:
            request: The request; None if none was sent.
        """
        yield self._tcp(request)
        yield self._tls(request)
        yield self._through_proxy(request)

    def is_passed_by(self, request: Request | None) -> bool:
        """Return whether a request got as far as the API."""
        if request is None or not self._is_open(request):
            return False
        return not self._subject.is_tls or request.trace.secured is not None

    def _is_open(self, request: Request) -> bool:
        """Return whether there is a connection to the API, or to the proxy that passes requests on."""
        is_tunnel_needed = self._proxy is not None and self._subject.is_tls
        return request.trace.connected is not None and (not is_tunnel_needed or request.trace.tunnel_ms is not None)

    def _tcp(self, request: Request | None) -> Check:
        if self._proxy is not None:
            return skipped("tcp", f"not tried directly; {_ASIDE}")
        if request is not None and request.trace.connected is not None:
            return connection(request.trace.connected, self._subject.port)
        return _not_reached("tcp", request)

    def _tls(self, request: Request | None) -> Check:
        settings, environ = self._subject.settings, self._subject.environ
        if not self._subject.is_tls:
            return no_encryption(self._subject.host, is_local=is_loopback(self._subject.host))
        if self._wrong_trust is not None:
            return failed("tls", self._wrong_trust)
        if request is None or not self._is_open(request):
            return skipped("tls", "not reached")
        if request.trace.secured is not None:
            return encryption(request.trace.secured, authorities(settings, environ), self._subject.clock.now())
        return _not_reached("tls", request)

    def _through_proxy(self, request: Request | None) -> Check:
        if self._wrong_proxy is not None:
            return failed("proxy", self._wrong_proxy)
        if self._route is None or self._route.proxy is None:
            return direct(self._route or Route(None, ""))
        if request is None or request.trace.connected is None or not self._is_open(request):
            return _not_reached("proxy", request)
        if request.trace.tunnel_ms is not None:
            return proxy_opened(self._route, self._route.proxy, ms=request.trace.tunnel_ms)
        return proxy_connected(self._route, self._route.proxy, ms=request.trace.connected.ms)


def _not_reached(name: str, request: Request | None) -> Check:
    """Return the check of a step that a request did not pass: the failure of the request, if there was one."""
    if request is None or request.error is None:
        return skipped(name, "not reached")
    return failed(name, request.error)


def _call_checks(clock: Clock, request: Request | None, why_not: str) -> Iterator[Check]:
    """Yield the checks of the request and of the clocks; without a request, say why there was none."""
    if request is None:
        yield skipped("call", f"not made, because {why_not}")
        yield skipped("clock", "not compared, because there was no response")
        return
    server_time = None
    if request.answer is not None:
        server_time = request.answer.server_time
        yield call(request.answer, ms=request.ms)
    elif request.error is not None:
        server_time = request.error.server_time if isinstance(request.error, ApiError) else None
        yield failed("call", request.error, ms=request.ms)
    yield _compared(server_time, request, clock)


def _compared(server_time: datetime | None, request: Request, clock: Clock) -> Check:
    if server_time is None:
        return skipped("clock", "not compared, because no response has the server's time")
    server = ServerClock().observed(server_time, sent_s=request.sent_s, received_s=request.received_s)
    if not server.epochs:
        return skipped("clock", "not compared, because the response took too long")
    now_s, now = clock.monotonic_s(), clock.now()
    return clocks((server.at(now_s, default=now) - now).total_seconds())
