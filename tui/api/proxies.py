"""Which proxy the way to an address leads through, by the environment's variables, as httpx reads them. Opens no connection."""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from tui.errors import ConfigError
from tui.settings import is_loopback
from tui.text import one_line

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A server that passes requests on."""

    scheme: str
    host: str
    port: int
    variable: str
    """What names it."""
    authorization: bytes | None = field(default=None, repr=False)
    """Value of the header that it wants; a secret."""

    @property
    def shown(self) -> str:
        """Its address without user and password."""
        return f"{self.scheme}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Route:
    """How requests reach an address."""

    proxy: Proxy | None
    """None where they go there directly."""
    reason: str
    """Why, in words that end a sentence."""


def route_to(address: str, proxies: Mapping[str, str], environ: Mapping[str, str]) -> Route:
    """Return the way that requests to `address` take.

    Args:
        address: A URL.
        proxies: What `urllib.request.getproxies()` returns: where the system keeps proxies elsewhere than in variables, they are in it too.
        environ: The process's environment, for the names of the variables.

    Raises:
        ConfigError: A variable is unusable; the text names it.
    """
    url = httpx.URL(address)
    if is_loopback(url.host):
        return Route(None, "this machine is never asked through a proxy")
    check_proxies(environ)
    value, name = next(((proxies[kind], kind) for kind in (url.scheme, "all") if proxies.get(kind)), ("", ""))
    if not value:
        return Route(None, "no proxy is set for it")
    try:
        exempting = next((entry for entry in _entries(proxies.get("no", "")) if _exempts(entry, url)), None)
    except (ValueError, httpx.InvalidURL) as error:
        raise unreadable_no_proxy() from error
    variable = _variable(f"{name}_proxy", environ)
    if exempting is not None:
        return Route(None, f"'{one_line(exempting)[:80]}' in {_variable('no_proxy', environ)} exempts it from {variable}")
    return Route(_proxy(value, variable), f"by {variable}")


def check_proxies(environ: Mapping[str, str]) -> None:
    """Refuse what httpx would refuse too late or in words that repeat a password.

    Raises:
        ConfigError: A variable is unusable; the text names it.
    """
    for proxy in _PROXIES:
        name = _variable(proxy, environ)
        problem = _problem(environ.get(name, ""))
        if problem:
            raise ConfigError(f"{name} {problem}", "give http://host:port")


def unreadable_no_proxy() -> ConfigError:
    """Return the error of a list of exemptions that httpx cannot read."""
    return ConfigError("NO_PROXY holds a host that cannot be read", "separate names with commas, IPv6 without brackets")


def _variable(name: str, environ: Mapping[str, str]) -> str:
    """Return the spelling that counts: the one in small letters if it is set."""
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
    parsed = httpx.Proxy(_with_scheme(value))
    port = parsed.url.port or (443 if parsed.url.scheme == "https" else 80)
    authorization = None
    if parsed.raw_auth is not None:
        authorization = b"Basic " + base64.b64encode(b":".join(parsed.raw_auth))
    return Proxy(parsed.url.scheme, parsed.url.host, port, variable, authorization)


def _entries(text: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in text.split(",") if entry.strip())


def _exempts(entry: str, url: httpx.URL) -> bool:
    """Return whether an entry of NO_PROXY covers an address: httpx takes a bare name for the domain and all below it."""
    if entry == "*":
        return True
    pattern = httpx.URL(_pattern(entry))
    if pattern.scheme not in {"all", url.scheme} or pattern.port not in {None, url.port}:
        return False
    name = pattern.host
    if name.startswith("*."):
        return url.host.endswith(name[1:])
    if name.startswith("*"):
        return url.host == name[1:] or url.host.endswith(f".{name[1:]}")
    return name in {"", url.host}


def _pattern(entry: str) -> str:
    """Return the pattern that httpx makes of an entry; a network such as 10.0.0.0/8 covers its first address alone."""
    if "://" in entry:
        return entry
    address = entry.partition("/")[0]
    if _is_ip(address, ":"):
        return f"all://[{entry}]"
    return f"all://{entry}" if _is_ip(address, ".") or entry.lower() == "localhost" else f"all://*{entry}"


def _is_ip(text: str, separator: str) -> bool:
    try:
        return separator in text and bool(ipaddress.ip_address(text))
    except ValueError:
        return False
