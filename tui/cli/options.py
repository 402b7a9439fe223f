"""The options that the commands share, before a command and behind it. Checks no value; `tui.settings` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import click

from tui.cli.completing import files, one_of, profiles
from tui.cli.pages import SharedOption
from tui.core.environments import PODS, REGIONS

F = TypeVar("F", bound=Callable[..., Any])

CONNECTION, GENERAL = "Connection options", "General options"  # sections of the help pages


def _shared(section: str, name: str, **told: Any) -> Callable[[F], F]:  # noqa: ANN401  # click's own
    return click.option(name, cls=SharedOption, section=section, **told)


_OPTIONS = (
    _shared(CONNECTION, "--profile", metavar="NAME", shell_complete=profiles, help="Settings under this name in the configuration."),
    _shared(CONNECTION, "--api-host", metavar="HOST|URL", help="The API's address; KIBO_API_HOST."),
    _shared(CONNECTION, "--auth-host", metavar="HOST|URL", help="Where client id and secret become a token."),
    _shared(CONNECTION, "--tenant", metavar="ID", help="Tenant, such as 4711; enough to find its API; KIBO_TENANT."),
    _shared(CONNECTION, "--site", metavar="ID", help="Site of the tenant; KIBO_SITE."),
    _shared(CONNECTION, "--env", metavar="NAME", shell_complete=one_of(*PODS), help="sandbox, sb, tp1-5, stg1, stg2; KIBO_API_ENV."),
    _shared(CONNECTION, "--region", metavar="NAME", shell_complete=one_of(*REGIONS), help="usc1 or euw1; KIBO_REGION."),
    _shared(CONNECTION, "--token-file", metavar="PATH", shell_complete=files, help="Private file with the token; else KIBO_ACCESS_TOKEN."),
    _shared(CONNECTION, "--token-command", metavar="CMD", shell_complete=files, help="Program that prints the token; no shell runs it."),
    _shared(CONNECTION, "--ca-file", metavar="PATH", shell_complete=files, help="Certificate authorities to trust, and no others."),
    _shared(CONNECTION, "--client-cert", metavar="PATH", shell_complete=files, help="Certificate for servers that ask for one, in PEM."),
    _shared(CONNECTION, "--client-key", metavar="PATH", shell_complete=files, help="Its private key, if not in the same file."),
    _shared(CONNECTION, "--connect-timeout", metavar="SECONDS", help="Longest wait for a connection; 5."),
    _shared(CONNECTION, "--read-timeout", metavar="SECONDS", help="Longest wait for more of an answer; 10."),
    _shared(CONNECTION, "--insecure-http", is_flag=True, help="Let http leave this machine, token and all."),
    _shared(CONNECTION, "--demo", is_flag=True, help="Use the embedded simulator; needs no account."),
    _shared(GENERAL, "--interval", metavar="auto|SECONDS", shell_complete=one_of("auto"), help="Time between two readings of a job."),
    _shared(GENERAL, "--max-rate", metavar="N/min", help="Requests a minute; else 2 a second, bursts of 5."),
    _shared(GENERAL, "--log-file", metavar="PATH", shell_complete=files, help="Log requests and faults, without secrets."),
    _shared(GENERAL, "--ascii", is_flag=True, help="Draw with ASCII characters alone."),
    _shared(GENERAL, "--no-mouse", is_flag=True, help="Leave the mouse to the terminal; so it is in GNU screen."),
    _shared(GENERAL, "--no-color", is_flag=True, help="No colour; NO_COLOR."),
)


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
    shared = (option for option in context.command.params if isinstance(option, SharedOption))
    given = ((option, context.params[option.name]) for option in shared if option.name in context.params)
    told = {str(option.name): "1" if option.is_flag else value for option, value in given if value not in {None, False}}
    return Chosen({**before, **told})
