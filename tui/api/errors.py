"""Everything that can go wrong with the API, as exceptions that carry facts. Front ends word them; nothing is printed here."""

from __future__ import annotations

from datetime import datetime

from tui.errors import ConfigError as ConfigError  # noqa: PLC0414  # re-exported: callers of the API meet it too
from tui.errors import JobDeckError as JobDeckError  # noqa: PLC0414  # the root of the tree below


class ApiError(JobDeckError):
    """One call to the API did not give what was asked for.

    Args:
        message: One line of safe text, lower case.
        correlation_id: The `x-vol-correlation` of the answer, which support asks for; None without an answer.
        http_status: Status code of the answer; None without an answer.
    """

    kind = "bad_answer"
    """Its name in the JSON of the command line (cli.md, Output)."""

    server_time: datetime | None = None
    """The `Date` of the answer that said no, aware; None without an answer or a readable one."""

    def __init__(self, message: str, *, correlation_id: str | None = None, http_status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.correlation_id = correlation_id
        self.http_status = http_status

    def __str__(self) -> str:
        return f"{self.message}{self.evidence}"

    @property
    def evidence(self) -> str:
        """What support asks for, to be put behind a text: ` (HTTP 500, correlation 7f3a)`; empty without an answer."""
        facts = [f"HTTP {self.http_status}"] if self.http_status else []
        facts += [f"correlation {self.correlation_id}"] if self.correlation_id else []
        return f" ({', '.join(facts)})" if facts else ""


class Unreachable(ApiError):
    """No whole answer came: refused, reset, timed out, not resolved, TLS failed."""

    kind = "unreachable"


class RateLimited(ApiError):
    """The server asked for silence (429, or 503 as its sign of overload).

    Args:
        message: As in ApiError.
        retry_after_s: Seconds of silence, 1 to 900 (faults.md, "Polling etiquette").
        correlation_id: As in ApiError.
        http_status: As in ApiError.
    """

    kind = "rate_limited"

    def __init__(self, message: str, *, retry_after_s: float, correlation_id: str | None = None, http_status: int | None = None) -> None:
        super().__init__(message, correlation_id=correlation_id, http_status=http_status)
        self.retry_after_s = retry_after_s


class ServerFault(ApiError):
    """The server answered 5xx."""

    kind = "server"


class BadAnswer(ApiError):
    """An answer came, but not one that the contract knows."""

    kind = "bad_answer"


class AnswerTooLarge(BadAnswer):
    """More came than is ever read: less should be asked for."""


class JobNotFound(ApiError):
    """The server knows no such job (404 or 410)."""

    kind = "not_found"


class Unauthorised(ApiError):
    """The token is missing, refused (401) or may not do this (403).

    Args:
        message: As in ApiError; why, and what to do.
        host: Who refused it; None where nobody was asked.
        correlation_id: As in ApiError.
        http_status: As in ApiError.
    """

    kind = "unauthorised"

    def __init__(self, message: str, *, host: str | None = None, correlation_id: str | None = None, http_status: int | None = None) -> None:
        super().__init__(message, correlation_id=correlation_id, http_status=http_status)
        self.host = host

    def __str__(self) -> str:
        """Say who refused it first (cli.md, Output)."""
        if self.host is None:
            return super().__str__()
        return f"not authorised by {self.host}{self.evidence}: {self.message}"


class TokenRenewed(ApiError):
    """The token was refused and has been renewed meanwhile: the same call may be made again."""

    kind = "unauthorised"
