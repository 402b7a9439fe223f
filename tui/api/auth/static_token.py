"""A token that never changes, and a missing one."""

from __future__ import annotations

from dataclasses import replace

from pydantic import SecretStr

from tui.api.auth.jwt import expires_at
from tui.api.auth.token_source import TokenFacts, TokenSource
from tui.api.auth.validation import short_token_warning, validate_token
from tui.domain.errors import Unauthorised


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
