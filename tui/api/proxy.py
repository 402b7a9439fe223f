"""Choose the proxy for an address by the environment and httpx's rules.

The only module that uses private names of httpx (`httpx._utils.get_environment_proxies`,
`httpx._utils.URLPattern`).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.request import getproxies

import httpx
from httpx._utils import URLPattern, get_environment_proxies

from tui.core.errors import ConfigError
from tui.core.text import one_line
from tui.settings.address import is_loopback

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")

_ENTRY = re.compile(
    r"""
      \*
    | [a-z][a-z0-9+.-]*://
    | (?:[a-z][a-z0-9+.-]*://)? (?: \*?[\w.-]+ | \[[0-9a-f:.]+(?:%[\w.-]+)?\] ) (?::\d{1,5})? /?
    | [0-9a-f:.]+(?:%[\w.-]+)?
    | [\d.]+/\d{1,2}
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""An entry of NO_PROXY: `*`, a name, an address or a URL of one, or a range of IPv4 addresses."""

UNREADABLE_REMEDY = "separate names with commas, IPv6 without brackets"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy server."""

    scheme: str
    host: str
    port: int
    variable: str
    """The environment variable that names it."""
    authorization: bytes | None = field(default=None, repr=False)
    """Value of its Proxy-Authorization header; a secret."""
    url: str = field(default="", repr=False)
    """The value as set, with user and password."""

    @property
    def shown(self) -> str:
        """The address without user and password."""
        return f"{self.scheme}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Route:
    """How requests reach an address: through a proxy or directly."""

    proxy: Proxy | None
    """None means a direct connection."""
    reason: str
    """The reason, as the end of a sentence."""
    unreadable: str | None = None
    """Message about skipped entries of NO_PROXY; None if all are readable."""


DIRECT = Route(None, "no proxy is set for it")


def route_to(address: str, environ: Mapping[str, str]) -> Route:
    """Return the route of requests to `address`.

    Args:
        address: A URL.
        environ: The process's environment, for the names of the variables. httpx reads their values, on some systems
            also
            from the system settings.

    Raises:
        ConfigError: A variable that names a proxy is unusable; the message names it.
    """
    url = httpx.URL(address)
    if is_loopback(url.host):
        return Route(None, "this machine is never asked through a proxy")
    check_proxies(environ)
    patterns, unreadable = _patterns(get_environment_proxies(), _variable("no_proxy", environ))
    proxied = next(
        ((key, value) for key, value in patterns if value is not None and URLPattern(key).matches(url)), None
    )
    variable = "" if proxied is None else _variable(f"{proxied[0].partition(':')[0]}_proxy", environ)
    key, value = next(((key, value) for key, value in patterns if URLPattern(key).matches(url)), ("", None))
    if value is not None:
        return Route(_proxy(value, variable), f"by {variable}", unreadable)
    if variable and key:
        entry = one_line(key.removeprefix("all://").removeprefix("*"))[:80]
        return Route(None, f"'{entry}' in {_variable('no_proxy', environ)} exempts it from {variable}", unreadable)
    return _unproxied(url, environ, unreadable)


def check_proxies(environ: Mapping[str, str]) -> None:
    """Check the proxy variables early; httpx reports errors late and may quote a password.

    Raises:
        ConfigError: A variable is unusable; the message names it.
    """
    for proxy in _PROXIES:
        name = _variable(proxy, environ)
        problem = _problem(environ.get(name, ""))
        if problem:
            raise ConfigError(f"{name} {problem}", "give http://host:port")


def _patterns(mounts: Mapping[str, str | None], variable: str) -> tuple[list[tuple[str, str | None]], str | None]:
    """Return the readable patterns, most specific first as in httpx, and a message about unreadable ones."""
    entries = [entry for entry in (entry.strip() for entry in getproxies().get("no", "").split(",")) if entry]
    unparsed = {entry for entry in entries if not _ENTRY.fullmatch(entry)}
    skipped = {
        key for entry in unparsed for key in (entry, f"all://{entry}", f"all://[{entry}]", f"all://*{entry}")
    }  # in httpx's spelling
    readable = []
    for key, value in mounts.items():
        with suppress(ValueError, httpx.InvalidURL):
            if value is not None or key not in skipped:
                readable.append((URLPattern(key), value))
    known = tuple(_without_brackets(pattern.pattern) for pattern, _ in readable)
    unknown = (
        entry
        for entry in entries
        if entry in unparsed or not any(key.endswith(_without_brackets(entry)) for key in known)
    )
    unreadable = [f"'{one_line(entry)[:40]}'" for entry in unknown]
    words = None
    if unreadable and any(mounts.values()):  # without a proxy they have no effect
        words = f"{', '.join(unreadable)} in {variable} cannot be read and {'is' if len(unreadable) == 1 else 'are'} skipped"
    return [(pattern.pattern, value) for pattern, value in sorted(readable, key=lambda each: each[0])], words


def _without_brackets(text: str) -> str:
    """Return an entry without the brackets that httpx adds around addresses."""
    return text.translate({ord("["): None, ord("]"): None})


def _unproxied(url: httpx.URL, environ: Mapping[str, str], unreadable: str | None) -> Route:
    """Return the reason for a direct connection that no pattern explains: with '*' httpx drops all proxies."""
    exempt = environ.get(_variable("no_proxy", environ), "")
    names = (_variable(f"{kind}_proxy", environ) for kind in (url.scheme, "all"))
    variable = next((name for name in names if environ.get(name)), None)
    if variable and "*" in (entry.strip() for entry in exempt.split(",")):
        return Route(None, f"'*' in {_variable('no_proxy', environ)} exempts it from {variable}", unreadable)
    return Route(None, DIRECT.reason, unreadable)


def _variable(name: str, environ: Mapping[str, str]) -> str:
    """Return the effective spelling: lower case if it is set."""
    return name.lower() if environ.get(name.lower()) else name.upper()


def _problem(value: str) -> str | None:
    try:
        address = httpx.Proxy(_with_scheme(value)).url if value else None
    except (ValueError, httpx.InvalidURL):
        return "is no proxy address"
    if address is None:
        return None
    if address.scheme.startswith("socks"):
        return "is a SOCKS proxy, which jobdeck cannot use"
    return None if address.host and (address.port or 1) <= 65_535 else "is no proxy address"


def _with_scheme(value: str) -> str:
    return value if "://" in value else f"http://{value}"


def _proxy(value: str, variable: str) -> Proxy:
    parsed = httpx.Proxy(value)
    port = parsed.url.port or (443 if parsed.url.scheme == "https" else 80)
    authorization = None
    if parsed.raw_auth is not None:
        authorization = b"Basic " + base64.b64encode(b":".join(parsed.raw_auth))
    return Proxy(parsed.url.scheme, parsed.url.host, port, variable, authorization, value)
