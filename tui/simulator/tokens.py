"""Who may ask the simulated queue: access tokens, given out and checked. No HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.clock import Clock
    from tui.simulator.queue import JSON

CLIENT_ID = "demo"
CLIENT_SECRET = "demo"  # noqa: S105 - the simulator's own, public by design
DEMO_TOKENS = frozenset({"demo"})

EXPIRES_IN_S = 3600
"""Life of a token that was given out (contract.md, "Calls")."""


class TokenDesk:
    """Gives out tokens for the demo credentials, and knows which tokens are good.

    Args:
        clock: Time the given tokens expire by.
        standing: Tokens that are good as long as they are in this collection; a test may change it.
    """

    def __init__(self, clock: Clock, standing: Collection[str] = DEMO_TOKENS) -> None:
        self._clock = clock
        self._standing = standing
        self._numbers = itertools.count(1)
        self._ends_s: dict[str, float] = {}

    def accepts(self, authorization: str | None) -> bool:
        """Tell whether the value of an `Authorization` header lets its sender in; None means there was none."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            return False
        return token in self._standing or self._clock.monotonic_s() < self._ends_s.get(token, 0.0)

    def grant(self, asked: Mapping[str, JSON]) -> dict[str, JSON] | None:
        """Return the token call's answer, or None for wrong credentials or another grant type."""
        shown = (asked.get("client_id"), asked.get("client_secret"), asked.get("grant_type"))
        if shown != (CLIENT_ID, CLIENT_SECRET, "client_credentials"):
            return None
        token = f"simulated-{next(self._numbers):04d}"
        self._ends_s[token] = self._clock.monotonic_s() + EXPIRES_IN_S
        return {"access_token": token, "token_type": "Bearer", "expires_in": EXPIRES_IN_S, "refresh_token": None}
