"""Where the access token comes from. It leaves as a SecretStr; no text made here holds a part of it."""

from __future__ import annotations

from tui.api.credentials.client_credentials import ClientCredentials
from tui.api.credentials.command import CommandIssuer
from tui.api.credentials.file import FileToken
from tui.api.credentials.fixed import FixedToken, NoToken
from tui.api.credentials.issued import IssuedToken, Issuer
from tui.api.credentials.keyring_entry import KeyringEntry, KeyringIssuer
from tui.api.credentials.source import TokenFacts, TokenSource

__all__ = [
    "ClientCredentials",
    "CommandIssuer",
    "FileToken",
    "FixedToken",
    "IssuedToken",
    "Issuer",
    "KeyringEntry",
    "KeyringIssuer",
    "NoToken",
    "TokenFacts",
    "TokenSource",
]
