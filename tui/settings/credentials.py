"""The kinds of credentials, and which of the configured ones jobdeck uses. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tui.settings.schema import ACCESS_TOKEN, DEMO, KEYRING
from tui.settings.values import Layer, RawSettings, path, split_command


@dataclass(frozen=True, slots=True)
class TokenFile:
    """A file that holds the access token."""

    path: Path
    origin: str
    """Source of the setting: an option, a variable or a key of a profile."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An access token in an environment variable."""

    origin: str = ACCESS_TOKEN


@dataclass(frozen=True, slots=True)
class TokenCommand:
    """A program that prints the access token."""

    argv: tuple[str, ...]
    """The program and its arguments; run without a shell, never empty."""
    origin: str


@dataclass(frozen=True, slots=True)
class Client:
    """Client id and shared secret; the secret comes from the environment or the keyring."""

    client_id: str
    origin: str
    has_keyring: bool = False
    """Whether the secret may come from the keyring."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """An entry of the system's keyring that holds the access token."""

    origin: str


Credential = TokenFile | AccessToken | TokenCommand | Client | Keyring


def credential_of(raw: RawSettings, environ: Mapping[str, str]) -> Credential | None:
    """Return the credential to use: the first one in the highest layer that has one; None for none and for the demo.

    Raises:
        ConfigError: Any configured credential is unusable.
    """
    strongest = max(_ways(raw, environ), key=lambda way: way[0], default=None)
    return strongest[1] if strongest else None


def _ways(raw: RawSettings, environ: Mapping[str, str]) -> Iterator[tuple[Layer, Credential]]:
    """Yield each configured credential with its layer; within a layer the first one is used."""
    keyring = raw.get("keyring")
    has_keyring = KEYRING.of(raw)
    if given := raw.get("token_file"):
        yield given.layer, TokenFile(path(given), given.origin)
    if environ.get(ACCESS_TOKEN) and not DEMO.of(raw):
        yield Layer.ENVIRONMENT, AccessToken()
    if given := raw.get("token_command"):
        yield given.layer, TokenCommand(split_command(given), given.origin)
    if given := raw.get("client_id"):
        layer = (
            max(given.layer, keyring.layer) if keyring and has_keyring else given.layer
        )  # with a client id the keyring holds the shared secret
        yield layer, Client(given.text, given.origin, has_keyring=has_keyring)
    elif keyring and has_keyring:
        yield keyring.layer, Keyring(keyring.origin)
