"""What a rejected token means: renew it once and repeat the request, or give up with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from pydantic import SecretStr

from tui.api.auth.token_source import TokenFacts, TokenSource
from tui.core.errors import ConfigError
from tui.core.text import rough
from tui.domain.errors import Unauthorised


class TokenRejection(NamedTuple):
    """Why a token was refused, and what to do about it."""

    cause: str
    remedy: str
    is_known: bool = False
    """Whether the cause is known, and not a guess that any word of the server is better than."""


def token_rejection(facts: TokenFacts, now: datetime) -> TokenRejection:
    """Return why a token was refused, as far as can be known here.

    Args:
        facts: Of that token.
        now: The server's time if known, else ours; aware.
    """
    expires_at = facts.expires_at
    if expires_at is None:
        return TokenRejection("the token was refused: it has expired or belongs elsewhere", facts.remedy)
    if expires_at > now:
        return TokenRejection(
            "the token was refused before its time: it was revoked or belongs elsewhere", facts.remedy
        )
    return TokenRejection(
        f"the token expired {rough((now - expires_at).total_seconds())} ago", facts.remedy, is_known=True
    )


class TokenRenewal:
    """Has a token renewed once after a 401 (faults.md, "Polling etiquette"), however many requests were refused with
    it.

    Args:
        tokens: Has the access token.
    """

    def __init__(self, tokens: TokenSource) -> None:
        self._tokens = tokens
        self._given: SecretStr | None = None
        """What was given out last."""
        self._proved: SecretStr | None = None
        """What a request was last accepted with."""
        self._refused: SecretStr | None = None
        """What was refused last, and not accepted since."""
        self._on_trial: SecretStr | None = None
        """A renewed token that no request has proved yet."""
        self._given_up: SecretStr | None = None
        """A refused token of which it is known that renewing does not help."""

    async def token(self) -> SecretStr:
        """Return the token to send: not one that was refused, if any other can be had.

        Raises:
            Unauthorised: There is none, or none that can be used any more.
            ConfigError: There has never been one that can be used.
            ApiError: What gives out tokens cannot be reached.
        """
        try:
            token = await self._tokens.token()
            if token == self._refused and await self._tokens.renew(token):
                token = self._on_trial = await self._tokens.token()
        except ConfigError as error:
            if self._given is None:
                raise
            message = f"no token can be had any more: {error.cause}"  # it has worked before, so it may again
            raise Unauthorised(message, remedy=error.remedy) from error
        self._given = token
        return token

    def accepted(self, token: SecretStr) -> None:
        """Learn that a request with `token` was answered, with anything but a 401."""
        self._proved = token
        self._on_trial = None if token == self._on_trial else self._on_trial
        self._refused = None if token == self._refused else self._refused
        self._given_up = None if token == self._given_up else self._given_up

    async def is_renewed(self, refused: SecretStr) -> bool:
        """Return whether to ask again after a 401: there is another token than the `refused` one, which was not itself
        on trial.

        Raises:
            Unauthorised: No new token can be had; the text says why.
            ApiError: What gives out tokens cannot be reached.
        """
        self._refused = refused
        if refused == self._given_up:  # one of several requests that left together
            return self._tokens.has_other_than(refused)
        is_renewed = refused != self._on_trial and await self._renewed(refused)
        if not is_renewed:
            self._given_up = refused
        return is_renewed

    def has_news(self) -> bool:
        """Return whether there is another token than the one that did not open the door, by a look that costs no
        request.
        """
        return self._given is not None and self._tokens.has_other_than(self._given)

    async def _renewed(self, refused: SecretStr) -> bool:
        try:
            if not await self._tokens.renew(refused):
                return False
            renewed = await self._tokens.token()
        except (ConfigError, Unauthorised) as error:
            self._given_up = refused
            raise Unauthorised(
                f"the token was refused, and no new one can be had: {error.cause}", remedy=error.remedy
            ) from error
        if renewed != self._proved:
            self._on_trial = renewed
        return True
