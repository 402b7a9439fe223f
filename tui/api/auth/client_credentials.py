"""Get tokens for a client id and shared secret from the auth host."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import JsonValue, SecretBytes, SecretStr

from tui.api.auth.keyring_entry import KeyringEntry
from tui.api.auth.refreshing_token import NewToken, TokenIssuer
from tui.api.auth.token_command import life_s
from tui.api.auth.token_source import TokenFacts
from tui.api.auth.validation import short_token_warning, validate_token
from tui.api.failures import Subject, status_error
from tui.api.raw_response import RawResponse
from tui.api.server_words import fitting_remedy
from tui.core.clock import Clock
from tui.core.errors import ConfigError
from tui.core.json_decoding import decode
from tui.core.redaction import remember
from tui.core.text import one_line
from tui.domain.errors import ApiError, BadAnswer, Evidence, RateLimited, ServerFault, Unauthorised, Unreachable

if TYPE_CHECKING:  # httpx takes 100 ms to import; the first screen does not need it
    from tui.api.transport import Transport


TOKEN_CALL = "/api/platform/applications/authtickets/oauth"  # noqa: S105  # an address
"""Path of the token call at the auth host (tui/api/README.md, Calls)."""


class ClientCredentials(TokenIssuer):
    """Issues tokens by the token call of the auth host.

    Args:
        client_id: The client id.
        secret: The shared secret, or a keyring entry to read before each token call.
        auth_base: Scheme and host of the auth host.
        clock: Reference time for the expiry of tokens.
        transport_to: Returns the transport to a base address; called at the first token call.
    """

    def __init__(
        self,
        client_id: str,
        secret: SecretStr | KeyringEntry,
        *,
        auth_base: str,
        clock: Clock,
        transport_to: Callable[[str], Transport],
    ) -> None:
        self._client_id = client_id
        self._secret = secret
        self._auth_base = auth_base.rstrip("/")
        self._clock = clock
        self._transport_to = transport_to
        self._transport: Transport | None = None
        self._refresh_token: SecretStr | None = None
        self.facts = TokenFacts(
            f"client id '{one_line(client_id)[:80]}' at {urlsplit(auth_base).netloc}",
            renews_itself=True,
            remedy="see whether the application may use this tenant",
        )

    async def issue(self) -> NewToken:
        """Return a new token. If the server rejects the refresh token, repeats the call once without it.

        Raises:
            Unauthorised: The server rejected the credentials, or the response has no token.
            Unreachable: The auth host is unreachable.
            ServerFault: The auth host failed.
            RateLimited: The auth host limits the rate.
            ConfigError: The environment or the keyring is unusable.
        """
        secret = self._secret if isinstance(self._secret, SecretStr) else await self._secret.secret()
        self.facts = replace(
            self.facts, concerns=short_token_warning(secret, f"the shared secret of {self.facts.origin}")
        )
        if self._refresh_token is not None:
            try:
                return await self._call(secret)
            except Unauthorised:
                self._refresh_token = None
        return await self._call(secret)

    async def aclose(self) -> None:
        if self._transport is not None:
            await self._transport.aclose()

    async def _call(self, secret: SecretStr) -> NewToken:

        if self._transport is None:
            self._transport = self._transport_to(self._auth_base)
        call = TokenCall(self._client_id, self._auth_base, self._clock.now())
        secrets = (secret,) if self._refresh_token is None else (secret, self._refresh_token)
        try:
            response = await self._transport.post(
                f"{self._auth_base}{TOKEN_CALL}", content=self._body(secret), secrets=secrets
            )
        except ApiError as error:
            raise failed_call(call, error) from error
        grant = parse_grant(call, response)
        self._refresh_token = grant.refresh_token or self._refresh_token
        return grant.issued

    def _body(self, secret: SecretStr) -> SecretBytes:
        fields = {
            "client_id": self._client_id,
            "client_secret": secret.get_secret_value(),
            "grant_type": "client_credentials",
        }
        if self._refresh_token is not None:
            fields["refresh_token"] = self._refresh_token.get_secret_value()
        return SecretBytes(json.dumps(fields).encode())


LARGEST_ANSWER = 65_536
"""Largest response in bytes; usual ones have a few thousand at most."""

_LONGEST_ID = 80

_REMEDY = "check --auth-host"

_REJECTED = frozenset({400, 401, 403})


@dataclass(frozen=True, slots=True)
class TokenCall:
    """One token call."""

    client_id: str
    auth_base: str
    now: datetime
    """Local time, the start of `expires_in`; aware."""

    @property
    def host(self) -> str:
        """Host of the auth host."""
        return urlsplit(self.auth_base).netloc


@dataclass(frozen=True, slots=True)
class Grant:
    """The tokens in a response of the auth host."""

    issued: NewToken
    refresh_token: SecretStr | None
    """For the next token call; None if there is none."""


@dataclass(frozen=True, slots=True)
class _TokenResponse:
    """A parsed response with masked secrets."""

    token: SecretStr | None = None
    refresh_token: SecretStr | None = None
    life_s: float | None = None
    has_error_code: bool = False


def parse_grant(call: TokenCall, response: RawResponse) -> Grant:
    """Return the tokens in the response.

    Raises:
        Unauthorised: The server rejected the credentials, or the response has no token.
        ServerFault: The auth host or a gateway failed.
        RateLimited: The auth host limits the rate.
    """
    parsed = _parsed(response)
    if response.status == 429 or response.status >= 500:
        raise failed_call(call, _error(call, response))
    if (
        response.status in _REJECTED or parsed.has_error_code
    ):  # an errorCode is a failure whatever the status (tui/api/README.md, Calls)
        raise _rejected_client(call, response)
    if not 200 <= response.status < 300:
        raise failed_call(call, _error(call, response))
    if parsed.token is None:
        raise _missing_token(call, response)
    try:
        token = validate_token(parsed.token, "the new token")
    except ConfigError as error:
        raise _unauthorised(call, response, error.message, _REMEDY) from error
    ends = None if parsed.life_s is None else call.now + timedelta(seconds=parsed.life_s)
    return Grant(NewToken(token, ends), parsed.refresh_token)


def failed_call(call: TokenCall, error: ApiError) -> ApiError:
    """Return the error of a token call that failed with `error`; Unauthorised if a retry is unlikely to help."""
    message, remedy = f"no token from {call.host}: {error.message}", error.remedy
    evidence = Evidence(correlation_id=error.correlation_id, http_status=error.http_status)
    match error:
        case Unreachable():
            return Unreachable(message, remedy=remedy, **evidence)
        case ServerFault():
            return ServerFault(message, retry_after_s=error.retry_after_s, remedy=remedy, **evidence)
        case RateLimited():
            return RateLimited(message, retry_after_s=error.retry_after_s, remedy=remedy, **evidence)
        case _:
            return Unauthorised(f"no token: {error.message}", remedy=_REMEDY, host=call.host, **evidence)


def _parsed(response: RawResponse) -> _TokenResponse:
    if len(response.body) > LARGEST_ANSWER:
        return _TokenResponse()
    try:
        fields = decode(response.body)
    except ValueError:
        return _TokenResponse()
    if not isinstance(fields, dict):
        return _TokenResponse()
    return _TokenResponse(
        token=_secret(fields.get("access_token")),
        refresh_token=_secret(fields.get("refresh_token")),
        life_s=life_s(fields.get("expires_in")),
        has_error_code=fields.get("errorCode") not in (None, ""),
    )


def _secret(value: JsonValue) -> SecretStr | None:
    if not isinstance(value, str) or not value:
        return None
    secret = SecretStr(value)
    remember(secret)
    return secret


def _rejected_client(call: TokenCall, response: RawResponse) -> Unauthorised:
    """Return the error of rejected credentials, with the server's message."""
    words = f": {response.words}" if response.words else ""
    message = f"client id '{one_line(call.client_id)[:_LONGEST_ID]}' was rejected{words}"
    return _unauthorised(
        call, response, message, fitting_remedy(response.words) or "check KIBO_CLIENT_ID and KIBO_SHARED_SECRET"
    )


def _missing_token(call: TokenCall, response: RawResponse) -> ApiError:
    """Return the error of a 2xx without a token: Unauthorised for an error body, ServerFault for a login page."""
    try:
        response.json()
    except BadAnswer as error:
        return ServerFault(f"no token from {call.host}: {error.message}", remedy=_REMEDY, **response.evidence)
    if response.words:
        return _rejected_client(call, response)
    return _unauthorised(call, response, "the response to the token call holds no access token", _REMEDY)


def _error(call: TokenCall, response: RawResponse) -> ApiError:
    subject = Subject("the token call", _REMEDY, setting="--auth-host")
    return status_error(response, subject, host=call.host, now=call.now, url=f"{call.auth_base}{TOKEN_CALL}")


def _unauthorised(call: TokenCall, response: RawResponse, message: str, remedy: str) -> Unauthorised:
    return Unauthorised(message, remedy=remedy, host=call.host, **response.evidence)
