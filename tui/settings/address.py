"""Where the API and the token call are: addresses as they are told, or put together from tenant, site and pod (contract.md, Hosts)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult

from tui.errors import ConfigError
from tui.pods import PODS, REGIONS
from tui.settings.base import is_loopback, split_base
from tui.settings.given import Given, Layer
from tui.settings.layers import Told, variable_of
from tui.spelling import meant

_TENANT_HOST = re.compile(r"t(\d{1,18})(?:-s(\d{1,18}))?\.(.+)")
_POD = re.compile(rf"([a-z0-9-]+)(?:\.(?:{'|'.join(REGIONS)})\.kibocommerce|\.mozu)\.com")


@dataclass(frozen=True, slots=True)
class Address:
    """The API of one tenant."""

    base: SplitResult
    """Scheme, host and path; no slash at the end."""
    origin: Given
    """What named it."""
    tenant: str | None
    site: str | None

    @property
    def environment(self) -> str:
        """The pod (`sandbox`, `tp1`), or the host where it is none of Kibo's."""
        host = _TENANT_HOST.fullmatch(self.base.hostname or "")
        pod = _POD.fullmatch(host[3]) if host else None
        return pod[1] if pod else self.base.netloc

    @property
    def owner(self) -> tuple[str, str]:
        """Whose place it is, whatever the site: where a credential for one address may be shown at another."""
        return self.base.scheme, re.sub(r"^(t\d+)-s\d+\.", r"\1.", self.base.netloc)


def names_one(told: Told) -> bool:
    """Return whether an address can be made of what was told."""
    return "api_host" in told or ("tenant" in told and "env" in told)


def tenant_of(told: Told) -> str | None:
    """Return the tenant that was told, in digits; None if none was.

    Raises:
        ConfigError: It is no number.
    """
    given = told.get("tenant")
    return _digits(given, "t") if given else None


def api_address(told: Told, *, insecure_http: bool) -> Address:
    """Return the address of the API.

    Raises:
        ConfigError: None was told, or it is unusable, or tenant or site contradict it.
    """
    origin = _host(told)
    base = split_base(origin, insecure_http=insecure_http)
    host = _TENANT_HOST.match(base.hostname or "")
    return Address(
        base,
        origin,
        tenant=_agreed(told.get("tenant"), "t", host[1] if host else None),
        site=_agreed(told.get("site"), "s", host[2] if host else None),
    )


def makers(told: Told, address: Address) -> tuple[Given, ...]:
    """Return what the API's address was made of: the address as it was told, or its parts in the settings' order."""
    names = ("api_host",) if address.origin == told.get("api_host") else ("tenant", "site", "env", "region")
    return tuple(told[name] for name in names if name in told)


def auth_base(told: Told, api: Address, *, insecure_http: bool) -> str:
    """Return scheme and host of the token call; unless told, Kibo's for the API's region, or the API's own on this machine.

    Raises:
        ConfigError: What was told is no host.
    """
    given = told.get("auth_host")
    if given is None:
        if is_loopback(api.base.hostname or ""):
            return f"{api.base.scheme}://{api.base.netloc}"
        is_european = (api.base.hostname or "").endswith(".euw1.kibocommerce.com")
        return "https://home.euw1.kibocommerce.com" if is_european else "https://home.mozu.com"
    base = split_base(given, insecure_http=insecure_http)
    if base.path != "/api":
        raise given.wrong("holds a path", "give the host alone, such as home.mozu.com")
    return f"{base.scheme}://{base.netloc}"


def _host(told: Told) -> Given:
    """Return the address as it was told, or put together; a pod that was asked for more strongly than an address wins over it."""
    host, tenant, env = (told.get(name) for name in ("api_host", "tenant", "env"))
    _check_pod(env, told.get("region"))
    pod = max((given for name in ("env", "region") if (given := told.get(name))), key=lambda given: given.layer, default=None)
    if host and (pod is None or pod.layer <= host.layer or not (tenant or env)):
        return host
    if tenant and env:
        return _pod_host(tenant, told.get("site"), env, told.get("region"))
    if host and pod:
        missing = variable_of("env" if tenant else "tenant")
        raise ConfigError(
            f"{pod.origin} and {host.origin} name two addresses", f"leave one of them out, or set {missing} for that of {pod.origin}"
        )
    if tenant or env:
        raise _incomplete(tenant, env)
    remedy = "set KIBO_API_HOST, or KIBO_TENANT and KIBO_API_ENV, or run `jobdeck config init`; `jobdeck --demo` needs nothing"
    raise ConfigError("no API configured", remedy)


def _incomplete(tenant: Given | None, env: Given | None) -> ConfigError:
    told, missing = (tenant, "env") if tenant else (env, "tenant")
    is_profile = told is not None and told.layer is Layer.PROFILE
    wanted, instead = (name if is_profile else variable_of(name) for name in (missing, "api_host"))
    return ConfigError(f"{told.origin if told else ''} is set but {wanted} is not", f"set it too, or {instead}")


def _check_pod(env: Given | None, region: Given | None) -> None:
    """Judge them beside an address too, which they do not change: whoever misspells one meant another place."""
    if env and env.text.lower() not in PODS:
        known = f"known are {', '.join(PODS)}; for another set KIBO_API_HOST instead"
        guess = meant(env.text.lower(), PODS, otherwise="", likeness=0.7)  # tp9 means no other pod
        raise env.wrong("is no environment", f"{guess} {known}".lstrip())
    if region and region.text.lower() not in REGIONS:
        raise region.wrong("is no region", f"known are {' and '.join(REGIONS)}, for another set KIBO_API_HOST instead")


def _pod_host(tenant: Given, site: Given | None, env: Given, region: Given | None) -> Given:
    name = f"t{_digits(tenant, 't')}" + (f"-s{_digits(site, 's')}" if site else "")
    domain = f"{region.text.lower()}.kibocommerce.com" if region else "mozu.com"
    return Given(env.origin, f"https://{name}.{env.text.lower()}.{domain}", env.layer)


def _digits(given: Given, prefix: str) -> str:
    match = re.fullmatch(rf"{prefix}?0*([1-9]\d{{0,17}})", given.text, re.ASCII | re.IGNORECASE)
    if match is None:
        raise given.wrong("is no number", f"give digits, such as 123 or {prefix}123")
    return match[1]


def _agreed(given: Given | None, prefix: str, in_host: str | None) -> str | None:
    """Return the tenant or site; a host that names another one would be asked about the wrong data."""
    told = _digits(given, prefix) if given else None
    if given and in_host and told != in_host:
        raise given.wrong(f"contradicts the API host, which names {prefix}{in_host}", "change one of them")
    return told or in_host
