"""The token in a file that another program renews."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from pydantic import SecretBytes, SecretStr

from tui.api.auth.jwt import expires_at
from tui.api.auth.token_source import Concern, TokenFacts, TokenSource
from tui.api.auth.validation import short_token_warning, validate_token
from tui.core.errors import ConfigError
from tui.core.files import read_small_file
from tui.core.text import one_line

LARGEST_FILE = 65_536
"""Largest token file in bytes; a token has a few thousand at most."""

_Stamp = tuple[int, int, int, int]


class FileToken(TokenSource):
    """The token in a file; reads the file again after a change and once after a rejection.

    If the file becomes unusable, for example half written, the previous token stays in use.

    Args:
        path: The file, or a symbolic link to it, as mounted secrets are; only its owner may have access.
        setting: Name of the setting, for errors.
    """

    def __init__(self, path: Path, *, setting: str = "--token-file") -> None:
        self._path = path
        self._setting = setting
        self._origin = f"token file {one_line(str(path))}"
        self._token: SecretStr | None = None
        self._facts = TokenFacts(self._origin)
        self._read_as: _Stamp | None = None

    @property
    def facts(self) -> TokenFacts:
        return self._facts

    def check(self) -> None:
        self._current()

    async def token(self) -> SecretStr:
        return self._current()

    async def renew(self, refused: SecretStr) -> bool:
        return self._read() != refused

    def has_other_than(self, refused: SecretStr) -> bool:
        with suppress(ConfigError):
            return self._current() != refused
        return False

    def _current(self) -> SecretStr:
        if self._token is None:
            return self._read()
        if _stamp(self._path) != self._read_as:
            with suppress(ConfigError):
                return self._read()
        return self._token

    def _read(self) -> SecretStr:
        self._read_as = _stamp(self._path)  # before the content, so that the next call notices a change in between
        try:
            content, concerns = _content(self._path, self._origin)
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            raise ConfigError(f"{self._origin} cannot be read: {reason}", f"check {self._setting}") from error
        self._token = validate_token(SecretStr(content.get_secret_value().decode(errors="replace")), self._origin)
        concerns = (*concerns, *short_token_warning(self._token, self._origin))
        self._facts = TokenFacts(self._origin, expires_at(self._token), concerns=concerns)
        return self._token


def _stamp(path: Path) -> _Stamp | None:
    """Return a value that changes with the content of a file; None if the file is not accessible."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns


def _content(path: Path, origin: str) -> tuple[SecretBytes, tuple[Concern, ...]]:
    """Return the content and warnings of a small private file; a mounted file may be open to other users."""
    concerns: list[Concern] = []

    def check(found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise ConfigError(f"{origin} is no regular file", "give the path of a file that holds the token")
        if not found.st_mode & 0o077:
            return
        is_open = f"{origin} is open to other users (mode {stat.S_IMODE(found.st_mode):04o})"
        if not is_mounted(path, found):
            raise ConfigError(is_open, "run chmod 600 on it")
        concerns.append(Concern(f"{is_open}, which cannot be changed here", "mount it with mode 0400 if you can"))

    content = SecretBytes(read_small_file(path, check, most=LARGEST_FILE))
    if len(content) > LARGEST_FILE:
        raise ConfigError(f"{origin} is larger than 64 kB", "give the path of a file that holds the token alone")
    return content, tuple(concerns)


def is_mounted(path: Path, found: os.stat_result) -> bool:
    """Return whether a file is mounted so that this user cannot change its mode.

    Such are secrets in containers: owned by root, or on a read-only file system.
    """
    if is_read_only(path):
        return True
    return found.st_uid == 0 != os.geteuid() and not found.st_mode & 0o022


def is_read_only(path: Path) -> bool:
    """Return whether the file system of a file is mounted read-only."""
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False
