"""Builds the httpx clients: limits, proxies, certificates. Whatever is wrong with those settings is said here, before a request."""

from __future__ import annotations

import os
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpx

from tui import __version__
from tui.api.probes import ClientFiles
from tui.api.proxies import DIRECT, Route, route_to
from tui.api.trust import trust_for
from tui.settings import Settings

MOST_REQUESTS = 10
"""Requests in flight; httpx walks its whole pool for each one (architecture.md, What measuring taught)."""

KEPT_OPEN_S = 60
"""Longer than the longest usual pause between two polls; httpx's own 5 s would dial anew each time."""


@dataclass(frozen=True, slots=True)
class Pools:
    """Two httpx clients with the same settings."""

    kept: httpx.AsyncClient
    """Keeps its connections open."""
    fresh: httpx.AsyncClient
    """Opens one for each request: the second try after a stale connection."""
    client_files: ClientFiles | None = None
    """Certificate and key for a server that asks for them; None for none."""
    route: Route = DIRECT
    """The way that all requests take."""


def build_pools(base: str, settings: Settings, *, total_s: float, transport: httpx.AsyncBaseTransport | None = None) -> Pools:
    """Return the clients that talk to one server.

    Args:
        base: Its address: the API's, or the auth host's.
        settings: How patiently, and whom to trust.
        total_s: Seconds after which nobody waits for an answer any more.
        transport: Replaces the network; None means the real one.

    Raises:
        ConfigError: A proxy or certificate setting of the environment is unusable; the text names it.
    """
    address = urlsplit(base)
    has_files = settings.ca_file is not None or settings.client_cert is not None  # a wrong file is one for http too
    context = trust_for(settings, os.environ) if transport is None and (address.scheme == "https" or has_files) else None
    route = route_to(base, os.environ) if transport is None else DIRECT

    def client(kept: int) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            headers={"Accept": "application/json", "Accept-Encoding": "gzip, deflate", "User-Agent": f"jobdeck/{__version__}"},
            timeout=httpx.Timeout(settings.read_timeout_s, connect=settings.connect_timeout_s, pool=total_s),
            limits=httpx.Limits(max_connections=MOST_REQUESTS, max_keepalive_connections=kept, keepalive_expiry=KEPT_OPEN_S),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            verify=True if context is None else context,
            proxy=None if route.proxy is None else httpx.Proxy(route.proxy.url),
            trust_env=False,
            follow_redirects=False,
            transport=transport,
        )

    files = None if settings.client_cert is None else (settings.client_cert, settings.client_key)
    return Pools(client(MOST_REQUESTS), client(0), files, route)
