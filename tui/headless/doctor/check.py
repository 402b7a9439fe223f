"""What one check found, and what all of them come to. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from tui.core.errors import ConfigError
from tui.domain.errors import ApiError
from tui.domain.exit_codes import Exit, exit_for, gravest


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
