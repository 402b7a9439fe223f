"""The options that the commands share, before a command and behind it. Checks no value; `tui.settings` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--profile", metavar="NAME", help="Settings under this name in the configuration file; JOBDECK_PROFILE."),
    click.option("--api-host", metavar="HOST|URL", help="The API's address; KIBO_API_HOST."),
    click.option("--auth-host", metavar="HOST|URL", help="Where client id and secret become a token; KIBO_AUTH_HOST."),
    click.option("--tenant", metavar="ID", help="Tenant, such as t123; KIBO_TENANT."),
    click.option("--site", metavar="ID", help="Site of the tenant; KIBO_SITE."),
    click.option("--env", metavar="NAME", help="Pod: sandbox, sb, tp1 to tp5, stg1, stg2; KIBO_API_ENV."),
    click.option("--region", metavar="NAME", help="usc1 or euw1; KIBO_REGION."),
    click.option("--token-file", metavar="PATH", help="Private file that holds the access token; else KIBO_ACCESS_TOKEN."),
    click.option("--token-command", metavar="CMD", help="Program that prints the access token; it is run without a shell."),
    click.option("--ca-file", metavar="PATH", help="Certificate authorities to trust, and no others."),
    click.option("--interval", metavar="auto|SECONDS", help="Time between two readings of a job."),
    click.option("--max-rate", metavar="N/min", help="Requests in any minute; else 2 a second and 5 at once."),
    click.option("--connect-timeout", metavar="SECONDS", help="Longest wait for a connection; 5."),
    click.option("--read-timeout", metavar="SECONDS", help="Longest wait for the next part of an answer; 10."),
    click.option("--insecure-http", is_flag=True, help="Let http leave this machine: anybody on the way can read the token."),
    click.option("--log-file", metavar="PATH", help="Write a log of requests and faults, as JSON lines without secrets."),
    click.option("--demo", is_flag=True, help="Use the embedded simulator: no account, no network."),
    click.option("--ascii", is_flag=True, help="Draw with ASCII characters alone."),
    click.option("--no-color", is_flag=True, help="No colour; NO_COLOR."),
)
SWITCHES = ("insecure_http", "demo", "ascii", "no_color")
NAMES = (
    "profile", "api_host", "auth_host", "tenant", "site", "env", "region", "token_file", "token_command", "ca_file",
    "interval", "max_rate", "connect_timeout", "read_timeout", "log_file",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """The shared options that were given."""

    values: Mapping[str, str] = field(default_factory=dict)
    """By name without dashes; a switch that is on has the value `1`."""

    def is_on(self, switch: str) -> bool:
        """Return whether the switch was given."""
        return switch in self.values


def api_options(command: F) -> F:
    """Give a command the shared options; their values are read with `chosen`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def chosen(context: click.Context) -> Chosen:
    """Return the shared options of a command; those behind it win over those before it."""
    before = context.obj.values if isinstance(context.obj, Chosen) else {}
    told = {name: value for name in NAMES if (value := context.params.get(name)) is not None}
    switched = {name: "1" for name in SWITCHES if context.params.get(name)}
    return Chosen({**before, **told, **switched})
