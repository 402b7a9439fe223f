"""The state of the connection to one tenant: connected, rate limited, outage, unauthorised. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from tui.domain.errors import ApiError, JobNotFound, ServerFault, Unauthorised, Unreachable

FAILURES_UNTIL_OFFLINE = 5
"""Consecutive transient errors after which jobdeck sends single probes only."""

FIRST_PROBE_S, LONGEST_PROBE_S = 30.0, 300.0

REFUSED_PROBE_S = 40.0
"""Seconds between two probes with a rejected token; 30 to 60 s keeps the load low."""


class ConnectionState(Enum):
    """State of the connection; it decides which requests may leave."""

    UP = "up"
    PAUSED = "paused"
    """The user paused polling; no request leaves until the user resumes it."""
    THROTTLED = "throttled"
    """The server limits the rate; no request leaves until `resume_s`."""
    OFFLINE = "offline"
    """Several requests failed in a row; single probes leave, less and less often."""
    UNAUTHORIZED = "refused"
    """The token is rejected. One probe leaves every `REFUSED_PROBE_S`, at once with a new token or on the user's
    request.
    """


@dataclass(frozen=True, slots=True)
class Connection:
    """State of the connection after the last responses."""

    state: ConnectionState = ConnectionState.UP
    error: ApiError | None = None
    """The newest error; None for UP."""
    since: datetime | None = None
    """When the state was entered; None for UP."""
    until: datetime | None = None
    """When the next request may leave; None if no time is known or needed."""
    resume_s: float = 0.0
    """`until` on the monotonic clock."""
    failures: int = 0
    """Consecutive transient errors."""
    refused_s: float | None = None
    """When a token was last rejected, on the monotonic clock; None after the server accepted one."""

    def succeeded(self, *, now_s: float) -> Connection:
        """Return the connection after any response of a working server; a rate limit stays in force."""
        is_silenced = self.state is ConnectionState.THROTTLED and now_s < self.resume_s
        return self if is_silenced or self == _UP else _UP

    def failed(self, error: ApiError, *, at: datetime, now_s: float, is_outage: bool = False) -> Connection:
        """Return the connection after `error`. An error about one job proves that the connection works, unless
        `is_outage`.
        """
        if error.retry_after_s is not None:
            return self._enter(ConnectionState.THROTTLED, error, at=at, now_s=now_s, wait_s=error.retry_after_s)
        if isinstance(error, Unauthorised):
            return replace(
                self._enter(ConnectionState.UNAUTHORIZED, error, at=at, now_s=now_s, wait_s=REFUSED_PROBE_S),
                refused_s=now_s,
            )
        # A gateway can send this response, so it does not prove that the API accepts the token again.
        is_no_proof = self.state is ConnectionState.UNAUTHORIZED and not isinstance(error, JobNotFound)
        if is_outage or is_no_proof or isinstance(error, Unreachable | ServerFault):
            return self._broken(error, at=at, now_s=now_s)
        return self.succeeded(now_s=now_s)

    def _broken(self, error: ApiError, *, at: datetime, now_s: float) -> Connection:
        if self.state is not ConnectionState.UP and now_s < self.resume_s:
            return self  # a late response to an earlier request
        failures = self.failures + 1
        if failures < FAILURES_UNTIL_OFFLINE:
            if self.state is not ConnectionState.UNAUTHORIZED or self.error is None:
                return Connection(failures=failures, refused_s=self.refused_s)
            return replace(
                self._enter(self.state, self.error, at=at, now_s=now_s, wait_s=REFUSED_PROBE_S), failures=failures
            )
        wait_s = min(LONGEST_PROBE_S, FIRST_PROBE_S * 2 ** min(failures - FAILURES_UNTIL_OFFLINE, 10))
        return replace(
            self._enter(ConnectionState.OFFLINE, error, at=at, now_s=now_s, wait_s=wait_s), failures=failures
        )

    def retry_now(self) -> Connection:
        """Return the connection after a new token or a user's request: it may send one probe at once."""
        if self.state in {ConnectionState.UNAUTHORIZED, ConnectionState.OFFLINE}:
            return replace(self, resume_s=0.0, until=None)
        return self

    def wait_s(self, now_s: float) -> float:
        """Return the seconds until the next request may leave; 0 means now."""
        return 0.0 if self.state is ConnectionState.UP else max(0.0, self.resume_s - now_s)

    @property
    def allows_one_only(self) -> bool:
        """Whether at most one request may be in flight: the probe of a doubtful connection."""
        return self.state is ConnectionState.OFFLINE or self.refused_s is not None

    def _enter(
        self, state: ConnectionState, error: ApiError, *, at: datetime, now_s: float, wait_s: float
    ) -> Connection:
        kept_s = (
            self.resume_s if self.state in {state, ConnectionState.UNAUTHORIZED, ConnectionState.THROTTLED} else 0.0
        )
        resume_s = max(now_s + wait_s, kept_s)
        return Connection(
            state=state,
            error=error,
            since=self.since if self.state is state else at,
            until=at + timedelta(seconds=resume_s - now_s),
            resume_s=resume_s,
            failures=self.failures,
            refused_s=self.refused_s,
        )


_UP = Connection()
