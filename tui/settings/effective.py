"""Every setting as it holds, and where it was told, without secrets. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never
from urllib.parse import urlsplit

from tui.settings.address import api_address, makers
from tui.settings.credential import AccessToken, Client, Keyring, TokenCommand, TokenFile
from tui.settings.given import switch, words
from tui.settings.layers import ACCESS_TOKEN, SETTINGS, SHARED_SECRET, SWITCHES, shared_secret_variable
from tui.settings.resolving import Settings

_DEFAULTS: Mapping[str, str | float | bool] = {"interval": "auto", "connect_timeout": 5.0, "read_timeout": 10.0}
"""Of settings that are no switches; those that are missing have none of their own."""

_IN_WORDS = {"max_rate": "2/s, bursts of 5", "ascii": "by the locale"}
"""What holds where a setting has no value."""

_MASK = "(set, not shown)"


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
    variables = {ACCESS_TOKEN: ACCESS_TOKEN if environ.get(ACCESS_TOKEN) else None, SHARED_SECRET: shared_secret_variable(environ)}
    return (
        *_derived(settings),
        *(_row(settings, setting.name) for setting in SETTINGS),
        *(_secret(name, variable) for name, variable in variables.items()),
    )


def _secret(name: str, variable: str | None) -> Row:
    if variable is None:
        return Row(name, None, None)
    return Row(name, _MASK, "environment" if variable == name else variable)


def _derived(settings: Settings) -> tuple[Row, ...]:
    told = settings.told
    parts = makers(told, api_address(told, insecure_http=settings.insecure_http))
    api = Row("API", settings.api_base, f"derived from {', '.join(part.origin for part in parts)}")
    auth = "the API"
    if settings.is_host_asked:
        asked = f"asked of {urlsplit(settings.auth_base).netloc} at the first request"
        api = Row("API", asked, f"domain of tenant {settings.tenant}, by {told['tenant'].origin}")
        auth = told["region"].origin if "region" in told else "the tenant"
    if "auth_host" in told:
        auth = told["auth_host"].origin
    return api, Row("token call", settings.auth_base, f"derived from {auth}"), _access(settings)


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
