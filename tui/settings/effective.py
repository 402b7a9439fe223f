"""Every setting as it holds, and where it was told, without secrets. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tui.settings.given import switch
from tui.settings.layers import SETTINGS, SWITCHES
from tui.settings.resolving import ACCESS_TOKEN, SHARED_SECRET, Credential, Settings

DEFAULTS: Mapping[str, str] = {
    "interval": "auto",
    "max_rate": "2/s, bursts of 5",
    "connect_timeout": "5",
    "read_timeout": "10",
    "production": "off",
    "keyring": "off",
    "insecure_http": "off",
    "ascii": "by the locale",
    "demo": "off",
}
MASK = "(set, not shown)"


@dataclass(frozen=True, slots=True)
class Row:
    """One setting."""

    name: str
    value: str
    """In one safe line; `-` for none."""
    origin: str
    """The option, variable or profile that told it, or `default`."""


def effective(settings: Settings, environ: Mapping[str, str]) -> tuple[Row, ...]:
    """Return what the settings come to, then each of them, then the secrets of the environment, which are masked.

    Args:
        settings: As they were resolved.
        environ: The process's environment.
    """
    derived = (
        Row("API", settings.api_base, ""),
        Row("token call", settings.auth_base, ""),
        Row("access", _access(settings), ""),
    )
    secrets = tuple(Row(name, MASK if environ.get(name) else "-", "environment" if environ.get(name) else "") for name in _SECRETS)
    return (*derived, *(_row(settings, setting.name) for setting in SETTINGS), *secrets)


_SECRETS = (ACCESS_TOKEN, SHARED_SECRET)


def _row(settings: Settings, name: str) -> Row:
    if name == "profile" and settings.profile:
        return Row(name, settings.profile, settings.told[name].origin if name in settings.told else "default_profile")
    given = settings.told.get(name)
    if given is None:
        return Row(name, DEFAULTS.get(name, "-"), "default")
    if name == "token_command":  # its arguments may hold what nobody should see
        return Row(name, f"{settings.token_command[0]}{' …' if len(settings.token_command) > 1 else ''}", given.origin)
    if name in SWITCHES:
        return Row(name, "on" if switch(given) else "off", given.origin)
    return Row(name, given.shown, given.origin)


def _access(settings: Settings) -> str:
    words = {
        Credential.TOKEN_FILE: "token file",
        Credential.ACCESS_TOKEN: ACCESS_TOKEN,
        Credential.TOKEN_COMMAND: "token command",
        Credential.CLIENT: "client id and shared secret",
        Credential.KEYRING: "keyring",
        Credential.NONE: "none",
    }
    return "the simulator's" if settings.is_demo else words[settings.credential]
