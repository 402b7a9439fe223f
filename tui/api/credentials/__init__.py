"""Where the access token comes from. It leaves as a SecretStr; no text made here holds a part of it."""

from __future__ import annotations

from tui.api.credentials.choice import token_source
from tui.api.credentials.file import FileToken
from tui.api.credentials.fixed import FixedToken, NoToken
from tui.api.credentials.settings import CredentialSettings
from tui.api.credentials.source import TokenFacts, TokenKind, TokenSource

__all__ = ["CredentialSettings", "FileToken", "FixedToken", "NoToken", "TokenFacts", "TokenKind", "TokenSource", "token_source"]
