"""Turns each network observation into a check result with a remedy. Pure."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from tui.api.auth.token_source import TokenFacts
from tui.api.connection_trace import Connected, Secured
from tui.api.dns import Resolved
from tui.api.proxy import UNREADABLE_REMEDY, Proxy, Route
from tui.core.durations import rough_duration
from tui.core.text import count
from tui.doctor.checks import Check, Fault, State, ok, skipped, warning
from tui.domain.job import Job
from tui.domain.job_source import ApiResult

SOON = timedelta(days=14)
"""A certificate that expires within this time needs renewal, unless its lifetime is only a few weeks."""

SOON_PART = 3
"""Upper limit of that time: the lifetime of the certificate divided by this number."""

SHORT_TOKEN = timedelta(minutes=5)
"""A token that expires within this time, without renewal, is too short for a watch."""

FAST_S = 5.0
"""A larger clock difference is a warning."""


def host_name(resolved: Resolved, host: str) -> Check:
    """Return the result for a host name with addresses."""
    first, *others = resolved.addresses
    if _is_address(host):
        return skipped("dns", f"{host} is an address, no name")
    more = f" and {len(others)} more" if others else ""
    return ok("dns", f"{host} is {first}{more}", ms=resolved.ms)


def connection(connected: Connected, port: int) -> Check:
    """Return the result for a port that accepts connections."""
    return ok("tcp", f"{connected.address} accepts connections on port {port}", ms=connected.ms)


def encryption(secured: Secured, authorities: str, now: datetime) -> Check:
    """Return the result for a TLS connection with a trusted certificate.

    Args:
        secured: The negotiated connection.
        authorities: The trusted authorities, as text.
        now: The current time, aware.
    """
    shown = secured.certificate
    if shown is None:
        return ok("tls", f"{secured.version}; trusted by {authorities}", ms=secured.ms)
    remaining = shown.ends_at - now
    ends = f"until {shown.ends_at:%Y-%m-%d}, for {rough_duration(remaining.total_seconds())}"
    found = f"{secured.version}; certificate of {shown.subject} by {shown.issuer} {ends}; trusted by {authorities}"
    if remaining < min(SOON, (shown.ends_at - shown.starts_at) / SOON_PART):
        return warning("tls", found, "have the server's certificate renewed before then", ms=secured.ms)
    return ok("tls", found, ms=secured.ms)


def no_encryption(host: str, *, is_local: bool) -> Check:
    """Return the result for an http address."""
    if is_local:
        return skipped("tls", "http, which does not leave this machine")
    return warning("tls", f"http to {host}: the network can read the token", "use https, without --insecure-http")


def direct(route: Route) -> Check:
    """Return the result for a connection without a proxy."""
    return _proxy(route, f"none: {route.reason}")


def proxy_opened(route: Route, proxy: Proxy, *, ms: float) -> Check:
    """Return the result for a proxy that opened a connection to the server."""
    return _proxy(route, f"{proxy.shown} {route.reason} lets us through", ms=ms)


def proxy_connected(route: Route, proxy: Proxy, *, ms: float) -> Check:
    """Return the result for a proxy that accepts connections, without a request through it."""
    return _proxy(route, f"{proxy.shown} {route.reason} accepts connections", ms=ms)


def _proxy(route: Route, found: str, *, ms: float | None = None) -> Check:
    if route.unreadable is None:
        return ok("proxy", found, ms=ms)
    return warning("proxy", f"{found}; {route.unreadable}", UNREADABLE_REMEDY, ms=ms)


def access(token: TokenFacts, now: datetime) -> Check:
    """Return the result for an available token, which is never shown."""
    check = _life(token, now)
    if not token.concerns:
        return check
    found = "; ".join((check.found, *(concern.message for concern in token.concerns)))
    remedy = "; ".join(filter(None, (check.remedy, *(concern.remedy for concern in token.concerns))))
    state = State.FAILED if check.state is State.FAILED else State.WARNING
    return Check("token", state, found, remedy, fault=check.fault)


def _life(token: TokenFacts, now: datetime) -> Check:
    if token.expires_at is None:
        return ok("token", f"{token.origin}; it does not say when it expires")
    remaining = token.expires_at - now
    if remaining <= timedelta(0):
        found = f"{token.origin}; expired {rough_duration(-remaining.total_seconds())} ago"
        return Check("token", State.FAILED, found, "renew it", fault=Fault.TOKEN)
    found = f"{token.origin}; expires in {rough_duration(remaining.total_seconds())}"
    if token.renews_itself:
        return ok("token", f"{found} and is renewed before")
    return warning("token", found, "renew it before a long watch") if remaining < SHORT_TOKEN else ok("token", found)


def call(answer: ApiResult[tuple[Job, ...]], *, ms: float) -> Check:
    """Return the result for a response to the list request."""
    found = f"HTTP {answer.http_status}, {count(len(answer.value), 'job')}"
    found += f", correlation {answer.correlation_id}" if answer.correlation_id else ""
    if answer.http_status == 404:
        remedy = "if there should be jobs, check the path of --api-host, the tenant and the site"
        return warning("call", f"{found}: the server says that there is no such list, or nothing in it", remedy, ms=ms)
    if answer.withheld:
        remedy = "check --tenant, --site and --api-host"
        return warning("call", f"{found}, and {count(answer.withheld, 'job')} of another tenant", remedy, ms=ms)
    return ok("call", found, ms=ms)


def clocks(ahead_s: float) -> Check:
    """Return the result for the seconds by which the server's clock is ahead of this machine's."""
    if abs(ahead_s) <= FAST_S:
        return ok("clock", "this machine and the server agree within 5 s")
    side = "behind" if ahead_s > 0 else "ahead of"
    remedy = "set this machine's clock (NTP); a wrong clock makes valid certificates and tokens look expired"
    return warning("clock", f"this machine is {rough_duration(abs(ahead_s))} {side} the server", remedy)


def aside(check: Check, why: str) -> Check:
    """Return the check of a step that requests do not use: a failure becomes skipped."""
    state = State.SKIPPED if check.state is State.FAILED else check.state
    return Check(check.name, state, f"{check.found}; {why}", ms=check.ms)


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False
