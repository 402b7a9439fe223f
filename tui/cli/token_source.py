"""Builds the source of access tokens from the settings.

The only module that reads secrets from the environment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, assert_never
from urllib.parse import urlsplit

from pydantic import SecretStr

from tui.api.auth.client_credentials import ClientCredentials
from tui.api.auth.keyring_entry import KeyringEntry, KeyringIssuer
from tui.api.auth.refreshing_token import RefreshingToken, TokenIssuer
from tui.api.auth.static_token import FixedToken, NoToken
from tui.api.auth.token_command import CommandIssuer
from tui.api.auth.token_file import FileToken
from tui.api.auth.token_source import TokenSource
from tui.core.clock import Clock
from tui.settings.credentials import AccessToken, Client, Keyring, TokenCommand, TokenFile
from tui.settings.resolve import Settings
from tui.settings.schema import ACCESS_TOKEN, SECRETS, shared_secret_variable, without_secrets

if TYPE_CHECKING:  # httpx takes 100 ms to import; the first screen does not need it
    from tui.api.transport import Transport


DEMO_TOKEN = "demo"  # noqa: S105  # the simulator's own, public by design


def token_source(
    settings: Settings, environ: Mapping[str, str], *, clock: Clock, transport_to: Callable[[str], Transport]
) -> TokenSource:
    """Return the token source. Sends no request and reads no file yet.

    Args:
        settings: The resolved settings; their credential decides.
        environ: The environment of the process, from which they were resolved.
        clock: The clock for token expiry.
        transport_to: Returns the transport to a base address; called in the event loop, at the first request to the
            auth host.
    """
    credential = settings.credential
    match credential:
        case TokenFile(path, origin):
            return FileToken(path, setting=origin)
        case AccessToken(origin):
            return FixedToken(SecretStr(environ[ACCESS_TOKEN]), origin=origin)
        case TokenCommand(argv, origin):
            around = without_secrets(environ)
            issuer: TokenIssuer = CommandIssuer(
                argv, setting=origin, clock=clock, secrets=_known(environ), environ=around
            )
        case Client(client_id, origin):
            secret = _shared_secret(credential, environ)
            if secret is None:
                return NoToken("set it too", why=f"{origin} is set but KIBO_SHARED_SECRET is not")
            issuer = ClientCredentials(
                client_id, secret, auth_base=settings.auth_base, clock=clock, transport_to=transport_to
            )
        case Keyring():
            host = f"t{settings.tenant}" if settings.is_host_looked_up else urlsplit(settings.api_base).netloc
            issuer = KeyringIssuer(KeyringEntry(host))
        case None:
            return _without_credential(settings, environ)
        case _:
            assert_never(credential)
    return RefreshingToken(issuer, clock=clock)


def _shared_secret(client: Client, environ: Mapping[str, str]) -> SecretStr | KeyringEntry | None:
    """Return the shared secret from the environment, else the keyring entry named after the client id."""
    if variable := shared_secret_variable(environ):
        return SecretStr(environ[variable])
    return KeyringEntry(client.client_id) if client.has_keyring else None


def _without_credential(settings: Settings, environ: Mapping[str, str]) -> TokenSource:
    if settings.is_demo:
        return FixedToken(DEMO_TOKEN, origin="--demo")
    if variable := shared_secret_variable(environ):
        return NoToken("set it too", why=f"{variable} is set but KIBO_CLIENT_ID is not")
    return NoToken(f"set {ACCESS_TOKEN}, or pass --token-file PATH, or set KIBO_CLIENT_ID and KIBO_SHARED_SECRET")


def _known(environ: Mapping[str, str]) -> tuple[SecretStr, ...]:
    """Return the secrets of the environment without surrounding blanks, as a program may print them."""
    texts = (environ.get(variable, "").strip() for variable in SECRETS)
    return tuple(SecretStr(text) for text in texts if text)
