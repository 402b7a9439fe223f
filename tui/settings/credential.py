"""What opens the door: one of a few ways, decided here and nowhere else. Pure: reads no file and runs nothing; holds no secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tui.settings.given import Layer, path, switch, words
from tui.settings.layers import ACCESS_TOKEN, Told


@dataclass(frozen=True, slots=True)
class TokenFile:
    """A file that holds the access token."""

    path: Path
    origin: str
    """What told it: an option, a variable or a key of a profile; here as below."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """The token itself, in the environment."""

    origin: str = ACCESS_TOKEN


@dataclass(frozen=True, slots=True)
class TokenCommand:
    """A program that prints the access token."""

    argv: tuple[str, ...]
    """It and its arguments; run without a shell, never empty."""
    origin: str


@dataclass(frozen=True, slots=True)
class Client:
    """Client id and shared secret; the secret comes from the environment or the keyring."""

    client_id: str
    origin: str
    has_keyring: bool = False
    """Whether the keyring may be asked."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """An entry of the system's keyring that holds the access token."""

    origin: str


Credential = TokenFile | AccessToken | TokenCommand | Client | Keyring


def credential_of(told: Told, environ: Mapping[str, str]) -> Credential | None:
    """Return the first of the highest layer that names one (cli.md, Precedence); None if none does, and for the demo.

    Raises:
        ConfigError: One of them is unusable, be it this one or not.
    """
    strongest = max(_ways(told, environ), key=lambda way: way[0], default=None)
    return strongest[1] if strongest else None


def _ways(told: Told, environ: Mapping[str, str]) -> Iterator[tuple[Layer, Credential]]:
    """Yield each that was told beside its layer; of one layer the first is used."""
    keyring = told.get("keyring")
    has_keyring = switch(keyring)
    if given := told.get("token_file"):
        yield given.layer, TokenFile(path(given), given.origin)
    if environ.get(ACCESS_TOKEN) and not switch(told.get("demo")):
        yield Layer.ENVIRONMENT, AccessToken()
    if given := told.get("token_command"):
        yield given.layer, TokenCommand(words(given), given.origin)
    if given := told.get("client_id"):
        layer = max(given.layer, keyring.layer) if keyring and has_keyring else given.layer  # then it is the secret that is told there
        yield layer, Client(given.text, given.origin, has_keyring=has_keyring)
    elif keyring and has_keyring:
        yield keyring.layer, Keyring(keyring.origin)
