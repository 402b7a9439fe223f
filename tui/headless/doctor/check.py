"""What one check found, and what all of them come to. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tui.api.errors import ApiError, RateLimited
from tui.errors import JobDeckError
from tui.headless.exits import Exit, exit_for, gravest


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

_BEFORE_REMEDY = re.compile(r"; |: (?=set )")

_REMEDIES: Mapping[str, str] = {
    "unreachable": "try again; if it stays so, ask who runs the network or the proxy",
    "server": "try again later, and give support the correlation id",
    "bad_answer": "check --api-host, and that no proxy or login page answers in the API's place",
    "unauthorised": "renew the token",
}
"""By the kind of an error that names none itself."""


def ok(name: str, found: str, *, ms: float | None = None) -> Check:
    """Return a check that found everything well."""
    return Check(name, State.OK, found, ms=ms)


def warning(name: str, found: str, remedy: str, *, ms: float | None = None) -> Check:
    """Return a check that found something to mend, which stops nothing."""
    return Check(name, State.WARNING, found, remedy, ms)


def skipped(name: str, found: str) -> Check:
    """Return a check that was not made."""
    return Check(name, State.SKIPPED, found)


def failed(name: str, error: JobDeckError, *, ms: float | None = None) -> Check:
    """Return a check that an error ended, in the error's own words; behind their first semicolon stands the remedy (style.md, Errors)."""
    text, evidence = (error.message, error.evidence) if isinstance(error, ApiError) else (str(error), "")
    what, *remedies = _BEFORE_REMEDY.split(text, maxsplit=1)
    remedy = "".join(remedies)
    return Check(name, State.FAILED, f"{what}{evidence}", remedy or _remedy(error), ms, exit_for(error))


def exit_code(checks: Iterable[Check]) -> Exit:
    """Return the code that wins among the failures; DONE without any.

    USAGE is before what it showed: with a wrong setting the wrong thing was looked at.
    """
    return gravest(check.exit_code for check in checks)


def _remedy(error: JobDeckError) -> str:
    if isinstance(error, RateLimited):
        return f"wait {error.retry_after_s:.0f} s, and have everybody ask less: all sandbox tenants share one limit"
    return _REMEDIES.get(error.kind, "") if isinstance(error, ApiError) else "correct that setting"
