"""Decides which state of the connection a response leads to, and when the next request may leave. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tui.domain.connection import Connection, ConnectionState
from tui.domain.errors import ApiError, JobNotFound, ServerFault, Unauthorised, Unreachable

FAILURES_UNTIL_OFFLINE = 5
"""Consecutive transient errors after which jobdeck sends single probes only."""

FIRST_PROBE_S, LONGEST_PROBE_S = 30.0, 300.0

REFUSED_PROBE_S = 40.0
"""Seconds between two probes with a rejected token; 30 to 60 s keeps the load low."""


@dataclass(frozen=True, slots=True)
class ConnectionTracker:
    """The connection after the last responses, and what decides on the next request. Each `now_s` is a monotonic
    second.
    """

    connection: Connection = Connection()  # noqa: RUF009  # frozen
    resume_s: float = 0.0
    """`Connection.until` on the monotonic clock."""
    error: ApiError | None = None
    """The exception of `Connection.error`."""

    def succeeded(self, *, now_s: float) -> ConnectionTracker:
        """Return the state after any response of a working server; a rate limit stays in force."""
        is_silenced = self.connection.state is ConnectionState.THROTTLED and now_s < self.resume_s
        return self if is_silenced or self == _UP else _UP

    def failed(self, error: ApiError, *, at: datetime, now_s: float, is_outage: bool = False) -> ConnectionTracker:
        """Return the state after `error`. An error about one job proves that the connection works, unless `is_outage`."""
        if error.retry_after_s is not None:
            return self._enter(ConnectionState.THROTTLED, error, at=at, now_s=now_s, wait_s=error.retry_after_s)
        if isinstance(error, Unauthorised):
            entered = self._enter(ConnectionState.UNAUTHORIZED, error, at=at, now_s=now_s, wait_s=REFUSED_PROBE_S)
            return entered._with(refused_at=at)  # noqa: SLF001  # of the same class
        # A gateway can send this response, so it does not prove that the API accepts the token again.
        is_no_proof = self.connection.state is ConnectionState.UNAUTHORIZED and not isinstance(error, JobNotFound)
        if is_outage or is_no_proof or isinstance(error, Unreachable | ServerFault):
            return self._broken(error, at=at, now_s=now_s)
        return self.succeeded(now_s=now_s)

    def _broken(self, error: ApiError, *, at: datetime, now_s: float) -> ConnectionTracker:
        state = self.connection.state
        if state is not ConnectionState.UP and now_s < self.resume_s:
            return self  # a late response to an earlier request
        failures = self.connection.failures + 1
        if failures < FAILURES_UNTIL_OFFLINE:
            if state is not ConnectionState.UNAUTHORIZED or self.error is None:
                return ConnectionTracker(Connection(failures=failures, refused_at=self.connection.refused_at))
            entered = self._enter(state, self.error, at=at, now_s=now_s, wait_s=REFUSED_PROBE_S)
        else:
            wait_s = min(LONGEST_PROBE_S, FIRST_PROBE_S * 2 ** min(failures - FAILURES_UNTIL_OFFLINE, 10))
            entered = self._enter(ConnectionState.OFFLINE, error, at=at, now_s=now_s, wait_s=wait_s)
        return entered._with(failures=failures)  # noqa: SLF001  # of the same class

    def retry_now(self) -> ConnectionTracker:
        """Return the state after a new token or a user's request: it may send one probe at once."""
        if self.connection.state in {ConnectionState.UNAUTHORIZED, ConnectionState.OFFLINE}:
            return replace(self._with(until=None), resume_s=0.0)
        return self

    def wait_s(self, now_s: float) -> float:
        """Return the seconds until the next request may leave; 0 means now."""
        return 0.0 if self.connection.state is ConnectionState.UP else max(0.0, self.resume_s - now_s)

    @property
    def allows_one_only(self) -> bool:
        """Whether at most one request may be in flight: the probe of a doubtful connection."""
        return self.connection.state is ConnectionState.OFFLINE or self.connection.refused_at is not None

    def _enter(
        self, state: ConnectionState, error: ApiError, *, at: datetime, now_s: float, wait_s: float
    ) -> ConnectionTracker:
        before = self.connection
        is_kept = before.state in {state, ConnectionState.UNAUTHORIZED, ConnectionState.THROTTLED}
        resume_s = max(now_s + wait_s, self.resume_s if is_kept else 0.0)
        entered = Connection(
            state=state,
            error=error.record,
            since=before.since if before.state is state else at,
            until=at + timedelta(seconds=resume_s - now_s),
            failures=before.failures,
            refused_at=before.refused_at,
        )
        return ConnectionTracker(entered, resume_s, error)

    def _with(self, **changes: object) -> ConnectionTracker:
        return replace(self, connection=replace(self.connection, **changes))  # type: ignore[arg-type]  # its own fields


_UP = ConnectionTracker()
