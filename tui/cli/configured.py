"""Looks at the settings for `jobdeck doctor`, and at the whole of the file that they may come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tui.api.tls import open_key
from tui.cli.building import Target
from tui.cli.config_file import asked_profile, config_path, is_there, read_config
from tui.cli.options import Chosen
from tui.core.errors import ConfigError
from tui.doctor.checks import Check, configuration, failed
from tui.history.logs import logging_to
from tui.settings import Settings, resolve, told_by_hand
from tui.settings.profiles import ConfigFile
from tui.settings.resolve import without, wrong_manners
from tui.settings.schema import Given


def look_at_configuration(options: Chosen, environ: Mapping[str, str]) -> tuple[tuple[Check, ...], Target | None]:
    """Return what is to be said of the configuration, and what it names; None if it cannot be used.

    A setting that is wrong and has nothing to do with the API is left at its default, so that the rest can be looked at.
    """
    wrong: list[ConfigError] = []
    try:
        settings = _usable(options, environ, wrong)
        file = config_path()
        problems = () if settings.is_demo else tuple(_problems(read_config(file), settings.profile))
    except ConfigError as error:
        return tuple(failed("configuration", each) for each in (*wrong, error)), None
    checks = tuple(failed("configuration", each) for each in wrong)
    found = configuration(settings, file, has_file=is_there(file), problems=problems, environ=environ, open_key=open_key(settings))
    return checks or (found,), Target(settings, is_embedded=settings.is_demo)


def _usable(options: Chosen, environ: Mapping[str, str], wrong: list[ConfigError]) -> Settings:
    """Return the settings without those that are wrong and can be left out, and add what is wrong with these to `wrong`."""
    by_hand = (options.values, environ, None)
    told, around, _ = without(dict(wrong_manners(by_hand)), by_hand)
    sources = (options.values, environ, asked_profile(told_by_hand(told, around)))
    left_out = dict(wrong_manners(sources))
    wrong += left_out.values()
    settings = resolve(*without(left_out, sources))
    try:
        with logging_to(settings.log_file, origin=settings.origin("log_file")):
            return settings
    except ConfigError as error:
        wrong.append(error)
        return replace(settings, log_file=None)


def _problems(file: ConfigFile, used: str | None) -> Iterator[ConfigError]:
    """Yield what is wrong with the profiles that are not used now: they harm nobody yet."""
    for name in file.tables:
        try:
            file.profile(Given("--profile", name)) if name != used else None
        except ConfigError as error:
            yield error
