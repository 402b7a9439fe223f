"""The settings: one row declares everything about one of them.

The rows make the options and their help, the man page, the comments of a written profile, `jobdeck config show` and
README's table. Pure, and fast to import, because `jobdeck --help` needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from tui.core.environments import PODS, REGIONS
from tui.settings.values import (
    Layer,
    RawSettings,
    SettingValue,
    days,
    interval_s,
    max_per_min,
    path,
    split_command,
    switch,
    text,
    timeout_s,
)

T = TypeVar("T")

CONNECTION, GENERAL = "Connection options", "General options"  # sections of the help pages

Value = str | bool | Sequence[str]
"""A value in a profile: a text, a switch, or the arguments of a command."""


class Section(StrEnum):
    """A part of a written profile, with its title."""

    PLACE = "whose jobs"
    ACCESS = "access: the first of these that is set"
    BEHAVIOUR = "behaviour"


class Scope(Enum):
    """What a value of a profile is valid for."""

    ADDRESS = 0
    """It is a part of the API's address."""
    API = 1
    """Only the API of the profile: jobdeck never uses it for another one."""
    ANY = 2
    """Every API. A wrong value is no reason to check nothing else."""


def option_of(name: str) -> str:
    """Return the option for a name, with dashes."""
    return f"--{name.replace('_', '-')}"


def in_words(value: str | float) -> str:
    """Return a value as the user would write it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return value if isinstance(value, str) else f"{value:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Generic[T]):
    """One setting."""

    name: str
    """Key in a profile; the option has the same name with dashes."""
    variable: str = ""
    """Its environment variable; empty if only a profile may set it."""
    aliases: tuple[str, ...] = ()
    """Variables of other Kibo tools with the same meaning; used if nothing else sets it."""
    parse: Callable[[SettingValue], T]
    """Returns the checked value; its type is the type of the setting."""
    default: T
    """The value if nothing sets it; None if jobdeck chooses."""
    chosen: str = ""
    """What jobdeck chooses then, if that fits a few words."""
    remark: str = ""
    """README's text for the default; empty if the value itself is enough."""
    unit: str = ""
    """Follows a number in `config show`."""
    help: str
    """A sentence for the help page, without a full stop and without the default."""
    metavar: str | None = None
    """Stands for the value in the help; None for a switch."""
    group: str | None = None
    """Section of the help page; None if only `config init` has the option."""
    completion: Literal["files", "profiles"] | tuple[str, ...] = ()
    """The values that the shell completes."""
    section: Section | None = None
    """Part of a written profile; None if no profile may set it."""
    scope: Scope = Scope.ANY
    example: Value = ""
    """The value in the comment of a written profile."""
    comment: str = ""
    """Its explanation there."""

    @property
    def option(self) -> str:
        """The option, with dashes."""
        return option_of(self.name)

    @property
    def is_kept(self) -> bool:
        """Whether a profile may set it."""
        return self.section is not None

    @property
    def is_switch(self) -> bool:
        """Whether it is on or off, so that the option has no value."""
        return self.parse == switch

    @property
    def is_command(self) -> bool:
        """Whether it is a program with arguments, which may contain secrets."""
        return self.parse == split_command

    @property
    def is_path(self) -> bool:
        """Whether it names a file; in a profile, relative to the profile's folder."""
        return self.parse == path

    @property
    def help_line(self) -> str:
        """The text of the help page, with the default if that is a value."""
        has_default = not self.is_switch and self.default_in_words != "none"
        return f"{self.help}; default {self.default_in_words}." if has_default else f"{self.help}."

    @property
    def default_in_words(self) -> str:
        """The default as `config show` prints it, `none` without one."""
        return in_words(self.default) if isinstance(self.default, str | int | float) else self.chosen or "none"

    def of(self, raw: RawSettings) -> T:
        """Return the checked value, or the default.

        Raises:
            ConfigError: The value is invalid.
        """
        given = raw.get(self.name)
        return self.default if given is None else self.parse(given)


PROFILE: Setting[str | None] = Setting(
    name="profile",
    variable="JOBDECK_PROFILE",
    parse=text,
    default=None,
    remark="`default_profile` in the file",
    help="Use the settings of this profile",
    metavar="NAME",
    group=CONNECTION,
    completion="profiles",
)
API_HOST: Setting[str | None] = Setting(
    name="api_host",
    variable="KIBO_API_HOST",
    parse=text,
    default=None,
    remark="from tenant, site, env and region, or requested from the auth host",
    help="Address of the API; KIBO_API_HOST",
    metavar="HOST|URL",
    group=CONNECTION,
    section=Section.PLACE,
    scope=Scope.ADDRESS,
    example="t4711-s1.sandbox.mozu.com",
    comment="the API's address; or set tenant, site, env and region",
)
AUTH_HOST: Setting[str | None] = Setting(
    name="auth_host",
    variable="KIBO_AUTH_HOST",
    parse=text,
    default=None,
    remark="`home.mozu.com`, or the region's; for an API on this machine its own host",
    help="Host that issues tokens for a client id",
    metavar="HOST|URL",
    group=CONNECTION,
    section=Section.PLACE,
    scope=Scope.API,
    example="home.mozu.com",
    comment="issues tokens for client id and secret; home.mozu.com by default",
)
TENANT: Setting[str | None] = Setting(
    name="tenant",
    variable="KIBO_TENANT",
    aliases=("KIBO_TENANT_ID",),
    parse=text,
    default=None,
    remark="read from the host",
    help="Tenant id, such as 4711; finds its API; KIBO_TENANT",
    metavar="ID",
    group=CONNECTION,
    section=Section.PLACE,
    scope=Scope.ADDRESS,
    example="4711",
    comment="tenant, site and pod make the address: t4711-s1.sandbox.mozu.com",
)
SITE: Setting[str | None] = Setting(
    name="site",
    variable="KIBO_SITE",
    aliases=("KIBO_SITE_ID",),
    parse=text,
    default=None,
    remark="read from the host",
    help="Site id of the tenant; KIBO_SITE",
    metavar="ID",
    group=CONNECTION,
    section=Section.PLACE,
    scope=Scope.ADDRESS,
    example="1",
    comment="leave it out where the address has none",
)
ENV: Setting[str | None] = Setting(
    name="env",
    variable="KIBO_API_ENV",
    parse=text,
    default=None,
    remark="none: `sandbox`, `sb`, `tp1`…`tp5`, `stg1`, `stg2`; others are used with a note",
    help="sandbox, sb, tp1-5, stg1, stg2; KIBO_API_ENV",
    metavar="NAME",
    group=CONNECTION,
    completion=PODS,
    section=Section.PLACE,
    scope=Scope.ADDRESS,
    example="sandbox",
    comment="sandbox, sb, tp1 to tp5, stg1, stg2",
)
REGION: Setting[str | None] = Setting(
    name="region",
    variable="KIBO_REGION",
    parse=text,
    default=None,
    remark="none: `usc1`, `euw1`; others are used with a note, or ignored if no host has their name (`us`)",
    help="usc1 or euw1; KIBO_REGION",
    metavar="NAME",
    group=CONNECTION,
    completion=REGIONS,
    section=Section.PLACE,
    scope=Scope.ADDRESS,
    example="usc1",
    comment="usc1 or euw1, for newer pods",
)
PRODUCTION: Setting[bool] = Setting(
    name="production",
    parse=switch,
    default=False,
    remark="off; on: the top line shows it as a warning",
    help="Mark the profile as production in the app",
    section=Section.PLACE,
    scope=Scope.API,
    example=False,
    comment="true highlights the environment as a warning",
)
TOKEN_FILE: Setting[Path | None] = Setting(
    name="token_file",
    variable="JOBDECK_TOKEN_FILE",
    parse=path,
    default=None,
    help="File with the token, chmod 600; else KIBO_ACCESS_TOKEN",
    metavar="PATH",
    group=CONNECTION,
    completion="files",
    section=Section.ACCESS,
    scope=Scope.API,
    example="sandbox.token",
    comment="a file that holds the access token; chmod 600. Paths may be relative to this file",
)
TOKEN_COMMAND: Setting[tuple[str, ...] | None] = Setting(
    name="token_command",
    variable="JOBDECK_TOKEN_COMMAND",
    parse=split_command,
    default=None,
    help="Program that prints the token; run without a shell",
    metavar="CMD",
    group=CONNECTION,
    completion="files",
    section=Section.ACCESS,
    scope=Scope.API,
    example=("pass", "show", "kibo"),
    comment="a program that prints it, run without a shell",
)
CLIENT_ID: Setting[str | None] = Setting(
    name="client_id",
    variable="KIBO_CLIENT_ID",
    parse=text,
    default=None,
    remark="none; its secret is in `KIBO_SHARED_SECRET` or the keyring",
    help="Client id; its secret is in KIBO_SHARED_SECRET or the keyring",
    metavar="ID",
    section=Section.ACCESS,
    scope=Scope.API,
    example="acme.jobdeck.1.0.0.Release",
    comment="with KIBO_SHARED_SECRET in the environment, or the secret in the keyring",
)
KEYRING: Setting[bool] = Setting(
    name="keyring",
    variable="JOBDECK_KEYRING",
    parse=switch,
    default=False,
    help="Read the secret from the system keyring",
    section=Section.ACCESS,
    scope=Scope.API,
    example=True,
    comment="true reads the system's keyring, service jobdeck",
)
CA_FILE: Setting[Path | None] = Setting(
    name="ca_file",
    variable="JOBDECK_CA_FILE",
    parse=path,
    default=None,
    remark="the system's authorities",
    help="Trust only the certificate authorities in this file",
    metavar="PATH",
    group=CONNECTION,
    completion="files",
    section=Section.BEHAVIOUR,
    scope=Scope.API,
    example="ca.pem",
    comment="certificate authorities to trust, and no others",
)
CLIENT_CERT: Setting[Path | None] = Setting(
    name="client_cert",
    variable="JOBDECK_CLIENT_CERT",
    parse=path,
    default=None,
    remark="none; PEM, for servers that ask for a client certificate",
    help="Client certificate in PEM format",
    metavar="PATH",
    group=CONNECTION,
    completion="files",
    section=Section.BEHAVIOUR,
    scope=Scope.API,
    example="client.pem",
    comment="the certificate for servers that ask for one, in PEM",
)
CLIENT_KEY: Setting[Path | None] = Setting(
    name="client_key",
    variable="JOBDECK_CLIENT_KEY",
    parse=path,
    default=None,
    remark="read from the file of the certificate",
    help="Private key of --client-cert, if in another file",
    metavar="PATH",
    group=CONNECTION,
    completion="files",
    section=Section.BEHAVIOUR,
    scope=Scope.API,
    example="client.key",
    comment="its private key, if that is in a file of its own; chmod 600",
)
INTERVAL: Setting[float | Literal["auto"]] = Setting(
    name="interval",
    variable="JOBDECK_INTERVAL",
    parse=interval_s,
    default="auto",
    remark="`auto`; else seconds",
    help="Time between two polls of a job",
    metavar="auto|SECONDS",
    group=GENERAL,
    completion=("auto",),
    section=Section.BEHAVIOUR,
    example="auto",
    comment="seconds between two readings of a job",
)
MAX_RATE: Setting[int | None] = Setting(
    name="max_rate",
    variable="JOBDECK_MAX_RATE",
    parse=max_per_min,
    default=None,
    chosen="2/s, bursts of 5",
    remark="2/s, bursts of 5; else such as `60/min`",
    unit="/min",
    help="Requests per minute",
    metavar="N/min",
    group=GENERAL,
    section=Section.BEHAVIOUR,
    example="120/min",
    comment="requests in any minute",
)
CONNECT_TIMEOUT: Setting[float] = Setting(
    name="connect_timeout",
    variable="JOBDECK_CONNECT_TIMEOUT",
    parse=timeout_s,
    default=5.0,
    remark="5 seconds",
    help="Timeout of a connection",
    metavar="SECONDS",
    group=CONNECTION,
    section=Section.BEHAVIOUR,
    example="5",
    comment="seconds",
)
READ_TIMEOUT: Setting[float] = Setting(
    name="read_timeout",
    variable="JOBDECK_READ_TIMEOUT",
    parse=timeout_s,
    default=10.0,
    remark="10 seconds",
    help="Timeout without data from the server",
    metavar="SECONDS",
    group=CONNECTION,
    section=Section.BEHAVIOUR,
    example="10",
    comment="seconds",
)
INSECURE_HTTP: Setting[bool] = Setting(
    name="insecure_http",
    variable="JOBDECK_INSECURE_HTTP",
    parse=switch,
    default=False,
    remark="off: http to this machine only",
    help="Allow http to other machines; the token is readable",
    group=CONNECTION,
    section=Section.BEHAVIOUR,
    scope=Scope.API,
    example=False,
    comment="true lets http leave this machine",
)
LOG_FILE: Setting[Path | None] = Setting(
    name="log_file",
    variable="JOBDECK_LOG_FILE",
    parse=path,
    default=None,
    remark="no log",
    help="Log requests and errors, without secrets",
    metavar="PATH",
    group=GENERAL,
    completion="files",
    section=Section.BEHAVIOUR,
    example="jobdeck.log",
    comment="a log of requests and faults, without secrets",
)
ASCII: Setting[bool | None] = Setting(
    name="ascii",
    variable="JOBDECK_ASCII",
    parse=switch,
    default=None,
    chosen="by the locale",
    remark=("from the locale (`LC_ALL`, `LC_CTYPE` or `LANG`) unless `PYTHONUTF8=1` or `PYTHONIOENCODING` is set"),
    help="Use only ASCII characters",
    group=GENERAL,
    section=Section.BEHAVIOUR,
    example=False,
    comment="true draws with ASCII alone",
)
NO_MOUSE: Setting[bool] = Setting(
    name="no_mouse",
    variable="JOBDECK_NO_MOUSE",
    parse=switch,
    default=False,
    remark="the app takes clicks and the wheel, except in GNU screen, which would delay `esc`",
    help="Do not capture the mouse; default in GNU screen",
    group=GENERAL,
    section=Section.BEHAVIOUR,
    example=False,
    comment="true leaves the mouse to the terminal",
)
HISTORY_DAYS: Setting[int] = Setting(
    name="history_days",
    variable="JOBDECK_HISTORY_DAYS",
    parse=days,
    default=90,
    remark="90 days; `0` keeps no history",
    help="Days that jobdeck remembers a job",
    metavar="DAYS",
    section=Section.BEHAVIOUR,
    example="90",
    comment="days that the history keeps a job; 0 keeps no history",
)
HISTORY_MESSAGES: Setting[bool] = Setting(
    name="history_messages",
    variable="JOBDECK_HISTORY_MESSAGES",
    parse=switch,
    default=False,
    remark="off: causes only, without the texts of messages",
    help="Keep the texts of messages in the history",
    section=Section.BEHAVIOUR,
    example=False,
    comment="true keeps the texts of messages in the history",
)
DEMO: Setting[bool] = Setting(
    name="demo",
    variable="JOBDECK_DEMO",
    parse=switch,
    default=False,
    help="Use the built-in simulator; needs no account",
    group=CONNECTION,
)

SETTINGS: tuple[Setting[Any], ...] = (
    PROFILE,
    API_HOST,
    AUTH_HOST,
    TENANT,
    SITE,
    ENV,
    REGION,
    PRODUCTION,
    TOKEN_FILE,
    TOKEN_COMMAND,
    CLIENT_ID,
    KEYRING,
    CA_FILE,
    CLIENT_CERT,
    CLIENT_KEY,
    INTERVAL,
    MAX_RATE,
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    INSECURE_HTTP,
    LOG_FILE,
    ASCII,
    NO_MOUSE,
    HISTORY_DAYS,
    HISTORY_MESSAGES,
    DEMO,
)
"""In display order. KIBO_* are the names of the official SDK (tui/api/README.md, Hosts)."""

NO_COLOR: Setting[bool] = Setting(
    name="no_color",
    variable="NO_COLOR",
    parse=switch,
    default=False,
    remark="colours of the terminal's palette",
    help="Disable colours; NO_COLOR",
    group=GENERAL,
)
"""Not in `SETTINGS`: the libraries that draw read the variable, and any value turns it on (no-color.org)."""

OPTIONS = (*SETTINGS, NO_COLOR)
"""The rows of all options."""

SWITCHES = frozenset(setting.name for setting in OPTIONS if setting.is_switch)

PATHS = tuple(setting.name for setting in SETTINGS if setting.is_path)
"""Settings that name a file."""

PLACE = tuple(setting.name for setting in SETTINGS if setting.section is Section.PLACE and not setting.is_switch)
"""Settings that identify the API and the tenant."""

CREDENTIALS = tuple(setting.name for setting in SETTINGS if setting.section is Section.ACCESS)
"""Credentials valid for one API; never send them to another."""

ACCESS_TOKEN, SHARED_SECRET = "KIBO_ACCESS_TOKEN", "KIBO_SHARED_SECRET"
"""Variables with secrets; no option or profile may contain them."""

CLIENT_SECRET = "KIBO_CLIENT_SECRET"  # noqa: S105  # a variable's name
"""Name of the shared secret in other Kibo tools; used if SHARED_SECRET is not set."""

SECRETS = {
    ACCESS_TOKEN: "The access token.",
    SHARED_SECRET: f"The secret of {CLIENT_ID.variable}.",
    CLIENT_SECRET: f"As {SHARED_SECRET}, if that is not set.",
}
"""All variables with secrets, and what they hold."""


def variable_of(name: str) -> str:
    """Return the environment variable of a setting; empty for none."""
    return next(setting.variable for setting in SETTINGS if setting.name == name)


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for other programs, without secrets, which they might log or pass on."""
    return {name: value for name, value in environ.items() if name not in SECRETS}


def shared_secret_variable(environ: Mapping[str, str]) -> str | None:
    """Return the name of the variable with the shared secret; None if not set."""
    return next((name for name in (SHARED_SECRET, CLIENT_SECRET) if environ.get(name, "").strip()), None)


def from_options_and_env(options: Mapping[str, str | None], environ: Mapping[str, str]) -> dict[str, SettingValue]:
    """Return the settings from options and environment; an empty variable counts as not set, an empty option does not.

    Args:
        options: Values by option name with underscores, such as `api_host`. None means not set; unknown names
            are ignored.
        environ: The process's environment.

    Raises:
        ConfigError: A value is empty or not printable.
    """
    found = ((setting.name, _option(setting, options) or _variable(setting, environ)) for setting in SETTINGS)
    return {name: given.checked() for name, given in found if given is not None}


def _option(setting: Setting[Any], options: Mapping[str, str | None]) -> SettingValue | None:
    value = options.get(setting.name)
    if value is None:
        return None
    return SettingValue(setting.option, value.strip(" "), Layer.OPTION, is_command=setting.is_command)


def _variable(setting: Setting[Any], environ: Mapping[str, str]) -> SettingValue | None:
    for name, layer in ((setting.variable, Layer.ENVIRONMENT), *((alias, Layer.ALIAS) for alias in setting.aliases)):
        if value := environ.get(name, "").strip(" "):
            return SettingValue(name, value, layer, is_command=setting.is_command)
    return None
