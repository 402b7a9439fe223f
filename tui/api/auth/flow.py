"""Add the token to requests; after a rejection renew it once and repeat the request, or give up with a reason."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from enum import Enum, auto

import httpx
from pydantic import SecretStr

from tui.api.auth.token_source import TokenSource
from tui.api.raw_response import RawResponse
from tui.api.transport import raw_response_of, signed
from tui.core.errors import ConfigError
from tui.domain.errors import Unauthorised


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

    async def renew(self, refused: SecretStr) -> bool:
        """Renew a token after a 401, and return whether to retry: there is a new one, and the rejected one was not new itself.

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

    def has_new_token(self) -> bool:
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


class TokenVerdict(Enum):
    """What a response says about the token of its request."""

    ACCEPTED = auto()
    REJECTED = auto()
    UNKNOWN = auto()
    """It comes from something in front of the API, such as a gateway."""


class BearerAuth(httpx.Auth):
    """Adds the token to one request. If the server rejects it and there is a new one, repeats the request once.

    Args:
        renewal: The tokens, shared by all requests.
        verdict_of: Returns what a complete response says about the token.
        admit: Waits until the rate limiter lets the repeated request leave.
    """

    def __init__(
        self,
        renewal: TokenRenewal,
        *,
        verdict_of: Callable[[RawResponse], TokenVerdict],
        admit: Callable[[], Awaitable[object]],
    ) -> None:
        self._renewal = renewal
        self._verdict_of = verdict_of
        self._admit = admit

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Yield the request with its token, and again with a new one.

        Raises:
            ApiError: There is no token, or no new one.
            ConfigError: There was never a usable token.
        """
        for is_repeated in (False, True):
            token = await self._renewal.token()
            response = raw_response_of((yield signed(request, token)))
            verdict = self._verdict_of(response)
            if verdict is TokenVerdict.ACCEPTED:
                self._renewal.accepted(token)
            if verdict is not TokenVerdict.REJECTED or not await self._is_renewed(token, request, response):
                return
            if not is_repeated:
                await self._admit()

    async def _is_renewed(self, token: SecretStr, request: httpx.Request, response: RawResponse) -> bool:
        try:
            return await self._renewal.renew(token)
        except Unauthorised as error:
            host = request.url.netloc.decode()
            raise Unauthorised(error.message, remedy=error.remedy, host=host, **response.evidence) from error
