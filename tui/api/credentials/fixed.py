"""Tokens that stay what they are as long as the process lives: a given one, and none."""

from __future__ import annotations

from dataclasses import replace

from pydantic import SecretStr

from tui.api.credentials.checked import checked, shortness
from tui.api.credentials.jwt import expires_at
from tui.api.credentials.source import TokenFacts, TokenSource
from tui.domain.errors import Unauthorised


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
            self._token = checked(self._given, self._facts.origin)
            self._facts = replace(self._facts, concerns=shortness(self._token, self._facts.origin))
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
