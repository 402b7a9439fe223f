"""One setting as it was told, and what numbers, switches and paths it may hold. Pure; knows no setting by name."""

from __future__ import annotations

import math
import re
import shlex
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from tui.core.durations import parse_duration
from tui.core.errors import ConfigError
from tui.core.text import one_line

_SHORTEST_INTERVAL_S, _LONGEST_INTERVAL_S = 0.5, 86_400
_SHORTEST_TIMEOUT_S, _LONGEST_TIMEOUT_S = 0.1, 60
_MOST_PER_MIN = 6000
_SWITCHES = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


class Layer(IntEnum):
    """Where a value was told; the higher one wins (cli.md, Precedence)."""

    ALIAS = 0
    """A variable of other Kibo tools, which was set for them: it wins over nothing but the default."""
    PROFILE = 1
    ENVIRONMENT = 2
    OPTION = 3


@dataclass(frozen=True, slots=True)
class Given:
    """A value beside the name of the setting it came from; it only leaves this class safe to show."""

    origin: str
    text: str
    layer: Layer = Layer.OPTION
    is_command: bool = False
    """Whether it is a program with arguments, which may hold what nobody should see."""

    @property
    def shown(self) -> str:
        """The value in one safe line; user information and query of an address are masked, and arguments of a command."""
        text = re.sub(r"(?<=\S)\s.*", " …", self.text, flags=re.DOTALL) if self.is_command else self.text
        masked = re.sub(r"^([^?#]*://)?.*@", r"\1…@", text, flags=re.DOTALL)
        return one_line(re.sub("[?#].*", "?…", masked, flags=re.DOTALL))[:80]

    def wrong(self, why: str, remedy: str) -> ConfigError:
        """Return the error of this value, which says what to do about it."""
        return ConfigError(f"{self.origin} '{self.shown}' {why}", remedy)

    def checked(self) -> Given:
        """Return itself.

        Raises:
            ConfigError: It is empty, or holds what nobody can see.
        """
        if not self.text:
            raise self.wrong("is empty", "give a value or leave it out")
        if not self.text.isprintable():
            raise self.wrong("holds a control or invisible character", "type it again")
        return self


def switch(given: Given | None) -> bool:
    """Return whether it is on; not given is off."""
    if given is None:
        return False
    if given.text.lower() not in _SWITCHES:
        raise given.wrong("is neither on nor off", "give 1 or 0")
    return _SWITCHES[given.text.lower()]


def interval_s(given: Given | None) -> float | None:
    """Return the fixed seconds between two readings, None for "as the schedule decides"."""
    if given is None or given.text == "auto":
        return None
    seconds = _seconds(given.text)
    if not _SHORTEST_INTERVAL_S <= seconds <= _LONGEST_INTERVAL_S:
        raise given.wrong("is no interval", f"give auto, or seconds from {_SHORTEST_INTERVAL_S} to {_LONGEST_INTERVAL_S}")
    return seconds


def timeout_s(given: Given | None, default_s: float) -> float:
    """Return the seconds of a timeout."""
    if given is None:
        return default_s
    seconds = _seconds(given.text)
    if not _SHORTEST_TIMEOUT_S <= seconds <= _LONGEST_TIMEOUT_S:
        raise given.wrong("is no timeout", f"give seconds from {_SHORTEST_TIMEOUT_S} to {_LONGEST_TIMEOUT_S}")
    return seconds


def max_per_min(given: Given | None) -> int | None:
    """Return how many requests a minute may have, None for the usual budget; `120/min`, `120` and `2/s` mean the same."""
    if given is None:
        return None
    match = re.fullmatch(r"(\d{1,5})(/min|/s|)", given.text, re.ASCII)
    number = int(match[1]) * (60 if match[2] == "/s" else 1) if match else 0
    if not 1 <= number <= _MOST_PER_MIN:
        raise given.wrong("is no rate", f"give requests a minute, such as 60/min, from 1 to {_MOST_PER_MIN}")
    return number


def path(given: Given) -> Path:
    """Return the path, with `~` in place of a home folder."""
    try:
        return Path(given.text).expanduser()
    except RuntimeError as error:
        raise given.wrong("names the home folder of nobody known", "give the whole path") from error


def words(given: Given) -> tuple[str, ...]:
    """Return a command as its words, split as a shell would but run without one."""
    try:
        split = tuple(shlex.split(given.text))
    except ValueError as error:
        raise given.wrong("has a quotation mark without its partner", "close it") from error
    if not split:
        raise given.wrong("is no command", "give a program and its arguments")
    return split


def _seconds(text: str) -> float:
    """NaN, which no range holds, stands for everything that is no duration."""
    seconds = parse_duration(text)
    return math.nan if seconds is None else seconds
