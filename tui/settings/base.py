"""One address as it was told, read and judged (contract.md, Hosts). Pure."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from tui.settings.given import Given

_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_PATH = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")


def is_loopback(host: str) -> bool:
    """Return whether `host`, a name or an address without brackets, can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def split_base(given: Given, *, insecure_http: bool) -> SplitResult:
    """Return the normalised base address (contract.md, Hosts)."""
    parts = _split(given)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"}:
        raise given.wrong("has an unknown scheme", "use https")
    if "@" in parts.netloc:
        raise given.wrong("holds a user name", "leave it out, access is by token")
    if "?" in given.text or "#" in given.text:
        raise given.wrong("holds a query or fragment", "give the address up to its path")
    if not _is_host(host) or not _PATH.fullmatch(parts.path):
        raise given.wrong("is no address", "give a host, or a URL such as https://t123.sandbox.mozu.com/api")
    if parts.scheme == "http" and not is_loopback(host) and not insecure_http:
        raise given.wrong("uses http", "only loopback may, or pass --insecure-http")
    netloc = f"[{host}]" if ":" in host else host
    if parts.port and parts.port != {"http": 80, "https": 443}[parts.scheme]:
        netloc += f":{parts.port}"
    return SplitResult(parts.scheme, netloc, parts.path.rstrip("/") or "/api", "", "")


def _split(given: Given) -> SplitResult:
    try:
        parts = urlsplit(given.text if "://" in given.text else f"https://{given.text}")
        is_port = parts.port != 0
    except ValueError:
        is_port = False
    if not is_port:
        raise given.wrong("has a bad port or address", "ports are 1 to 65535, IPv6 stands in brackets")
    return parts


def _is_host(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in host.removesuffix(".").split("."))
