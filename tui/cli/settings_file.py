"""The configuration file: read it, and add a profile to it."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from tui.cli.user_folders import config_folder
from tui.core.errors import ConfigError
from tui.core.files import read_small_file, replace_file
from tui.core.text import one_line
from tui.settings.profiles import ConfigFile, Profile, file_text, parse, profile_text
from tui.settings.resolve import is_demo_chosen
from tui.settings.schema import Value
from tui.settings.values import RawSettings

LARGEST_FILE = 1_000_000
"""Largest file in bytes; far more than hand-written profiles need."""


def config_path() -> Path:
    """Return the path of the configuration file, `$XDG_CONFIG_HOME/jobdeck/config.toml`, whether or not it exists."""
    return config_folder() / "config.toml"


def is_there(path: Path) -> bool:
    """Return whether `path` exists; False if it cannot be checked."""
    return os.path.exists(path)  # noqa: PTH110  # Path.exists raises for a name that is too long


def read_config(path: Path) -> ConfigFile:
    """Return the content of the file; an empty configuration if it does not exist.

    Raises:
        ConfigError: It cannot be read, is not a regular file, or other users may write it: a profile names programs to
            run.
    """
    try:
        content = _content(path)
    except FileNotFoundError:
        return ConfigFile(path)
    except OSError as error:
        raise ConfigError(
            f"{one_line(str(path))} cannot be read: {(error.strerror or 'unknown reason').lower()}", "correct it"
        ) from error
    return parse(content, path)


def chosen_profile(overrides: RawSettings) -> Profile | None:
    """Return the profile that options or environment name, else the default profile; None if there is none, and for the
    demo.

    Args:
        overrides: The settings from options and environment.

    Raises:
        ConfigError: The file or the profile is invalid.
    """
    return None if is_demo_chosen(overrides) else read_config(config_path()).profile(overrides.get("profile"))


def with_profile(path: Path, name: str, values: Mapping[str, Value]) -> bytes:
    """Return the content of the file with a profile appended, or of a new file with it as the default profile.

    Raises:
        ConfigError: The file is invalid, already has the profile, or would become invalid.
    """
    known = read_config(path)
    if name in known.tables:
        raise ConfigError(
            f"profile {name} already exists in {one_line(str(path))}", "edit it there, or give another --profile"
        )
    try:
        before = _content(path)
    except FileNotFoundError:
        return file_text(name, values).encode()
    content = before + b"\n" + profile_text(name, values).encode()
    try:
        parse(content, path)
    except ConfigError as error:
        remedy = "write its profiles as tables of their own, [profiles.NAME], or add this one with an editor"
        raise ConfigError(f"{one_line(str(path))} cannot be extended by another profile", remedy) from error
    return content


def write_config(path: Path, content: bytes) -> None:
    """Replace the file atomically with `content`.

    Raises:
        ConfigError: It cannot be written.
    """
    if not path.is_absolute():
        raise ConfigError(f"{path} cannot be written: there is no home directory", "set HOME or XDG_CONFIG_HOME")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(path.resolve(), content)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ConfigError(
            f"{one_line(str(path))} cannot be written: {reason}", "check the folder, its owner and its disk"
        ) from error


def _content(path: Path) -> bytes:
    """Return the content of a regular file that only its owner can write."""

    def check(found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise ConfigError(
                f"{one_line(str(path))} is not a regular file", "replace it with a configuration file, or remove it"
            )
        if found.st_mode & 0o022 or found.st_uid not in {0, os.geteuid()}:
            raise ConfigError(
                f"{one_line(str(path))} can be written by other users, and it names programs to run",
                "chown it to yourself and chmod 600 it",
            )

    content = read_small_file(path, check, most=LARGEST_FILE)
    if len(content) > LARGEST_FILE:
        raise ConfigError(f"{one_line(str(path))} is larger than 1 MB", "it should hold a few profiles")
    return content
