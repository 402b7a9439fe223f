"""What one check found, the checks of settings and profile, and the exit code of all. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from tui.core.errors import ConfigError
from tui.core.suggest import closest_match
from tui.core.text import one_line
from tui.domain.errors import ApiError
from tui.domain.exit_codes import Exit, exit_for, gravest
from tui.settings import Settings
from tui.settings.address import api_address
from tui.settings.schema import SETTINGS


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    """Things work, but not as well as they could, or not for long."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """Nothing to look at here, or something before it failed."""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding, in safe ASCII but for what others named."""

    name: str
    state: State
    found: str
    remedy: str | None = None
    """What to do; None where there is nothing to do."""
    ms: float | None = None
    """Milliseconds that it took; None where that says nothing."""
    exit_code: Exit = Exit.DONE
    """What a failure means for the whole."""


Tell = Callable[[Check], object]

"""Takes each check as it ends."""


def ok(name: str, found: str, *, ms: float | None = None) -> Check:
    """Return a check that found everything well."""
    return Check(name, State.OK, found, ms=ms)


def warning(name: str, found: str, remedy: str, *, ms: float | None = None) -> Check:
    """Return a check that found something to mend, which stops nothing."""
    return Check(name, State.WARNING, found, remedy, ms)


def skipped(name: str, found: str) -> Check:
    """Return a check that was not made."""
    return Check(name, State.SKIPPED, found)


def failed(name: str, error: ApiError | ConfigError, *, ms: float | None = None) -> Check:
    """Return a check that an error ended, in the error's own words."""
    return Check(name, State.FAILED, error.cause, error.remedy, ms, exit_for(error))


def exit_code(checks: Iterable[Check]) -> Exit:
    """Return the code that wins among the failures; DONE without any.

    USAGE is before what it showed: with a wrong setting the wrong thing was looked at.
    """
    return gravest(check.exit_code for check in checks)


def configuration(
    settings: Settings,
    file: Path,
    *,
    has_file: bool,
    problems: Sequence[ConfigError],
    environ: Mapping[str, str],
    open_key: str | None = None,
) -> Check:
    """Judge settings that could be resolved.

    Args:
        settings: As they hold.
        file: Where the configuration file is, or would be.
        has_file: Whether it is there.
        problems: What is wrong with profiles that are not used.
        environ: The process's environment.
        open_key: A warning that others may read the client's private key; None if they may not.
    """
    found = f"{_profile(settings, file, has_file=has_file)}; {_place(settings)}"
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
    asked = settings.told["profile"].origin if "profile" in settings.told else "default_profile"
    production = " (production)" if settings.is_production else ""
    return f"profile {settings.profile}{production} of {where} by {asked}"


def _place(settings: Settings) -> str:
    origin = api_address(settings.told, insecure_http=settings.insecure_http).origin.origin
    if settings.is_host_asked:
        return f"API at the domain of tenant {settings.tenant}, by {origin}, which {urlsplit(settings.auth_base).netloc} is asked for"
    return "a simulator of its own" if origin == "--demo" else f"API {settings.api_base} by {origin}"


def _unlent(settings: Settings) -> tuple[ConfigError, ...]:
    """Credentials of the profile that are not used."""
    return (
        (ConfigError(settings.note, "give that address credentials of its own, or unset it"),) if settings.note else ()
    )


def _readable(open_key: str | None) -> tuple[ConfigError, ...]:
    return (ConfigError(open_key, "run chmod 600 on it"),) if open_key else ()


def _unknown_variables(environ: Mapping[str, str]) -> tuple[ConfigError, ...]:
    """Variables that look like ours."""
    known = [setting.variable for setting in SETTINGS if setting.variable]
    return tuple(_unknown(name, known) for name in sorted(environ) if name.startswith("JOBDECK_") and name not in known)


def _unknown(name: str, known: Sequence[str]) -> ConfigError:
    remedy = closest_match(name, known, otherwise="unset it", likeness=0.8)  # they all begin alike
    return ConfigError(f"{one_line(name)[:40]} is no setting", remedy)
