"""Every setting as it holds, and where it was told, without secrets. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tui.settings.address import api_address
from tui.settings.given import switch
from tui.settings.layers import ACCESS_TOKEN, SETTINGS, SHARED_SECRET, SWITCHES
from tui.settings.resolving import Credential, Settings

_DEFAULTS: Mapping[str, str | float | bool] = {"interval": "auto", "connect_timeout": 5.0, "read_timeout": 10.0}
"""Of settings that are no switches; those that are missing have none of their own."""

_IN_WORDS = {"max_rate": "2/s, bursts of 5", "ascii": "by the locale"}
"""What holds where a setting has no value."""

_MASK = "(set, not shown)"
_SECRETS = (ACCESS_TOKEN, SHARED_SECRET)

_ACCESS: Mapping[Credential, tuple[str, str]] = {
    Credential.TOKEN_FILE: ("token file", "token_file"),
    Credential.TOKEN_COMMAND: ("token command", "token_command"),
    Credential.CLIENT: ("client id and shared secret", "client_id"),
    Credential.KEYRING: ("keyring", "keyring"),
}
"""In words, and the setting that names it."""


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
    is_host = api_address(told, insecure_http=settings.insecure_http).origin == told.get("api_host")
    names = ("api_host",) if is_host else ("tenant", "site", "env", "region")
    makers = ", ".join(told[name].origin for name in names if name in told)
    auth = told["auth_host"].origin if "auth_host" in told else "the API"
    return (
        Row("API", settings.api_base, f"derived from {makers}"),
        Row("token call", settings.auth_base, f"derived from {auth}"),
        _access(settings),
    )


def _access(settings: Settings) -> Row:
    if settings.is_demo:
        return Row("access", "the simulator's", f"derived from {settings.origin('demo')}")
    if settings.credential is Credential.ACCESS_TOKEN:
        return Row("access", ACCESS_TOKEN, f"derived from {ACCESS_TOKEN}")
    if settings.credential is Credential.NONE:
        return Row("access", "none", None)
    words, name = _ACCESS[settings.credential]
    return Row("access", words, f"derived from {settings.origin(name)}")


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
            return f"{settings.token_command[0]}{' …' if len(settings.token_command) > 1 else ''}"
        case _:
            return switch(given) if name in SWITCHES else given.shown
