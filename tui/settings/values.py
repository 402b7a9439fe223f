"""A configured value with its source, and the parsers of values. Pure."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Literal

from tui.core.durations import parse_duration
from tui.core.errors import ConfigError
from tui.core.text import one_line

_SHORTEST_INTERVAL_S, _LONGEST_INTERVAL_S = 0.5, 86_400

_SHORTEST_TIMEOUT_S, _LONGEST_TIMEOUT_S = 0.1, 60

_MOST_PER_MIN = 6000

_SWITCHES = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


class Layer(IntEnum):
    """Source of a value; the higher one wins."""

    ALIAS = 0
    """A variable of other Kibo tools; it overrides only the default."""
    PROFILE = 1
    ENVIRONMENT = 2
    OPTION = 3


@dataclass(frozen=True, slots=True)
class SettingValue:
    """A value with its source; `shown` and `wrong` make it safe to show."""

    origin: str
    text: str
    layer: Layer = Layer.OPTION
    is_command: bool = False
    """Whether it is a program with arguments, which may contain secrets."""

    @property
    def shown(self) -> str:
        """The value in one safe line of at most 80 characters; masks user and query of an address, and the arguments of a
        command.
        """
        text = re.sub(r"(?<=\S)\s.*", " …", self.text, flags=re.DOTALL) if self.is_command else self.text
        masked = re.sub(r"^([^?#]*://)?.*@", r"\1…@", text, flags=re.DOTALL)
        return one_line(re.sub("[?#].*", "?…", masked, flags=re.DOTALL))[:80]

    def wrong(self, why: str, remedy: str) -> ConfigError:
        """Return an error about this value with a remedy."""
        return ConfigError(f"{self.origin} '{self.shown}' {why}", remedy)

    def checked(self) -> SettingValue:
        """Return the value itself.

        Raises:
            ConfigError: It is empty, or contains an invisible character.
        """
        if not self.text:
            raise self.wrong("is empty", "give a value or leave it out")
        if not self.text.isprintable():
            raise self.wrong("holds a control or invisible character", "type it again")
        return self


def text(given: SettingValue) -> str:
    """Return the text as it is."""
    return given.text


def switch(given: SettingValue) -> bool:
    """Return whether the switch is on."""
    if given.text.lower() not in _SWITCHES:
        raise given.wrong("is neither on nor off", "give 1 or 0")
    return _SWITCHES[given.text.lower()]


def interval_s(given: SettingValue) -> float | Literal["auto"]:
    """Return the fixed seconds between two polls of a job, or `auto`."""
    if given.text == "auto":
        return "auto"
    seconds = _seconds(given.text)
    if not _SHORTEST_INTERVAL_S <= seconds <= _LONGEST_INTERVAL_S:
        raise given.wrong(
            "is no interval", f"give auto, or seconds from {_SHORTEST_INTERVAL_S} to {_LONGEST_INTERVAL_S}"
        )
    return seconds


def timeout_s(given: SettingValue) -> float:
    """Return the seconds of a timeout."""
    seconds = _seconds(given.text)
    if not _SHORTEST_TIMEOUT_S <= seconds <= _LONGEST_TIMEOUT_S:
        raise given.wrong("is no timeout", f"give seconds from {_SHORTEST_TIMEOUT_S} to {_LONGEST_TIMEOUT_S}")
    return seconds


def max_per_min(given: SettingValue) -> int:
    """Return the most requests per minute. `120/min`, `120` and `2/s` mean the same."""
    match = re.fullmatch(r"(\d{1,5})(/min|/s|)", given.text, re.ASCII)
    number = int(match[1]) * (60 if match[2] == "/s" else 1) if match else 0
    if not 1 <= number <= _MOST_PER_MIN:
        raise given.wrong("is no rate", f"give requests a minute, such as 60/min, from 1 to {_MOST_PER_MIN}")
    return number


def days(given: SettingValue) -> int:
    """Return a number of days; 0 for none."""
    if not re.fullmatch(r"[0-9]{1,4}", given.text, re.ASCII):
        raise given.wrong("is no number of days", "give 0 to 9999")
    return int(given.text)


def path(given: SettingValue) -> Path:
    """Return the path with `~` expanded."""
    try:
        return Path(given.text).expanduser()
    except RuntimeError as error:
        raise given.wrong("names the home folder of an unknown user", "give the whole path") from error


def split_command(given: SettingValue) -> tuple[str, ...]:
    """Return the arguments of a command, split by the rules of a shell."""
    try:
        split = tuple(shlex.split(given.text))
    except ValueError as error:
        raise given.wrong("has an unclosed quotation mark", "close it") from error
    if not split:
        raise given.wrong("is no command", "give a program and its arguments")
    return split


def _seconds(text: str) -> float:
    """Return the seconds of a duration; NaN, which is outside every range, for any other text."""
    seconds = parse_duration(text)
    return math.nan if seconds is None else seconds


RawSettings = Mapping[str, SettingValue]
"""Configured settings by name."""
