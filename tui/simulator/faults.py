"""Scripted faults: what goes wrong instead of an answer, and a record of who asked. Knows no route and no job."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.core.clock import Clock

LOG_LENGTH = 10_000
"""Requests kept in the log; a demo may run for days."""

WINDOW_S = 60.0
"""Length of the rate limit's sliding window."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as it arrived."""

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
    """An answer given in place of the true one."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    path_part: str = ""
    """Only requests whose path holds this text meet it; empty means all."""


RATE_LIMITED = Fault(429, {"retry-after": "60"})
"""What the platform says to too many requests: no body (contract.md, "Limits")."""


class FaultPlan:
    """What the server will do wrong, changed at will while it runs, and what it was asked.

    Args:
        clock: Time of the record, the delays and the rate limit.
        limit_per_min: Requests answered in any 60 s before 429, the token call included; None means no limit.
        delay_s: Seconds each answer waits.
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
        """Answer the next `times` requests so, after those scripted before.

        Args:
            status: HTTP status.
            headers: Further headers; they win over the server's own, so `{"content-length": "999"}` cuts the answer
                short.
            body: Raw body.
            retry_after: Value of `Retry-After`, seconds or an HTTP date.
            times: Requests it lasts for.
            path_part: Only requests whose path holds this text count; empty means all.
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
        """Answer every request so until `clear()`; a later call with the same `path_part` replaces it. See
        `answer_next`.
        """
        self._always[path_part] = _fault(status, headers, retry_after, body=body, path_part=path_part)

    def clear(self) -> None:
        """Drop all scripted answers, the delay and the rate limit; the record stays."""
        self._next.clear()
        self._always.clear()
        self._admitted_s.clear()
        self.delay_s = 0.0
        self.limit_per_min = None

    def meet(self, request: Recorded) -> Fault | None:
        """Record a request and return what it meets: a scripted answer, the rate limit, or None for the true answer."""
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
