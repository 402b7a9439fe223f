"""What was configured about access, as one value. Reads no file, no environment and no option."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

TOKEN_CALL = "/api/platform/applications/authtickets/oauth"  # noqa: S105  # an address
"""Path of the token call at the auth host (contract.md, Calls)."""


@dataclass(frozen=True, slots=True)
class CredentialSettings:
    """Every way to a token that was configured; the first in this order is used, and no other."""

    token_file: Path | None = None
    """File that holds the token; a `~` in front means the home directory."""
    token_file_origin: str = "--token-file"  # noqa: S105  # the name of a setting
    """Name of the setting, for errors."""
    access_token: SecretStr | None = None
    """The token itself, from KIBO_ACCESS_TOKEN."""
    token_command: tuple[str, ...] = ()
    """Program and arguments, run without a shell; empty for none."""
    token_command_origin: str = "--token-command"  # noqa: S105  # the name of a setting
    """Name of the setting, for errors."""
    known_secrets: tuple[SecretStr, ...] = ()
    """Secrets that the program sees in its environment, to be cut out of its complaints."""
    client_id: str | None = None
    """KIBO_CLIENT_ID; needs `shared_secret`, or a keyring entry that holds it."""
    shared_secret: SecretStr | None = None
    """KIBO_SHARED_SECRET."""
    auth_base: str = "https://home.mozu.com"
    """Scheme and host of the auth host; http only where the settings allow it."""
    keyring_name: str | None = None
    """User name of the entry in the keyring's service `jobdeck`; None where no keyring is asked for."""
