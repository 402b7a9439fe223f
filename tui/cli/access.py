"""What the settings say about access, with the secrets of the environment put in. The only place that takes them out of it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import SecretStr

from tui.api.credentials import CredentialSettings
from tui.settings import Credential, Settings
from tui.settings.layers import ACCESS_TOKEN, SHARED_SECRET


def credentials(settings: Settings, environ: Mapping[str, str]) -> CredentialSettings:
    """Return the one way to a token that is used; the keyring's entry is called like the client id, or else like the API's host."""
    match settings.credential:
        case Credential.TOKEN_FILE:
            return CredentialSettings(token_file=settings.token_file, token_file_origin=settings.origin("token_file"))
        case Credential.ACCESS_TOKEN:
            return CredentialSettings(access_token=_secret(environ, ACCESS_TOKEN))
        case Credential.TOKEN_COMMAND:
            return CredentialSettings(
                token_command=settings.token_command,
                token_command_origin=settings.origin("token_command"),
                known_secrets=_known(environ),
            )
        case Credential.KEYRING:
            return CredentialSettings(keyring_name=urlsplit(settings.api_base).netloc)
        case _:
            return CredentialSettings(
                client_id=settings.client_id,
                shared_secret=_secret(environ, SHARED_SECRET),
                auth_base=settings.auth_base,
                keyring_name=settings.client_id if settings.has_keyring else None,
            )


def _known(environ: Mapping[str, str]) -> tuple[SecretStr, ...]:
    """Return the secrets of the environment, without the blanks around them: a program may print them so."""
    texts = (environ.get(variable, "").strip() for variable in (ACCESS_TOKEN, SHARED_SECRET))
    return tuple(SecretStr(text) for text in texts if text)


def _secret(environ: Mapping[str, str], variable: str) -> SecretStr | None:
    text = environ.get(variable)
    return SecretStr(text) if text else None
