"""A token in a file that somebody else may renew. Reads the file and nothing else."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from pydantic import SecretBytes, SecretStr

from tui.api.credentials.checked import checked
from tui.api.credentials.jwt import expires_at
from tui.api.credentials.source import TokenFacts, TokenSource
from tui.errors import ConfigError
from tui.files import read_judged
from tui.text import one_line

LARGEST_FILE = 65_536
"""Bytes; a token has a few thousand at most."""

_Stamp = tuple[int, int, int, int]


class FileToken(TokenSource):
    """The token in `path`, read anew whenever the file changed and once after a refusal.

    A file that became unusable costs nothing as long as the token before it is good: it may be half written.

    Args:
        path: The file, or a symbolic link to it, as mounted secrets are; only its owner may have access.
        setting: Name of the setting that named it, for errors.
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
        self._read_as = _stamp(self._path)  # before the content: a change in between is seen the next time
        try:
            content = _content(self._path, self._origin)
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            raise ConfigError(f"{self._origin} cannot be read: {reason}", f"check {self._setting}") from error
        self._token = checked(SecretStr(content.get_secret_value().decode(errors="replace")), self._origin)
        self._facts = TokenFacts(self._origin, expires_at(self._token))
        return self._token


def _stamp(path: Path) -> _Stamp | None:
    """Return what changes with the content of a file; None where there is none to be seen."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns


def _content(path: Path, origin: str) -> SecretBytes:
    """Read a small private regular file."""

    def judge(found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise ConfigError(f"{origin} is no regular file", "give the path of a file that holds the token")
        if found.st_mode & 0o077:
            raise ConfigError(f"{origin} is open to other users (mode {stat.S_IMODE(found.st_mode):04o})", "run chmod 600 on it")

    content = SecretBytes(read_judged(path, judge, most=LARGEST_FILE))
    if len(content) > LARGEST_FILE:
        raise ConfigError(f"{origin} is larger than 64 kB", "give the path of a file that holds the token alone")
    return content
