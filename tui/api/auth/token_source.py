"""The interface of a source of access tokens, and what is known of a token."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pydantic import SecretStr

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
