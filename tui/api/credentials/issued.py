"""Keeps a token that has to be asked for: until shortly before its end, and asked for once for all who wait. Knows no way of asking."""

from __future__ import annotations

import asyncio
import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import SecretStr

from tui.api.credentials.checked import shortness
from tui.api.credentials.jwt import expires_at
from tui.api.credentials.source import TokenFacts, TokenSource
from tui.core.clock import Clock
from tui.core.errors import ConfigError
from tui.domain.errors import ApiError

LONGEST_MARGIN_S, MARGIN = 60.0, 0.1
"""A token is renewed so long before its end: the smaller of these seconds and this part of its life."""

SHORTEST_S = 5.0
"""Time between two renewals before the end, however short the lives are that are given out."""

RETRY_S = 10.0
"""Pause after a renewal that failed while the present token is still good."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A token as it was given out."""

    token: SecretStr
    expires_at: datetime | None = None
    """Its end by our clock, aware; None if its issuer did not say."""


class Issuer(ABC):
    """A way to be given a token."""

    facts: TokenFacts
    """What may be said of any token that it gives out: all but its end."""

    @abstractmethod
    async def issue(self) -> Issued:
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
    issued: Issued
    due_s: float = math.inf
    """When to renew it, on the monotonic clock."""
    end_s: float = math.inf
    """When it is no good any more."""


class IssuedToken(TokenSource):
    """What `issuer` gave out last.

    A token that is still good is renewed while requests go on with it. Who is cancelled takes nobody else's renewal along.

    Args:
        issuer: Gives out tokens.
        clock: Time by which they end.
    """

    def __init__(self, issuer: Issuer, *, clock: Clock) -> None:
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
        concerns = (*self._issuer.facts.concerns, *shortness(issued.token, f"the token of {self._issuer.facts.origin}"))
        self._facts = replace(self._facts, expires_at=self._held.issued.expires_at, concerns=concerns)
        return None


def _held(issued: Issued, *, now: datetime, now_s: float) -> _Held:
    """Return when a token has to be renewed; one that seems to have ended already is tried all the same, for our clock may be wrong."""
    end = issued.expires_at or expires_at(issued.token)
    life_s = (end - now).total_seconds() if end else math.inf
    known = Issued(issued.token, end)
    if not 0 < life_s < math.inf:
        return _Held(known)
    due_s = now_s + max(SHORTEST_S, life_s - min(LONGEST_MARGIN_S, MARGIN * life_s))
    return _Held(known, due_s, max(due_s, now_s + life_s))
