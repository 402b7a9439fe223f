"""Addresses of the API and the token call: configured, or built from tenant, site and pod. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tui.core.environments import PODS, REGIONS, auth_host_of, default_pod, domain_of, has_servers, is_european, is_name
from tui.core.errors import ConfigError
from tui.core.suggest import closest_match
from tui.settings.schema import variable_of
from tui.settings.values import Layer, RawSettings, SettingValue

_TENANT_HOST = re.compile(r"t(\d{1,18})(?:-s(\d{1,18}))?\.(.+)")

_POD = re.compile(r"([a-z0-9-]+)(?:\.(?P<region>[a-z]+\d*)(?:\.[a-z]+)?\.kibocommerce|\.mozu)\.com")


@dataclass(frozen=True, slots=True)
class Address:
    """Address of the API of one tenant."""

    base: SplitResult
    """Scheme, host and path, without a trailing slash."""
    origin: SettingValue
    """The source of the address."""
    tenant: str | None
    site: str | None
    is_looked_up: bool = False
    """Whether the auth host has to supply the address; until then `base` is the default of Kibo's SDK."""

    @property
    def environment(self) -> str:
        """The pod (`sandbox`, `tp1`), the host if it is not Kibo's, or the tenant if neither is known."""
        return f"t{self.tenant}" if self.is_looked_up else environment_of(self.base)

    @property
    def is_kibos(self) -> bool:
        """Whether the host belongs to Kibo and names a tenant, so that it is safe to send credentials."""
        return _pod_of(self.base) is not None

    @property
    def owner(self) -> tuple[str, str]:
        """Scheme and host of the address without the site; credentials are valid for all addresses with the same pair."""
        if self.is_looked_up:
            return self.base.scheme, f"t{self.tenant}"
        return self.base.scheme, re.sub(r"^(t\d+)-s\d+\.", r"\1.", self.base.netloc)


def environment_of(base: SplitResult) -> str:
    """Return the pod of an address (`sandbox`, `tp1`), or its host if it is not Kibo's."""
    pod = _pod_of(base)
    return pod[1] if pod else base.netloc


def tenant_in(base: SplitResult) -> str | None:
    """Return the tenant in a host name, in digits; None without one."""
    host = _TENANT_HOST.match(base.hostname or "")
    return host[1] if host else None


def has_address(raw: RawSettings) -> bool:
    """Return whether the settings determine the address without a request."""
    return "api_host" in raw or ("tenant" in raw and "env" in raw)


def identifies_api(raw: RawSettings) -> bool:
    """Return whether the settings identify the API: by its address, or by a tenant."""
    return "api_host" in raw or "tenant" in raw


def tenant_of(raw: RawSettings) -> str | None:
    """Return the configured tenant, in digits; None if not set.

    Raises:
        ConfigError: It is not a number.
    """
    given = raw.get("tenant")
    return _digits(given, "t") if given else None


def api_address(raw: RawSettings, *, insecure_http: bool) -> Address:
    """Return the address of the API.

    Raises:
        ConfigError: It is missing, unusable, or contradicts tenant or site.
    """
    origin = _host(raw)
    base = split_base(origin, insecure_http=insecure_http)
    host = _TENANT_HOST.match(base.hostname or "")
    return Address(
        base,
        origin,
        tenant=_agreed(raw.get("tenant"), "t", host[1] if host else None),
        site=_agreed(raw.get("site"), "s", host[2] if host else None),
        is_looked_up=origin != raw.get("api_host") and "env" not in raw,
    )


def unlisted_notes(raw: RawSettings, address: Address) -> tuple[ConfigError, ...]:
    """Return warnings about a pod or region that is in no list of Kibo's; the address uses it nevertheless."""
    used = {given.origin for given in address_sources(raw, address)}
    env, region = (given if given and given.origin in used else None for given in (raw.get("env"), raw.get("region")))
    return (
        *((_unlisted(env, "environment", PODS),) if env and env.text.lower() not in PODS else ()),
        *((_unlisted_region(region, address),) if region and region.text.lower() not in REGIONS else ()),
    )


def _unlisted_region(region: SettingValue, address: Address) -> ConfigError:
    if is_european(region.text) or (has_servers(region.text) and not address.is_looked_up):
        return _unlisted(region, "region", REGIONS)
    return ConfigError(
        f"{region.origin} '{region.shown}' is ignored: no server is named after it",
        f"known are {' and '.join(REGIONS)}",
    )


def _unlisted(given: SettingValue, kind: str, known: Sequence[str]) -> ConfigError:
    guess = closest_match(
        given.text.lower(), known, otherwise="", likeness=0.7
    )  # tp9 is no typing error of another pod
    remedy = f"{guess} known are {', '.join(known)}".lstrip()
    return ConfigError(f"{given.origin} '{given.shown}' is used, though it is in no list of Kibo's {kind}s", remedy)


def contradicted(raw: RawSettings, names: Collection[str]) -> frozenset[str]:
    """Return the names among tenant and site that the API's host contradicts; both if the tenant differs."""
    host = _TENANT_HOST.match(split_base(raw["api_host"], insecure_http=True).hostname or "")
    named = {"tenant": host[1], "site": host[2]} if host else {}
    others = {name for name, text in named.items() if name in raw and text and _digits_in(raw[name], name[0]) != text}
    return frozenset(names) & ({"tenant", "site"} if "tenant" in others else others)


def address_sources(raw: RawSettings, address: Address) -> tuple[SettingValue, ...]:
    """Return the settings that determine the API's address: the address itself, or its parts in the settings' order."""
    names = ("api_host",) if address.origin == raw.get("api_host") else ("tenant", "site", "env", "region")
    return tuple(raw[name] for name in names if name in raw)


def auth_base(raw: RawSettings, api: Address, *, insecure_http: bool) -> str:
    """Return scheme and host of the token call.

    The default is Kibo's auth host for the API's region, or for an API on this machine that API.

    Raises:
        ConfigError: The configured auth host is not a host.
    """
    given = raw.get("auth_host")
    if given is None:
        if is_loopback(api.base.hostname or ""):
            return f"{api.base.scheme}://{api.base.netloc}"
        pod = _pod_of(api.base)
        return f"https://{auth_host_of(pod['region'] if pod else None)}"
    base = split_base(given, insecure_http=insecure_http)
    if base.path != "/api":
        raise given.wrong("holds a path", "give the host alone, such as home.mozu.com")
    return f"{base.scheme}://{base.netloc}"


def _host(raw: RawSettings) -> SettingValue:
    """Return the address, configured or built; a pod from a higher layer wins over an address."""
    host, tenant, env = (raw.get(name) for name in ("api_host", "tenant", "env"))
    _check_pod(env, raw.get("region"))
    pod = max(
        (given for name in ("env", "region") if (given := raw.get(name))), key=lambda given: given.layer, default=None
    )
    if host and (pod is None or pod.layer <= host.layer or not (tenant or env)):
        return host
    if tenant and env:
        return _pod_host(tenant, raw.get("site"), env, raw.get("region"))
    if host and pod:
        missing = variable_of("env" if tenant else "tenant")
        raise ConfigError(
            f"{pod.origin} and {host.origin} name two addresses",
            f"leave one of them out, or set {missing} for that of {pod.origin}",
        )
    if tenant:
        return _default_host(tenant, raw.get("site"), raw.get("region"))
    if part := env or raw.get("site"):
        raise _without_tenant(part)
    remedy = "set KIBO_TENANT, or KIBO_API_HOST, or run `jobdeck config init`; `jobdeck --demo` needs nothing"
    raise ConfigError("no API configured", remedy)


def _without_tenant(part: SettingValue) -> ConfigError:
    is_profile = part.layer is Layer.PROFILE
    wanted, instead = (name if is_profile else variable_of(name) for name in ("tenant", "api_host"))
    return ConfigError(f"{part.origin} is set but {wanted} is not", f"set it too, or {instead}")


def _check_pod(env: SettingValue | None, region: SettingValue | None) -> None:
    """Check pod and region, even if an address makes them unnecessary: a wrong value may mean another API."""
    if env and not is_name(env.text):
        raise env.wrong(
            "is no environment", f"known are {', '.join(PODS)}; for a whole address set KIBO_API_HOST instead"
        )
    if region and not is_name(region.text):
        raise region.wrong(
            "is no region", f"known are {' and '.join(REGIONS)}; for a whole address set KIBO_API_HOST instead"
        )


def _pod_host(
    tenant: SettingValue, site: SettingValue | None, env: SettingValue, region: SettingValue | None
) -> SettingValue:
    return SettingValue(env.origin, _host_of(tenant, site, env.text, region), env.layer)


def _default_host(tenant: SettingValue, site: SettingValue | None, region: SettingValue | None) -> SettingValue:
    """Return the address that Kibo's SDK derives from a tenant alone."""
    european = region if region and is_european(region.text) else None  # the SDK ignores others
    return SettingValue(
        tenant.origin, _host_of(tenant, site, default_pod(region.text if region else None), european), tenant.layer
    )


def _host_of(tenant: SettingValue, site: SettingValue | None, pod: str, region: SettingValue | None) -> str:
    name = f"t{_digits(tenant, 't')}" + (f"-s{_digits(site, 's')}" if site else "")
    return f"https://{name}.{pod.lower()}.{domain_of(region.text if region else None)}"


def _pod_of(base: SplitResult) -> re.Match[str] | None:
    host = _TENANT_HOST.fullmatch(base.hostname or "")
    return _POD.fullmatch(host[3]) if host else None


def _digits(given: SettingValue, prefix: str) -> str:
    digits = _digits_in(given, prefix)
    if digits is None:
        raise given.wrong("is no number", f"give digits, such as 123 or {prefix}123")
    return digits


def _digits_in(given: SettingValue, prefix: str) -> str | None:
    match = re.fullmatch(rf"{prefix}?0*([1-9]\d{{0,17}})", given.text, re.ASCII | re.IGNORECASE)
    return match[1] if match else None


def _agreed(given: SettingValue | None, prefix: str, in_host: str | None) -> str | None:
    """Return the tenant or site; raises if the host names another one, because it has other data."""
    raw = _digits(given, prefix) if given else None
    if given and in_host and raw != in_host:
        raise given.wrong(f"contradicts the API host, which names {prefix}{in_host}", "change one of them")
    return raw or in_host


_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")

_PATH = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")


def is_loopback(host: str) -> bool:
    """Return whether `host`, a name or an address without brackets, is always this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def split_base(given: SettingValue, *, insecure_http: bool) -> SplitResult:
    """Return the normalised base address (tui/api/README.md, Hosts)."""
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


def _split(given: SettingValue) -> SplitResult:
    try:
        parts = urlsplit(given.text if "://" in given.text else f"https://{given.text}")
        is_port = parts.port != 0
    except ValueError:
        is_port = False
    if not is_port:
        raise given.wrong("has a bad port or address", "ports are 1 to 65535, IPv6 needs brackets")
    return parts


def _is_host(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in host.removesuffix(".").split("."))
