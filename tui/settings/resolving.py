"""Makes the settings of one run out of all that was told. Pure: opens no file, asks no server, knows no secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tui.core.errors import ConfigError
from tui.settings.address import Address, api_address, auth_base, place_notes
from tui.settings.credential import Credential, credential_of
from tui.settings.given import Given, Layer, interval_s, max_per_min, path, switch, timeout_s
from tui.settings.layers import CREDENTIALS, PLACE, Told, option_of, told_by_hand
from tui.settings.lending import combined
from tui.settings.profiles import PATHS, Profile

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
    told: Told = field(default_factory=dict)
    """What was told of each setting, and where; what is missing has its default."""
    note: str | None = None
    """What a person should know about how these came about; None mostly."""
    remarks: tuple[ConfigError, ...] = ()
    """What looks wrong and is used all the same, and what to do about it."""

    def origin(self, name: str) -> str:
        """Return what told a setting: an option, a variable or a key of a profile; the option that could, if nothing did."""
        return self.told[name].origin if name in self.told else option_of(name)


def resolve(options: Mapping[str, str | None], environ: Mapping[str, str], profile: Profile | None = None) -> Settings:
    """Return the settings: an option wins over the environment, which wins over the profile, which wins over the default.

    Args:
        options: As those of `told_by_hand`.
        environ: The process's environment.
        profile: The profile that was asked for; the demo uses none.

    Raises:
        ConfigError: A value is unusable, two contradict each other, or no API is configured at all.
    """
    return resolve_told(told_by_hand(options, environ), environ, profile)


def resolve_told(by_hand: Told, environ: Mapping[str, str], profile: Profile | None = None) -> Settings:
    """Return the same as `resolve`, of what `told_by_hand` made of options and this environment."""
    told, note = _told(by_hand, profile)
    address = api_address(told, insecure_http=switch(told.get("insecure_http")))
    credential = credential_of(told, environ)
    used = None if is_demo_asked(told) else profile
    return _settings(told, address, credential, used, note if credential is None else None)


def told_files(by_hand: Told, profile: Profile | None = None) -> dict[str, Path]:
    """Return the files that settings name, by setting, whether or not an API is configured.

    Args:
        by_hand: What options and environment say.
        profile: As that of `resolve`.

    Raises:
        ConfigError: The address or a path is unusable.
    """
    told, _ = _told(by_hand, profile)
    return _files(told)


def is_demo_asked(told: Told) -> bool:
    """Return whether the demo is meant, which takes nothing from a profile.

    Raises:
        ConfigError: It was told neither on nor off.
    """
    return switch(told.get("demo"))


def _unused(by_hand: Told) -> str | None:
    """Return a note where options name another place than the demo, or what opens one."""
    names = [given.origin for name, given in by_hand.items() if name in _NOT_IN_DEMO and given.layer is Layer.OPTION]
    return f"{by_hand['demo'].origin} asks a simulator of its own, without {', '.join(names)}; leave one of them out" if names else None


def _told(by_hand: Told, profile: Profile | None) -> tuple[Told, str | None]:
    """Return what holds of all that was told, and a note where something does not."""
    if not is_demo_asked(by_hand):
        return combined(by_hand, profile)
    kept = {name: given for name, given in by_hand.items() if name not in _NOT_IN_DEMO}
    return {"api_host": Given("--demo", DEMO_HOST), **kept}, _unused(by_hand)


def _settings(told: Told, address: Address, credential: Credential | None, profile: Profile | None, note: str | None) -> Settings:
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


def _key(told: Told, files: Mapping[str, Path]) -> Path | None:
    """Return the file of the client's private key.

    Raises:
        ConfigError: There is no certificate that it could belong to.
    """
    if "client_key" in told and "client_cert" not in told:
        raise told["client_key"].wrong("is a key without a certificate", "give the certificate by --client-cert too")
    return files.get("client_key")


def _files(told: Told) -> dict[str, Path]:
    return {name: path(told[name]) for name in PATHS if name in told}
