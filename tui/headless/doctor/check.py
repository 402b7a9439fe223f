"""What one check found, and what all of them come to. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tui.api.errors import ApiError, RateLimited
from tui.errors import JobDeckError
from tui.headless.exits import Exit, exit_for


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

_ORDER = (Exit.USAGE, Exit.UNAUTHORISED, Exit.UNREACHABLE, Exit.DONE)
"""With a wrong setting the wrong thing was looked at, so it comes before what that showed; then as in cli.md, Exit codes."""

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
    what, *remedies = _BEFORE_REMEDY.split(error.message if isinstance(error, ApiError) else str(error), maxsplit=1)
    remedy = "".join(remedies)
    return Check(name, State.FAILED, f"{what}{_facts(error)}", remedy or _remedy(error), ms, exit_for(error))


def exit_code(checks: Iterable[Check]) -> Exit:
    """Return the code that wins among the failures; DONE without any."""
    return min((check.exit_code for check in checks), key=_ORDER.index, default=Exit.DONE)


def _facts(error: JobDeckError) -> str:
    if not isinstance(error, ApiError):
        return ""
    facts = [f"HTTP {error.http_status}"] if error.http_status else []
    facts += [f"correlation {error.correlation_id}"] if error.correlation_id else []
    return f" ({', '.join(facts)})" if facts else ""


def _remedy(error: JobDeckError) -> str:
    if isinstance(error, RateLimited):
        return f"wait {error.retry_after_s:.0f} s, and have everybody ask less: all sandbox tenants share one limit"
    return _REMEDIES.get(error.kind, "") if isinstance(error, ApiError) else "correct that setting"
