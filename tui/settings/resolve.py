"""Resolve the settings of one run from options, environment and profile, each with its origin.

Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import assert_never
from urllib.parse import urlsplit

from tui.core.errors import ConfigError
from tui.settings.address import (
    Address,
    address_sources,
    api_address,
    auth_base,
    contradicted,
    has_address,
    names_place,
    place_notes,
)
from tui.settings.profiles import PATHS, Profile
from tui.settings.schema import (
    ACCESS_TOKEN,
    CREDENTIALS,
    PLACE,
    SETTINGS,
    SHARED_SECRET,
    SWITCHES,
    Layer,
    RawSettings,
    SettingValue,
    from_options_and_env,
    interval_s,
    max_per_min,
    option_of,
    path,
    shared_secret_variable,
    split_command,
    switch,
    timeout_s,
    variable_of,
)


@dataclass(frozen=True, slots=True)
class TokenFile:
    """A file that holds the access token."""

    path: Path
    origin: str
    """Source of the setting: an option, a variable or a key of a profile."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An access token in an environment variable."""

    origin: str = ACCESS_TOKEN


@dataclass(frozen=True, slots=True)
class TokenCommand:
    """A program that prints the access token."""

    argv: tuple[str, ...]
    """The program and its arguments; run without a shell, never empty."""
    origin: str


@dataclass(frozen=True, slots=True)
class Client:
    """Client id and shared secret; the secret comes from the environment or the keyring."""

    client_id: str
    origin: str
    has_keyring: bool = False
    """Whether the secret may come from the keyring."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """An entry of the system's keyring that holds the access token."""

    origin: str


Credential = TokenFile | AccessToken | TokenCommand | Client | Keyring


def credential_of(raw: RawSettings, environ: Mapping[str, str]) -> Credential | None:
    """Return the credential to use: the first one in the highest layer that has one; None for none and for the demo.

    Raises:
        ConfigError: Any configured credential is unusable.
    """
    strongest = max(_ways(raw, environ), key=lambda way: way[0], default=None)
    return strongest[1] if strongest else None


def _ways(raw: RawSettings, environ: Mapping[str, str]) -> Iterator[tuple[Layer, Credential]]:
    """Yield each configured credential with its layer; within a layer the first one is used."""
    keyring = raw.get("keyring")
    has_keyring = switch(keyring)
    if given := raw.get("token_file"):
        yield given.layer, TokenFile(path(given), given.origin)
    if environ.get(ACCESS_TOKEN) and not switch(raw.get("demo")):
        yield Layer.ENVIRONMENT, AccessToken()
    if given := raw.get("token_command"):
        yield given.layer, TokenCommand(split_command(given), given.origin)
    if given := raw.get("client_id"):
        layer = (
            max(given.layer, keyring.layer) if keyring and has_keyring else given.layer
        )  # with a client id the keyring holds the shared secret
        yield layer, Client(given.text, given.origin, has_keyring=has_keyring)
    elif keyring and has_keyring:
        yield keyring.layer, Keyring(keyring.origin)


_ADDRESS = ("api_host", "tenant", "site", "env", "region")

_OWN = (*CREDENTIALS, "auth_host", "production", "insecure_http", "ca_file", "client_cert", "client_key")
"""Settings that apply only to the profile's own API."""


def combined(by_hand: RawSettings, profile: Profile | None) -> tuple[RawSettings, str | None]:
    """Return all settings in their order, and a note if credentials of the profile are not used.

    Credentials of a profile are valid for its own API only: jobdeck never sends them to another host from an option
    or a variable.

    Raises:
        ConfigError: The address of the profile, or the requested one, is unusable.
    """
    below = profile.raw if profile else {}
    by_hand = _without_aliases(by_hand, below)
    is_address_told = has_address(by_hand)
    both = {**{name: given for name, given in below.items() if not (is_address_told and name in _ADDRESS)}, **by_hand}
    other = _other_place(below, both) if profile and names_place(below) else None
    if profile is None or other is None:
        return _sorted(both), None
    kept = {name: given for name, given in both.items() if name not in _OWN or name in by_hand}
    return _sorted(kept), f"{other}, so the credentials of profile {profile.name} are not used" if _has_credentials(
        below
    ) else None


def _without_aliases(by_hand: RawSettings, below: RawSettings) -> RawSettings:
    """Return the settings without variables of other tools for the address, if another source names one."""
    aliases = {name for name, given in by_hand.items() if given.layer is Layer.ALIAS}
    if not aliases:
        return by_hand
    ignored = {name for name in aliases if name in below or names_place(below)}
    if "api_host" in by_hand:
        ignored |= contradicted(by_hand, aliases)
    return {name: given for name, given in by_hand.items() if name not in ignored}


def _has_credentials(below: RawSettings) -> bool:
    return any(name in below for name in (*CREDENTIALS, "client_cert") if name != "keyring") or switch(
        below.get("keyring")
    )


def env_defaults(environment: RawSettings, options: RawSettings) -> RawSettings:
    """Return the settings that a new profile takes from the environment in addition to options.

    Without a complete address in the options these are the address and the credentials. Half of one address is never
    combined with half of another.
    """
    if has_address(options):
        return {}
    is_begun = any(name in options for name in ("tenant", "site", "env", "region"))
    names = {*PLACE, *(() if any(name in options for name in CREDENTIALS) else CREDENTIALS)} - (
        {"api_host"} if is_begun else set()
    )
    taken = {name: given for name, given in environment.items() if name in names and name not in options}
    both = {**taken, **options}
    return taken if has_address(both) or (names_place(both) and "api_host" not in environment) else {}


def _other_place(below: RawSettings, both: RawSettings) -> str | None:
    """Return a text that names the source of another API or auth host than the profile's; None without one."""
    insecure_http = switch(both.get("insecure_http"))
    own, asked = api_address(below, insecure_http=insecure_http), api_address(both, insecure_http=insecure_http)
    is_same_tenant = own.is_looked_up and asked.is_kibos and own.tenant == asked.tenant
    if own.owner != asked.owner and not is_same_tenant:
        others = [part.origin for part in address_sources(both, asked) if part.layer > Layer.PROFILE]
        return f"{', '.join(others)} {'names' if len(others) == 1 else 'name'} {asked.base.netloc}"
    auth_host = auth_base(both, asked, insecure_http=insecure_http)
    if "auth_host" in both and auth_host != auth_base(below, own, insecure_http=insecure_http):
        return f"{both['auth_host'].origin} names {urlsplit(auth_host).netloc}"
    return None


def _sorted(raw: RawSettings) -> dict[str, SettingValue]:
    return {setting.name: raw[setting.name] for setting in SETTINGS if setting.name in raw}


_CHECKS: Mapping[str, Callable[[SettingValue], object]] = {
    "interval": interval_s,
    "max_rate": max_per_min,
    "connect_timeout": lambda given: timeout_s(given, 0),
    "read_timeout": lambda given: timeout_s(given, 0),
    "log_file": path,
    "ascii": switch,
    "no_mouse": switch,
}
"""Settings with a default, and their parsers, which raise ConfigError."""

Sources = tuple[Mapping[str, str | None], Mapping[str, str], Profile | None]
"""Options, environment and profile, as for `resolve`."""


def wrong_optional_settings(sources: Sources) -> Iterator[tuple[str, ConfigError]]:
    """Yield name and error of each invalid optional setting."""
    options, environ, profile = sources
    for name, check in _CHECKS.items():
        variable = variable_of(name)
        try:
            by_hand = from_options_and_env({name: options.get(name)}, {variable: environ.get(variable, "")})
            if given := by_hand.get(name) or (profile.raw.get(name) if profile else None):
                check(given)
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

_NOT_IN_DEMO = frozenset({"profile", *PLACE, *CREDENTIALS, "client_cert", "client_key"})
"""Settings of the demo, which runs its own simulator without account and network (tui/scripts/README.md, Commands)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked and normalised."""

    api_base: str
    """Scheme, host and path of the API, without a trailing slash; the default of Kibo's SDK if `is_host_asked`."""
    is_host_asked: bool = False
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


def resolve_raw(by_hand: RawSettings, environ: Mapping[str, str], profile: Profile | None = None) -> Settings:
    """Return the same as `resolve`, from the result of `from_options_and_env`."""
    raw, note = _combined_raw(by_hand, profile)
    address = api_address(raw, insecure_http=switch(raw.get("insecure_http")))
    credential = credential_of(raw, environ)
    used = None if is_demo_asked(raw) else profile
    return _settings(raw, address, credential, used, note if credential is None else None)


def files_in_settings(by_hand: RawSettings, profile: Profile | None = None) -> dict[str, Path]:
    """Return the files in the settings, by setting name; works without a configured API.

    Args:
        by_hand: Settings from options and environment.
        profile: As for `resolve`.

    Raises:
        ConfigError: The address or a path is unusable.
    """
    raw, _ = _combined_raw(by_hand, profile)
    return _files(raw)


def is_demo_asked(raw: RawSettings) -> bool:
    """Return whether the demo is requested, which ignores profiles.

    Raises:
        ConfigError: The value is neither on nor off.
    """
    return switch(raw.get("demo"))


def _unused(by_hand: RawSettings) -> str | None:
    """Return a note if options contain an address or credentials, which the demo ignores."""
    names = [given.origin for name, given in by_hand.items() if name in _NOT_IN_DEMO and given.layer is Layer.OPTION]
    return (
        f"{by_hand['demo'].origin} asks a simulator of its own, without {', '.join(names)}; leave one of them out"
        if names
        else None
    )


def _combined_raw(by_hand: RawSettings, profile: Profile | None) -> tuple[RawSettings, str | None]:
    """Return the effective settings, and a note about ignored ones."""
    if not is_demo_asked(by_hand):
        return combined(by_hand, profile)
    kept = {name: given for name, given in by_hand.items() if name not in _NOT_IN_DEMO}
    return {"api_host": SettingValue("--demo", DEMO_HOST), **kept}, _unused(by_hand)


def _settings(
    raw: RawSettings, address: Address, credential: Credential | None, profile: Profile | None, note: str | None
) -> Settings:
    insecure_http, is_demo = switch(raw.get("insecure_http")), is_demo_asked(raw)
    files = _files(raw)
    return Settings(
        api_base=address.base.geturl(),
        is_host_asked=address.is_looked_up,
        auth_base=auth_base(raw, address, insecure_http=insecure_http),
        tenant=address.tenant,
        site=address.site,
        credential=credential,
        ca_file=files.get("ca_file"),
        client_cert=files.get("client_cert"),
        client_key=_key(raw, files),
        interval_s=interval_s(raw.get("interval")),
        max_per_min=max_per_min(raw.get("max_rate")),
        connect_timeout_s=timeout_s(raw.get("connect_timeout"), 5.0),
        read_timeout_s=timeout_s(raw.get("read_timeout"), 10.0),
        insecure_http=insecure_http,
        log_file=files.get("log_file"),
        environment="demo" if is_demo else address.environment,
        profile=profile.name if profile else None,
        is_production=switch(raw.get("production")),
        is_ascii=switch(raw.get("ascii")),
        has_mouse=not switch(raw.get("no_mouse")),
        is_demo=is_demo,
        raw=raw,
        note=note,
        remarks=place_notes(raw, address),
    )


def _key(raw: RawSettings, files: Mapping[str, Path]) -> Path | None:
    """Return the file of the client's private key.

    Raises:
        ConfigError: There is no client certificate.
    """
    if "client_key" in raw and "client_cert" not in raw:
        raise raw["client_key"].wrong("is a key without a certificate", "give the certificate by --client-cert too")
    return files.get("client_key")


def _files(raw: RawSettings) -> dict[str, Path]:
    return {name: path(raw[name]) for name in PATHS if name in raw}


_DEFAULTS: Mapping[str, str | float | bool] = {"interval": "auto", "connect_timeout": 5.0, "read_timeout": 10.0}
"""Default values of settings that are no switches."""

_IN_WORDS = {"max_rate": "2/s, bursts of 5", "ascii": "by the locale"}
"""Texts for settings without a value."""

_MASK = "(set, not shown)"


@dataclass(frozen=True, slots=True)
class Row:
    """One setting for display."""

    name: str
    value: str | float | bool | None
    """A text is one safe line; None without a value, or if jobdeck chooses it."""
    origin: str | None
    """The option, variable or profile, `default`, or what the value was derived from; None for none."""

    @property
    def shown(self) -> str:
        """The value for display; `-` for none."""
        if isinstance(self.value, bool):
            return "on" if self.value else "off"
        if isinstance(self.value, float):
            return f"{self.value:g}"
        if self.name == "max_rate" and self.value is not None:
            return f"{self.value}/min"
        return _IN_WORDS.get(self.name, "-") if self.value is None else str(self.value)


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
        *(_row(settings, setting.name) for setting in SETTINGS),
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
    if settings.is_host_asked:
        asked = f"asked of {urlsplit(settings.auth_base).netloc} at the first request"
        api = Row("API", asked, f"domain of tenant {settings.tenant}, by {raw['tenant'].origin}")
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


def _row(settings: Settings, name: str) -> Row:
    given = settings.raw.get(name)
    if name == "profile" and settings.profile:
        return Row(name, settings.profile, given.origin if given else "default_profile")
    if given is None:
        has_default = name in SWITCHES and name not in _IN_WORDS
        return Row(name, False if has_default else _DEFAULTS.get(name), "default")
    return Row(name, _value(settings, name), given.origin)


def _value(settings: Settings, name: str) -> str | float | bool | None:
    """Return the value of a configured setting."""
    given = settings.raw[name]
    match name:
        case "interval":
            return settings.interval_s or "auto"
        case "max_rate":
            return settings.max_per_min
        case "connect_timeout":
            return settings.connect_timeout_s
        case "read_timeout":
            return settings.read_timeout_s
        case "token_command":  # its arguments may contain secrets
            program, *arguments = split_command(given)
            return f"{program} …" if arguments else program
        case _:
            return switch(given) if name in SWITCHES else given.shown
