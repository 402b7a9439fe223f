"""What jobdeck was told to do, read from options and environment. Pure: opens no file, asks no server, knows no secret."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from tui.errors import ConfigError
from tui.given import Given, interval_s, max_per_min, switch, timeout_s

DEMO_HOST = "http://127.0.0.1:8765"
"""Where the simulator listens unless told otherwise (cli.md, Commands)."""

VARIABLES = {
    "api_host": "KIBO_API_HOST",
    "tenant": "KIBO_TENANT",
    "site": "KIBO_SITE",
    "env": "KIBO_API_ENV",
    "region": "KIBO_REGION",
    "token_file": "JOBDECK_TOKEN_FILE",
    "interval": "JOBDECK_INTERVAL",
    "max_rate": "JOBDECK_MAX_RATE",
    "connect_timeout": "JOBDECK_CONNECT_TIMEOUT",
    "read_timeout": "JOBDECK_READ_TIMEOUT",
    "insecure_http": "JOBDECK_INSECURE_HTTP",
    "demo": "JOBDECK_DEMO",
}
"""The environment variable of each option; the first five are the official SDK's names (contract.md, Hosts)."""

REGIONS = ("usc1", "euw1")

_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_PATH = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")
_TENANT_HOST = re.compile(r"t(\d{1,18})(?:-s(\d{1,18}))?\.(.+)")
_POD = re.compile(rf"([a-z0-9-]+)(?:\.(?:{'|'.join(REGIONS)})\.kibocommerce|\.mozu)\.com")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that was configured, checked and normalised."""

    api_base: str
    """Scheme, host and path of the API, without a slash at its end."""
    tenant: str | None = None
    """Digits only; None when neither told nor part of the host."""
    site: str | None = None
    """Digits only; None when neither told nor part of the host."""
    token_file: Path | None = None
    """File that holds the access token; None means the environment holds it."""
    interval_s: float | None = None
    """Fixed seconds between two readings of a job; None lets the schedule decide."""
    max_per_min: int | None = None
    """Requests that may leave in any minute; None means the usual budget."""
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 10.0
    insecure_http: bool = False
    """Whether http may leave this machine."""
    environment: str = "demo"
    """Short name for the screen: the pod (`sandbox`, `tp1`), or the host where it is none of Kibo's."""
    is_demo: bool = False


def resolve(options: Mapping[str, str | None], environ: Mapping[str, str]) -> Settings:
    """Return the settings: an option wins over the environment, which wins over the default.

    Args:
        options: Values by option name without dashes (`api_host`, `token_file`, …); None means not given, others are ignored.
        environ: The process's environment; an empty variable counts as not set.

    Raises:
        ConfigError: A value is unusable, two contradict each other, or no API is configured at all.
    """
    given = {name: _given(name, options, environ) for name in VARIABLES}
    is_demo = switch(given["demo"])
    if is_demo:
        given |= {name: _option(name, options) for name in ("api_host", "tenant", "site", "env", "region")}
        given["api_host"] = given["api_host"] or Given("--demo", DEMO_HOST)
    insecure_http = switch(given["insecure_http"])
    address = _address(_host(given, options), insecure_http=insecure_http)
    host = _TENANT_HOST.match(address.hostname or "")
    return Settings(
        api_base=address.geturl(),
        tenant=_agreed(given["tenant"], "t", host[1] if host else None),
        site=_agreed(given["site"], "s", host[2] if host else None),
        token_file=Path(given["token_file"].text) if given["token_file"] else None,
        interval_s=interval_s(given["interval"]),
        max_per_min=max_per_min(given["max_rate"]),
        connect_timeout_s=timeout_s(given["connect_timeout"], 5.0),
        read_timeout_s=timeout_s(given["read_timeout"], 10.0),
        insecure_http=insecure_http,
        environment="demo" if is_demo else _environment(address),
        is_demo=is_demo,
    )


def is_loopback(host: str) -> bool:
    """Return whether `host`, a name or an address without brackets, can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _given(name: str, options: Mapping[str, str | None], environ: Mapping[str, str]) -> Given | None:
    variable = VARIABLES[name]
    text = environ.get(variable, "").strip(" ")
    return _option(name, options) or (_checked(Given(variable, text)) if text else None)


def _option(name: str, options: Mapping[str, str | None]) -> Given | None:
    text = options.get(name)
    return None if text is None else _checked(Given(f"--{name.replace('_', '-')}", text.strip(" ")))


def _checked(given: Given) -> Given:
    if not given.text:
        raise given.wrong("is empty; give a value or leave it out")
    if not given.text.isprintable():
        raise given.wrong("holds a control or invisible character; type it again")
    return given


def _host(given: Mapping[str, Given | None], options: Mapping[str, str | None]) -> Given:
    """Return the address as it was told, or put together from tenant, site, environment and region."""
    host, tenant, env = given["api_host"], given["tenant"], given["env"]
    is_pod_asked = options.get("api_host") is None and (options.get("env") or options.get("region"))
    if host and not is_pod_asked:
        return host
    if tenant and env:
        return _pod_host(tenant, given["site"], env, given["region"])
    if tenant or env:
        raise ConfigError(_incomplete(tenant, env))
    raise ConfigError("no API configured; set KIBO_API_HOST, or KIBO_TENANT and KIBO_API_ENV; `jobdeck --demo` needs nothing")


def _incomplete(tenant: Given | None, env: Given | None) -> str:
    told, missing = (tenant, "KIBO_API_ENV") if tenant else (env, "KIBO_TENANT")
    return f"{told.origin if told else ''} is set but {missing} is not; set it too, or KIBO_API_HOST"


def _pod_host(tenant: Given, site: Given | None, env: Given, region: Given | None) -> Given:
    if not _LABEL.fullmatch(env.text):
        raise env.wrong("is no environment; known are sandbox, sb, tp1 to tp5, stg1 and stg2")
    if region and region.text.lower() not in REGIONS:
        raise region.wrong(f"is no region; known are {' and '.join(REGIONS)}, for another set KIBO_API_HOST")
    name = f"t{_digits(tenant, 't')}" + (f"-s{_digits(site, 's')}" if site else "")
    domain = f"{region.text.lower()}.kibocommerce.com" if region else "mozu.com"
    return Given(env.origin, f"https://{name}.{env.text.lower()}.{domain}")


def _digits(given: Given, prefix: str) -> str:
    match = re.fullmatch(rf"{prefix}?0*([1-9]\d{{0,17}})", given.text, re.ASCII | re.IGNORECASE)
    if match is None:
        raise given.wrong(f"is no number; give digits, such as 123 or {prefix}123")
    return match[1]


def _agreed(given: Given | None, prefix: str, in_host: str | None) -> str | None:
    """Return the tenant or site; a host that names another one would be asked about the wrong data."""
    told = _digits(given, prefix) if given else None
    if given and in_host and told != in_host:
        raise given.wrong(f"contradicts the API host, which names {prefix}{in_host}; change one of them")
    return told or in_host


def _address(given: Given, *, insecure_http: bool) -> SplitResult:
    """Return the normalised base address (contract.md, Hosts)."""
    parts = _split(given)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"}:
        raise given.wrong("has an unknown scheme; use https")
    if "@" in parts.netloc:
        raise given.wrong("holds a user name; leave it out, access is by token")
    if "?" in given.text or "#" in given.text:
        raise given.wrong("holds a query or fragment; give the address up to its path")
    if not _is_host(host) or not _PATH.fullmatch(parts.path):
        raise given.wrong("is no address; give a host, or a URL such as https://t123.sandbox.mozu.com/api")
    if parts.scheme == "http" and not is_loopback(host) and not insecure_http:
        raise given.wrong("uses http; only loopback may, or pass --insecure-http")
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
        raise given.wrong("has a bad port or address; ports are 1 to 65535, IPv6 stands in brackets")
    return parts


def _is_host(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in host.removesuffix(".").split("."))


def _environment(address: SplitResult) -> str:
    host = _TENANT_HOST.fullmatch(address.hostname or "")
    pod = _POD.fullmatch(host[3]) if host else None
    return pod[1] if pod else address.netloc
