"""`jobdeck config`: writes a profile (with prompts), shows the effective settings with their origin, and file
locations.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import click

from tui.cli.exit_codes import Exit
from tui.cli.options import OneOf, api_options, chosen, profile_options, quoted
from tui.cli.output import is_terminal_stream, warn, write
from tui.cli.settings_file import chosen_profile, config_path, is_there, with_profile, write_config
from tui.cli.user_folders import state_folder
from tui.core.environments import is_production
from tui.core.errors import ConfigError
from tui.settings.address import api_address, is_loopback
from tui.settings.explain import explain
from tui.settings.profile_scope import env_defaults
from tui.settings.profiles import checked_name, parse
from tui.settings.resolve import files_in_settings, resolve, resolve_raw
from tui.settings.schema import ACCESS_TOKEN, PATHS, PROFILE, SETTINGS, SWITCHES, Value, from_options_and_env
from tui.settings.values import RawSettings, SettingValue, split_command, switch

T = TypeVar("T")

_KINDS = {
    "token_file": "file",
    "token_command": "command",
    "client_id": "client",
    "keyring": "keyring",
    ACCESS_TOKEN: "environment",
}
"""The sources of a token by setting or variable, as the prompt names them."""

ACCESS = tuple(_KINDS.values())

_TENANT = re.compile(r"t?\d+", re.ASCII | re.IGNORECASE)

_YES_NO = {"y": True, "yes": True, "n": False, "no": False}

_Offered = Mapping[str, str]
"""The defaults from the environment, by setting. The access token is an empty text: it is never shown."""


def ask_for_profile(name: str | None, environment: RawSettings, *, has_token: bool) -> tuple[str, dict[str, Value]]:
    """Prompt for a profile and return its name and values.

    Args:
        name: Its name; None prompts for it.
        environment: Settings from the environment. They are the defaults as long as the answers name the same API.
        has_token: Whether the environment holds an access token.
    """
    offered = {key: given.text for key, given in environment.items()} | ({ACCESS_TOKEN: ""} if has_token else {})
    address, remaining = _address(offered)
    values: dict[str, Value] = {key: answer for key, answer in address.items() if answer}
    is_usual = _looks_like_production(values)
    if _ask_until(
        f"Is it production {'[Y/n]' if is_usual else '[y/N]'}", lambda text: _yes(text, default=is_usual), default=""
    ):
        values["production"] = True
    values |= _access(remaining)
    return name or _ask("Name of the profile", default=str(values.get("env", "default"))), values


def _address(offered: _Offered) -> tuple[dict[str, str], _Offered]:
    """Return the answers, including empty ones, and the defaults for the next prompts."""
    usual = "api_host" if "api_host" in offered else "tenant"
    host = _ask_until(
        "API host or tenant id",
        lambda text: text if text == offered.get(usual) else _host_or_tenant(text),
        default=offered.get(usual),
    )
    answers, remaining = {"api_host": host}, _without_answered(offered, usual, host)
    if _TENANT.fullmatch(host):
        pod, remaining = _pod(remaining)
        answers = {"tenant": host, **pod}
    if "auth_host" in remaining:
        answers["auth_host"] = _ask_or_nothing("Auth host", remaining["auth_host"])
        remaining = _without_answered(remaining, "auth_host", answers["auth_host"])
    return answers, remaining


def _pod(offered: _Offered) -> tuple[dict[str, str], _Offered]:
    site = _ask_or_nothing("Site", offered.get("site", ""))  # sites share the API of the tenant, as in Address.owner
    env = _ask_or_nothing("Environment (sandbox, sb, tp1-5, stg1-2)", offered.get("env", ""))
    remaining = _without_answered(offered, "env", env)
    region = _ask_or_nothing("Region", remaining["region"]) if "region" in remaining else ""
    return {"site": site, "env": env, "region": region}, _without_answered(remaining, "region", region)


def _without_answered(offered: _Offered, name: str, answer: str) -> _Offered:
    """Return the remaining defaults: none after an answer that differs, because they belong to the API of the
    environment.
    """
    return offered if answer.lower() == offered.get(name, answer).lower() else {}


def _access(offered: _Offered) -> dict[str, Value]:
    usual = next((kind for name, kind in _KINDS.items() if name in offered), "file")
    kind = _ask_until(f"Access token from ({', '.join(ACCESS)})", _kind, default=usual)
    if kind == "file":
        return {"token_file": _ask("File with the token (chmod 600)", default=offered.get("token_file"))}
    if kind == "command":
        return {
            "token_command": _ask_until("Command that prints the token", _command, default=offered.get("token_command"))
        }
    if kind == "client":
        question = "Client id (its secret stays in KIBO_SHARED_SECRET or the keyring)"
        return {"client_id": _ask(question, default=offered.get("client_id"))}
    return {"keyring": True} if kind == "keyring" else {}


def _command(text: str) -> tuple[str, ...]:
    return split_command(SettingValue("the command", text, is_command=True))


def _kind(text: str) -> str:
    if text.lower() not in ACCESS:
        raise ConfigError(f"{quoted(text)} is unknown", f"give one of {', '.join(ACCESS)}")
    return text.lower()


def _yes(text: str, *, default: bool) -> bool:
    if text.lower() not in {"", *_YES_NO}:
        raise ConfigError(f"{quoted(text)} is neither yes nor no", "give y or n")
    return _YES_NO.get(text.lower(), default)


def _host_or_tenant(text: str) -> str:
    """Return a host or tenant. Reject a single word: it is more likely an environment than a host."""
    if _TENANT.fullmatch(text):
        return text
    given = SettingValue("the API host", text).checked()
    host = api_address({"api_host": given}, insecure_http=False).base.hostname or ""
    if not (re.search("[.:]", host) or is_loopback(host)):
        raise given.wrong("has no dot", "give a host such as t4711.sandbox.mozu.com, or the tenant id")
    return text


def _looks_like_production(values: dict[str, Value]) -> bool:
    host = str(values.get("env") or values.get("api_host") or "")
    return any(is_production(label) for label in host.split("."))


def _ask_until(question: str, parse_answer: Callable[[str], T], *, default: str | None) -> T:
    """Prompt until `parse_answer` accepts an answer, and return its result. Report each rejected answer."""
    while True:
        try:
            return parse_answer(_ask(question, default))
        except ConfigError as error:
            warn(str(error))


def _ask(question: str, default: str | None = None) -> str:
    return str(click.prompt(question, default=default, show_default=bool(default), err=True)).strip()


def _ask_or_nothing(question: str, offered: str) -> str:
    answer = _ask(f"{question}, or {'- for ' if offered else ''}nothing", default=offered)
    return "" if answer == "-" else answer


HELP = """Manage profiles and show the effective settings.

\b
Examples:
  jobdeck config init
  jobdeck config init --profile prod --tenant 4711 --env tp1
  jobdeck --profile prod config show
"""

INIT_HELP = """Write a profile from prompts on a terminal, or from options.

Defaults come from KIBO_* variables, as long as the answers or options name the same API.

The command creates the file if needed and appends the profile; existing profiles stay unchanged. The file is private
to its owner.

\b
Examples:
  jobdeck config init
  jobdeck config init --profile prod --tenant 4711 --env tp1 --production \\
    --token-file ~/.kibo-token
  jobdeck config init --profile ci --api-host t4711.sandbox.mozu.com \\
    --client-id acme.jobdeck.1.0.0.Release
"""

SHOW_HELP = """Show every setting, its value and its origin. Secrets are masked.

\b
Examples:
  jobdeck config show
  jobdeck config show --profile prod -o json
"""

PATH_HELP = """Show the paths of the configuration, the last sessions, the crash log, and the files that settings name.

If the configuration is invalid, the command shows the paths, reports the error, and exits with code 2.

\b
Examples:
  jobdeck config path
  jobdeck config path --profile prod
"""


@click.group("config", help=HELP)
@api_options
@click.pass_context
def command(context: click.Context, /, **_: object) -> None:
    """Store the options for the subcommand."""
    context.obj = chosen(context)


@command.command("init", help=INIT_HELP, short_help="Write a profile.")
@profile_options
@api_options
@click.pass_context
def init(context: click.Context, /, **_: object) -> int:
    """Write the profile and return the exit code."""
    options = chosen(context).values
    given = _values(options)
    requested = options.get(PROFILE.name) or os.environ.get(PROFILE.variable) or None
    environment = from_options_and_env({}, os.environ)
    taken: RawSettings = {}
    if not given and is_terminal_stream(sys.stdin) and is_terminal_stream(sys.stderr):
        requested, given = ask_for_profile(requested, environment, has_token=bool(os.environ.get(ACCESS_TOKEN)))
        given |= _whole_paths(given)
    else:
        taken = env_defaults(environment, {name: SettingValue(name, str(value)) for name, value in given.items()})
        given |= _kept(taken)
    if not given:
        raise ConfigError(
            "no terminal for prompts", "give options, such as --profile prod --tenant 4711 --env tp1 --token-file PATH"
        )
    name = checked_name(SettingValue("--profile", requested or "default"))
    _write_profile(name, given)
    if taken:
        origins = ", ".join(given.origin for given in taken.values())
        warn(f"note: the profile stores the current {'value' if len(taken) == 1 else 'values'} of {origins}")
    return Exit.DONE


@command.command("show", help=SHOW_HELP, short_help="Show every setting and its origin.")
@click.option("-o", "--output", type=OneOf(("table", "json")), default="table", help="Output format; default table.")
@api_options
@click.pass_context
def show(context: click.Context, /, *, output: str, **_: object) -> int:
    """Write the settings and return the exit code."""
    overrides = from_options_and_env(chosen(context).values, os.environ)
    settings = resolve_raw(overrides, os.environ, chosen_profile(overrides))
    rows = explain(settings, os.environ)
    if output == "json":
        write(
            json.dumps([{"name": row.name, "value": row.value, "origin": row.origin} for row in rows], indent=1) + "\n"
        )
    else:
        widths = [
            max(len(text) for text in column) for column in zip(*((row.name, row.shown) for row in rows), strict=True)
        ]
        write(
            "".join(
                f"{row.name:{widths[0]}}  {row.shown:{widths[1]}}  {row.origin or ''}".rstrip() + "\n" for row in rows
            )
        )
    for note in filter(None, (settings.note, *settings.remarks)):
        warn(f"note: {note}")
    return Exit.DONE


@command.command("path", help=PATH_HELP, short_help="Show file locations.")
@api_options
@click.pass_context
def path(context: click.Context, /, **_: object) -> int:
    """Write the paths and return the exit code.

    Raises:
        ConfigError: A setting or the file is invalid. The known paths are written first.
    """
    state = state_folder()
    given, problem = _files_of(from_options_and_env(chosen(context).values, os.environ))
    paths = {"configuration": config_path(), "last lists": state / "sessions.json", "log of bugs": state / "crash.log"}
    paths |= {name.replace("_", " ").replace("ca ", "CA "): path for name, path in given.items()}
    write("".join(f"{what:13}  {path}{'' if is_there(path) else '  (none yet)'}\n" for what, path in paths.items()))
    if problem is not None:
        raise problem
    return Exit.DONE


def _files_of(overrides: RawSettings) -> tuple[Mapping[str, Path], ConfigError | None]:
    """Return the files that settings name, and the error of an invalid profile, whose files are left out."""
    try:
        return files_in_settings(overrides, chosen_profile(overrides)), None
    except ConfigError as error:
        return files_in_settings(overrides), error


def _kept(taken: RawSettings) -> dict[str, Value]:
    """Return the values from the environment, in the types of a profile."""
    values: dict[str, Value] = {
        name: switch(given) if name in SWITCHES else given.text for name, given in taken.items()
    }
    return values | _whole_paths(values)


def _values(options: Mapping[str, str]) -> dict[str, Value]:
    """Return the values that a profile may have, in the types of a profile."""
    kept = (setting for setting in SETTINGS if setting.is_kept and setting.name in options)
    values: dict[str, Value] = {setting.name: setting.is_switch or options[setting.name] for setting in kept}
    return values | _whole_paths(values)


def _whole_paths(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the path values as absolute paths: on the command line they are relative to the working directory, in the
    file to the file.
    """
    given = {name: str(values[name]) for name in PATHS if name in values}
    return {name: path if path.startswith("~") else str(Path(path).absolute()) for name, path in given.items()}


def _write_profile(name: str, values: Mapping[str, Value]) -> None:
    """Write a profile after checking that it is valid; otherwise the file stays unchanged."""
    path = config_path()
    content = with_profile(path, name, values)
    file = parse(content, path)
    resolve({}, {}, file.profile(SettingValue("--profile", name)))
    write_config(path, content)
    write(f"wrote profile {name} to {path}; check it with jobdeck --profile {name} config show\n")
    if file.default_profile != name:
        warn(f"the default profile is still {file.default_profile or 'none'}; default_profile in the file changes it")
