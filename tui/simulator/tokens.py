"""Issue and check access tokens of the simulated queue. No HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.core.clock import Clock
    from tui.simulator.queue import JSON

CLIENT_ID = "demo"
CLIENT_SECRET = "demo"  # noqa: S105 - the simulator's own, public by design
DEMO_TOKENS = frozenset({"demo"})

EXPIRES_IN_S = 3600
"""Life of an issued token in seconds (tui/api/README.md, Calls)."""


class TokenDesk:
    """Issues tokens for the demo credentials, and checks tokens.

    Args:
        clock: Reference time for expiry.
        standing: Tokens that are valid while they are in this collection; a test may change it.
        expires_in_s: Life of new tokens in seconds; may be changed.
        has_refresh_tokens: Whether each token has a refresh token, valid for one call.
    """

    def __init__(
        self,
        clock: Clock,
        standing: Collection[str] = DEMO_TOKENS,
        *,
        expires_in_s: float = EXPIRES_IN_S,
        has_refresh_tokens: bool = False,
    ) -> None:
        self.expires_in_s = expires_in_s
        self.has_refresh_tokens = has_refresh_tokens
        self.is_refusing_in_200 = False
        """Whether wrong credentials give an errorCode with status 200 (tui/api/README.md, Calls)."""
        self.granted = 0
        """Number of issued tokens."""
        self._clock = clock
        self._standing = standing
        self._numbers = itertools.count(1)
        self._ends_s: dict[str, float] = {}
        self._refresh_tokens: set[str] = set()

    def accepts(self, authorization: str | None) -> bool:
        """Return whether the value of an `Authorization` header is valid; None means no header."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            return False
        return token in self._standing or self._clock.monotonic_s() < self._ends_s.get(token, 0.0)

    def grant(self, asked: Mapping[str, JSON]) -> dict[str, JSON] | None:
        """Return the response of the token call; None for wrong credentials, another grant type or an invalid refresh
        token.
        """
        shown = (asked.get("client_id"), asked.get("client_secret"), asked.get("grant_type"))
        if shown != (CLIENT_ID, CLIENT_SECRET, "client_credentials"):
            return None
        refresh_token = asked.get("refresh_token")
        if refresh_token is not None and refresh_token not in self._refresh_tokens:
            return None
        self._refresh_tokens.discard(str(refresh_token))
        self.granted += 1
        number = next(self._numbers)
        token = f"simulated-{number:04d}"
        self._ends_s[token] = self._clock.monotonic_s() + self.expires_in_s
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": self.expires_in_s,
            "refresh_token": self._refresh_token(number),
        }

    def revoke(self) -> None:
        """Revoke all issued tokens and refresh tokens."""
        self._ends_s.clear()
        self._refresh_tokens.clear()

    def _refresh_token(self, number: int) -> str | None:
        if not self.has_refresh_tokens:
            return None
        refresh_token = f"refresh-{number:04d}"
        self._refresh_tokens.add(refresh_token)
        return refresh_token
