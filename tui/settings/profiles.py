"""Profiles in a TOML file: parse them, and write them with comments. Pure: opens no file."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tui.core.errors import ConfigError
from tui.core.suggest import closest_match
from tui.core.text import one_line
from tui.settings.schema import PATHS, SETTINGS, SWITCHES, TOKEN_COMMAND, Section, Setting, Value
from tui.settings.values import Layer, SettingValue

KEYS = tuple(setting.name for setting in SETTINGS if setting.is_kept)
"""The keys of a profile."""

_SECRET = re.compile(r"(?:.*_)?(?:token|secret|password|passwd)")

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of settings."""

    name: str
    raw: Mapping[str, SettingValue]


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """Content of the configuration file; each profile is checked on use, so that a bad one affects no other."""

    path: Path
    default_profile: str | None = None
    tables: Mapping[str, object] = field(default_factory=dict)
    """Unchecked profiles by name."""

    def profile(self, chosen: SettingValue | None) -> Profile | None:
        """Return the requested profile, or the default one; None if the file has no default.

        Raises:
            ConfigError: The profile does not exist, or it has an invalid entry.
        """
        if chosen is not None and chosen.text not in self.tables:
            raise chosen.wrong(f"is no profile in {_shown(self.path)}", self._known(chosen.text))
        name = chosen.text if chosen else self.default_profile
        if name is None:
            return None
        if name not in self.tables:
            raise ConfigError(
                f"{_shown(self.path)}: default_profile '{one_line(name)[:40]}' is no profile", self._known(name)
            )
        return self._read(name)

    def _read(self, name: str) -> Profile:
        table = self.tables[name]
        origin = f"profile {one_line(name)[:40]}"
        if not isinstance(table, dict):
            raise ConfigError(f"{_shown(self.path)}: {origin} is no table", f"write [profiles.{one_line(name)[:40]}]")
        for key in table:
            _check_key(key, KEYS, f"{_shown(self.path)}: {origin}")
        return Profile(name, {key: _given(key, value, origin, self.path.parent) for key, value in table.items()})

    def _known(self, name: str) -> str:
        names = ", ".join(one_line(known)[:40] for known in self.tables)
        return closest_match(
            name, self.tables, otherwise=f"known are {names}" if names else "it holds none: `jobdeck config init`"
        )


def parse(content: bytes, path: Path) -> ConfigFile:
    """Return the parsed content of the file at `path`.

    Raises:
        ConfigError: It is not TOML, or its top level has keys other than `default_profile` and `[profiles.NAME]`.
    """
    import tomllib  # noqa: PLC0415  # --help does not need it

    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        # The message of a TOML error may quote the line, which may contain a secret.
        position = re.search(r"\(at (line \d+, column \d+|end of document)\)", str(error))
        raise ConfigError(
            f"{_shown(path)} is no TOML ({position[1] if position else 'not UTF-8 text'})",
            "correct it, or set it aside",
        ) from error
    for key in values:
        _check_key(key, ("default_profile", "profiles"), _shown(path))
    default, tables = values.get("default_profile"), values.get("profiles", {})
    if default is not None and not isinstance(default, str):
        raise ConfigError(f"{_shown(path)}: default_profile is no text", "give the name of a profile")
    if not isinstance(tables, dict):
        raise ConfigError(f"{_shown(path)}: profiles is no table", "write [profiles.NAME]")
    return ConfigFile(path, default, tables)


def checked_name(given: SettingValue) -> str:
    """Return the name if it is valid for a profile.

    Raises:
        ConfigError: It is not valid.
    """
    if not _NAME.fullmatch(given.text):
        raise given.wrong("is no name for a profile", "take letters, digits, dots, dashes and underscores")
    return given.text


def is_secret(name: str) -> bool:
    """Return whether a key or an option without dashes is named like a secret, which neither may contain."""
    return _SECRET.fullmatch(name.lower().replace("-", "_")) is not None


def _check_key(key: str, known: Collection[str], where: str) -> None:
    if is_secret(key):
        remedy = "use token_file, token_command or keyring, or set KIBO_ACCESS_TOKEN or KIBO_SHARED_SECRET"
        raise ConfigError(f"{where} holds a secret under '{key.lower()}', which does not belong into a profile", remedy)
    if key not in known:
        raise ConfigError(
            f"{where} has the unknown key '{one_line(key)[:40]}'",
            closest_match(key, known, otherwise=f"known are {', '.join(known)}"),
        )


def _given(key: str, value: Any, origin: str, folder: Path) -> SettingValue:  # noqa: ANN401  # any TOML value
    """Return a profile's value as the text of an option; paths are relative to the folder of the file."""
    text = _text(key, value)
    if text is None:
        what, remedy = _wanted(key)
        raise ConfigError(f"{origin}: {key} {what}", remedy)
    if key in PATHS and not text.startswith("~"):
        text = str(folder / text)
    return SettingValue(
        f"{key} of {origin}", text.strip(" "), Layer.PROFILE, is_command=key == TOKEN_COMMAND.name
    ).checked()


def _text(key: str, value: object) -> str | None:
    if key in SWITCHES:
        return ("1" if value else "0") if isinstance(value, bool) else None
    if key == TOKEN_COMMAND.name and isinstance(value, list) and value and all(isinstance(word, str) for word in value):
        return shlex.join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value)


def _wanted(key: str) -> tuple[str, str]:
    """Return why a value has the wrong type, and the remedy."""
    if key in SWITCHES:
        return "is neither true nor false", "write it without quotes"
    if key == TOKEN_COMMAND.name:
        return "is no list of words", 'write ["program", "argument"]'
    return "is neither text nor a number", 'write it in quotes, as in "text"'


def _shown(path: Path) -> str:
    return one_line(str(path))


HEADER = """\
# Settings of jobdeck, one table per profile: `jobdeck --profile NAME`. An option wins over an environment variable,
# which wins over a profile. Keep secrets out of this file; `jobdeck config show` shows the values in use and their
# sources.
default_profile = {name}

"""


def file_text(name: str, values: Mapping[str, Value]) -> str:
    """Return the text of a new file whose default is the profile `name`."""
    return HEADER.format(name=_written(name)) + profile_text(name, values)


def profile_text(name: str, values: Mapping[str, Value]) -> str:
    """Return the text of one profile: set values, and all other keys as comments.

    Args:
        name: A valid name.
        values: Values by key: a text, a switch, or the arguments of a command.
    """
    lines = [f"[profiles.{_written(name) if '.' in name else name}]"]
    for section in Section:
        rows = (setting for setting in SETTINGS if setting.section is section)
        lines += ["", f"# {section}", *(_line(setting, values) for setting in rows)]
    return "\n".join(lines) + "\n"


def _line(setting: Setting[Any], values: Mapping[str, Value]) -> str:
    if setting.name in values:
        return f"{setting.name} = {_written(values[setting.name])}"
    return f"# {setting.name} = {_written(setting.example)}  # {setting.comment}"


def _written(value: Value) -> str:
    """Return a value in TOML; its strings equal JSON's except for DEL, which no setting may contain."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return f"[{', '.join(map(_written, value))}]"
