"""Every setting as it holds, and where it was told, without secrets. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from tui.settings.address import api_address, makers
from tui.settings.credential import AccessToken, Client, Keyring, TokenCommand, TokenFile
from tui.settings.given import switch, words
from tui.settings.layers import ACCESS_TOKEN, SETTINGS, SHARED_SECRET, SWITCHES
from tui.settings.resolving import Settings

_DEFAULTS: Mapping[str, str | float | bool] = {"interval": "auto", "connect_timeout": 5.0, "read_timeout": 10.0}
"""Of settings that are no switches; those that are missing have none of their own."""

_IN_WORDS = {"max_rate": "2/s, bursts of 5", "ascii": "by the locale"}
"""What holds where a setting has no value."""

_MASK = "(set, not shown)"
_SECRETS = (ACCESS_TOKEN, SHARED_SECRET)


@dataclass(frozen=True, slots=True)
class Row:
    """One setting."""

    name: str
    value: str | float | bool | None
    """A text is one safe line; None where there is no value, or the way that jobdeck finds one itself."""
    origin: str | None
    """The option, variable or profile that told it, `default`, or what it was derived from; None where nothing did."""

    @property
    def shown(self) -> str:
        """The value for people; `-` for none."""
        if isinstance(self.value, bool):
            return "on" if self.value else "off"
        if isinstance(self.value, float):
            return f"{self.value:g}"
        if self.name == "max_rate" and self.value is not None:
            return f"{self.value}/min"
        return _IN_WORDS.get(self.name, "-") if self.value is None else str(self.value)


def effective(settings: Settings, environ: Mapping[str, str]) -> tuple[Row, ...]:
    """Return what the settings come to, then each of them, then the secrets of the environment, which are masked.

    Args:
        settings: As they were resolved.
        environ: The process's environment.
    """
    secrets = (Row(name, _MASK, "environment") if environ.get(name) else Row(name, None, None) for name in _SECRETS)
    return (*_derived(settings), *(_row(settings, setting.name) for setting in SETTINGS), *secrets)


def _derived(settings: Settings) -> tuple[Row, ...]:
    told = settings.told
    parts = makers(told, api_address(told, insecure_http=settings.insecure_http))
    auth = told["auth_host"].origin if "auth_host" in told else "the API"
    return (
        Row("API", settings.api_base, f"derived from {', '.join(part.origin for part in parts)}"),
        Row("token call", settings.auth_base, f"derived from {auth}"),
        _access(settings),
    )


def _access(settings: Settings) -> Row:
    if settings.is_demo:
        return Row("access", "the simulator's", f"derived from {settings.origin('demo')}")
    credential = settings.credential
    match credential:
        case None:
            return Row("access", "none", None)
        case TokenFile():
            name = "token file"
        case AccessToken():
            name = credential.origin
        case TokenCommand():
            name = "token command"
        case Client():
            name = "client id and shared secret"
        case Keyring():
            name = "keyring"
        case _:
            assert_never(credential)
    return Row("access", name, f"derived from {credential.origin}")


def _row(settings: Settings, name: str) -> Row:
    given = settings.told.get(name)
    if name == "profile" and settings.profile:
        return Row(name, settings.profile, given.origin if given else "default_profile")
    if given is None:
        has_default = name in SWITCHES and name not in _IN_WORDS
        return Row(name, False if has_default else _DEFAULTS.get(name), "default")
    return Row(name, _value(settings, name), given.origin)


def _value(settings: Settings, name: str) -> str | float | bool | None:
    """Return the value of a setting that was told."""
    given = settings.told[name]
    match name:
        case "interval":
            return settings.interval_s or "auto"
        case "max_rate":
            return settings.max_per_min
        case "connect_timeout":
            return settings.connect_timeout_s
        case "read_timeout":
            return settings.read_timeout_s
        case "token_command":  # its arguments may hold what nobody should see
            program, *arguments = words(given)
            return f"{program} …" if arguments else program
        case _:
            return switch(given) if name in SWITCHES else given.shown
