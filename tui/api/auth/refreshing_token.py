"""A token that jobdeck renews before it expires, from a program or the auth host."""

from __future__ import annotations

import asyncio
import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import SecretStr

from tui.api.auth.jwt import expires_at
from tui.api.auth.token_source import TokenFacts, TokenSource
from tui.api.auth.validation import short_token_warning
from tui.core.clock import Clock
from tui.core.errors import ConfigError
from tui.domain.errors import ApiError

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
            retry_after_s = error.retry_after_s if isinstance(error, ApiError) else None
            pause_s = max(RETRY_S, retry_after_s or 0.0)
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
