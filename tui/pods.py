"""Kibo's pods and regions by name (contract.md, Hosts), and which of them hold live shops. Imports nothing heavy."""

from __future__ import annotations

import re

PODS = ("sandbox", "sb", "tp1", "tp2", "tp3", "tp4", "tp5", "stg1", "stg2")
REGIONS = ("usc1", "euw1")

_PRODUCTION = re.compile(r"tp\d+|prod.*", re.IGNORECASE)
_HARMLESS = re.compile(r"sandbox|sb|stg\d*|demo|simulator", re.IGNORECASE)


def is_production(environment: str) -> bool:
    """Return whether a mistake in this environment costs money: `tp1` to `tp5` hold live shops."""
    return _PRODUCTION.fullmatch(environment) is not None


def is_pod(environment: str) -> bool:
    """Return whether it is the short name of a pod, and no host."""
    return is_production(environment) or _HARMLESS.fullmatch(environment) is not None
