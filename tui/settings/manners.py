"""Settings that say how jobdeck behaves, not whose API it asks: one that is wrong can be done without. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from tui.core.errors import ConfigError
from tui.settings.given import Given, interval_s, max_per_min, path, switch, timeout_s
from tui.settings.layers import told_by_hand, variable_of
from tui.settings.profiles import Profile

_JUDGES: Mapping[str, Callable[[Given], object]] = {
    "interval": interval_s,
    "max_rate": max_per_min,
    "connect_timeout": lambda given: timeout_s(given, 0),
    "read_timeout": lambda given: timeout_s(given, 0),
    "log_file": path,
    "ascii": switch,
    "no_mouse": switch,
}
"""Each has a default; each judge raises ConfigError."""

Sources = tuple[Mapping[str, str | None], Mapping[str, str], Profile | None]
"""Options, environment and profile, as `resolve` takes them."""


def wrong_manners(sources: Sources) -> Iterator[tuple[str, ConfigError]]:
    """Yield each that is wrong, by name, and why."""
    options, environ, profile = sources
    for name, judge in _JUDGES.items():
        variable = variable_of(name)
        try:
            by_hand = told_by_hand({name: options.get(name)}, {variable: environ.get(variable, "")})
            if given := by_hand.get(name) or (profile.told.get(name) if profile else None):
                judge(given)
        except ConfigError as error:
            yield name, error


def without(names: Collection[str], sources: Sources) -> Sources:
    """Return what was told without these settings, wherever they were."""
    options, environ, profile = sources
    variables = {variable_of(name) for name in names}
    return (
        {name: text for name, text in options.items() if name not in names},
        {name: text for name, text in environ.items() if name not in variables},
        replace(profile, told={name: given for name, given in profile.told.items() if name not in names}) if profile else None,
    )
