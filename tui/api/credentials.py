"""Where the access token comes from. It leaves as a SecretStr; no text made here holds a part of it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from pydantic import SecretBytes, SecretStr

from tui.api.errors import Unauthorised
from tui.errors import ConfigError
from tui.text import one_line

VARIABLE = "KIBO_ACCESS_TOKEN"
LARGEST_FILE = 65_536
"""Bytes; a token has a few thousand at most."""

_BLANKS = " \t\r\n"
_LEAD = re.compile(rf"^[{_BLANKS}]*(?:bearer(?:[ \t]+|[{_BLANKS}]*$))?", re.IGNORECASE)
_NAMES = {"\n": "a line break", "\r": "a line break", " ": "a space", "\t": "a tab", "\0": "a NUL"}


class TokenSource(Protocol):
    """Something that has the current access token."""

    def token(self) -> SecretStr:
        """Return the token.

        Raises:
            Unauthorised: There is none.
            ConfigError: There is one that cannot be used; the text names its source.
        """
        ...

    def reload(self) -> bool:
        """Read the token again and return whether it changed.

        Raises:
            ConfigError: It cannot be used any more; `token()` keeps the one before.
        """
        ...


class FixedToken:
    """A token that stays the same as long as the process lives.

    Args:
        text: The token as it was given, a `Bearer ` in front included.
        origin: Name of the setting it came from, for errors.
    """

    def __init__(self, text: str, *, origin: str) -> None:
        self._text = SecretStr(text)
        self._origin = origin

    def token(self) -> SecretStr:
        return _checked(self._text, self._origin)

    def reload(self) -> bool:
        return False


class FileToken:
    """A token in a file that somebody else may renew.

    Args:
        path: The file, or a symbolic link to it, as mounted secrets are; only its owner may have access.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._token: SecretStr | None = None

    def token(self) -> SecretStr:
        if self._token is None:
            self._token = self._read()
        return self._token

    def reload(self) -> bool:
        before, self._token = self._token, self._read()
        return self._token != before

    def _read(self) -> SecretStr:
        origin = f"token file {one_line(str(self._path))}"
        try:
            content = _content(self._path, origin)
        except OSError as error:
            raise ConfigError(f"{origin} cannot be read: {(error.strerror or 'unknown reason').lower()}; check --token-file") from error
        return _checked(SecretStr(content.get_secret_value().decode(errors="replace")), origin)


class NoToken:
    """The absence of a token, said when it is needed."""

    def token(self) -> SecretStr:
        raise Unauthorised(f"no access token: set {VARIABLE} or pass --token-file PATH")

    def reload(self) -> bool:
        return False


def token_source(token_file: Path | None, environ: Mapping[str, str]) -> TokenSource:
    """Return the source that is configured: the file, else `KIBO_ACCESS_TOKEN`, else one that has none. Reads nothing yet."""
    if token_file is not None:
        return FileToken(token_file.expanduser())
    text = environ.get(VARIABLE)
    return NoToken() if text is None else FixedToken(text, origin=VARIABLE)


def _content(path: Path, origin: str) -> SecretBytes:
    """Read a small private regular file; O_NONBLOCK keeps a FIFO from holding the program (faults.md, row 22)."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise ConfigError(f"{origin} is no regular file; give the path of a file that holds the token")
        if mode & 0o077:
            raise ConfigError(f"{origin} is open to other users (mode {stat.S_IMODE(mode):04o}); run chmod 600 on it")
        content = SecretBytes(os.read(descriptor, LARGEST_FILE + 1))
    finally:
        os.close(descriptor)
    if len(content) > LARGEST_FILE:
        raise ConfigError(f"{origin} is larger than 64 kB; give the path of a file that holds the token alone")
    return content


def _checked(given: SecretStr, origin: str) -> SecretStr:
    """Return the bare token; no frame that a crash report could print holds it as plain text when this raises."""
    problem = _problem(given.get_secret_value())
    if problem:
        raise ConfigError(f"{origin}{problem}")
    return SecretStr(_LEAD.sub("", given.get_secret_value()).rstrip(_BLANKS))


def _problem(text: str) -> str | None:
    start = len(text) - len(_LEAD.sub("", text))
    bare = text[start:].rstrip(_BLANKS)
    if not bare:
        return " is empty; put the access token there"
    for position, character in enumerate(bare, start + 1):
        if not "!" <= character <= "~":
            kind = _NAMES.get(character) or ("a control character" if character < "\x80" else "not ASCII")
            return f": character {position} is {kind}; a token is one line of printable ASCII, copy it again"
    return None
