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
from tui.settings import is_demo_asked
from tui.settings.profiles import ConfigFile, Profile, Value, file_text, parse, profile_text
from tui.settings.schema import RawSettings

LARGEST_FILE = 1_000_000

"""Bytes; profiles are written by hand."""


def config_path() -> Path:
    """Return where the file is, whether or not it exists (cli.md: `$XDG_CONFIG_HOME/jobdeck/config.toml`)."""
    return config_folder() / "config.toml"


def is_there(path: Path) -> bool:
    """Return whether there is anything at `path`; what cannot be looked at is not."""
    return os.path.exists(path)  # noqa: PTH110  # Path.exists raises for a name that is too long


def read_config(path: Path) -> ConfigFile:
    """Return the file's content; nothing for a file that does not exist.

    Raises:
        ConfigError: It cannot be read, is no file, or others than its owner may write it: a profile names programs to
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


def asked_profile(by_hand: RawSettings) -> Profile | None:
    """Return the profile that options or environment ask for, else the file's default one; None if there is none, and
    for the demo.

    Args:
        by_hand: What options and environment say.

    Raises:
        ConfigError: The file or the profile cannot be used.
    """
    return None if is_demo_asked(by_hand) else read_config(config_path()).profile(by_hand.get("profile"))


def with_profile(path: Path, name: str, values: Mapping[str, Value]) -> bytes:
    """Return the file's content with one more profile behind what it holds, or that of a new file whose default it is.

    Raises:
        ConfigError: The file cannot be used, has that profile already, or would be none of ours any more.
    """
    known = read_config(path)
    if name in known.tables:
        raise ConfigError(
            f"profile {name} is in {one_line(str(path))} already", "edit it there, or give another --profile"
        )
    try:
        before = _content(path)
    except FileNotFoundError:
        return file_text(name, values).encode()
    content = before + b"\n" + profile_text(name, values).encode()
    try:
        parse(content, path)
    except ConfigError as error:
        remedy = "write its profiles as tables of their own, [profiles.NAME], or add this one by hand"
        raise ConfigError(f"{one_line(str(path))} cannot take another profile at its end", remedy) from error
    return content


def write_config(path: Path, content: bytes) -> None:
    """Put `content` into the file's place; at every moment it is the old one or the new one.

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
    """Read a regular file that only its owner can write."""

    def judge(found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise ConfigError(
                f"{one_line(str(path))} is no regular file", "put the configuration there, or take it away"
            )
        if found.st_mode & 0o022 or found.st_uid not in {0, os.geteuid()}:
            raise ConfigError(
                f"{one_line(str(path))} can be written by others, and it names programs to run",
                "own it and chmod 600 it",
            )

    content = read_small_file(path, judge, most=LARGEST_FILE)
    if len(content) > LARGEST_FILE:
        raise ConfigError(f"{one_line(str(path))} is larger than 1 MB", "it should hold a few profiles")
    return content
