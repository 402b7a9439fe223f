"""Looks at the settings for `jobdeck doctor`, and at the whole of the file that they may come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui.cli.building import Target
from tui.cli.config_file import config_path, is_there, read_config
from tui.cli.options import Chosen
from tui.errors import ConfigError
from tui.headless.doctor.check import Check, failed
from tui.headless.doctor.configuration import configuration
from tui.settings.given import Given
from tui.settings.profiles import ConfigFile


def look_at_configuration(options: Chosen, environ: Mapping[str, str]) -> tuple[Check, Target | None]:
    """Return what is to be said of the configuration, and what it names; None if it cannot be used."""
    file = config_path()
    try:
        target = Target.of(options, tell=lambda _: None)  # the check tells
        problems = () if target.settings.is_demo else tuple(_problems(read_config(file), target.settings.profile))
    except ConfigError as error:
        return failed("configuration", error), None
    return configuration(target.settings, file, has_file=is_there(file), problems=problems, environ=environ), target


def _problems(file: ConfigFile, used: str | None) -> Iterator[ConfigError]:
    """Yield what is wrong with the profiles that are not used now: they harm nobody yet."""
    for name in file.tables:
        try:
            file.profile(Given("--profile", name)) if name != used else None
        except ConfigError as error:
            yield error
