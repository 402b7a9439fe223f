"""Builds the httpx clients: limits, proxies, certificates. Whatever is wrong with those settings is said here, before a request."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpx
import truststore

from tui import __version__
from tui.api.transport import MOST_REQUESTS, Pools
from tui.errors import ConfigError
from tui.settings import Settings, is_loopback
from tui.text import one_line

KEPT_OPEN_S = 60
"""Longer than the longest usual pause between two polls; httpx's own 5 s would dial anew each time."""

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_UNUSABLE = (ValueError, ImportError, OSError, httpx.InvalidURL, httpx.UnsupportedProtocol)
"""What httpx raises for proxy settings that it cannot use."""


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
    verify = _trust(os.environ) if address.scheme == "https" and transport is None else True
    is_local = is_loopback(address.hostname or "")

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
    except _UNUSABLE as error:
        raise ConfigError(_culprit(os.environ)) from error


def _trust(environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return the system's own store of authorities, with those of SSL_CERT_FILE and SSL_CERT_DIR, which OpenSSL skips in silence if bad."""
    file, folder = environ.get("SSL_CERT_FILE"), environ.get("SSL_CERT_DIR")
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if folder and not all(os.path.isdir(part) for part in folder.split(os.pathsep)):  # noqa: PTH112  # a list of folders, as text
        raise ConfigError(f"SSL_CERT_DIR '{one_line(folder)[:80]}' is no folder; correct or unset it")
    if file:
        try:
            context.load_verify_locations(cafile=file)
        except (OSError, ValueError) as error:
            raise ConfigError(f"SSL_CERT_FILE '{one_line(file)[:80]}' holds no readable certificates; correct or unset it") from error
    return context


def _culprit(environ: Mapping[str, str]) -> str:
    """Name the setting that httpx could not use, without its value, which may hold a password."""
    for name in (spelling for proxy in _PROXIES for spelling in (proxy, proxy.lower())):
        problem = _proxy_problem(environ.get(name, ""))
        if problem:
            return f"{name} {problem}"
    name = "no_proxy" if environ.get("no_proxy") else "NO_PROXY"
    return f"{name} holds a host that cannot be read; separate plain names and addresses with commas, IPv6 without brackets"


def _proxy_problem(value: str) -> str | None:
    try:
        proxy = httpx.Proxy(value if "://" in value else f"http://{value}") if value else None
    except (ValueError, httpx.InvalidURL):
        return "is no proxy address; give http://host:port"
    is_socks = proxy is not None and proxy.url.scheme.startswith("socks")
    return "is a SOCKS proxy, which jobdeck cannot use; give http://host:port" if is_socks else None
