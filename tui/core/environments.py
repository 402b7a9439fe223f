"""Names of Kibo's pods and regions, and which of them are production. Pure."""

from __future__ import annotations

import re

PODS = ("sandbox", "sb", "tp1", "tp2", "tp3", "tp4", "tp5", "stg1", "stg2")

REGIONS = ("usc1", "euw1")
"""The names in Kibo's lists; its examples use more."""

_NAME = re.compile(r"[a-z]+[0-9]*", re.IGNORECASE | re.ASCII)

_PRODUCTION = re.compile(r"tp\d+|prod.*", re.IGNORECASE)

_HARMLESS = re.compile(r"sandbox|sb|stg\d*|demo|simulator", re.IGNORECASE)


def is_name(text: str) -> bool:
    """Return whether `text` is a valid name of a pod or region."""
    return _NAME.fullmatch(text) is not None


def is_production(environment: str) -> bool:
    """Return whether the environment is production: `tp1` to `tp5` run live shops."""
    return _PRODUCTION.fullmatch(environment) is not None


def is_pod(environment: str) -> bool:
    """Return whether it is the short name of a pod, not a host."""
    return is_production(environment) or _HARMLESS.fullmatch(environment) is not None


def is_european(region: str | None) -> bool:
    """Return whether the region uses the European auth host."""
    return region is not None and region.lower().startswith("eu")


def has_servers(region: str) -> bool:
    """Return whether host names contain the region; Kibo's SDK ignores others, such as `us`."""
    return is_european(region) or re.search(r"\d$", region) is not None


def domain_of(region: str | None) -> str:
    """Return the domain of all hosts of a region."""
    return f"{region.lower()}.kibocommerce.com" if region is not None and has_servers(region) else "mozu.com"


def default_pod(region: str | None) -> str:
    """Return the default pod of Kibo's SDK."""
    return "sb" if is_european(region) else "sandbox"


def auth_host_of(region: str | None) -> str:
    """Return the host of the token call."""
    return "home.euw1.kibocommerce.com" if is_european(region) else "home.mozu.com"
