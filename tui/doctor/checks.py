"""The result of a check, and the check of the configuration. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from tui.core.errors import ConfigError
from tui.core.suggest import closest_match
from tui.core.text import one_line
from tui.domain.errors import ApiError, Unauthorised
from tui.settings.address import api_address
from tui.settings.resolve import Settings
from tui.settings.schema import SETTINGS


class State(StrEnum):
    """The state of a check."""

    OK = "ok"
    WARNING = "warning"
    """It works, but not well, or not for long."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """It does not apply, or an earlier check failed."""


class Fault(Enum):
    """What is at fault if a check failed; the command ends by the first of them."""

    SETTING = "setting"
    TOKEN = "token"  # noqa: S105  # a name
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding, in safe ASCII except for names from outside."""

    name: str
    state: State
    found: str
    remedy: str | None = None
    """What to do; None if there is nothing to do."""
    ms: float | None = None
    """Duration in milliseconds; None if that is not meaningful."""
    fault: Fault | None = None
    """None unless the check failed."""


Report = Callable[[Check], object]
"""Receives each check when it completes."""


def ok(name: str, found: str, *, ms: float | None = None) -> Check:
    """Return a check without a problem."""
    return Check(name, State.OK, found, ms=ms)


def warning(name: str, found: str, remedy: str, *, ms: float | None = None) -> Check:
    """Return a check with a warning."""
    return Check(name, State.WARNING, found, remedy, ms)


def skipped(name: str, found: str) -> Check:
    """Return a check that did not run."""
    return Check(name, State.SKIPPED, found)


def failed(name: str, error: ApiError | ConfigError, *, ms: float | None = None) -> Check:
    """Return a check that failed with this error."""
    match error:
        case Unauthorised():
            fault = Fault.TOKEN
        case ApiError():
            fault = Fault.CONNECTION
        case ConfigError():
            fault = Fault.SETTING
    return Check(name, State.FAILED, error.cause, error.remedy, ms, fault)


def configuration(
    settings: Settings,
    file: Path,
    *,
    has_file: bool,
    problems: Sequence[ConfigError],
    environ: Mapping[str, str],
    open_key: str | None = None,
) -> Check:
    """Return the check of the resolved settings.

    Args:
        settings: The effective settings.
        file: The path of the configuration file, which may not exist.
        has_file: Whether it exists.
        problems: The errors of unused profiles.
        environ: The environment of the process.
        open_key: A warning that other users may read the client's private key; None if they may not.
    """
    found = f"{_profile(settings, file, has_file=has_file)}; {_api(settings)}"
    wrong = (*_unlent(settings), *settings.remarks, *_unknown_variables(environ), *_readable(open_key), *problems)
    if not wrong:
        return ok("configuration", found)
    return warning(
        "configuration",
        "; ".join([found, *(error.message for error in wrong)]),
        "; ".join(error.remedy for error in wrong),
    )


def _profile(settings: Settings, file: Path, *, has_file: bool) -> str:
    if settings.is_demo:
        return "the demo, which reads no file"
    where = one_line(str(file))
    if settings.profile is None:
        return f"no profile of {where}" if has_file else f"no file {where}"
    origin = settings.raw["profile"].origin if "profile" in settings.raw else "default_profile"
    production = " (production)" if settings.is_production else ""
    return f"profile {settings.profile}{production} of {where} by {origin}"


def _api(settings: Settings) -> str:
    origin = api_address(settings.raw, insecure_http=settings.insecure_http).origin.origin
    if settings.is_host_looked_up:
        return f"API at the domain of tenant {settings.tenant}, by {origin}, which {urlsplit(settings.auth_base).netloc} is asked for"
    return "a simulator of its own" if origin == "--demo" else f"API {settings.api_base} by {origin}"


def _unlent(settings: Settings) -> tuple[ConfigError, ...]:
    """Return the note about credentials of the profile that are not used."""
    return (
        (ConfigError(settings.note, "give that address credentials of its own, or unset it"),) if settings.note else ()
    )


def _readable(open_key: str | None) -> tuple[ConfigError, ...]:
    return (ConfigError(open_key, "run chmod 600 on it"),) if open_key else ()


def _unknown_variables(environ: Mapping[str, str]) -> tuple[ConfigError, ...]:
    """Return an error for each unknown JOBDECK_ variable."""
    known = [setting.variable for setting in SETTINGS if setting.variable]
    return tuple(_unknown(name, known) for name in sorted(environ) if name.startswith("JOBDECK_") and name not in known)


def _unknown(name: str, known: Sequence[str]) -> ConfigError:
    remedy = closest_match(name, known, otherwise="unset it", likeness=0.8)  # they share a prefix
    return ConfigError(f"{one_line(name)[:40]} is not a setting", remedy)
