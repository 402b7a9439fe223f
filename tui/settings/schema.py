"""The settings: names, sources, parsers and precedence. Pure."""

from __future__ import annotations

import ipaddress
import math
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from tui.core.durations import parse_duration
from tui.core.errors import ConfigError
from tui.core.text import one_line

_SHORTEST_INTERVAL_S, _LONGEST_INTERVAL_S = 0.5, 86_400

_SHORTEST_TIMEOUT_S, _LONGEST_TIMEOUT_S = 0.1, 60

_MOST_PER_MIN = 6000

_SWITCHES = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


class Layer(IntEnum):
    """Source of a value; the higher one wins."""

    ALIAS = 0
    """A variable of other Kibo tools; it overrides only the default."""
    PROFILE = 1
    ENVIRONMENT = 2
    OPTION = 3


@dataclass(frozen=True, slots=True)
class SettingValue:
    """A value with its source; `shown` and `wrong` make it safe to show."""

    origin: str
    text: str
    layer: Layer = Layer.OPTION
    is_command: bool = False
    """Whether it is a program with arguments, which may contain secrets."""

    @property
    def shown(self) -> str:
        """The value in one safe line; masks user and query of an address, and the arguments of a command."""
        text = re.sub(r"(?<=\S)\s.*", " …", self.text, flags=re.DOTALL) if self.is_command else self.text
        masked = re.sub(r"^([^?#]*://)?.*@", r"\1…@", text, flags=re.DOTALL)
        return one_line(re.sub("[?#].*", "?…", masked, flags=re.DOTALL))[:80]

    def wrong(self, why: str, remedy: str) -> ConfigError:
        """Return an error about this value with a remedy."""
        return ConfigError(f"{self.origin} '{self.shown}' {why}", remedy)

    def checked(self) -> SettingValue:
        """Return the value itself.

        Raises:
            ConfigError: It is empty, or contains an invisible character.
        """
        if not self.text:
            raise self.wrong("is empty", "give a value or leave it out")
        if not self.text.isprintable():
            raise self.wrong("holds a control or invisible character", "type it again")
        return self


def switch(given: SettingValue | None) -> bool:
    """Return whether the switch is on; None means off."""
    if given is None:
        return False
    if given.text.lower() not in _SWITCHES:
        raise given.wrong("is neither on nor off", "give 1 or 0")
    return _SWITCHES[given.text.lower()]


def interval_s(given: SettingValue | None) -> float | None:
    """Return the fixed seconds between two polls of a job; None means automatic."""
    if given is None or given.text == "auto":
        return None
    seconds = _seconds(given.text)
    if not _SHORTEST_INTERVAL_S <= seconds <= _LONGEST_INTERVAL_S:
        raise given.wrong(
            "is no interval", f"give auto, or seconds from {_SHORTEST_INTERVAL_S} to {_LONGEST_INTERVAL_S}"
        )
    return seconds


def timeout_s(given: SettingValue | None, default_s: float) -> float:
    """Return the seconds of a timeout."""
    if given is None:
        return default_s
    seconds = _seconds(given.text)
    if not _SHORTEST_TIMEOUT_S <= seconds <= _LONGEST_TIMEOUT_S:
        raise given.wrong("is no timeout", f"give seconds from {_SHORTEST_TIMEOUT_S} to {_LONGEST_TIMEOUT_S}")
    return seconds


def max_per_min(given: SettingValue | None) -> int | None:
    """Return the most requests per minute; None means the default. `120/min`, `120` and `2/s` mean the same."""
    if given is None:
        return None
    match = re.fullmatch(r"(\d{1,5})(/min|/s|)", given.text, re.ASCII)
    number = int(match[1]) * (60 if match[2] == "/s" else 1) if match else 0
    if not 1 <= number <= _MOST_PER_MIN:
        raise given.wrong("is no rate", f"give requests a minute, such as 60/min, from 1 to {_MOST_PER_MIN}")
    return number


def path(given: SettingValue) -> Path:
    """Return the path with `~` expanded."""
    try:
        return Path(given.text).expanduser()
    except RuntimeError as error:
        raise given.wrong("names the home folder of an unknown user", "give the whole path") from error


def split_command(given: SettingValue) -> tuple[str, ...]:
    """Return the arguments of a command, split by the rules of a shell."""
    try:
        split = tuple(shlex.split(given.text))
    except ValueError as error:
        raise given.wrong("has an unclosed quotation mark", "close it") from error
    if not split:
        raise given.wrong("is no command", "give a program and its arguments")
    return split


def _seconds(text: str) -> float:
    """Return the seconds of a duration; NaN, which is outside every range, for any other text."""
    seconds = parse_duration(text)
    return math.nan if seconds is None else seconds


def option_of(name: str) -> str:
    """Return the option for a name, with dashes."""
    return f"--{name.replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting."""

    name: str
    """Key in a profile; the option has the same name with dashes."""
    variable: str
    """Its environment variable; empty if only a profile may set it."""
    aliases: tuple[str, ...] = ()
    """Variables of other Kibo tools with the same meaning; used if nothing else sets it."""
    has_option: bool = True
    is_kept: bool = True
    """Whether a profile may set it."""
    is_switch: bool = False
    is_command: bool = False

    @property
    def option(self) -> str:
        """The option, with dashes."""
        return option_of(self.name)


SETTINGS = (
    Setting("profile", "JOBDECK_PROFILE", is_kept=False),
    Setting("api_host", "KIBO_API_HOST"),
    Setting("auth_host", "KIBO_AUTH_HOST"),
    Setting("tenant", "KIBO_TENANT", ("KIBO_TENANT_ID",)),
    Setting("site", "KIBO_SITE", ("KIBO_SITE_ID",)),
    Setting("env", "KIBO_API_ENV"),
    Setting("region", "KIBO_REGION"),
    Setting("production", "", has_option=False, is_switch=True),
    Setting("token_file", "JOBDECK_TOKEN_FILE"),
    Setting("token_command", "JOBDECK_TOKEN_COMMAND", is_command=True),
    Setting("client_id", "KIBO_CLIENT_ID", has_option=False),
    Setting("keyring", "JOBDECK_KEYRING", has_option=False, is_switch=True),
    Setting("ca_file", "JOBDECK_CA_FILE"),
    Setting("client_cert", "JOBDECK_CLIENT_CERT"),
    Setting("client_key", "JOBDECK_CLIENT_KEY"),
    Setting("interval", "JOBDECK_INTERVAL"),
    Setting("max_rate", "JOBDECK_MAX_RATE"),
    Setting("connect_timeout", "JOBDECK_CONNECT_TIMEOUT"),
    Setting("read_timeout", "JOBDECK_READ_TIMEOUT"),
    Setting("insecure_http", "JOBDECK_INSECURE_HTTP", is_switch=True),
    Setting("log_file", "JOBDECK_LOG_FILE"),
    Setting("ascii", "JOBDECK_ASCII", is_switch=True),
    Setting("no_mouse", "JOBDECK_NO_MOUSE", is_switch=True),
    Setting("demo", "JOBDECK_DEMO", is_kept=False, is_switch=True),
)
"""In display order. KIBO_* are the names of the official SDK (tui/api/README.md, Hosts)."""

SWITCHES = frozenset(setting.name for setting in SETTINGS if setting.is_switch)


def variable_of(name: str) -> str:
    """Return the environment variable of a setting; empty for none."""
    return next(setting.variable for setting in SETTINGS if setting.name == name)


PLACE = ("api_host", "auth_host", "tenant", "site", "env", "region")
"""Settings that identify the API and the tenant."""

CREDENTIALS = ("token_file", "token_command", "client_id", "keyring")
"""Credentials valid for one API; never send them to another."""

ACCESS_TOKEN, SHARED_SECRET = "KIBO_ACCESS_TOKEN", "KIBO_SHARED_SECRET"
"""Variables with secrets; no option or profile may contain them."""

CLIENT_SECRET = "KIBO_CLIENT_SECRET"  # noqa: S105  # a variable's name
"""Name of the shared secret in other Kibo tools; used if SHARED_SECRET is not set."""

SECRETS = (ACCESS_TOKEN, SHARED_SECRET, CLIENT_SECRET)
"""All variables with secrets."""


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for other programs, without secrets, which they might log or pass on."""
    return {name: text for name, text in environ.items() if name not in SECRETS}


def shared_secret_variable(environ: Mapping[str, str]) -> str | None:
    """Return the name of the variable with the shared secret; None if not set."""
    return next((name for name in (SHARED_SECRET, CLIENT_SECRET) if environ.get(name, "").strip()), None)


RawSettings = Mapping[str, SettingValue]
"""Configured settings by name."""


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


def _option(setting: Setting, options: Mapping[str, str | None]) -> SettingValue | None:
    text = options.get(setting.name)
    return (
        None
        if text is None
        else SettingValue(setting.option, text.strip(" "), Layer.OPTION, is_command=setting.is_command)
    )


def _variable(setting: Setting, environ: Mapping[str, str]) -> SettingValue | None:
    for name, layer in ((setting.variable, Layer.ENVIRONMENT), *((alias, Layer.ALIAS) for alias in setting.aliases)):
        if text := environ.get(name, "").strip(" "):
            return SettingValue(name, text, layer, is_command=setting.is_command)
    return None


_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")

_PATH = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")


def is_loopback(host: str) -> bool:
    """Return whether `host`, a name or an address without brackets, is always this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def split_base(given: SettingValue, *, insecure_http: bool) -> SplitResult:
    """Return the normalised base address (tui/api/README.md, Hosts)."""
    parts = _split(given)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"}:
        raise given.wrong("has an unknown scheme", "use https")
    if "@" in parts.netloc:
        raise given.wrong("holds a user name", "leave it out, access is by token")
    if "?" in given.text or "#" in given.text:
        raise given.wrong("holds a query or fragment", "give the address up to its path")
    if not _is_host(host) or not _PATH.fullmatch(parts.path):
        raise given.wrong("is no address", "give a host, or a URL such as https://t123.sandbox.mozu.com/api")
    if parts.scheme == "http" and not is_loopback(host) and not insecure_http:
        raise given.wrong("uses http", "only loopback may, or pass --insecure-http")
    netloc = f"[{host}]" if ":" in host else host
    if parts.port and parts.port != {"http": 80, "https": 443}[parts.scheme]:
        netloc += f":{parts.port}"
    return SplitResult(parts.scheme, netloc, parts.path.rstrip("/") or "/api", "", "")


def _split(given: SettingValue) -> SplitResult:
    try:
        parts = urlsplit(given.text if "://" in given.text else f"https://{given.text}")
        is_port = parts.port != 0
    except ValueError:
        is_port = False
    if not is_port:
        raise given.wrong("has a bad port or address", "ports are 1 to 65535, IPv6 stands in brackets")
    return parts


def _is_host(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in host.removesuffix(".").split("."))
