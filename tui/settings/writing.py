"""Profiles as commented TOML, for a person to go on with. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

Value = str | bool | Sequence[str]

HEADER = """\
# Settings of jobdeck, a table a profile: `jobdeck --profile NAME`. An option wins over an environment variable, which
# wins over a profile. No secret belongs into this file; `jobdeck config show` tells what holds and why.
default_profile = {name}

"""

_PLACE = (
    ("api_host", "the API's address, or instead of it tenant, site, env and region"),
    ("tenant", "tenant, site and pod make the address: t4711-s1.sandbox.mozu.com"),
    ("site", "leave it out where the address has none"),
    ("env", "sandbox, sb, tp1 to tp5, stg1, stg2"),
    ("region", "usc1 or euw1, for newer pods"),
    ("auth_host", "where client id and secret become a token; home.mozu.com unless told"),
    ("production", "true paints the name of the place as a warning"),
)
_CREDENTIALS = (
    ("token_file", "a file that holds the access token; chmod 600. Paths may be relative to this file"),
    ("token_command", "a program that prints it, run without a shell"),
    ("client_id", "with KIBO_SHARED_SECRET in the environment, or the secret in the keyring"),
    ("keyring", "true reads the system's keyring, service jobdeck"),
)
_MANNERS = (
    ("ca_file", "certificate authorities to trust, and no others"),
    ("client_cert", "the certificate for servers that ask for one, in PEM"),
    ("client_key", "its private key, if that is in a file of its own; chmod 600"),
    ("interval", "seconds between two readings of a job"),
    ("max_rate", "requests in any minute"),
    ("connect_timeout", "seconds"),
    ("read_timeout", "seconds"),
    ("insecure_http", "true lets http leave this machine"),
    ("log_file", "a log of requests and faults, without secrets"),
    ("ascii", "true draws with ASCII alone"),
    ("no_mouse", "true leaves the mouse to the terminal"),
)
_EXAMPLES: Mapping[str, Value] = {
    "api_host": "t4711-s1.sandbox.mozu.com",
    "tenant": "4711",
    "site": "1",
    "env": "sandbox",
    "region": "usc1",
    "auth_host": "home.mozu.com",
    "production": False,
    "token_file": "sandbox.token",
    "token_command": ("pass", "show", "kibo"),
    "client_id": "acme.jobdeck.1.0.0.Release",
    "keyring": True,
    "ca_file": "ca.pem",
    "client_cert": "client.pem",
    "client_key": "client.key",
    "interval": "auto",
    "max_rate": "120/min",
    "connect_timeout": "5",
    "read_timeout": "10",
    "insecure_http": False,
    "log_file": "jobdeck.log",
    "ascii": False,
    "no_mouse": False,
}


def file_text(name: str, values: Mapping[str, Value]) -> str:
    """Return a whole new file whose default is the profile `name`."""
    return HEADER.format(name=_written(name)) + profile_text(name, values)


def profile_text(name: str, values: Mapping[str, Value]) -> str:
    """Return one profile: what is set, and what else could be as comments.

    Args:
        name: A checked name.
        values: By key; text, a switch, or a command's words.
    """
    lines = [f"[profiles.{_written(name) if '.' in name else name}]"]
    for title, keys in (("whose jobs", _PLACE), ("access: the first of these that is set", _CREDENTIALS), ("manners", _MANNERS)):
        lines += ["", f"# {title}", *(_line(key, meaning, values) for key, meaning in keys)]
    return "\n".join(lines) + "\n"


def _line(key: str, meaning: str, values: Mapping[str, Value]) -> str:
    if key in values:
        return f"{key} = {_written(values[key])}"
    return f"# {key} = {_written(_EXAMPLES[key])}  # {meaning}"


def _written(value: Value) -> str:
    """Return a value in TOML, whose strings are JSON's but for DEL, which no setting may hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return f"[{', '.join(map(_written, value))}]"
