"""What every source of access tokens can do, and what may be told of its token. Holds no token itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pydantic import SecretStr

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
    """When it ends, by what its issuer or the token itself says, aware; a hint. None if nothing says so, or none was read yet."""
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

    All of it belongs to one event loop, but `facts` and `check`, which may be called from another thread before the loop runs.
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
        """Return whether somebody put another token there meanwhile, by a look that costs no request and runs no command."""
        return False

    def check(self) -> None:  # noqa: B027  # most sources cannot be checked without using them
        """Say early what is wrong, as far as a look can tell that costs no request and runs no command.

        Raises:
            Unauthorised: There is no token.
            ConfigError: It cannot be used.
        """

    async def aclose(self) -> None:  # noqa: B027  # most sources hold nothing open
        """End what is under way and close what is open."""
