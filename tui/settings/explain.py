"""The rows of `jobdeck config show`: every setting, its value and its source. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never
from urllib.parse import urlsplit

from tui.settings.address import address_sources, api_address
from tui.settings.credentials import AccessToken, Client, Keyring, TokenCommand, TokenFile
from tui.settings.resolve import Settings
from tui.settings.schema import (
    ACCESS_TOKEN,
    PROFILE,
    SETTINGS,
    SHARED_SECRET,
    Setting,
    in_words,
    shared_secret_variable,
)

_MASK = "(set, not shown)"


@dataclass(frozen=True, slots=True)
class Row:
    """One setting for display."""

    name: str
    value: str | float | bool | None
    """A text is one safe line; None without a value, or if jobdeck chooses it."""
    origin: str | None
    """The option, variable or profile, `default`, or what the value was derived from; None for none."""
    unit: str = ""
    """Follows the value for display."""
    chosen: str = ""
    """What jobdeck chooses without a value; empty for nothing."""

    @property
    def shown(self) -> str:
        """The value for display; `-` for none."""
        return (self.chosen or "-") if self.value is None else f"{in_words(self.value)}{self.unit}"


def explain(settings: Settings, environ: Mapping[str, str]) -> tuple[Row, ...]:
    """Return rows for display: derived values, then each setting, then masked secrets of the environment.

    Args:
        settings: The resolved settings.
        environ: The process's environment.
    """
    variables = {
        ACCESS_TOKEN: ACCESS_TOKEN if environ.get(ACCESS_TOKEN) else None,
        SHARED_SECRET: shared_secret_variable(environ),
    }
    return (
        *_derived(settings),
        *(_row(settings, setting) for setting in SETTINGS),
        *(_secret(name, variable) for name, variable in variables.items()),
    )


def _secret(name: str, variable: str | None) -> Row:
    if variable is None:
        return Row(name, None, None)
    return Row(name, _MASK, "environment" if variable == name else variable)


def _derived(settings: Settings) -> tuple[Row, ...]:
    raw = settings.raw
    parts = address_sources(raw, api_address(raw, insecure_http=settings.insecure_http))
    api = Row("API", settings.api_base, f"derived from {', '.join(part.origin for part in parts)}")
    auth = "the API"
    if settings.is_host_looked_up:
        value = f"asked of {urlsplit(settings.auth_base).netloc} at the first request"
        api = Row("API", value, f"domain of tenant {settings.tenant}, by {raw['tenant'].origin}")
        auth = raw["region"].origin if "region" in raw else "the tenant"
    if "auth_host" in raw:
        auth = raw["auth_host"].origin
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


def _row(settings: Settings, setting: Setting[Any]) -> Row:
    given, name = settings.raw.get(setting.name), setting.name
    if setting is PROFILE and settings.profile:
        return Row(name, settings.profile, given.origin if given else "default_profile")
    value = setting.of(settings.raw)
    if given is None:
        return Row(name, value, "default", setting.unit, setting.chosen)
    if setting.is_command:  # its arguments may contain secrets
        value = f"{value[0]} …" if value[1:] else value[0]
    elif not isinstance(value, bool | int | float):
        value = given.shown
    return Row(name, value, given.origin, setting.unit)
