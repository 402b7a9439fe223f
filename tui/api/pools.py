"""Builds the httpx clients: limits, proxies, certificates. Whatever is wrong with those settings is said here, before a request."""

from __future__ import annotations

import os
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpx

from tui import __version__
from tui.api.proxies import check_proxies, unreadable_no_proxy
from tui.api.trust import trust_for
from tui.settings import Settings, is_loopback

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
    is_judged = transport is None and (address.scheme == "https" or settings.ca_file is not None)  # a wrong file is one for http too
    verify = trust_for(settings, os.environ) if is_judged else True
    is_local = is_loopback(address.hostname or "")
    if not is_local:
        check_proxies(os.environ)

    def client(kept: int) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            headers={"Accept": "application/json", "Accept-Encoding": "gzip, deflate", "User-Agent": f"jobdeck/{__version__}"},
            timeout=httpx.Timeout(settings.read_timeout_s, connect=settings.connect_timeout_s, pool=total_s),
            limits=httpx.Limits(max_connections=MOST_REQUESTS, max_keepalive_connections=kept, keepalive_expiry=KEPT_OPEN_S),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            verify=verify,
            trust_env=not is_local,
            follow_redirects=False,
            transport=transport,
        )

    try:
        return Pools(kept=client(MOST_REQUESTS), fresh=client(0))
    except (ValueError, httpx.InvalidURL) as error:
        raise unreadable_no_proxy() from error
