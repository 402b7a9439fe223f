"""All settings by name, and what was told of each: option > environment > profile. Checks no value beyond its being there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tui.settings.given import Given, Layer


def option_of(name: str) -> str:
    """Return the option that is called after a name, with its dashes."""
    return f"--{name.replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set."""

    name: str
    """Key in a profile; the option is the same with dashes."""
    variable: str
    """Its environment variable; empty where only a profile may hold it."""
    aliases: tuple[str, ...] = ()
    """Variables of other Kibo tools that mean the same; used if nothing else sets it."""
    has_option: bool = True
    is_kept: bool = True
    """Whether a profile may hold it."""
    is_switch: bool = False
    is_command: bool = False

    @property
    def option(self) -> str:
        """The option's name, with its dashes."""
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
"""In the order in which they are shown. KIBO_* are the official SDK's names (contract.md, Hosts)."""

SWITCHES = frozenset(setting.name for setting in SETTINGS if setting.is_switch)


def variable_of(name: str) -> str:
    """Return the environment variable of a setting; empty where it has none."""
    return next(setting.variable for setting in SETTINGS if setting.name == name)


PLACE = ("api_host", "auth_host", "tenant", "site", "env", "region")
"""Whose jobs are meant."""

CREDENTIALS = ("token_file", "token_command", "client_id", "keyring")
"""What opens the door of one place, and must not be shown at another."""

ACCESS_TOKEN, SHARED_SECRET = "KIBO_ACCESS_TOKEN", "KIBO_SHARED_SECRET"
"""Variables that hold secrets, which no option and no profile does."""

CLIENT_SECRET = "KIBO_CLIENT_SECRET"  # noqa: S105  # a variable's name
"""What other Kibo tools call the shared secret; used if SHARED_SECRET is not set."""

SECRETS = (ACCESS_TOKEN, SHARED_SECRET, CLIENT_SECRET)
"""Every variable that holds a secret."""


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for other programs: they have no use for our secrets, and may log or pass them on."""
    return {name: text for name, text in environ.items() if name not in SECRETS}


def shared_secret_variable(environ: Mapping[str, str]) -> str | None:
    """Return the variable that holds the shared secret; None if none does."""
    return next((name for name in (SHARED_SECRET, CLIENT_SECRET) if environ.get(name, "").strip()), None)


Told = Mapping[str, Given]
"""Settings that were told, by name."""


def told_by_hand(options: Mapping[str, str | None], environ: Mapping[str, str]) -> dict[str, Given]:
    """Return what options and environment say; an empty variable counts as not set, an empty option does not.

    Args:
        options: Values by option name without dashes (`api_host`, `token_file`, …); None means not given, others are ignored.
        environ: The process's environment.

    Raises:
        ConfigError: A value is empty or not printable.
    """
    found = ((setting.name, _option(setting, options) or _variable(setting, environ)) for setting in SETTINGS)
    return {name: given.checked() for name, given in found if given is not None}


def _option(setting: Setting, options: Mapping[str, str | None]) -> Given | None:
    text = options.get(setting.name)
    return None if text is None else Given(setting.option, text.strip(" "), Layer.OPTION, is_command=setting.is_command)


def _variable(setting: Setting, environ: Mapping[str, str]) -> Given | None:
    for name, layer in ((setting.variable, Layer.ENVIRONMENT), *((alias, Layer.ALIAS) for alias in setting.aliases)):
        if text := environ.get(name, "").strip(" "):
            return Given(name, text, layer, is_command=setting.is_command)
    return None
