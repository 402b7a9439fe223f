"""The questions of `jobdeck config init`, on standard error. Writes no file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

import click

from tui.cli.output import warn
from tui.cli.values import quoted
from tui.core.environments import is_production
from tui.core.errors import ConfigError
from tui.settings.address import api_address
from tui.settings.profiles import Value
from tui.settings.schema import ACCESS_TOKEN, Given, Told, is_loopback, words

T = TypeVar("T")

_KINDS = {
    "token_file": "file",
    "token_command": "command",
    "client_id": "client",
    "keyring": "keyring",
    ACCESS_TOKEN: "environment",
}
"""What the settings, and the variable, that open the door are called here."""

ACCESS = tuple(_KINDS.values())

_TENANT = re.compile(r"t?\d+", re.ASCII | re.IGNORECASE)
_YES_NO = {"y": True, "yes": True, "n": False, "no": False}

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
    is_usual = _looks_like_production(values)
    if _ask_until(f"Is it production {'[Y/n]' if is_usual else '[y/N]'}", lambda text: _yes(text, default=is_usual), default=""):
        values["production"] = True
    values |= _access(left)
    return name or _ask("Name of the profile", default=str(values.get("env", "default"))), values


def _place(offered: _Offered) -> tuple[dict[str, str], _Offered]:
    """Return the answers, empty ones too, and what may be offered behind them."""
    usual = "api_host" if "api_host" in offered else "tenant"
    host = _ask_until(
        "API host, or the number of the tenant",
        lambda text: text if text == offered.get(usual) else _host_or_tenant(text),
        default=offered.get(usual),
    )
    answers, left = {"api_host": host}, _left(offered, usual, host)
    if _TENANT.fullmatch(host):
        pod, left = _pod(left)
        answers = {"tenant": host, **pod}
    if "auth_host" in left:
        answers["auth_host"] = _ask_or_nothing("Host of the token call", left["auth_host"])
        left = _left(left, "auth_host", answers["auth_host"])
    return answers, left


def _pod(offered: _Offered) -> tuple[dict[str, str], _Offered]:
    site = _ask_or_nothing("Site", offered.get("site", ""))  # another one is at the same place, as in Address.owner
    env = _ask_or_nothing("Environment (sandbox, sb, tp1-5, stg1-2; Kibo knows it)", offered.get("env", ""))
    left = _left(offered, "env", env)
    region = _ask_or_nothing("Region", left["region"]) if "region" in left else ""
    return {"site": site, "env": env, "region": region}, _left(left, "region", region)


def _left(offered: _Offered, name: str, answer: str) -> _Offered:
    """Return what may still be offered: nothing once an answer differs, as all of it belongs to the environment's place."""
    return offered if answer.lower() == offered.get(name, answer).lower() else {}


def _access(offered: _Offered) -> dict[str, Value]:
    usual = next((kind for name, kind in _KINDS.items() if name in offered), "file")
    kind = _ask_until(f"Where the access token comes from ({', '.join(ACCESS)})", _kind, default=usual)
    if kind == "file":
        return {"token_file": _ask("File that holds the token (chmod 600)", default=offered.get("token_file"))}
    if kind == "command":
        return {"token_command": _ask_until("Command that prints the token", _command, default=offered.get("token_command"))}
    if kind == "client":
        question = "Client id; its shared secret stays in KIBO_SHARED_SECRET or the keyring"
        return {"client_id": _ask(question, default=offered.get("client_id"))}
    return {"keyring": True} if kind == "keyring" else {}


def _command(text: str) -> tuple[str, ...]:
    return words(Given("the command", text, is_command=True))


def _kind(text: str) -> str:
    if text.lower() not in ACCESS:
        raise ConfigError(f"{quoted(text)} is unknown", f"give one of {', '.join(ACCESS)}")
    return text.lower()


def _yes(text: str, *, default: bool) -> bool:
    if text.lower() not in {"", *_YES_NO}:
        raise ConfigError(f"{quoted(text)} is neither yes nor no", "give y or n")
    return _YES_NO.get(text.lower(), default)


def _host_or_tenant(text: str) -> str:
    """Return what was typed; a single word is more likely an environment than a host of that name."""
    if _TENANT.fullmatch(text):
        return text
    given = Given("the API host", text).checked()
    host = api_address({"api_host": given}, insecure_http=False).base.hostname or ""
    if not (re.search("[.:]", host) or is_loopback(host)):
        raise given.wrong("has no dot", "give a host such as t4711.sandbox.mozu.com, or the number of the tenant")
    return text


def _looks_like_production(values: dict[str, Value]) -> bool:
    place = str(values.get("env") or values.get("api_host") or "")
    return any(is_production(label) for label in place.split("."))


def _ask_until(question: str, judge: Callable[[str], T], *, default: str | None) -> T:
    """Return the first answer that is usable, as `judge` returns it; say what is wrong with those before."""
    while True:
        try:
            return judge(_ask(question, default))
        except ConfigError as error:
            warn(str(error))


def _ask(question: str, default: str | None = None) -> str:
    return str(click.prompt(question, default=default, show_default=bool(default), err=True)).strip()


def _ask_or_nothing(question: str, offered: str) -> str:
    answer = _ask(f"{question}, or {'- for ' if offered else ''}nothing", default=offered)
    return "" if answer == "-" else answer
