"""The questions of `jobdeck config init`, on standard error. Writes no file."""

from __future__ import annotations

import re
from collections.abc import Mapping

import click

from tui.errors import ConfigError
from tui.pods import is_production
from tui.settings.given import Given, words
from tui.settings.layers import Told
from tui.settings.writing import Value

_KINDS = {"token_file": "file", "token_command": "command", "client_id": "client", "keyring": "keyring"}
"""What the settings that open the door are called here."""

ACCESS = (*_KINDS.values(), "environment")


def ask_for_profile(name: str | None, environment: Told, *, has_token: bool) -> tuple[str, dict[str, Value]]:
    """Return the name and the values of a profile that a person describes.

    Args:
        name: What it is called; None asks for it.
        environment: What the environment says, to be offered.
        has_token: Whether the environment holds an access token.
    """
    offered = {key: told.text for key, told in environment.items()}
    values: dict[str, Value] = {}
    host = _ask("API host, or the number of the tenant", default=offered.get("api_host") or offered.get("tenant"))
    if re.fullmatch(r"t?\d+", host, re.ASCII | re.IGNORECASE):
        values |= {"tenant": host, **_pod(offered)}
    else:
        values["api_host"] = host
    if click.confirm("Is it production", default=_looks_like_production(values), err=True):
        values["production"] = True
    values |= _access(offered, has_token=has_token)
    return name or _ask("Name of the profile", default=str(values.get("env", "default"))), values


def _pod(offered: Mapping[str, str]) -> dict[str, Value]:
    answers = {
        "site": _ask("Site, or nothing", default=offered.get("site", "")),
        "env": _ask("Environment (sandbox, sb, tp1 to tp5, stg1, stg2)", default=offered.get("env", "sandbox")),
        "region": _ask("Region, or nothing", default=offered["region"]) if "region" in offered else "",
    }
    return {name: answer for name, answer in answers.items() if answer}


def _access(offered: Mapping[str, str], *, has_token: bool) -> dict[str, Value]:
    usual = next((kind for name, kind in _KINDS.items() if name in offered), "environment" if has_token else "file")
    kind = click.prompt("Where the access token comes from", type=click.Choice(ACCESS), default=usual, err=True)
    if kind == "file":
        return {"token_file": _ask("File that holds the token (chmod 600)", default=offered.get("token_file"))}
    if kind == "command":
        command = offered.get("token_command")
        return {"token_command": click.prompt("Command that prints the token", value_proc=_command, default=command, err=True)}
    if kind == "client":
        question = "Client id; its shared secret stays in KIBO_SHARED_SECRET or the keyring"
        return {"client_id": _ask(question, default=offered.get("client_id"))}
    return {"keyring": True} if kind == "keyring" else {}


def _command(text: str) -> tuple[str, ...]:
    try:
        return words(Given("the command", text.strip(), is_command=True))
    except ConfigError as error:
        raise click.UsageError(str(error)) from error


def _looks_like_production(values: dict[str, Value]) -> bool:
    place = str(values.get("env") or values.get("api_host") or "")
    return any(is_production(label) for label in place.split("."))


def _ask(question: str, default: str | None = None) -> str:
    return str(click.prompt(question, default=default, show_default=bool(default), err=True)).strip()
