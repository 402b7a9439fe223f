"""Whether a call may leave now: people, the link and the budget have a say. Knows no job, no clock and no request."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.domain.connection import Link, LinkState
from tui.monitor.lateness import Lateness
from tui.monitor.schedule import RequestBudget
from tui.monitor.snapshot import Traffic
from tui.monitor.traffic import TrafficMeter

OUTAGE_FROM = 2
"""Failures in a row that are taken for the beginning of an outage: it, and no budget, keeps jobs waiting."""


class Gate:
    """What every call has to pass, and the count of those that did.

    Args:
        budget: How many requests may leave.
    """

    def __init__(self, budget: RequestBudget) -> None:
        self.is_paused = False
        """Whether a person stopped the asking."""
        self._budget = budget
        self._meter = TrafficMeter()
        self._lateness = Lateness()

    def wait_s(self, link: Link, now_s: float, *, under_way: int) -> float | None:
        """Return the seconds until a call may leave, 0 for now; None if that is for people, or an answer, to tell.

        Args:
            link: The state of the connection.
            now_s: Monotonic second.
            under_way: Calls that have left and not arrived yet.
        """
        most = 1 if link.allows_one_only else self._budget.in_flight_limit
        if self.is_paused or under_way >= most:
            return None
        return max(link.wait_s(now_s), self._budget.wait_s(now_s))

    def woke(self, link: Link, now_s: float) -> None:
        """Take note that it is looked again what may leave, before anything does; nothing else tells when the gate was shut."""
        is_shut = self.is_paused or link.state is not LinkState.UP or link.failures >= OUTAGE_FROM
        self._lateness.woke(now_s, is_shut=is_shut)

    def passed(self, now_s: float, *, late_s: float) -> None:
        """Take note that a call leaves now, `late_s` seconds after its time."""
        self._budget = self._budget.spend(now_s)
        self._meter.left(now_s)
        self._lateness.left(now_s, late_s=late_s)

    def sleeps(self, now_s: float, *, wait_s: float | None, is_anyone_due: bool) -> None:
        """Take note that nothing more leaves for `wait_s` seconds, or until there is news, though somebody may be due."""
        self._lateness.sleeps(now_s, wait_s=wait_s, is_anyone_due=is_anyone_due)

    def traffic(self, now_s: float, at: datetime, *, wait_s: float | None, is_anyone_due: bool) -> Traffic:
        """Return what is to be told of the calls that passed.

        Args:
            now_s: Monotonic second.
            at: The same moment by our wall clock.
            wait_s: Seconds until the next one may leave; None if only news can tell.
            is_anyone_due: Whether a job waits for one to leave; if not, nothing is late.
        """
        return Traffic(
            requests_per_min=self._meter.per_min(now_s),
            next_at=None if wait_s is None else at + timedelta(seconds=wait_s),
            late_s=self._lateness.usual_s if is_anyone_due else 0.0,
        )
