"""The sources of access tokens: none, a fixed one, a file, and a cached one that is renewed before it expires."""

from __future__ import annotations

import asyncio
import binascii
import math
import os
import re
import stat
from abc import ABC, abstractmethod
from base64 import urlsafe_b64decode
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretBytes, SecretStr
from pydantic_core import from_json

from tui.core.clock import Clock
from tui.core.errors import ConfigError
from tui.core.files import read_small_file
from tui.core.redaction import PUBLIC_SECRET, SHORTEST_SECRET, remember
from tui.core.text import count, one_line
from tui.core.timestamps import NEWEST_YEAR, OLDEST_YEAR
from tui.domain.errors import ApiError, Unauthorised

USUAL_REMEDY = "renew it or set KIBO_CLIENT_ID and KIBO_SHARED_SECRET"
"""Remedy for a rejected token that the user supplied."""


class Concern(NamedTuple):
    """A warning for the user."""

    message: str
    """One safe line; lower case, no full stop."""
    remedy: str

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """Facts about the current token, safe to show."""

    origin: str
    """Name of the source, safe to show: `token file /run/token`, `KIBO_ACCESS_TOKEN`."""
    expires_at: datetime | None = None
    """Expiry by the issuer or the token itself, aware; a hint. None if unknown or not read yet."""
    renews_itself: bool = False
    """Whether jobdeck renews the token before it expires, so that no warning is necessary."""
    is_fixed: bool = False
    """Whether the token cannot change while the process runs."""
    remedy: str = USUAL_REMEDY
    """Remedy if the API rejects it."""
    concerns: tuple[Concern, ...] = ()
    """Warnings about a usable token."""


class TokenSource(ABC):
    """A source of the current access token.

    Use it in one event loop. Another thread may call `facts` and `check` before the loop runs.
    """

    @property
    @abstractmethod
    def facts(self) -> TokenFacts:
        """Facts about the last returned token."""

    @abstractmethod
    async def token(self) -> SecretStr:
        """Return the token; concurrent callers share one read, command or request.

        Raises:
            Unauthorised: There is no token.
            ConfigError: The token is unusable; the message names its source.
            Unreachable: The server that issues it is unreachable.
            ServerFault: That server failed.
            RateLimited: That server limits the rate.
        """

    @abstractmethod
    async def renew(self, refused: SecretStr) -> bool:
        """Replace the rejected token if possible; return whether there is a new one.

        Callers with the same rejected token share one renewal.

        Raises:
            JobDeckError: As `token()`, which then still returns the previous token.
        """

    def has_other_than(self, refused: SecretStr) -> bool:  # noqa: ARG002  # the default for sources that do not change
        """Return whether a new token replaces the rejected one; sends no request and runs no command."""
        return False

    def check(self) -> None:  # noqa: B027  # most sources have no cheap check
        """Check the token early, without a request or a command.

        Raises:
            Unauthorised: There is no token.
            ConfigError: The token is unusable.
        """

    async def aclose(self) -> None:  # noqa: B027  # most sources hold nothing open
        """Cancel a running renewal and close connections."""


_BLANKS = " \t\r\n"

_LEAD = re.compile(rf"^[{_BLANKS}]*(?:bearer(?:[ \t]+|[{_BLANKS}]*$))?", re.IGNORECASE)

_WRAPPINGS = {"{": "as JSON does", "[": "as JSON does", '"': "a quotation mark", "'": "a quotation mark"}
"""First characters that no token has (RFC 6750, b64token), but that users often copy."""

_NAMES = {"\n": "a line break", "\r": "a line break", " ": "a space", "\t": "a tab", "\0": "a NUL"}


def validate_token(given: SecretStr, origin: str) -> SecretStr:
    """Return the bare token, and register it for redaction in crash reports.

    If this function raises, no frame of the traceback contains the token as plain text.

    Args:
        given: The token, optionally with `Bearer ` and surrounding blanks.
        origin: Name of the source, for errors.

    Raises:
        ConfigError: It is empty, quoted, or not a single line of printable ASCII.
    """
    problem = _problem(given.get_secret_value())
    if problem is not None:
        what, remedy = problem
        raise ConfigError(f"{origin}{what}", remedy)
    token = SecretStr(_LEAD.sub("", given.get_secret_value()).rstrip(_BLANKS))
    remember(token)
    return token


def short_token_warning(secret: SecretStr, origin: str) -> tuple[Concern, ...]:
    """Return a warning for a secret so short that redaction can only remove it as a whole word.

    Args:
        secret: A token or a shared secret; the simulator's public one gives no warning.
        origin: Name of the source.
    """
    if len(secret) >= SHORTEST_SECRET or secret.get_secret_value() == PUBLIC_SECRET:
        return ()
    length = count(len(secret), "character")
    message = f"{origin} holds {length}, too few for jobdeck to keep it out of what a server says but as a whole word"
    return (Concern(message, f"copy it again: secrets have {SHORTEST_SECRET} characters or more"),)


def _problem(text: str) -> tuple[str, str] | None:
    """Return what is wrong with a token, and the remedy."""
    start = len(text) - len(_LEAD.sub("", text))
    bare = text[start:].rstrip(_BLANKS)
    if not bare:
        return " is empty", "put the access token there"
    if bare[0] in _WRAPPINGS:
        return f" begins with {bare[0]}, {_WRAPPINGS[bare[0]]}", "put the bare token there"
    for position, character in enumerate(bare, start + 1):
        if not "!" <= character <= "~":
            kind = _NAMES.get(character) or ("a control character" if character < "\x80" else "not ASCII")
            return f": character {position} is {kind}", "a token is one line of printable ASCII, copy it again"
    return None


LARGEST_PAYLOAD = 16_384
"""Longest middle part of a JWT, in characters; usual ones have a few hundred to a few thousand."""


def expires_at(token: SecretStr) -> datetime | None:
    """Return the token's `exp`, aware and in UTC; None if the token is no JWT or the value is unusable."""
    parts = token.get_secret_value().strip().split(".", 3)
    if len(parts) != 3 or len(parts[1]) > LARGEST_PAYLOAD:
        return None
    try:
        claims = from_json(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return None
    return _moment(claims.get("exp")) if isinstance(claims, dict) else None


def _moment(exp: object) -> datetime | None:
    """Return the time of a NumericDate: seconds since 1970 (RFC 7519, section 2)."""
    if isinstance(exp, bool) or not isinstance(exp, int | float):
        return None
    try:
        moment = datetime.fromtimestamp(exp, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if OLDEST_YEAR < moment.year <= NEWEST_YEAR else None


class FixedToken(TokenSource):
    """A token from the environment that never changes.

    Args:
        given: The token, optionally with `Bearer `.
        origin: Name of the setting, for errors.
    """

    def __init__(self, given: str | SecretStr, *, origin: str) -> None:
        self._given = given if isinstance(given, SecretStr) else SecretStr(given)
        self._facts = TokenFacts(origin, expires_at(self._given), is_fixed=True)
        self._token: SecretStr | None = None

    @property
    def facts(self) -> TokenFacts:
        return self._facts

    def check(self) -> None:
        self._current()

    async def token(self) -> SecretStr:
        return self._current()

    async def renew(self, refused: SecretStr) -> bool:  # noqa: ARG002  # there is no other token
        return False

    def _current(self) -> SecretStr:
        """Return the token; validates it on first use."""
        if self._token is None:
            self._token = validate_token(self._given, self._facts.origin)
            self._facts = replace(self._facts, concerns=short_token_warning(self._token, self._facts.origin))
        return self._token


class NoToken(TokenSource):
    """A missing token; reports an error on use.

    Args:
        remedy: The remedy for the error.
        why: Which half of the credentials is missing; None if both are.
    """

    def __init__(self, remedy: str, *, why: str | None = None) -> None:
        self._message = f"no access token: {why}" if why else "no access token"
        self._remedy = remedy

    @property
    def facts(self) -> TokenFacts:
        return TokenFacts("no access token", is_fixed=True)

    def check(self) -> None:
        raise Unauthorised(self._message, remedy=self._remedy)

    async def token(self) -> SecretStr:
        raise Unauthorised(self._message, remedy=self._remedy)

    async def renew(self, refused: SecretStr) -> bool:  # noqa: ARG002  # there is none
        return False


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


LONGEST_MARGIN_S, MARGIN = 60.0, 0.1
"""Renewal starts this long before expiry: the smaller of these seconds and this part of the token's life."""

SHORTEST_S = 5.0
"""Shortest time in seconds between two renewals before expiry."""

RETRY_S = 10.0
"""Pause in seconds after a failed renewal while the current token is valid."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A newly issued token."""

    token: SecretStr
    expires_at: datetime | None = None
    """Expiry by the local clock, aware; None if unknown."""


class TokenIssuer(ABC):
    """An issuer of tokens, such as a program or the auth host."""

    facts: TokenFacts
    """Facts about its tokens, without their expiry."""

    @abstractmethod
    async def issue(self) -> NewToken:
        """Return a new token; calls do not overlap.

        Raises:
            JobDeckError: As `TokenSource.token`.
        """

    def check(self) -> None:  # noqa: B027  # most issuers have no cheap check
        """Check the configuration early.

        Raises:
            JobDeckError: As `TokenSource.check`.
        """

    async def aclose(self) -> None:  # noqa: B027  # most issuers hold no resources
        """Close open connections."""


@dataclass(frozen=True, slots=True)
class _Held:
    issued: NewToken
    due_s: float = math.inf
    """When to renew, on the monotonic clock."""
    end_s: float = math.inf
    """When the token expires, on the monotonic clock."""


class RefreshingToken(TokenSource):
    """A cached token that is renewed before it expires.

    Requests continue with a valid token during its renewal. A cancelled caller does not cancel a shared renewal.

    Args:
        issuer: Issuer of the tokens.
        clock: Reference time for expiry.
    """

    def __init__(self, issuer: TokenIssuer, *, clock: Clock) -> None:
        self._issuer = issuer
        self._clock = clock
        self._facts = issuer.facts
        self._held: _Held | None = None
        self._retry_s = 0.0
        self._renewal: asyncio.Task[ApiError | ConfigError | None] | None = None

    @property
    def facts(self) -> TokenFacts:
        return self._facts

    def check(self) -> None:
        self._issuer.check()

    async def token(self) -> SecretStr:
        held, now_s = self._held, self._clock.monotonic_s()
        if held is None or now_s >= held.end_s:
            return (await self._renewed()).issued.token
        if now_s >= max(held.due_s, self._retry_s):
            self._start()
        return held.issued.token

    async def renew(self, refused: SecretStr) -> bool:
        held = self._held
        if held is None or held.issued.token == refused:
            held = await self._renewed()
        return held.issued.token != refused

    def has_other_than(self, refused: SecretStr) -> bool:
        return self._held is not None and self._held.issued.token != refused

    async def aclose(self) -> None:
        if self._renewal is not None:
            self._renewal.cancel()
            await asyncio.gather(self._renewal, return_exceptions=True)
        await self._issuer.aclose()

    async def _renewed(self) -> _Held:
        problem = await asyncio.shield(self._start())
        if problem is not None:
            raise problem
        if self._held is None:
            raise RuntimeError("a renewal that did not fail left no token")
        return self._held

    def _start(self) -> asyncio.Task[ApiError | ConfigError | None]:
        """Return the running renewal, or start one."""
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew(), name=f"token from {self._facts.origin}")
        return self._renewal

    async def _renew(self) -> ApiError | ConfigError | None:
        """Renew the token. Returns expected errors, because the caller may be gone, and a bug must still raise."""
        try:
            issued = await self._issuer.issue()
        except (ApiError, ConfigError) as error:
            silence_s = error.retry_after_s if isinstance(error, ApiError) else None
            pause_s = max(RETRY_S, silence_s or 0.0)
            self._retry_s = self._clock.monotonic_s() + pause_s
            self._facts = replace(self._facts, concerns=self._issuer.facts.concerns)
            return error
        self._held = _held(issued, now=self._clock.now(), now_s=self._clock.monotonic_s())
        concerns = (
            *self._issuer.facts.concerns,
            *short_token_warning(issued.token, f"the token of {self._issuer.facts.origin}"),
        )
        self._facts = replace(self._facts, expires_at=self._held.issued.expires_at, concerns=concerns)
        return None


def _held(issued: NewToken, *, now: datetime, now_s: float) -> _Held:
    """Return the token with its renewal time; accepts one that seems expired, because the local clock may be wrong."""
    end = issued.expires_at or expires_at(issued.token)
    life_s = (end - now).total_seconds() if end else math.inf
    known = NewToken(issued.token, end)
    if not 0 < life_s < math.inf:
        return _Held(known)
    due_s = now_s + max(SHORTEST_S, life_s - min(LONGEST_MARGIN_S, MARGIN * life_s))
    return _Held(known, due_s, max(due_s, now_s + life_s))
