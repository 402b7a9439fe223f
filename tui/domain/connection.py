"""The state of the connection to one tenant: connected, rate limited, outage, unauthorised. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from tui.domain.errors import ApiError, JobNotFound, ServerFault, TokenRenewed, Unauthorised, Unreachable

FAILURES_UNTIL_OFFLINE = 5

"""Transient errors in a row after which only single probes leave (faults.md, "Polling etiquette")."""

FIRST_PROBE_S, LONGEST_PROBE_S = 30.0, 300.0

REFUSED_PROBE_S = 40.0

"""Time between two probes with a token that was refused (faults.md, "Polling etiquette": 30 to 60 s)."""


class ConnectionState(Enum):
    """What the connection allows."""

    UP = "up"
    PAUSED = "paused"
    """Somebody stopped the asking; nothing leaves until somebody lets it go on."""
    THROTTLED = "throttled"
    """The server asked for silence; nothing leaves until it is over."""
    OFFLINE = "offline"
    """Nothing has worked for a while; one probe leaves now and then."""
    UNAUTHORIZED = "refused"
    """The token is rejected; one probe leaves every `REFUSED_PROBE_S`, or at once with a new token or when a person
    asks for it.
    """


@dataclass(frozen=True, slots=True)
class Connection:
    """What the last answers say about the connection."""

    state: ConnectionState = ConnectionState.UP
    error: ApiError | None = None
    """The newest error of a link that is not UP."""
    since: datetime | None = None
    """When the state was entered; None for UP."""
    until: datetime | None = None
    """When the next request may leave; None where no time is known or none is needed."""
    resume_s: float = 0.0
    """`until` on the monotonic clock."""
    failures: int = 0
    """Transient errors in a row."""
    refused_s: float | None = None
    """When a token was last refused, on the monotonic clock; None if one was accepted since."""

    def succeeded(self, *, now_s: float) -> Connection:
        """Return the link after any answer that shows the server at work; silence that was asked for goes on."""
        is_silenced = self.state is ConnectionState.THROTTLED and now_s < self.resume_s
        return self if is_silenced or self == _UP else _UP

    def failed(self, error: ApiError, *, at: datetime, now_s: float, is_outage: bool = False) -> Connection:
        """Return the link after `error`; errors about one job alone prove that the link is up, unless `is_outage` says
        otherwise.
        """
        if error.retry_after_s is not None:
            return self._enter(ConnectionState.THROTTLED, error, at=at, now_s=now_s, wait_s=error.retry_after_s)
        if isinstance(error, Unauthorised):
            return replace(
                self._enter(ConnectionState.UNAUTHORIZED, error, at=at, now_s=now_s, wait_s=REFUSED_PROBE_S),
                refused_s=now_s,
            )
        if isinstance(error, TokenRenewed):
            return replace(self.succeeded(now_s=now_s), refused_s=now_s)
        # An answer that only something in front of the API can give is no sign that the token is accepted again.
        is_no_proof = self.state is ConnectionState.UNAUTHORIZED and not isinstance(error, JobNotFound)
        if is_outage or is_no_proof or isinstance(error, Unreachable | ServerFault):
            return self._broken(error, at=at, now_s=now_s)
        return self.succeeded(now_s=now_s)

    def _broken(self, error: ApiError, *, at: datetime, now_s: float) -> Connection:
        if self.state is not ConnectionState.UP and now_s < self.resume_s:
            return self  # late news of a request that left before
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
        """Return the link after a person asked for a reading, or a new token came: one that is refused or broken may be
        tried once.
        """
        if self.state in {ConnectionState.UNAUTHORIZED, ConnectionState.OFFLINE}:
            return replace(self, resume_s=0.0, until=None)
        return self

    def wait_s(self, now_s: float) -> float:
        """Return the seconds until a request may leave: 0 for now."""
        return 0.0 if self.state is ConnectionState.UP else max(0.0, self.resume_s - now_s)

    @property
    def allows_one_only(self) -> bool:
        """Whether at most one request may be under way, as the probe of a link in doubt."""
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
