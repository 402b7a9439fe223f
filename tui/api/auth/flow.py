"""Handle a rejected token: renew it once, or give up with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from pydantic import SecretStr

from tui.api.auth.token_source import TokenFacts, TokenSource
from tui.core.durations import rough_duration
from tui.core.errors import ConfigError
from tui.domain.errors import Unauthorised


class TokenRejection(NamedTuple):
    """Why the server rejected a token, and a remedy."""

    cause: str
    remedy: str
    is_known: bool = False
    """Whether the cause is certain; if not, the server's message takes precedence."""


def token_rejection(facts: TokenFacts, now: datetime) -> TokenRejection:
    """Return the probable reason for a rejected token.

    Args:
        facts: Facts about the token.
        now: The server's time if known, otherwise local time; aware.
    """
    expires_at = facts.expires_at
    if expires_at is None:
        return TokenRejection("the token was rejected: it has expired or belongs elsewhere", facts.remedy)
    if expires_at > now:
        return TokenRejection(
            "the token was rejected before its time: it was revoked or belongs elsewhere", facts.remedy
        )
    return TokenRejection(
        f"the token expired {rough_duration((now - expires_at).total_seconds())} ago", facts.remedy, is_known=True
    )


class TokenRenewal:
    """Renews a token once after a 401, however many requests it failed for.

    Args:
        tokens: Source of the access token.
    """

    def __init__(self, tokens: TokenSource) -> None:
        self._tokens = tokens
        self._given: SecretStr | None = None
        """The last returned token."""
        self._proved: SecretStr | None = None
        """The last token that the server accepted."""
        self._refused: SecretStr | None = None
        """The last rejected token; None after the server accepted it."""
        self._on_trial: SecretStr | None = None
        """A renewed token that the server has not accepted yet."""
        self._given_up: SecretStr | None = None
        """A rejected token whose renewal failed."""

    async def token(self) -> SecretStr:
        """Return the token to send; replaces a rejected one if possible.

        Raises:
            Unauthorised: There is no token, or no usable one any more.
            ConfigError: There was never a usable token.
            ApiError: The issuer of tokens is unreachable.
        """
        try:
            token = await self._tokens.token()
            if token == self._refused and await self._tokens.renew(token):
                token = self._on_trial = await self._tokens.token()
        except ConfigError as error:
            if self._given is None:
                raise
            message = f"cannot get a new token: {error.cause}"  # it worked before, so a retry may help
            raise Unauthorised(message, remedy=error.remedy) from error
        self._given = token
        return token

    def accepted(self, token: SecretStr) -> None:
        """Record that the server accepted `token`: any response except a 401."""
        self._proved = token
        self._on_trial = None if token == self._on_trial else self._on_trial
        self._refused = None if token == self._refused else self._refused
        self._given_up = None if token == self._given_up else self._given_up

    async def is_renewed(self, refused: SecretStr) -> bool:
        """Return whether to retry after a 401: there is a new token, and the rejected one was not new itself.

        Raises:
            Unauthorised: There is no new token; the message contains the reason.
            ApiError: The issuer of tokens is unreachable.
        """
        self._refused = refused
        if refused == self._given_up:  # one of several parallel requests
            return self._tokens.has_other_than(refused)
        is_renewed = refused != self._on_trial and await self._renewed(refused)
        if not is_renewed:
            self._given_up = refused
        return is_renewed

    def has_news(self) -> bool:
        """Return whether a new token replaces the rejected one; sends no request."""
        return self._given is not None and self._tokens.has_other_than(self._given)

    async def _renewed(self, refused: SecretStr) -> bool:
        try:
            if not await self._tokens.renew(refused):
                return False
            renewed = await self._tokens.token()
        except (ConfigError, Unauthorised) as error:
            self._given_up = refused
            raise Unauthorised(
                f"the token was rejected, and there is no new one: {error.cause}", remedy=error.remedy
            ) from error
        if renewed != self._proved:
            self._on_trial = renewed
        return True
