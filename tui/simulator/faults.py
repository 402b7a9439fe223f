"""Scripted faults: responses that replace the true ones, and a record of all requests."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.core.clock import Clock

LOG_LENGTH = 10_000
"""Most recorded requests; a demo may run for days."""

WINDOW_S = 60.0
"""Length of the rate limit's sliding window."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One received request."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    """Decoded pairs in their order; repeated names stay apart."""
    headers: Mapping[str, str]
    """Names in lower case."""
    at_s: float
    """Seconds since the plan was made."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A response that replaces the true one."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    path_part: str = ""
    """Applies only to requests whose path contains this text; empty means all."""


RATE_LIMITED = Fault(429, {"retry-after": "60"})
"""The platform's 429 has no body (tui/api/README.md, Limits)."""


class FaultPlan:
    """Faults of the server, which tests may change at any time, and a record of its requests.

    Args:
        clock: Clock of the record, the delays and the rate limit.
        limit_per_min: Requests in any 60 s before 429, including the token call; None means no limit.
        delay_s: Seconds before each response.
    """

    def __init__(self, clock: Clock, *, limit_per_min: int | None = None, delay_s: float = 0.0) -> None:
        self.limit_per_min = limit_per_min
        self.delay_s = delay_s
        self.requests = 0
        self.log: deque[Recorded] = deque(maxlen=LOG_LENGTH)
        self._clock = clock
        self._started_s = clock.monotonic_s()
        self._next: deque[Fault] = deque()
        self._always: dict[str, Fault] = {}
        self._admitted_s: deque[float] = deque()

    @property
    def now_s(self) -> float:
        """Seconds since the plan was made."""
        return self._clock.monotonic_s() - self._started_s

    def answer_next(
        self,
        status: int,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        retry_after: str | None = None,
        times: int = 1,
        path_part: str = "",
    ) -> None:
        """Replace the responses to the next `times` requests, after those of earlier calls.

        Args:
            status: HTTP status.
            headers: Additional headers; they override the server's own: `{"content-length": "999"}` truncates the
                response.
            body: Raw body.
            retry_after: Value of `Retry-After`, seconds or an HTTP date.
            times: Number of requests.
            path_part: Applies only to requests whose path contains this text; empty means all.
        """
        fault = _fault(status, headers, retry_after, body=body, path_part=path_part)
        self._next.extend([fault] * times)

    def answer_always(
        self,
        status: int,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        retry_after: str | None = None,
        path_part: str = "",
    ) -> None:
        """Replace all responses until `clear()`; a later call with the same `path_part` overrides this one. See
        `answer_next`.
        """
        self._always[path_part] = _fault(status, headers, retry_after, body=body, path_part=path_part)

    def clear(self) -> None:
        """Remove all scripted responses, the delay and the rate limit; keeps the record."""
        self._next.clear()
        self._always.clear()
        self._admitted_s.clear()
        self.delay_s = 0.0
        self.limit_per_min = None

    def meet(self, request: Recorded) -> Fault | None:
        """Record a request; return a scripted response or the rate limit, or None for the true response."""
        self.requests += 1
        self.log.append(request)
        scripted = self._scripted(request.path)
        return scripted if scripted is not None else self._limited(request.at_s)

    def _scripted(self, path: str) -> Fault | None:
        for fault in self._next:
            if fault.path_part in path:
                self._next.remove(fault)
                return fault
        return next((fault for part, fault in self._always.items() if part in path), None)

    def _limited(self, at_s: float) -> Fault | None:
        if self.limit_per_min is None:
            return None
        while self._admitted_s and self._admitted_s[0] <= at_s - WINDOW_S:
            self._admitted_s.popleft()
        if len(self._admitted_s) >= self.limit_per_min:
            return RATE_LIMITED
        self._admitted_s.append(at_s)
        return None


def _fault(
    status: int, headers: Mapping[str, str] | None, retry_after: str | None, *, body: bytes, path_part: str
) -> Fault:
    named = {name.lower(): value for name, value in (headers or {}).items()}
    if retry_after is not None:
        named["retry-after"] = retry_after
    return Fault(status, named, body, path_part)
