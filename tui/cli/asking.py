"""The questions of `jobdeck config init`, on standard error. Writes no file."""

from __future__ import annotations

import re
from collections.abc import Mapping

import click

from tui.errors import ConfigError
from tui.pods import is_production
from tui.settings.given import Given, words
from tui.settings.layers import ACCESS_TOKEN, Told
from tui.settings.writing import Value

_KINDS = {
    "token_file": "file",
    "token_command": "command",
    "client_id": "client",
    "keyring": "keyring",
    ACCESS_TOKEN: "environment",
}
"""What the settings, and the variable, that open the door are called here."""

ACCESS = tuple(_KINDS.values())

_Offered = Mapping[str, str]
"""What the environment says, by setting; the access token, which is never shown, as an empty text."""


def ask_for_profile(name: str | None, environment: Told, *, has_token: bool) -> tuple[str, dict[str, Value]]:
    """Return the name and the values of a profile that a person describes.

    Args:
        name: What it is called; None asks for it.
        environment: What the environment says, to be offered while the answers name its place.
        has_token: Whether the environment holds an access token.
    """
    offered = {key: told.text for key, told in environment.items()} | ({ACCESS_TOKEN: ""} if has_token else {})
    place, left = _place(offered)
    values: dict[str, Value] = {key: answer for key, answer in place.items() if answer}
    if click.confirm("Is it production", default=_looks_like_production(values), err=True):
        values["production"] = True
    values |= _access(left)
    return name or _ask("Name of the profile", default=str(values.get("env", "default"))), values


def _place(offered: _Offered) -> tuple[dict[str, str], _Offered]:
    """Return the answers, empty ones too, and what may be offered behind them."""
    usual = "api_host" if "api_host" in offered else "tenant"
    host = _ask("API host, or the number of the tenant", default=offered.get(usual))
    answers, left = {"api_host": host}, _left(offered, usual, host)
    if re.fullmatch(r"t?\d+", host, re.ASCII | re.IGNORECASE):
        pod, left = _pod(left)
        answers = {"tenant": host, **pod}
    if "auth_host" in left:
        answers["auth_host"] = _ask_or_nothing("Host of the token call", left["auth_host"])
        left = _left(left, "auth_host", answers["auth_host"])
    return answers, left


def _pod(offered: _Offered) -> tuple[dict[str, str], _Offered]:
    site = _ask_or_nothing("Site", offered.get("site", ""))  # another one is at the same place, as in Address.owner
    env = _ask("Environment (sandbox, sb, tp1 to tp5, stg1, stg2)", default=offered.get("env", "sandbox"))
    left = _left(offered, "env", env)
    region = _ask_or_nothing("Region", left["region"]) if "region" in left else ""
    return {"site": site, "env": env, "region": region}, _left(left, "region", region)


def _left(offered: _Offered, name: str, answer: str) -> _Offered:
    """Return what may still be offered: nothing once an answer differs, as all of it belongs to the environment's place."""
    return offered if answer.lower() == offered.get(name, answer).lower() else {}


def _access(offered: _Offered) -> dict[str, Value]:
    usual = next((kind for name, kind in _KINDS.items() if name in offered), "file")
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


def _ask_or_nothing(question: str, offered: str) -> str:
    answer = _ask(f"{question}, or {'- for ' if offered else ''}nothing", default=offered)
    return "" if answer == "-" else answer
