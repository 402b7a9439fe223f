"""Resolve the settings of one run from options, environment and profile, each with its origin.

Pure: opens no file, sends no request.
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
    """What told it: an option, a variable or a key of a profile; here as below."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """The token itself, in the environment."""

    origin: str = ACCESS_TOKEN


@dataclass(frozen=True, slots=True)
class TokenCommand:
    """A program that prints the access token."""

    argv: tuple[str, ...]
    """It and its arguments; run without a shell, never empty."""
    origin: str


@dataclass(frozen=True, slots=True)
class Client:
    """Client id and shared secret; the secret comes from the environment or the keyring."""

    client_id: str
    origin: str
    has_keyring: bool = False
    """Whether the keyring may be asked."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """An entry of the system's keyring that holds the access token."""

    origin: str


Credential = TokenFile | AccessToken | TokenCommand | Client | Keyring


def credential_of(told: RawSettings, environ: Mapping[str, str]) -> Credential | None:
    """Return the first of the highest layer that names one (cli.md, Precedence); None if none does, and for the demo.

    Raises:
        ConfigError: One of them is unusable, be it this one or not.
    """
    strongest = max(_ways(told, environ), key=lambda way: way[0], default=None)
    return strongest[1] if strongest else None


def _ways(told: RawSettings, environ: Mapping[str, str]) -> Iterator[tuple[Layer, Credential]]:
    """Yield each that was told beside its layer; of one layer the first is used."""
    keyring = told.get("keyring")
    has_keyring = switch(keyring)
    if given := told.get("token_file"):
        yield given.layer, TokenFile(path(given), given.origin)
    if environ.get(ACCESS_TOKEN) and not switch(told.get("demo")):
        yield Layer.ENVIRONMENT, AccessToken()
    if given := told.get("token_command"):
        yield given.layer, TokenCommand(split_command(given), given.origin)
    if given := told.get("client_id"):
        layer = (
            max(given.layer, keyring.layer) if keyring and has_keyring else given.layer
        )  # then it is the secret that is told there
        yield layer, Client(given.text, given.origin, has_keyring=has_keyring)
    elif keyring and has_keyring:
        yield keyring.layer, Keyring(keyring.origin)


_ADDRESS = ("api_host", "tenant", "site", "env", "region")

_OWN = (*CREDENTIALS, "auth_host", "production", "insecure_http", "ca_file", "client_cert", "client_key")

"""What holds for a profile's own place alone."""


def combined(by_hand: RawSettings, profile: Profile | None) -> tuple[RawSettings, str | None]:
    """Return all that was told, in the settings' order, and a note where a profile does not lend all that it has.

    Without it a default profile would send its token, or its client's secret, to whatever host an option or a variable
    names.

    Raises:
        ConfigError: The address of the profile, or that which is asked for, is unusable.
    """
    below = profile.told if profile else {}
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
    """Leave out what variables of other tools say of a place that is named otherwise: they were not set for jobdeck."""
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
    """Return what a new profile that is made of options takes from the environment beside them.

    Where the options name no whole address that is its place, and what opens it unless they say; a half of one address
    and a half
    of another would be neither.
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
    """Say who names another API, or another host for the token call, than the profile's own; None if nobody does."""
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


def _sorted(told: RawSettings) -> dict[str, SettingValue]:
    return {setting.name: told[setting.name] for setting in SETTINGS if setting.name in told}


_JUDGES: Mapping[str, Callable[[SettingValue], object]] = {
    "interval": interval_s,
    "max_rate": max_per_min,
    "connect_timeout": lambda given: timeout_s(given, 0),
    "read_timeout": lambda given: timeout_s(given, 0),
    "log_file": path,
    "ascii": switch,
    "no_mouse": switch,
}

"""Each has a default; each judge raises ConfigError."""

Sources = tuple[Mapping[str, str | None], Mapping[str, str], Profile | None]

"""Options, environment and profile, as `resolve` takes them."""


def wrong_optional_settings(sources: Sources) -> Iterator[tuple[str, ConfigError]]:
    """Yield each that is wrong, by name, and why."""
    options, environ, profile = sources
    for name, judge in _JUDGES.items():
        variable = variable_of(name)
        try:
            by_hand = from_options_and_env({name: options.get(name)}, {variable: environ.get(variable, "")})
            if given := by_hand.get(name) or (profile.told.get(name) if profile else None):
                judge(given)
        except ConfigError as error:
            yield name, error


def without(names: Collection[str], sources: Sources) -> Sources:
    """Return what was told without these settings, wherever they were."""
    options, environ, profile = sources
    variables = {variable_of(name) for name in names}
    return (
        {name: text for name, text in options.items() if name not in names},
        {name: text for name, text in environ.items() if name not in variables},
        replace(profile, told={name: given for name, given in profile.told.items() if name not in names})
        if profile
        else None,
    )


DEMO_HOST = "http://127.0.0.1:8765"

"""Where the simulator listens unless told otherwise (cli.md, Commands)."""

_NOT_IN_DEMO = frozenset({"profile", *PLACE, *CREDENTIALS, "client_cert", "client_key"})

"""The demo asks a simulator of its own, without an account and without the network (cli.md, Commands)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that was configured, checked and normalised."""

    api_base: str
    """Scheme, host and path of the API, without a slash at its end; what Kibo's SDK assumes if `is_host_asked`."""
    is_host_asked: bool = False
    """Whether the auth host has to say where the API of `tenant` is, because nothing else does."""
    auth_base: str = "https://home.mozu.com"
    """Scheme and host of the token call."""
    tenant: str | None = None
    """Digits only; None when neither told nor part of the host."""
    site: str | None = None
    """Digits only; None when neither told nor part of the host."""
    credential: Credential | None = None
    """What opens the door; None when nothing was told, and for the demo."""
    ca_file: Path | None = None
    """The only authorities that are trusted, if told."""
    client_cert: Path | None = None
    """The certificate that is shown to servers which ask for one, in PEM; None shows none."""
    client_key: Path | None = None
    """Its private key; None if it is in the same file."""
    interval_s: float | None = None
    """Fixed seconds between two readings of a job; None lets the schedule decide."""
    max_per_min: int | None = None
    """Requests that may leave in any minute; None means the usual budget."""
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 10.0
    insecure_http: bool = False
    """Whether http may leave this machine."""
    log_file: Path | None = None
    """Where a log is written; None means nowhere."""
    environment: str = "demo"
    """Short name for the screen: the pod (`sandbox`, `tp1`), or the host where it is none of Kibo's."""
    profile: str | None = None
    """Name of the profile that was used."""
    is_production: bool = False
    """Whether a profile says that a mistake here costs money."""
    is_ascii: bool = False
    has_mouse: bool = True
    """Whether the app may ask the terminal for clicks."""
    is_demo: bool = False
    told: RawSettings = field(default_factory=dict)
    """What was told of each setting, and where; what is missing has its default."""
    note: str | None = None
    """What a person should know about how these came about; None mostly."""
    remarks: tuple[ConfigError, ...] = ()
    """What looks wrong and is used all the same, and what to do about it."""

    def origin(self, name: str) -> str:
        """Return what told a setting: an option, a variable or a key of a profile; the option that could, if nothing
        did.
        """
        return self.told[name].origin if name in self.told else option_of(name)


def resolve(options: Mapping[str, str | None], environ: Mapping[str, str], profile: Profile | None = None) -> Settings:
    """Return the settings: an option wins over the environment, which wins over the profile, which wins over the
    default.

    Args:
        options: As those of `told_by_hand`.
        environ: The process's environment.
        profile: The profile that was asked for; the demo uses none.

    Raises:
        ConfigError: A value is unusable, two contradict each other, or no API is configured at all.
    """
    return resolve_raw(from_options_and_env(options, environ), environ, profile)


def resolve_raw(by_hand: RawSettings, environ: Mapping[str, str], profile: Profile | None = None) -> Settings:
    """Return the same as `resolve`, of what `told_by_hand` made of options and this environment."""
    told, note = _told(by_hand, profile)
    address = api_address(told, insecure_http=switch(told.get("insecure_http")))
    credential = credential_of(told, environ)
    used = None if is_demo_asked(told) else profile
    return _settings(told, address, credential, used, note if credential is None else None)


def files_in_settings(by_hand: RawSettings, profile: Profile | None = None) -> dict[str, Path]:
    """Return the files that settings name, by setting, whether or not an API is configured.

    Args:
        by_hand: What options and environment say.
        profile: As that of `resolve`.

    Raises:
        ConfigError: The address or a path is unusable.
    """
    told, _ = _told(by_hand, profile)
    return _files(told)


def is_demo_asked(told: RawSettings) -> bool:
    """Return whether the demo is meant, which takes nothing from a profile.

    Raises:
        ConfigError: It was told neither on nor off.
    """
    return switch(told.get("demo"))


def _unused(by_hand: RawSettings) -> str | None:
    """Return a note where options name another place than the demo, or what opens one."""
    names = [given.origin for name, given in by_hand.items() if name in _NOT_IN_DEMO and given.layer is Layer.OPTION]
    return (
        f"{by_hand['demo'].origin} asks a simulator of its own, without {', '.join(names)}; leave one of them out"
        if names
        else None
    )


def _told(by_hand: RawSettings, profile: Profile | None) -> tuple[RawSettings, str | None]:
    """Return what holds of all that was told, and a note where something does not."""
    if not is_demo_asked(by_hand):
        return combined(by_hand, profile)
    kept = {name: given for name, given in by_hand.items() if name not in _NOT_IN_DEMO}
    return {"api_host": SettingValue("--demo", DEMO_HOST), **kept}, _unused(by_hand)


def _settings(
    told: RawSettings, address: Address, credential: Credential | None, profile: Profile | None, note: str | None
) -> Settings:
    insecure_http, is_demo = switch(told.get("insecure_http")), is_demo_asked(told)
    files = _files(told)
    return Settings(
        api_base=address.base.geturl(),
        is_host_asked=address.is_looked_up,
        auth_base=auth_base(told, address, insecure_http=insecure_http),
        tenant=address.tenant,
        site=address.site,
        credential=credential,
        ca_file=files.get("ca_file"),
        client_cert=files.get("client_cert"),
        client_key=_key(told, files),
        interval_s=interval_s(told.get("interval")),
        max_per_min=max_per_min(told.get("max_rate")),
        connect_timeout_s=timeout_s(told.get("connect_timeout"), 5.0),
        read_timeout_s=timeout_s(told.get("read_timeout"), 10.0),
        insecure_http=insecure_http,
        log_file=files.get("log_file"),
        environment="demo" if is_demo else address.environment,
        profile=profile.name if profile else None,
        is_production=switch(told.get("production")),
        is_ascii=switch(told.get("ascii")),
        has_mouse=not switch(told.get("no_mouse")),
        is_demo=is_demo,
        told=told,
        note=note,
        remarks=place_notes(told, address),
    )


def _key(told: RawSettings, files: Mapping[str, Path]) -> Path | None:
    """Return the file of the client's private key.

    Raises:
        ConfigError: There is no certificate that it could belong to.
    """
    if "client_key" in told and "client_cert" not in told:
        raise told["client_key"].wrong("is a key without a certificate", "give the certificate by --client-cert too")
    return files.get("client_key")


def _files(told: RawSettings) -> dict[str, Path]:
    return {name: path(told[name]) for name in PATHS if name in told}


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


def explain(settings: Settings, environ: Mapping[str, str]) -> tuple[Row, ...]:
    """Return what the settings come to, then each of them, then the secrets of the environment, which are masked.

    Args:
        settings: As they were resolved.
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
    told = settings.told
    parts = address_sources(told, api_address(told, insecure_http=settings.insecure_http))
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
            program, *arguments = split_command(given)
            return f"{program} …" if arguments else program
        case _:
            return switch(given) if name in SWITCHES else given.shown
