"""The state of the connection to one tenant: connected, rate limited, outage, unauthorised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tui.domain.errors import ErrorRecord


class ConnectionState(StrEnum):
    """State of the connection; it decides which requests may leave."""

    UP = "up"
    PAUSED = "paused"
    """The user paused polling. Only views use it."""
    THROTTLED = "throttled"
    """The server limits the rate; no request leaves until `until`."""
    OFFLINE = "offline"
    """Several requests failed in a row; single probes leave, less and less often."""
    UNAUTHORIZED = "refused"
    """The token is rejected. Single probes leave, at once with a new token or on the user's request."""


@dataclass(frozen=True, slots=True)
class Connection:
    """State of the connection after the last responses. All times are aware, by our wall clock."""

    state: ConnectionState = ConnectionState.UP
    error: ErrorRecord | None = None
    """The newest error; None for UP."""
    since: datetime | None = None
    """When the state was entered; None for UP."""
    until: datetime | None = None
    """When the next request may leave; None if no time is known or needed."""
    failures: int = 0
    """Consecutive transient errors."""
    refused_at: datetime | None = None
    """When a token was last rejected; None after the server accepted one."""
