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

"""What to do about a refused token that a person put there."""


class Concern(NamedTuple):
    """Something that a person should see to."""

    message: str
    """What, in one safe line; lower case, no full stop."""
    remedy: str

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What may be said of the present token."""

    origin: str
    """Name of the source, safe to show: `token file /run/token`, `KIBO_ACCESS_TOKEN`."""
    expires_at: datetime | None = None
    """When it ends, by what its issuer or the token itself says, aware; a hint. None if nothing says so, or none was
    read yet.
    """
    renews_itself: bool = False
    """Whether jobdeck gets a new token before the present one ends; nobody has to be warned of that end."""
    is_fixed: bool = False
    """Whether there is no other token as long as the process lives, whatever is done about it."""
    remedy: str = USUAL_REMEDY
    """What to do where the API refuses it."""
    concerns: tuple[Concern, ...] = ()
    """What is wrong with it and keeps nobody from using it."""


class TokenSource(ABC):
    """Something that has the current access token.

    All of it belongs to one event loop, but `facts` and `check`, which may be called from another thread before the
    loop runs.
    """

    @property
    @abstractmethod
    def facts(self) -> TokenFacts:
        """What may be said of the token that was given last."""

    @abstractmethod
    async def token(self) -> SecretStr:
        """Return the token; any number of callers at once share one reading, one command, one request.

        Raises:
            Unauthorised: There is none.
            ConfigError: There is one that cannot be used; the text names its source.
            Unreachable: The server that gives it out cannot be reached.
            ServerFault: That server failed.
            RateLimited: That server asks for silence.
        """

    @abstractmethod
    async def renew(self, refused: SecretStr) -> bool:
        """Get another token than the `refused` one if there is any, and return whether there is.

        Callers that were refused with the same token share one renewal.

        Raises:
            JobDeckError: As `token()`; that one then still gives the token before.
        """

    def has_other_than(self, refused: SecretStr) -> bool:  # noqa: ARG002  # what a source that is never changed from outside needs not know
        """Return whether somebody put another token there meanwhile, by a look that costs no request and runs no
        command.
        """
        return False

    def check(self) -> None:  # noqa: B027  # most sources cannot be checked without using them
        """Say early what is wrong, as far as a look can tell that costs no request and runs no command.

        Raises:
            Unauthorised: There is no token.
            ConfigError: It cannot be used.
        """

    async def aclose(self) -> None:  # noqa: B027  # most sources hold nothing open
        """End what is under way and close what is open."""


_BLANKS = " \t\r\n"

_LEAD = re.compile(rf"^[{_BLANKS}]*(?:bearer(?:[ \t]+|[{_BLANKS}]*$))?", re.IGNORECASE)

_WRAPPINGS = {"{": "as JSON does", "[": "as JSON does", '"': "a quotation mark", "'": "a quotation mark"}

"""What no token begins with (RFC 6750, b64token), but what is copied along."""

_NAMES = {"\n": "a line break", "\r": "a line break", " ": "a space", "\t": "a tab", "\0": "a NUL"}


def validate_token(given: SecretStr, origin: str) -> SecretStr:
    """Return the bare token; no frame that a crash report could print holds it as plain text when this raises.

    No report of a bug quotes the token from now on.

    Args:
        given: The token, with the blanks or the `Bearer ` around it that people copy along.
        origin: Where it came from, for the error.

    Raises:
        ConfigError: It is empty, wrapped in something, or no single line of printable ASCII.
    """
    problem = _problem(given.get_secret_value())
    if problem is not None:
        what, remedy = problem
        raise ConfigError(f"{origin}{what}", remedy)
    token = SecretStr(_LEAD.sub("", given.get_secret_value()).rstrip(_BLANKS))
    remember(token)
    return token


def short_token_warning(secret: SecretStr, origin: str) -> tuple[Concern, ...]:
    """Return what is to be said of a secret that cannot be kept out of texts but as a whole word: cutting it out
    elsewhere would cut words.

    Args:
        secret: A token or a shared secret; that of the simulator, which everybody knows, is no concern.
        origin: Where it came from.
    """
    if len(secret) >= SHORTEST_SECRET or secret.get_secret_value() == PUBLIC_SECRET:
        return ()
    length = count(len(secret), "character")
    message = f"{origin} holds {length}, too few for jobdeck to keep it out of what a server says but as a whole word"
    return (Concern(message, f"copy it again: secrets have {SHORTEST_SECRET} characters or more"),)


def _problem(text: str) -> tuple[str, str] | None:
    """What is wrong with a token, and what to do about it."""
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

"""Characters of the middle part; real ones have a few hundred to a few thousand."""


def expires_at(token: SecretStr) -> datetime | None:
    """Return the moment in the token's `exp`, aware and in UTC; None if it is no JWT, or says nothing that
    makes sense.
    """
    parts = token.get_secret_value().strip().split(".", 3)
    if len(parts) != 3 or len(parts[1]) > LARGEST_PAYLOAD:
        return None
    try:
        claims = from_json(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return None
    return _moment(claims.get("exp")) if isinstance(claims, dict) else None


def _moment(exp: object) -> datetime | None:
    """Return the moment of a NumericDate: seconds since 1970 as a number (RFC 7519, section 2)."""
    if isinstance(exp, bool) or not isinstance(exp, int | float):
        return None
    try:
        moment = datetime.fromtimestamp(exp, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if OLDEST_YEAR < moment.year <= NEWEST_YEAR else None


class FixedToken(TokenSource):
    """A token that was given at the start.

    Args:
        given: The token, a `Bearer ` in front included.
        origin: Name of the setting it came from, for errors.
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

    async def renew(self, refused: SecretStr) -> bool:  # noqa: ARG002  # there is only this one
        return False

    def _current(self) -> SecretStr:
        """Return the token, checked when it is needed first."""
        if self._token is None:
            self._token = validate_token(self._given, self._facts.origin)
            self._facts = replace(self._facts, concerns=short_token_warning(self._token, self._facts.origin))
        return self._token


class NoToken(TokenSource):
    """The absence of a token, said when it is needed.

    Args:
        remedy: What to do about it.
        why: Which half of one was told; None where nothing was.
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
            content, concerns = _content(self._path, self._origin)
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            raise ConfigError(f"{self._origin} cannot be read: {reason}", f"check {self._setting}") from error
        self._token = validate_token(SecretStr(content.get_secret_value().decode(errors="replace")), self._origin)
        concerns = (*concerns, *short_token_warning(self._token, self._origin))
        self._facts = TokenFacts(self._origin, expires_at(self._token), concerns=concerns)
        return self._token


def _stamp(path: Path) -> _Stamp | None:
    """Return what changes with the content of a file; None where there is none to be seen."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns


def _content(path: Path, origin: str) -> tuple[SecretBytes, tuple[Concern, ...]]:
    """Read a small private regular file, and one that others may read where its mode cannot be changed."""
    concerns: list[Concern] = []

    def judge(found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise ConfigError(f"{origin} is no regular file", "give the path of a file that holds the token")
        if not found.st_mode & 0o077:
            return
        is_open = f"{origin} is open to other users (mode {stat.S_IMODE(found.st_mode):04o})"
        if not is_mounted(path, found):
            raise ConfigError(is_open, "run chmod 600 on it")
        concerns.append(Concern(f"{is_open}, which cannot be changed here", "mount it with mode 0400 if you can"))

    content = SecretBytes(read_small_file(path, judge, most=LARGEST_FILE))
    if len(content) > LARGEST_FILE:
        raise ConfigError(f"{origin} is larger than 64 kB", "give the path of a file that holds the token alone")
    return content, tuple(concerns)


def is_mounted(path: Path, found: os.stat_result) -> bool:
    """Return whether a file is as it was mounted: its user can neither change its mode nor, with others, its content.

    Secrets in containers are such files: owned by root, or on a file system that is read-only for all.
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

"""A token is renewed so long before its end: the smaller of these seconds and this part of its life."""

SHORTEST_S = 5.0

"""Time between two renewals before the end, however short the lives are that are given out."""

RETRY_S = 10.0

"""Pause after a renewal that failed while the present token is still good."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token as it was given out."""

    token: SecretStr
    expires_at: datetime | None = None
    """Its end by our clock, aware; None if its issuer did not say."""


class TokenIssuer(ABC):
    """A way to be given a token."""

    facts: TokenFacts
    """What may be said of any token that it gives out: all but its end."""

    @abstractmethod
    async def issue(self) -> NewToken:
        """Return a new token; never called twice at once.

        Raises:
            JobDeckError: As `TokenSource.token`.
        """

    def check(self) -> None:  # noqa: B027  # most can only be checked by asking
        """Say early what is wrong.

        Raises:
            JobDeckError: As `TokenSource.check`.
        """

    async def aclose(self) -> None:  # noqa: B027  # most hold nothing open
        """Close what is open."""


@dataclass(frozen=True, slots=True)
class _Held:
    issued: NewToken
    due_s: float = math.inf
    """When to renew it, on the monotonic clock."""
    end_s: float = math.inf
    """When it is no good any more."""


class RefreshingToken(TokenSource):
    """What `issuer` gave out last.

    A token that is still good is renewed while requests go on with it. Who is cancelled takes nobody else's renewal
    along.

    Args:
        issuer: Gives out tokens.
        clock: Time by which they end.
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
        """Return the renewal that is under way, or begin one."""
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew(), name=f"token from {self._facts.origin}")
        return self._renewal

    async def _renew(self) -> ApiError | ConfigError | None:
        """Return foreseen errors instead of raising them: nobody may be waiting, and a bug must stay loud."""
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
    """Return when a token has to be renewed; one that seems to have ended already is tried all the same, for our clock
    may be wrong.
    """
    end = issued.expires_at or expires_at(issued.token)
    life_s = (end - now).total_seconds() if end else math.inf
    known = NewToken(issued.token, end)
    if not 0 < life_s < math.inf:
        return _Held(known)
    due_s = now_s + max(SHORTEST_S, life_s - min(LONGEST_MARGIN_S, MARGIN * life_s))
    return _Held(known, due_s, max(due_s, now_s + life_s))
