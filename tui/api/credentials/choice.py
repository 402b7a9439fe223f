"""Picks the source of the token from what was configured. Reads nothing and asks nobody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

from tui.api.credentials.client_credentials import ClientCredentials
from tui.api.credentials.command import CommandToken
from tui.api.credentials.file import FileToken
from tui.api.credentials.fixed import FixedToken, NoToken
from tui.api.credentials.issued import IssuedToken
from tui.api.credentials.keyring_entry import KeyringEntry, KeyringToken
from tui.api.credentials.settings import CredentialSettings
from tui.api.credentials.source import TokenKind, TokenSource
from tui.clock import Clock
from tui.settings.layers import ACCESS_TOKEN
from tui.text import one_line

if TYPE_CHECKING:  # httpx takes 100 ms to import; the first screen does not need it
    from tui.api.transport import Transport


def token_source(settings: CredentialSettings, *, clock: Clock, transport_to: Callable[[str], Transport]) -> TokenSource:
    """Return the first source that is configured: file, environment, command, client credentials, keyring; else one that has none.

    Args:
        settings: What was configured.
        clock: Time by which tokens end.
        transport_to: Makes the way to a base address; called in the event loop, when the auth host is asked first.
    """
    if settings.token_file is not None:
        return FileToken(settings.token_file.expanduser(), setting=settings.token_file_origin)
    if settings.access_token is not None:
        return FixedToken(settings.access_token, origin=ACCESS_TOKEN)
    if settings.token_command:
        return CommandToken(settings, clock)
    secret = _shared_secret(settings)
    if settings.client_id is not None and secret is not None:
        return _client_credentials(settings, settings.client_id, secret, clock=clock, transport_to=transport_to)
    if settings.keyring_name is not None:
        entry = KeyringEntry(settings.keyring_name)
        return IssuedToken(KeyringToken(entry), clock=clock, kind=TokenKind.KEYRING, origin=entry.origin)
    return _no_token(settings)


def _shared_secret(settings: CredentialSettings) -> Callable[[], Awaitable[SecretStr]] | None:
    """Return what gives the shared secret: the setting, else the keyring."""
    secret = settings.shared_secret
    if secret is None:
        return None if settings.keyring_name is None else KeyringEntry(settings.keyring_name).secret

    async def given() -> SecretStr:
        return secret

    return given


def _client_credentials(
    settings: CredentialSettings,
    client_id: str,
    secret: Callable[[], Awaitable[SecretStr]],
    *,
    clock: Clock,
    transport_to: Callable[[str], Transport],
) -> TokenSource:
    issuer = ClientCredentials(client_id, secret, auth_base=settings.auth_base, clock=clock, transport_to=transport_to)
    origin = f"client id '{one_line(client_id)[:80]}' at {urlsplit(settings.auth_base).netloc}"
    return IssuedToken(issuer, clock=clock, kind=TokenKind.CLIENT_CREDENTIALS, origin=origin)


def _no_token(settings: CredentialSettings) -> NoToken:
    if settings.client_id is not None:
        return NoToken("set it too", why="KIBO_CLIENT_ID is set but KIBO_SHARED_SECRET is not")
    if settings.shared_secret is not None:
        return NoToken("set it too", why="KIBO_SHARED_SECRET is set but KIBO_CLIENT_ID is not")
    return NoToken(f"set {ACCESS_TOKEN}, or pass --token-file PATH, or set KIBO_CLIENT_ID and KIBO_SHARED_SECRET")
