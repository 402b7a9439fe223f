"""A token for a client id and its shared secret, from the auth host's token call. What the answer means is judged in `grant`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretBytes, SecretStr

from tui.api.credentials.checked import shortness
from tui.api.credentials.issued import Issued, Issuer
from tui.api.credentials.keyring_entry import KeyringEntry
from tui.api.credentials.source import TokenFacts
from tui.core.clock import Clock
from tui.core.text import one_line
from tui.domain.errors import ApiError, Unauthorised

if TYPE_CHECKING:  # httpx takes 100 ms to import; the first screen does not need it
    from tui.api.transport import Transport

TOKEN_CALL = "/api/platform/applications/authtickets/oauth"  # noqa: S105  # an address
"""Path of the token call at the auth host (contract.md, Calls)."""


class ClientCredentials(Issuer):
    """Asks the auth host for tokens.

    Args:
        client_id: Who asks.
        secret: The shared secret, or what holds it and is read before each token call.
        auth_base: Scheme and host of the auth host.
        clock: Tells when what it gives out ends.
        transport_to: Makes the way to a base address; called at the first token call.
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

    async def issue(self) -> Issued:
        """Make the token call; a refresh token that is refused is dropped, and the call made once more without it.

        Raises:
            Unauthorised: The credentials were refused, or the answer holds no token.
            Unreachable: The auth host cannot be reached.
            ServerFault: It failed.
            RateLimited: It asks for silence.
            ConfigError: The environment or the keyring is unusable.
        """
        secret = self._secret if isinstance(self._secret, SecretStr) else await self._secret.secret()
        self.facts = replace(self.facts, concerns=shortness(secret, f"the shared secret of {self.facts.origin}"))
        if self._refresh_token is not None:
            try:
                return await self._call(secret)
            except Unauthorised:
                self._refresh_token = None
        return await self._call(secret)

    async def aclose(self) -> None:
        if self._transport is not None:
            await self._transport.aclose()

    async def _call(self, secret: SecretStr) -> Issued:
        from tui.api.credentials.grant import Asked, granted, unanswered  # noqa: PLC0415  # heavy: httpx

        if self._transport is None:
            self._transport = self._transport_to(self._auth_base)
        asked = Asked(self._client_id, self._auth_base, self._clock.now())
        secrets = (secret,) if self._refresh_token is None else (secret, self._refresh_token)
        try:
            reply = await self._transport.post(f"{self._auth_base}{TOKEN_CALL}", content=self._body(secret), secrets=secrets)
        except ApiError as error:
            raise unanswered(asked, error) from error
        grant = granted(asked, reply)
        self._refresh_token = grant.refresh_token or self._refresh_token
        return grant.issued

    def _body(self, secret: SecretStr) -> SecretBytes:
        fields = {"client_id": self._client_id, "client_secret": secret.get_secret_value(), "grant_type": "client_credentials"}
        if self._refresh_token is not None:
            fields["refresh_token"] = self._refresh_token.get_secret_value()
        return SecretBytes(json.dumps(fields).encode())
