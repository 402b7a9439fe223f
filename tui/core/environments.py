"""Kibo's pods and regions by name, and which of them serve live shops. Pure."""

from __future__ import annotations

import re

PODS = ("sandbox", "sb", "tp1", "tp2", "tp3", "tp4", "tp5", "stg1", "stg2")

REGIONS = ("usc1", "euw1")

"""Those that Kibo lists; its examples use more."""

_NAME = re.compile(r"[a-z]+[0-9]*", re.IGNORECASE | re.ASCII)

_PRODUCTION = re.compile(r"tp\d+|prod.*", re.IGNORECASE)

_HARMLESS = re.compile(r"sandbox|sb|stg\d*|demo|simulator", re.IGNORECASE)


def is_name(text: str) -> bool:
    """Return whether a pod or a region may be called so."""
    return _NAME.fullmatch(text) is not None


def is_production(environment: str) -> bool:
    """Return whether a mistake in this environment costs money: `tp1` to `tp5` hold live shops."""
    return _PRODUCTION.fullmatch(environment) is not None


def is_pod(environment: str) -> bool:
    """Return whether it is the short name of a pod, and no host."""
    return is_production(environment) or _HARMLESS.fullmatch(environment) is not None


def is_european(region: str | None) -> bool:
    """Return whether a region has the European auth host."""
    return region is not None and region.lower().startswith("eu")


def has_servers(region: str) -> bool:
    """Return whether hosts are named after a region; Kibo's SDK ignores others, such as `us`."""
    return is_european(region) or re.search(r"\d$", region) is not None


def domain_of(region: str | None) -> str:
    """Return the end that all hosts of a region have in common."""
    return f"{region.lower()}.kibocommerce.com" if region is not None and has_servers(region) else "mozu.com"


def default_pod(region: str | None) -> str:
    """Return the pod that Kibo's SDK takes where none is set."""
    return "sb" if is_european(region) else "sandbox"


def auth_host_of(region: str | None) -> str:
    """Return the host of the token call."""
    return "home.euw1.kibocommerce.com" if is_european(region) else "home.mozu.com"
