"""Errors of API calls, with status, correlation id and remedy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from tui.core.errors import ConfigError as ConfigError  # noqa: PLC0414  # re-exported: API calls raise it too
from tui.core.errors import JobDeckError as JobDeckError  # noqa: PLC0414  # the root of the tree below


class ErrorKind(StrEnum):
    """What failed: the name of the error in JSON output (tui/scripts/README.md, Output)."""

    UNREACHABLE = "unreachable"
    RATE_LIMITED = "rate_limited"
    SERVER = "server"
    BAD_ANSWER = "bad_answer"
    NOT_FOUND = "not_found"
    UNAUTHORISED = "unauthorised"


class Doubt(StrEnum):
    """Why "no such job" is not believed for a job that the API has described before."""

    DOUBTED = "doubted"
    """Not decided yet: the job is requested again."""
    OUTAGE = "outage"
    """Several jobs are denied and none was described in between: the API has lost its jobs, presumably for a while."""


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """An error as a value: what was known when it happened."""

    kind: ErrorKind
    message: str
    """What failed, with which value; one line of safe text, lower case."""
    remedy: str = ""
    correlation_id: str | None = None
    http_status: int | None = None
    retry_after_s: float | None = None
    """Seconds that the server wants us to wait, 1 to 900; None if it sent no such limit."""
    host: str | None = None
    """The server that rejected the token; None for other errors, and if no request was sent."""
    doubt: Doubt | None = None
    """Why a "no such job" is not believed; None for other errors."""

    def __str__(self) -> str:
        """Return message, remedy and details for support; the server that rejected a token comes first."""
        return f"{self.sentence}{self.evidence}" if self.host is None else f"{self._rejected_by}: {self.sentence}"

    @property
    def sentence(self) -> str:
        """Message and remedy, without details for support."""
        return f"{self.message}; {self.remedy}" if self.remedy else self.message

    @property
    def cause(self) -> str:
        """Message with details for support, without the remedy."""
        return f"{self.message}{self.evidence}" if self.host is None else f"{self._rejected_by}: {self.message}"

    @property
    def facts(self) -> tuple[str, ...]:
        """Details for support: `HTTP 500`, `correlation 7f3a`; empty without a response."""
        status = (f"HTTP {self.http_status}",) if self.http_status else ()
        return (*status, f"correlation {self.correlation_id}") if self.correlation_id else status

    @property
    def evidence(self) -> str:
        """The same as a suffix for a message: ` (HTTP 500, correlation 7f3a)`."""
        return f" ({', '.join(self.facts)})" if self.facts else ""

    @property
    def _rejected_by(self) -> str:
        return f"not authorised by {self.host}{self.evidence}"


class Evidence(TypedDict):
    """Keyword arguments that an error takes from the response."""

    correlation_id: str | None
    http_status: int | None


class ApiError(JobDeckError):
    """One API call failed.

    Args:
        message: What failed, with which value; one line of safe text, lower case.
        remedy: What to do, if the cause is known; None means the class's `usual_remedy`.
        correlation_id: The response's `x-vol-correlation`, which support requires; None without a response.
        http_status: Status code of the response; None without a response.
    """

    kind = ErrorKind.BAD_ANSWER

    usual_remedy = "try again; if it persists, ask who runs the network or the proxy"
    """The remedy for most errors of this class."""

    server_time: datetime | None = None
    """The response's `Date`, aware; None without a response or a readable header."""

    retry_after_s: float | None = None
    """Seconds that the server wants us to wait, 1 to 900; None if it sent no such limit."""

    host: str | None = None
    """The server that rejected the token; None for other errors, and if no request was sent."""

    doubt: Doubt | None = None
    """Why a "no such job" is not believed; None for other errors."""

    def __init__(
        self,
        message: str,
        *,
        remedy: str | None = None,
        correlation_id: str | None = None,
        http_status: int | None = None,
    ) -> None:
        super().__init__(message, remedy or self.usual_remedy)
        self.correlation_id = correlation_id
        self.http_status = http_status

    def __str__(self) -> str:
        return str(self.record)

    @property
    def cause(self) -> str:
        return self.record.cause

    @property
    def record(self) -> ErrorRecord:
        """The error as a value."""
        return ErrorRecord(
            self.kind,
            self.message,
            self.remedy,
            self.correlation_id,
            self.http_status,
            self.retry_after_s,
            self.host,
            self.doubt,
        )


class Unreachable(ApiError):
    """No complete response arrived: connection refused or reset, timeout, DNS or TLS failure."""

    kind = ErrorKind.UNREACHABLE


class RateLimited(ApiError):
    """The server limits the rate (429).

    Args:
        message: As in ApiError.
        retry_after_s: Seconds to wait, 1 to 900.
        remedy: As in ApiError.
        correlation_id: As in ApiError.
        http_status: As in ApiError.
    """

    kind = ErrorKind.RATE_LIMITED
    usual_remedy = "send fewer requests: all sandbox tenants share one limit"

    def __init__(
        self,
        message: str,
        *,
        retry_after_s: float,
        remedy: str | None = None,
        correlation_id: str | None = None,
        http_status: int | None = None,
    ) -> None:
        remedy = remedy or f"wait {retry_after_s:.0f} s, and {self.usual_remedy}"
        super().__init__(message, remedy=remedy, correlation_id=correlation_id, http_status=http_status)
        self.retry_after_s: float = retry_after_s


class ServerFault(ApiError):
    """The server or a gateway responded with a failure; the response says nothing about any job.

    Args:
        message: As in ApiError.
        retry_after_s: Seconds to wait, 1 to 900; None if the server sent no limit.
        remedy: As in ApiError.
        correlation_id: As in ApiError.
        http_status: As in ApiError.
    """

    kind = ErrorKind.SERVER
    usual_remedy = "try again later, and give support the correlation id"

    def __init__(
        self,
        message: str,
        *,
        retry_after_s: float | None = None,
        remedy: str | None = None,
        correlation_id: str | None = None,
        http_status: int | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy, correlation_id=correlation_id, http_status=http_status)
        self.retry_after_s = retry_after_s


class BadAnswer(ApiError):
    """The response does not match the API contract."""

    kind = ErrorKind.BAD_ANSWER
    usual_remedy = "check --api-host, and that no proxy or login page answers instead of the API"


class AnswerTooLarge(BadAnswer):
    """The response exceeds the size limit."""

    usual_remedy = "request fewer jobs at once; a single job is too large for jobdeck"


class JobNotFound(ApiError):
    """The API knows no such job (404 or 410)."""

    kind = ErrorKind.NOT_FOUND
    usual_remedy = "check the id and the tenant"


class Unauthorised(ApiError):
    """The token is missing, rejected (401) or lacks the permission (403).

    Args:
        message: As in ApiError.
        remedy: As in ApiError.
        host: The server that rejected it; None if no request was sent.
        correlation_id: As in ApiError.
        http_status: As in ApiError.
    """

    kind = ErrorKind.UNAUTHORISED
    usual_remedy = "renew the token"

    def __init__(
        self,
        message: str,
        *,
        remedy: str | None = None,
        host: str | None = None,
        correlation_id: str | None = None,
        http_status: int | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy, correlation_id=correlation_id, http_status=http_status)
        self.host = host
