"""The questions of `jobdeck config init`, on standard error. Writes no file."""

from __future__ import annotations

import re

import click

from tui.errors import ConfigError
from tui.pods import is_production
from tui.settings.given import Given, words
from tui.settings.writing import Value

ACCESS = ("file", "command", "client", "keyring", "environment")


def ask_for_profile(name: str | None) -> tuple[str, dict[str, Value]]:
    """Return the name and the values of a profile that a person describes.

    Args:
        name: What it is called; None asks for it.
    """
    values: dict[str, Value] = {}
    host = _ask("API host, or the number of the tenant")
    if re.fullmatch(r"t?\d+", host, re.ASCII | re.IGNORECASE):
        values["tenant"] = host
        site = _ask("Site, or nothing", default="")
        values |= {"site": site} if site else {}
        values["env"] = _ask("Environment (sandbox, sb, tp1 to tp5, stg1, stg2)", default="sandbox")
    else:
        values["api_host"] = host
    if click.confirm("Is it production", default=_looks_like_production(values), err=True):
        values["production"] = True
    values |= _access()
    return name or _ask("Name of the profile", default=str(values.get("env", "default"))), values


def _access() -> dict[str, Value]:
    kind = click.prompt("Where the access token comes from", type=click.Choice(ACCESS), default="file", err=True)
    if kind == "file":
        return {"token_file": _ask("File that holds the token (chmod 600)")}
    if kind == "command":
        return {"token_command": click.prompt("Command that prints the token", value_proc=_command, err=True)}
    if kind == "client":
        return {"client_id": _ask("Client id; its shared secret stays in KIBO_SHARED_SECRET or the keyring")}
    return {"keyring": True} if kind == "keyring" else {}


def _command(text: str) -> tuple[str, ...]:
    try:
        return words(Given("the command", text.strip()))
    except ConfigError as error:
        raise click.UsageError(str(error)) from error


def _looks_like_production(values: dict[str, Value]) -> bool:
    place = str(values.get("env") or values.get("api_host") or "")
    return any(is_production(label) for label in place.split("."))


def _ask(question: str, default: str | None = None) -> str:
    return str(click.prompt(question, default=default, show_default=bool(default), err=True)).strip()
