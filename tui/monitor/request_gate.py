"""Decides whether a request may leave now, by pause, connection state and budget. Pure."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from statistics import median

from tui.domain.connection import Connection, ConnectionState
from tui.monitor.polling_policy import RequestBudget
from tui.monitor.snapshot import Traffic

WINDOW_S = 60.0


class RequestCounter:
    """The requests of the last minute."""

    def __init__(self) -> None:
        self._sent_s: deque[float] = deque()

    def left(self, now_s: float) -> None:
        """Count a request that leaves now."""
        self._sent_s.append(now_s)

    def per_min(self, now_s: float) -> int:
        """Return how many requests left within the last 60 s."""
        while self._sent_s and self._sent_s[0] < now_s - WINDOW_S:
            self._sent_s.popleft()
        return len(self._sent_s)


DEPARTURES_JUDGED = 9
"""Newest requests whose delay counts; one outlier does not move the median of nine."""

LATE_FROM_S = 1.0
"""Smaller delays count as on time."""

OVERSLEPT_S = 2.0
"""A wake-up later than this means that the process was suspended, not only that the machine is busy."""


class DelayStats:
    """Delays of the newest requests, cleared when no job is late any more. Each `now_s` is a monotonic second."""

    def __init__(self) -> None:
        self._late_s: deque[float] = deque(maxlen=DEPARTURES_JUDGED)
        self._open_from_s = 0.0
        """Before this second no request could leave, whatever the budget."""
        self._was_shut = False
        self._alarm_s: float | None = None

    def woke(self, now_s: float, *, is_shut: bool) -> None:
        """Record that the loop checks again which requests may leave.

        Args:
            now_s: When.
            is_shut: Whether the user or the connection blocks requests now.
        """
        if is_shut or self._was_shut or (self._alarm_s is not None and now_s > self._alarm_s + OVERSLEPT_S):
            self._open_from_s = now_s
            self._late_s.clear()
        self._was_shut = is_shut

    def left(self, now_s: float, *, late_s: float) -> None:
        """Count a request that leaves `late_s` seconds after its due time."""
        self._late_s.append(min(late_s, now_s - self._open_from_s))

    def sleeps(self, now_s: float, *, wait_s: float | None, is_anyone_due: bool) -> None:
        """Record that the loop sleeps for `wait_s` seconds, or until an event. If no job is due, the delays are
        cleared.
        """
        self._alarm_s = None if wait_s is None else now_s + wait_s
        if not is_anyone_due:
            self._late_s.clear()

    @property
    def usual_s(self) -> float:
        """The usual delay of requests in seconds; 0 if they leave on time."""
        usual_s = median(self._late_s) if self._late_s else 0.0
        return usual_s if usual_s >= LATE_FROM_S else 0.0


OUTAGE_FROM = 2
"""Failures in a row that count as an outage: then the outage delays jobs, not the budget."""


class RequestGate:
    """Admits requests, and counts those that left.

    Args:
        budget: How many requests may leave.
    """

    def __init__(self, budget: RequestBudget) -> None:
        self.is_paused = False
        """Whether the user paused polling."""
        self._budget = budget
        self._meter = RequestCounter()
        self._lateness = DelayStats()

    def wait_s(self, link: Connection, now_s: float, *, under_way: int) -> float | None:
        """Return the seconds until a request may leave, 0 for now; None if that depends on the user or on a response.

        Args:
            link: The state of the connection.
            now_s: Monotonic second.
            under_way: Number of requests in flight.
        """
        most = 1 if link.allows_one_only else self._budget.in_flight_limit
        if self.is_paused or under_way >= most:
            return None
        return max(link.wait_s(now_s), self._budget.wait_s(now_s))

    def woke(self, link: Connection, now_s: float) -> None:
        """Record the state of the gate before requests leave. Call this at each turn of the loop: only so the gate
        learns when it was shut.
        """
        is_shut = self.is_paused or link.state is not ConnectionState.UP or link.failures >= OUTAGE_FROM
        self._lateness.woke(now_s, is_shut=is_shut)

    def passed(self, now_s: float, *, late_s: float) -> None:
        """Record that a request leaves now, `late_s` seconds after its due time."""
        self._budget = self._budget.spend(now_s)
        self._meter.left(now_s)
        self._lateness.left(now_s, late_s=late_s)

    def sleeps(self, now_s: float, *, wait_s: float | None, is_anyone_due: bool) -> None:
        """Record that no request leaves for `wait_s` seconds, or until an event."""
        self._lateness.sleeps(now_s, wait_s=wait_s, is_anyone_due=is_anyone_due)

    def traffic(self, now_s: float, at: datetime, *, wait_s: float | None, is_anyone_due: bool) -> Traffic:
        """Return the request statistics for a snapshot.

        Args:
            now_s: Monotonic second.
            at: The same moment by our wall clock.
            wait_s: Seconds until the next request may leave; None if that is not known.
            is_anyone_due: Whether a job is due; if not, the delay is 0.
        """
        return Traffic(
            requests_per_min=self._meter.per_min(now_s),
            next_at=None if wait_s is None else at + timedelta(seconds=wait_s),
            late_s=self._lateness.usual_s if is_anyone_due else 0.0,
        )
