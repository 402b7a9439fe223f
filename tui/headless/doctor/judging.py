"""What is made of each thing that was seen on the way to the API. Pure: reads no clock, opens no connection."""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tui.api.answer import Answer
from tui.api.models import Job
from tui.api.names import Resolved
from tui.api.probes import Connected, Secured
from tui.api.proxies import Proxy, Route
from tui.headless.doctor.check import Check, State, ok, skipped, warning
from tui.headless.exits import Exit
from tui.settings import Settings
from tui.settings.address import api_address
from tui.settings.layers import SETTINGS
from tui.text import count, one_line, rough

SOON = timedelta(days=14)
"""A certificate that ends so soon should have been renewed, unless it lives but a few weeks."""

SOON_PART = 3
"""What counts as soon is at most this fraction of its life."""

SHORT_TOKEN = timedelta(minutes=5)
"""A token that ends so soon, and does not renew itself, will not last for a watch."""

FAST_S = 5.0
"""Clocks that are further apart are told."""


@dataclass(frozen=True, slots=True)
class TokenSeen:
    """What may be said of a token."""

    origin: str
    """Its source, safe to show."""
    expires_at: datetime | None = None
    """Aware; None if nothing says so."""
    renews_itself: bool = False
    """Whether jobdeck gets the next one by itself."""


def configuration(settings: Settings, file: Path, *, has_file: bool, problems: Sequence[str], environ: Mapping[str, str]) -> Check:
    """Judge settings that could be resolved.

    Args:
        settings: As they hold.
        file: Where the configuration file is, or would be.
        has_file: Whether it is there.
        problems: What is wrong with profiles that are not used, as errors are worded.
        environ: The process's environment.
    """
    found = f"{_profile(settings, file, has_file=has_file)}; {_place(settings)}"
    remedies = []
    for problem in (*([settings.note] if settings.note else []), *_unknown_variables(environ), *problems):
        what, _, remedy = problem.partition("; ")
        found += f"; {what}"
        remedies.append(remedy or "give that address credentials of its own, or unset it")
    return warning("configuration", found, "; ".join(remedies)) if remedies else ok("configuration", found)


def host_name(resolved: Resolved, host: str) -> Check:
    """Judge a host name that has addresses."""
    first, *others = resolved.addresses
    if _is_address(host):
        return skipped("dns", f"{host} is an address, no name")
    more = f" and {len(others)} more" if others else ""
    return ok("dns", f"{host} is {first}{more}", ms=resolved.ms)


def connection(connected: Connected, port: int) -> Check:
    """Judge a port that takes connections."""
    return ok("tcp", f"{connected.address} takes connections at port {port}", ms=connected.ms)


def encryption(secured: Secured, authorities: str, now: datetime) -> Check:
    """Judge a TLS connection whose certificate is trusted.

    Args:
        secured: What was agreed.
        authorities: Who is trusted, in words.
        now: Aware.
    """
    shown = secured.certificate
    if shown is None:
        return ok("tls", f"{secured.version}; trusted by {authorities}", ms=secured.ms)
    left = shown.ends_at - now
    ends = f"until {shown.ends_at:%Y-%m-%d}, for {rough(left.total_seconds())}"
    found = f"{secured.version}; certificate of {shown.subject} by {shown.issuer} {ends}; trusted by {authorities}"
    if left < min(SOON, (shown.ends_at - shown.starts_at) / SOON_PART):
        return warning("tls", found, "have the server's certificate renewed before then", ms=secured.ms)
    return ok("tls", found, ms=secured.ms)


def no_encryption(host: str, *, is_local: bool) -> Check:
    """Judge an http address."""
    if is_local:
        return skipped("tls", "http, which does not leave this machine")
    return warning("tls", f"http to {host}: anybody on the way can read the token", "use https, and leave --insecure-http out")


def direct(route: Route) -> Check:
    """Judge a way without a proxy."""
    return ok("proxy", f"none: {route.reason}")


def proxy_opened(route: Route, proxy: Proxy, *, ms: float) -> Check:
    """Judge a proxy that has connected us with the server."""
    return ok("proxy", f"{proxy.shown} {route.reason} lets us through", ms=ms)


def proxy_connected(route: Route, proxy: Proxy, *, ms: float) -> Check:
    """Judge a proxy that takes connections and was asked nothing."""
    return ok("proxy", f"{proxy.shown} {route.reason} takes connections", ms=ms)


def access(token: TokenSeen, now: datetime) -> Check:
    """Judge a token that could be had; it is never shown."""
    if token.expires_at is None:
        return ok("token", f"{token.origin}; it does not say when it expires")
    left = token.expires_at - now
    if left <= timedelta(0):
        found = f"{token.origin}; expired {rough(-left.total_seconds())} ago"
        return Check("token", State.FAILED, found, "renew it", exit_code=Exit.UNAUTHORISED)
    found = f"{token.origin}; expires in {rough(left.total_seconds())}"
    if token.renews_itself:
        return ok("token", f"{found} and is renewed before")
    return warning("token", found, "renew it before a long watch") if left < SHORT_TOKEN else ok("token", found)


def call(answer: Answer[tuple[Job, ...]], *, ms: float) -> Check:
    """Judge an answer to the list call."""
    found = f"HTTP {answer.http_status}, {count(len(answer.value), 'job')}"
    found += f", correlation {answer.correlation_id}" if answer.correlation_id else ""
    if answer.http_status == 404:
        remedy = "if there should be jobs, check the path of --api-host, the tenant and the site"
        return warning("call", f"{found}: the server says that there is no such list, or nothing in it", remedy, ms=ms)
    return ok("call", found, ms=ms)


def clocks(ahead_s: float) -> Check:
    """Judge how far the server's clock is ahead of this machine's, in seconds."""
    if abs(ahead_s) <= FAST_S:
        return ok("clock", "this machine and the server agree within 5 s")
    side = "behind" if ahead_s > 0 else "ahead of"
    remedy = "set this machine's clock (NTP); by a wrong one good certificates and tokens look expired, and expired ones good"
    return warning("clock", f"this machine is {rough(abs(ahead_s))} {side} the server", remedy)


def aside(check: Check, why: str) -> Check:
    """Return a check of a step that no request takes: its failure harms nobody."""
    state = State.SKIPPED if check.state is State.FAILED else check.state
    return Check(check.name, state, f"{check.found}; {why}", ms=check.ms)


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _profile(settings: Settings, file: Path, *, has_file: bool) -> str:
    if settings.is_demo:
        return "the demo, which reads no file"
    where = one_line(str(file))
    if settings.profile is None:
        return f"no profile of {where}" if has_file else f"no file {where}"
    asked = settings.told["profile"].origin if "profile" in settings.told else "default_profile"
    production = " (production)" if settings.is_production else ""
    return f"profile {settings.profile}{production} of {where} by {asked}"


def _place(settings: Settings) -> str:
    origin = api_address(settings.told, insecure_http=settings.insecure_http).origin.origin
    return "a simulator of its own" if origin == "--demo" else f"API {settings.api_base} by {origin}"


def _unknown_variables(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Variables that look like ours, worded as errors are."""
    known = [setting.variable for setting in SETTINGS if setting.variable]
    return tuple(_unknown(name, known) for name in sorted(environ) if name.startswith("JOBDECK_") and name not in known)


def _unknown(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.8)  # they all begin alike
    return f"{one_line(name)[:40]} is no setting; {f'did you mean {close[0]}?' if close else 'unset it'}"
