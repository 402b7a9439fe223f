"""Every way a call to the API can fail, as exceptions that carry facts. Front ends word them."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from tui.core.errors import ConfigError as ConfigError  # noqa: PLC0414  # re-exported: callers of the API meet it too
from tui.core.errors import JobDeckError as JobDeckError  # noqa: PLC0414  # the root of the tree below


class Evidence(TypedDict):
    """What an answer gives its error along, as arguments by these names."""

    correlation_id: str | None
    http_status: int | None


class ApiError(JobDeckError):
    """One call to the API did not give what was asked for.

    Args:
        message: What failed, with which value; one line of safe text, lower case.
        remedy: What to do about it, where more is known than what helps with most of its kind; None for that.
        correlation_id: The `x-vol-correlation` of the answer, which support asks for; None without an answer.
        http_status: Status code of the answer; None without an answer.
    """

    kind = "bad_answer"
    """Its name in the JSON of the command line (cli.md, Output)."""

    usual_remedy = "try again; if it stays so, ask who runs the network or the proxy"
    """What helps with most of its kind."""

    server_time: datetime | None = None
    """The `Date` of the answer that said no, aware; None without an answer or a readable one."""

    retry_after_s: float | None = None
    """Seconds of silence that the server asked for, 1 to 900 (faults.md, "Polling etiquette"); None if it asked for
    none.
    """

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
        """What support asks for, one by one: `HTTP 500`, `correlation 7f3a`; empty without an answer."""
        status = (f"HTTP {self.http_status}",) if self.http_status else ()
        return (*status, f"correlation {self.correlation_id}") if self.correlation_id else status

    @property
    def evidence(self) -> str:
        """The same to be put behind a text: ` (HTTP 500, correlation 7f3a)`."""
        return f" ({', '.join(self.facts)})" if self.facts else ""


class Unreachable(ApiError):
    """No whole answer came: refused, reset, timed out, not resolved, TLS failed."""

    kind = "unreachable"


class RateLimited(ApiError):
    """The server asked for silence (429).

    Args:
        message: As in ApiError.
        retry_after_s: Seconds of silence, 1 to 900.
        remedy: As in ApiError.
        correlation_id: As in ApiError.
        http_status: As in ApiError.
    """

    kind = "rate_limited"
    usual_remedy = "have everybody ask less: all sandbox tenants share one limit"

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
    """The server answered 5xx, or something in front of it answered in its place: nothing is learned about any job.

    Args:
        message: As in ApiError.
        retry_after_s: Seconds of silence that it asked for, 1 to 900; None if it asked for none.
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
    """An answer came, but not one that the contract knows."""

    kind = "bad_answer"
    usual_remedy = "check --api-host, and that no proxy or login page answers in the API's place"


class AnswerTooLarge(BadAnswer):
    """More came than is ever read."""

    usual_remedy = "ask for fewer jobs at once; one job alone is too large for jobdeck"


class JobNotFound(ApiError):
    """The API itself says that there is no such job (404 or 410)."""

    kind = "not_found"
    usual_remedy = "check the id and the tenant"


class Unauthorised(ApiError):
    """The token is missing, refused (401) or may not do this (403).

    Args:
        message: As in ApiError.
        remedy: As in ApiError.
        host: Who refused it; None where nobody was asked.
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
        """Say who refused it first (cli.md, Output)."""
        return super().__str__() if self.host is None else f"{self._refusal}: {self.sentence}"

    @property
    def cause(self) -> str:
        return super().cause if self.host is None else f"{self._refusal}: {self.message}"

    @property
    def _refusal(self) -> str:
        return f"not authorised by {self.host}{self.evidence}"


class AskAgain(ApiError):
    """The request was needed for something else than what was asked for: the same call may be made again at once."""

    usual_remedy = "ask again"


class TokenRenewed(AskAgain):
    """The token was refused and has been renewed meanwhile."""

    kind = "unauthorised"


class HostFound(AskAgain):
    """The auth host was asked where the API is, and said it."""
