"""Errors of API calls, with status, correlation id and remedy."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from tui.core.errors import ConfigError as ConfigError  # noqa: PLC0414  # re-exported: API calls raise it too
from tui.core.errors import JobDeckError as JobDeckError  # noqa: PLC0414  # the root of the tree below


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

    kind = "bad_answer"
    """Name of the error in JSON output (tui/scripts/README.md, Output)."""

    usual_remedy = "try again; if it persists, ask who runs the network or the proxy"
    """The remedy for most errors of this class."""

    server_time: datetime | None = None
    """The response's `Date`, aware; None without a response or a readable header."""

    retry_after_s: float | None = None
    """Seconds that the server wants us to wait, 1 to 900; None if it sent no such limit."""

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
        return f"{self.sentence}{self.evidence}"

    @property
    def cause(self) -> str:
        return f"{self.message}{self.evidence}"

    @property
    def facts(self) -> tuple[str, ...]:
        """Details for support: `HTTP 500`, `correlation 7f3a`; empty without a response."""
        status = (f"HTTP {self.http_status}",) if self.http_status else ()
        return (*status, f"correlation {self.correlation_id}") if self.correlation_id else status

    @property
    def evidence(self) -> str:
        """The same as a suffix for a message: ` (HTTP 500, correlation 7f3a)`."""
        return f" ({', '.join(self.facts)})" if self.facts else ""


class Unreachable(ApiError):
    """No complete response arrived: connection refused or reset, timeout, DNS or TLS failure."""

    kind = "unreachable"


class RateLimited(ApiError):
    """The server limits the rate (429).

    Args:
        message: As in ApiError.
        retry_after_s: Seconds to wait, 1 to 900.
        remedy: As in ApiError.
        correlation_id: As in ApiError.
        http_status: As in ApiError.
    """

    kind = "rate_limited"
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

    kind = "server"
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

    kind = "bad_answer"
    usual_remedy = "check --api-host, and that no proxy or login page answers instead of the API"


class AnswerTooLarge(BadAnswer):
    """The response exceeds the size limit."""

    usual_remedy = "request fewer jobs at once; a single job is too large for jobdeck"


class JobNotFound(ApiError):
    """The API knows no such job (404 or 410)."""

    kind = "not_found"
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

    kind = "unauthorised"
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

    def __str__(self) -> str:
        """Return the message, with the server that rejected the token first."""
        return super().__str__() if self.host is None else f"{self._refusal}: {self.sentence}"

    @property
    def cause(self) -> str:
        return super().cause if self.host is None else f"{self._refusal}: {self.message}"

    @property
    def _refusal(self) -> str:
        return f"not authorised by {self.host}{self.evidence}"
