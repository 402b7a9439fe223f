"""The rate limiter of a process: every request to a tenant leaves through one `RequestGate`.

It knows the budget, the state of the connection and the requests in flight, whichever front end sends them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

from tui.core.clock import Clock, sleep_unless
from tui.domain.connection import Connection
from tui.domain.errors import ApiError
from tui.monitor.connection_tracker import ConnectionTracker

AT_ONCE = 2
"""Requests in flight. A token may expire meanwhile, and at most two requests may leave with an expired one
(tests/README.md, row 12).
"""

_ROUNDING = 1e-9


def budget_of(max_per_min: float) -> RequestBudget:
    """Return the budget for at most `max_per_min` requests in any 60 s, burst included. `max_per_min` is 1 or more."""
    burst = float(max(1, min(5, int(max_per_min / 12))))
    return RequestBudget(rate_per_s=(max_per_min - burst + 1) / 60, burst=burst, tokens=burst)


@dataclass(frozen=True, slots=True)
class RequestBudget:
    """A token bucket for one tenant: each request takes one token, manual refresh included."""

    rate_per_s: float = 2.0
    burst: float = 5.0
    in_flight_limit: int = AT_ONCE
    tokens: float = 5.0
    at_s: float = 0.0
    """Monotonic second of `tokens`."""

    def wait_s(self, now_s: float, *, requests: int = 1) -> float:
        """Return the seconds until this many requests may leave; 0 if they may now."""
        missing = requests - self._tokens_at(now_s)
        # A sleep may end too early by a rounding error; without slack the loop would spin.
        return missing / self.rate_per_s if missing > _ROUNDING else 0.0

    def spend(self, now_s: float) -> RequestBudget:
        """Return the budget after one request at `now_s`."""
        return replace(self, tokens=self._tokens_at(now_s) - 1.0, at_s=now_s)

    def _tokens_at(self, now_s: float) -> float:
        return min(self.burst, self.tokens + max(0.0, now_s - self.at_s) * self.rate_per_s)


ANOTHER_S = 30.0
"""Longest wait in seconds for a closed connection before a second request of one call."""


class Admission:
    """One admitted request, until it is returned to its gate."""


class RequestGate:
    """Admits requests. Each `now_s` is a monotonic second.

    Use it in one event loop. A request that a front end waits for by `turn` goes before those of the monitor, which
    polls whenever the gate is open.

    Args:
        budget: How many requests may leave.
    """

    def __init__(self, budget: RequestBudget | None = None) -> None:
        self._tracker = ConnectionTracker()
        self._budget = budget or RequestBudget()
        self._sent_s: deque[float] = deque()
        self._in_flight: set[Admission] = set()
        self._waiting: list[asyncio.Event] = []
        """Callers of `turn` that wait, in their order."""
        self._listeners: list[Callable[[], object]] = []

    @property
    def connection(self) -> Connection:
        """The state of the connection after the last responses to any front end."""
        return self._tracker.connection

    def pause_s(self, now_s: float) -> float:
        """Return the seconds until the connection allows a request, whatever the budget; 0 for now."""
        return self._tracker.wait_s(now_s)

    def wait_s(self, now_s: float) -> float | None:
        """Return the seconds until a request may leave, 0 for now; None if that depends on a response."""
        return self._wait_s(now_s, ahead=len(self._waiting))

    def leave(self, now_s: float) -> Admission:
        """Count a request that leaves now; pass the result to `returned` when it has ended in any way."""
        self._spend(now_s)
        admission = Admission()
        self._in_flight.add(admission)
        return admission

    def returned(self, admission: Admission) -> None:
        """Record that a request has ended; a second call for the same request does nothing."""
        if admission in self._in_flight:
            self._in_flight.remove(admission)
            self._changed()

    def succeeded(self, now_s: float) -> None:
        """Record a response of a working server."""
        self._connect(self._tracker.succeeded(now_s=now_s))

    def failed(self, error: ApiError, *, at: datetime, now_s: float, is_outage: bool = False) -> None:
        """Record a failed request; the arguments are those of `ConnectionTracker.failed`."""
        self._connect(self._tracker.failed(error, at=at, now_s=now_s, is_outage=is_outage))

    def retry_now(self) -> None:
        """Allow one request on a rejected or broken connection: the user requested it, or there is a new token."""
        self._connect(self._tracker.retry_now())

    @asynccontextmanager
    async def turn(self, clock: Clock, *, patience_s: float) -> AsyncIterator[None]:
        """Wait until a request may leave; it counts as in flight until the block ends.

        Args:
            clock: Time and sleep.
            patience_s: The longest wait for the connection in seconds. The wait for the budget has no limit.

        Raises:
            ApiError: The connection stays closed for longer than that; this is the error that closed it.
        """
        async with self._next_turn(clock, patience_s) as now_s:
            admission = self.leave(now_s)
        try:
            yield
        finally:
            self.returned(admission)

    async def another(self, clock: Clock) -> None:
        """Wait until a call that is in flight may send one more request, and count that: its token was renewed, say.

        It needs no place among the requests in flight, and goes before all callers that wait for one.

        Args:
            clock: Time and sleep.

        Raises:
            ApiError: The connection stays closed for longer than `ANOTHER_S`; this is the error that closed it.
        """
        async with self._next_turn(clock, ANOTHER_S, is_in_flight=True) as now_s:
            self._spend(now_s)

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call `listener` whenever a response may have opened the gate. The returned function unsubscribes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def per_min(self, now_s: float) -> int:
        """Return how many requests left within the last 60 s."""
        while self._sent_s and self._sent_s[0] < now_s - 60:
            self._sent_s.popleft()
        return len(self._sent_s)

    def _spend(self, now_s: float) -> None:
        self._budget = self._budget.spend(now_s)
        self._sent_s.append(now_s)

    def _wait_s(self, now_s: float, *, ahead: int, is_in_flight: bool = False) -> float | None:
        """Return what `wait_s` returns for a caller behind `ahead` others."""
        most = 1 if self._tracker.allows_one_only else self._budget.in_flight_limit
        if not is_in_flight and len(self._in_flight) + ahead >= most:
            return None
        return max(self._tracker.wait_s(now_s), self._budget.wait_s(now_s, requests=1 + ahead))

    @asynccontextmanager
    async def _next_turn(self, clock: Clock, patience_s: float, *, is_in_flight: bool = False) -> AsyncIterator[float]:
        """Wait in the queue of callers; the block runs at the monotonic second at which the request may leave."""
        turn = asyncio.Event()
        self._waiting.insert(0 if is_in_flight else len(self._waiting), turn)
        try:
            while True:
                turn.clear()
                now_s = clock.monotonic_s()
                if self._tracker.error is not None and self._tracker.wait_s(now_s) > patience_s:
                    raise self._tracker.error
                wait_s = self._wait_s(now_s, ahead=self._waiting.index(turn), is_in_flight=is_in_flight)
                if wait_s is not None and wait_s <= 0:
                    break
                await sleep_unless(turn, wait_s, clock)
            yield now_s
        finally:
            self._waiting.remove(turn)
            self._changed()

    def _connect(self, tracker: ConnectionTracker) -> None:
        if tracker is not self._tracker:
            self._tracker = tracker
            self._changed()

    def _changed(self) -> None:
        """Wake every caller that waits."""
        for turn in self._waiting:
            turn.set()
        for listener in tuple(self._listeners):
            listener()


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

    def departed(self, now_s: float, *, late_s: float) -> None:
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
