"""Builds the httpx clients: limits, proxies, certificates. Whatever is wrong with those settings is said here, before a request."""

from __future__ import annotations

import os
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpx

from tui import __version__
from tui.api.transport import MOST_REQUESTS, Pools
from tui.api.trust import trust
from tui.errors import ConfigError
from tui.settings import Settings, is_loopback

KEPT_OPEN_S = 60
"""Longer than the longest usual pause between two polls; httpx's own 5 s would dial anew each time."""

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


def build_pools(settings: Settings, *, total_s: float, transport: httpx.AsyncBaseTransport | None = None) -> Pools:
    """Return the clients that talk to `settings.api_base`.

    Args:
        settings: Where and how patiently.
        total_s: Seconds after which nobody waits for an answer any more.
        transport: Replaces the network; None means the real one.

    Raises:
        ConfigError: A proxy or certificate setting of the environment is unusable; the text names it.
    """
    address = urlsplit(settings.api_base)
    is_tls = address.scheme == "https" and transport is None
    verify = trust(settings.ca_file, os.environ, origin=_ca_file_origin(settings)) if is_tls else True
    is_local = is_loopback(address.hostname or "")
    if not is_local:
        _check_proxies(os.environ)

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
        raise ConfigError("NO_PROXY holds a host that cannot be read; separate names with commas, IPv6 without brackets") from error


def _ca_file_origin(settings: Settings) -> str:
    given = settings.told.get("ca_file")
    return given.origin if given else "--ca-file"


def _check_proxies(environ: Mapping[str, str]) -> None:
    """Refuse what httpx would refuse too late or in words that repeat a password."""
    for proxy in _PROXIES:
        name = proxy.lower() if environ.get(proxy.lower()) else proxy
        problem = _proxy_problem(environ.get(name, ""))
        if problem:
            raise ConfigError(f"{name} {problem}; give http://host:port")


def _proxy_problem(value: str) -> str | None:
    try:
        address = httpx.Proxy(value if "://" in value else f"http://{value}").url if value else None
    except (ValueError, httpx.InvalidURL):
        return "is no proxy address"
    if address is None:
        return None
    if address.scheme.startswith("socks"):
        return "is a SOCKS proxy, which jobdeck cannot use"
    return None if address.host and (address.port or 1) <= 65_535 else "is no proxy address"
