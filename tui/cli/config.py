"""`jobdeck config`: writes a profile, shows what holds and where it was told, and says where things live."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from tui.cli.config_file import asked_profile, config_path, is_there, with_profile, write_config
from tui.cli.options import api_options, chosen
from tui.cli.output import is_terminal_stream, warn, write
from tui.cli.places import state_folder
from tui.cli.values import OneOf
from tui.core.errors import ConfigError
from tui.domain.exit_codes import Exit
from tui.settings import resolve, resolve_told, told_by_hand, told_files
from tui.settings.profiles import PATHS, Value, checked_name, parse
from tui.settings.resolve import effective, taken_from
from tui.settings.schema import ACCESS_TOKEN, SWITCHES, Given, Told, switch

HELP = """Keep settings in profiles, and see which hold.

\b
Examples:
  jobdeck config init
  jobdeck config init --profile prod --tenant 4711 --env tp1
  jobdeck --profile prod config show
"""

INIT_HELP = """Write a profile: asked for on a terminal, or made of the options that are given.

What KIBO_* variables say of the place and the client id is offered while the answers name that place, or kept where the options name none.

The file is made, or the profile is put behind those that it holds; nothing in it is changed. Only its owner may read it.

\b
Examples:
  jobdeck config init
  jobdeck config init --profile prod --tenant 4711 --env tp1 --production \\
    --token-file ~/.kibo-token
  jobdeck config init --profile ci --api-host t4711.sandbox.mozu.com \\
    --client-id acme.jobdeck.1.0.0.Release
"""

SHOW_HELP = """Show every setting, its value and where it was told. Secrets are masked.

\b
Examples:
  jobdeck config show
  jobdeck config show --profile prod -o json
"""

PATH_HELP = """Show where the configuration, the last lists and the log of bugs are, and the files that settings name.

They are shown even if the configuration cannot be used, which is said then, with exit code 2.

\b
Examples:
  jobdeck config path
  jobdeck config path --profile prod
"""


@click.group("config", help=HELP, short_help="Write a profile, show the settings, say where things live.")
@api_options
@click.pass_context
def command(context: click.Context, /, **_: object) -> None:
    """Keep the options for the command behind them."""
    context.obj = chosen(context)


@command.command("init", help=INIT_HELP, short_help="Write a profile.")
@click.option("--production", is_flag=True, help="Mark the profile: a mistake there costs money.")
@click.option("--client-id", metavar="ID", help="Client id whose shared secret is in KIBO_SHARED_SECRET or the keyring.")
@click.option("--keyring", is_flag=True, help="Read the secret from the system's keyring.")
@api_options
@click.pass_context
def init(context: click.Context, /, *, production: bool, client_id: str | None, keyring: bool, **_: object) -> int:
    """Write the profile and return the exit code."""
    marks = {"production": production, "keyring": keyring}
    given = _values(chosen(context).values, client_id, [name for name, is_on in marks.items() if is_on])
    asked = given.pop("profile", None) or os.environ.get("JOBDECK_PROFILE") or None
    environment = told_by_hand({}, os.environ)
    taken: Told = {}
    if not given and is_terminal_stream(sys.stdin) and is_terminal_stream(sys.stderr):
        from tui.cli.asking import ask_for_profile  # noqa: PLC0415  # most runs ask nothing

        asked, given = ask_for_profile(None if asked is None else str(asked), environment, has_token=bool(os.environ.get(ACCESS_TOKEN)))
        given |= _whole_paths(given)
    else:
        taken = taken_from(environment, {name: Given(name, str(value)) for name, value in given.items()})
        given |= _kept(taken)
    if not given:
        raise ConfigError("no terminal to ask at", "give options, such as --profile prod --tenant 4711 --env tp1 --token-file PATH")
    name = checked_name(Given("--profile", str(asked or "default")))
    _write_profile(name, given)
    if taken:
        origins = ", ".join(told.origin for told in taken.values())
        warn(f"note: the profile keeps what {origins} {'says' if len(taken) == 1 else 'say'} now")
    return Exit.DONE


@command.command("show", help=SHOW_HELP, short_help="Show every setting and where it was told.")
@click.option("-o", "--output", type=OneOf(("table", "json")), default="table", help="Form of the output; table.")
@api_options
@click.pass_context
def show(context: click.Context, /, *, output: str, **_: object) -> int:
    """Write the settings and return the exit code."""
    by_hand = told_by_hand(chosen(context).values, os.environ)
    settings = resolve_told(by_hand, os.environ, asked_profile(by_hand))
    rows = effective(settings, os.environ)
    if output == "json":
        write(json.dumps([{"name": row.name, "value": row.value, "origin": row.origin} for row in rows], indent=1) + "\n")
    else:
        widths = [max(len(text) for text in column) for column in zip(*((row.name, row.shown) for row in rows), strict=True)]
        write("".join(f"{row.name:{widths[0]}}  {row.shown:{widths[1]}}  {row.origin or ''}".rstrip() + "\n" for row in rows))
    for note in filter(None, (settings.note, *settings.remarks)):
        warn(f"note: {note}")
    return Exit.DONE


@command.command("path", help=PATH_HELP, short_help="Show where things live.")
@api_options
@click.pass_context
def path(context: click.Context, /, **_: object) -> int:
    """Write the paths and return the exit code.

    Raises:
        ConfigError: A setting is wrong, or the file cannot be used; what could be told was written before.
    """
    state = state_folder()
    told, problem = _told_files(told_by_hand(chosen(context).values, os.environ))
    places = {"configuration": config_path(), "last lists": state / "sessions.json", "log of bugs": state / "crash.log"}
    places |= {_FILES[name]: place for name, place in told.items()}
    write("".join(f"{what:13}  {place}{'' if is_there(place) else '  (none yet)'}\n" for what, place in places.items()))
    if problem is not None:
        raise problem
    return Exit.DONE


_FILES = {
    "token_file": "token file",
    "ca_file": "CA file",
    "client_cert": "client cert",
    "client_key": "client key",
    "log_file": "log file",
}
"""What settings that name a file are called."""


def _told_files(by_hand: Told) -> tuple[Mapping[str, Path], ConfigError | None]:
    """Return the files that settings name; without those of a profile that cannot be used, and why it cannot."""
    try:
        return told_files(by_hand, asked_profile(by_hand)), None
    except ConfigError as error:
        return told_files(by_hand), error


def _kept(taken: Told) -> dict[str, Value]:
    """Return what is taken from the environment as a profile holds it."""
    values: dict[str, Value] = {name: switch(told) if name in SWITCHES else told.text for name, told in taken.items()}
    return values | _whole_paths(values)


def _values(options: Mapping[str, str], client_id: str | None, marks: Sequence[str]) -> dict[str, Value]:
    values: dict[str, Value] = {name: value for name, value in options.items() if name not in {"demo", "no_color"}}
    values |= {name: True for name in ("insecure_http", "ascii", "no_mouse") if name in values}
    values |= dict.fromkeys(marks, True)
    values |= {"client_id": client_id} if client_id else {}
    return values | _whole_paths(values)


def _whole_paths(values: Mapping[str, Value]) -> dict[str, Value]:
    """The paths among the values: one told here is meant from here, and one in the file from there."""
    told = {name: str(values[name]) for name in PATHS if name in values}
    return {name: path if path.startswith("~") else str(Path(path).absolute()) for name, path in told.items()}


def _write_profile(name: str, values: Mapping[str, Value]) -> None:
    """Write a profile that was seen to work out; the file stays as it is if it does not."""
    path = config_path()
    content = with_profile(path, name, values)
    file = parse(content, path)
    resolve({}, {}, file.profile(Given("--profile", name)))
    write_config(path, content)
    write(f"profile {name} is in {path}; try it: jobdeck --profile {name} config show\n")
    if file.default_profile != name:
        warn(f"the default profile is still {file.default_profile or 'none'}; change default_profile in the file if you like")
