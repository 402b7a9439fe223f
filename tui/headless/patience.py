"""How patiently a script asks: one second try, short silences, the budget. Knows neither jobs nor lists."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tui.core.clock import Clock
from tui.domain.connection import FAILURES_UNTIL_OFFLINE
from tui.domain.errors import ApiError, HostFound, JobNotFound, RateLimited, ServerFault, TokenRenewed, Unauthorised, Unreachable
from tui.domain.job_source import Answer, finished
from tui.monitor.polling_policy import RequestBudget

T = TypeVar("T")

RETRY_S = 0.5
"""Pause before the one second try after a transient error."""

LONGEST_SILENCE_S = 10.0
"""The longest Retry-After that is waited for; a script would rather know."""


class Patience:
    """Makes the calls of one command.

    A refusal, a long silence or a server that is gone is the verdict on all calls after it: nothing else leaves.

    Args:
        clock: Time and waiting.
        budget: How many requests may leave.
    """

    def __init__(self, clock: Clock, budget: RequestBudget | None = None) -> None:
        self._clock = clock
        self._budget = budget or RequestBudget()
        self.skipped = 0
        """Most elements of one list that were not jobs."""
        self._verdict: ApiError | None = None
        self._quiet_until_s = 0.0
        self._unreachable = 0
        self._first = asyncio.Lock()
        self._has_begun = False

    async def answer_to(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Make a call, with one second try where it may help.

        Raises:
            ApiError: There is no answer that could be used.
            ConfigError: The token or the environment is unusable.
        """
        try:
            answer = await self._tried(ask)
        except ApiError as error:
            self._judge(error)
            raise
        self._unreachable = 0
        if isinstance(answer, Answer):
            self.skipped = max(self.skipped, answer.skipped)
        return answer

    async def _tried(self, ask: Callable[[], Awaitable[T]]) -> T:
        if self._verdict is not None:
            raise self._verdict
        try:
            return await self._once(ask)
        except HostFound:
            return await self._tried(ask)  # it was asked of another host: both tries are left
        except TokenRenewed:
            pass  # the next try takes the new one
        except (RateLimited, ServerFault, Unreachable) as error:
            silence_s = error.retry_after_s
            if silence_s is None:
                await self._clock.sleep(RETRY_S)
            elif silence_s > LONGEST_SILENCE_S:
                raise
            else:
                self._quiet_until_s = max(self._quiet_until_s, self._clock.monotonic_s() + silence_s)
        return await self._once(ask)

    async def _once(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Make a call once; the very first one alone, so that a dead token is sent once and not by each worker."""
        if not self._has_begun:
            async with self._first:
                if not self._has_begun:
                    try:
                        return await self._now(ask)
                    finally:
                        self._has_begun = True
        return await self._now(ask)

    async def _now(self, ask: Callable[[], Awaitable[T]]) -> T:
        while self._verdict is None and (wait_s := self._wait_s(self._clock.monotonic_s())) > 0:
            await self._clock.sleep(wait_s)
        if self._verdict is not None:
            raise self._verdict
        self._budget = self._budget.spend(self._clock.monotonic_s())
        return await finished(ask())

    def _wait_s(self, now_s: float) -> float:
        """Seconds until silence is over and the budget allows one more request; scripts share it with everybody else."""
        return max(self._quiet_until_s - now_s, self._budget.wait_s(now_s))

    def _judge(self, error: ApiError) -> None:
        """Let an error that concerns all calls keep the others from leaving."""
        if isinstance(error, Unreachable | ServerFault):
            self._unreachable += 1
        elif isinstance(error, JobNotFound):
            self._unreachable = 0
        is_silence = error.retry_after_s is not None
        if is_silence or isinstance(error, Unauthorised) or self._unreachable >= FAILURES_UNTIL_OFFLINE:
            self._verdict = error
