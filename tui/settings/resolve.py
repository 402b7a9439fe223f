"""Resolve the settings of one run from options, environment and profile, each with its origin. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tui.core.errors import ConfigError
from tui.settings.address import Address, api_address, auth_base, unlisted_notes
from tui.settings.credentials import Credential, credential_of
from tui.settings.profile_scope import combined
from tui.settings.profiles import Profile
from tui.settings.schema import (
    ASCII,
    CA_FILE,
    CLIENT_CERT,
    CLIENT_KEY,
    CONNECT_TIMEOUT,
    CREDENTIALS,
    DEMO,
    HISTORY_DAYS,
    HISTORY_MESSAGES,
    INSECURE_HTTP,
    INTERVAL,
    LOG_FILE,
    MAX_RATE,
    NO_MOUSE,
    PLACE,
    PRODUCTION,
    PROFILE,
    READ_TIMEOUT,
    SETTINGS,
    Scope,
    from_options_and_env,
    option_of,
    variable_of,
)
from tui.settings.values import Layer, RawSettings, SettingValue

Sources = tuple[Mapping[str, str | None], Mapping[str, str], Profile | None]
"""Options, environment and profile, as for `resolve`."""


def wrong_optional_settings(sources: Sources) -> Iterator[tuple[str, ConfigError]]:
    """Yield name and error of each invalid optional setting."""
    options, environ, profile = sources
    for setting in SETTINGS:
        if setting.scope is not Scope.ANY or not setting.is_kept:
            continue
        name, variable = setting.name, setting.variable
        try:
            overrides = from_options_and_env({name: options.get(name)}, {variable: environ.get(variable, "")})
            setting.of({**(profile.raw if profile else {}), **overrides})
        except ConfigError as error:
            yield name, error


def without(names: Collection[str], sources: Sources) -> Sources:
    """Return the sources without these settings."""
    options, environ, profile = sources
    variables = {variable_of(name) for name in names}
    return (
        {name: text for name, text in options.items() if name not in names},
        {name: text for name, text in environ.items() if name not in variables},
        replace(profile, raw={name: given for name, given in profile.raw.items() if name not in names})
        if profile
        else None,
    )


DEMO_HOST = "http://127.0.0.1:8765"
"""Default port of the simulator (tui/scripts/README.md, Commands)."""

_NOT_IN_DEMO = frozenset({PROFILE.name, *PLACE, *CREDENTIALS, CLIENT_CERT.name, CLIENT_KEY.name})
"""Settings of the demo, which runs its own simulator without account and network (tui/scripts/README.md, Commands)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked and normalised."""

    api_base: str
    """Scheme, host and path of the API, without a trailing slash; the default of Kibo's SDK if `is_host_looked_up`."""
    is_host_looked_up: bool = False
    """Whether the auth host has to supply the API's address for `tenant`."""
    auth_base: str = "https://home.mozu.com"
    """Scheme and host of the token call."""
    tenant: str | None = None
    """Digits only; None if neither configured nor part of the host."""
    site: str | None = None
    """Digits only; None if neither configured nor part of the host."""
    credential: Credential | None = None
    """The credential to use; None if not configured, and for the demo."""
    ca_file: Path | None = None
    """The only trusted certificate authorities; None means the system's."""
    client_cert: Path | None = None
    """The client certificate in PEM; None for none."""
    client_key: Path | None = None
    """Private key of the client certificate; None if it is in the same file."""
    interval_s: float | None = None
    """Fixed seconds between two polls of a job; None means automatic intervals."""
    max_per_min: int | None = None
    """Most requests in any minute; None means the default rate limit."""
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 10.0
    insecure_http: bool = False
    """Whether http is permitted to other machines."""
    log_file: Path | None = None
    """The log file; None means no log."""
    environment: str = "demo"
    """Short name for the screen: the pod (`sandbox`, `tp1`), or the host if it is not Kibo's."""
    profile: str | None = None
    """Name of the profile in use; None for none."""
    is_production: bool = False
    """Whether the profile marks a production environment."""
    is_ascii: bool = False
    has_mouse: bool = True
    """Whether the app uses the mouse."""
    history_days: int = 90
    """Days that the history keeps a job; 0 keeps no history."""
    keeps_messages: bool = False
    """Whether the history keeps the texts of messages."""
    is_demo: bool = False
    raw: RawSettings = field(default_factory=dict)
    """The configured settings with their sources; missing ones have their default."""
    note: str | None = None
    """A note for the user about the sources; usually None."""
    remarks: tuple[ConfigError, ...] = ()
    """Warnings about suspicious values in use, with remedies."""

    def origin(self, name: str) -> str:
        """Return the source of a setting: an option, a variable or a key of a profile; its option if not configured."""
        return self.raw[name].origin if name in self.raw else option_of(name)


def resolve(options: Mapping[str, str | None], environ: Mapping[str, str], profile: Profile | None = None) -> Settings:
    """Return the settings: an option wins over the environment, which wins over the profile, which wins over the
    default.

    Args:
        options: As for `from_options_and_env`.
        environ: The process's environment.
        profile: The profile to use; the demo ignores it.

    Raises:
        ConfigError: A value is unusable, two contradict each other, or no API is configured.
    """
    return resolve_raw(from_options_and_env(options, environ), environ, profile)


def resolve_raw(overrides: RawSettings, environ: Mapping[str, str], profile: Profile | None = None) -> Settings:
    """Return the same as `resolve`, from the result of `from_options_and_env`."""
    raw, note = _combined_raw(overrides, profile)
    address = api_address(raw, insecure_http=INSECURE_HTTP.of(raw))
    credential = credential_of(raw, environ)
    used = None if is_demo_chosen(raw) else profile
    return _settings(raw, address, credential, used, note if credential is None else None)


def files_in_settings(overrides: RawSettings, profile: Profile | None = None) -> dict[str, Path]:
    """Return the files in the settings, by setting name; works without a configured API.

    Args:
        overrides: Settings from options and environment.
        profile: As for `resolve`.

    Raises:
        ConfigError: The address or a path is unusable.
    """
    raw, _ = _combined_raw(overrides, profile)
    return {
        setting.name: setting.parse(raw[setting.name])
        for setting in SETTINGS
        if setting.is_path and setting.name in raw
    }


def is_demo_chosen(raw: RawSettings) -> bool:
    """Return whether the demo is requested, which ignores profiles.

    Raises:
        ConfigError: The value is neither on nor off.
    """
    return DEMO.of(raw)


def _unused(overrides: RawSettings) -> str | None:
    """Return a note if options contain an address or credentials, which the demo ignores."""
    names = [given.origin for name, given in overrides.items() if name in _NOT_IN_DEMO and given.layer is Layer.OPTION]
    return (
        f"{overrides['demo'].origin} asks a simulator of its own, without {', '.join(names)}; leave one of them out"
        if names
        else None
    )


def _combined_raw(overrides: RawSettings, profile: Profile | None) -> tuple[RawSettings, str | None]:
    """Return the effective settings, and a note about ignored ones."""
    if not is_demo_chosen(overrides):
        return combined(overrides, profile)
    kept = {name: given for name, given in overrides.items() if name not in _NOT_IN_DEMO}
    return {"api_host": SettingValue("--demo", DEMO_HOST), **kept}, _unused(overrides)


def _settings(
    raw: RawSettings, address: Address, credential: Credential | None, profile: Profile | None, note: str | None
) -> Settings:
    insecure_http, is_demo = INSECURE_HTTP.of(raw), is_demo_chosen(raw)
    interval_s = INTERVAL.of(raw)
    return Settings(
        api_base=address.base.geturl(),
        is_host_looked_up=address.is_looked_up,
        auth_base=auth_base(raw, address, insecure_http=insecure_http),
        tenant=address.tenant,
        site=address.site,
        credential=credential,
        ca_file=CA_FILE.of(raw),
        client_cert=CLIENT_CERT.of(raw),
        client_key=_key(raw),
        interval_s=None if isinstance(interval_s, str) else interval_s,
        max_per_min=MAX_RATE.of(raw),
        connect_timeout_s=CONNECT_TIMEOUT.of(raw),
        read_timeout_s=READ_TIMEOUT.of(raw),
        insecure_http=insecure_http,
        log_file=LOG_FILE.of(raw),
        environment="demo" if is_demo else address.environment,
        profile=profile.name if profile else None,
        is_production=PRODUCTION.of(raw),
        is_ascii=bool(ASCII.of(raw)),
        has_mouse=not NO_MOUSE.of(raw),
        history_days=HISTORY_DAYS.of(raw),
        keeps_messages=HISTORY_MESSAGES.of(raw),
        is_demo=is_demo,
        raw=raw,
        note=note,
        remarks=unlisted_notes(raw, address),
    )


def _key(raw: RawSettings) -> Path | None:
    """Return the file of the client's private key.

    Raises:
        ConfigError: There is no client certificate.
    """
    if CLIENT_KEY.name in raw and CLIENT_CERT.name not in raw:
        raise raw[CLIENT_KEY.name].wrong("is a key without a certificate", "give the certificate by --client-cert too")
    return CLIENT_KEY.of(raw)
