"""Makes one real call, and compares the clocks by its answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from tui.api.client import JobClient
from tui.core.clock import Clock
from tui.core.errors import ConfigError
from tui.domain.errors import ApiError, TokenRenewed
from tui.domain.job_source import JobQuery
from tui.domain.server_clock import ServerClock
from tui.headless.doctor import judging
from tui.headless.doctor.check import Check, Tell, failed, skipped


async def look_at_list(opened: Callable[[], AbstractAsyncContextManager[JobClient]], clock: Clock, tell: Tell) -> None:
    """Ask for the list of jobs, once more if the token was renewed meanwhile, and tell both checks."""
    try:
        async with opened() as client:
            called, compared = await _asked(client, clock)
    except ConfigError as error:
        called, compared = failed("call", error), None
    tell(called)
    tell(compared or skipped("clock", "not compared, because no answer said what time it is"))


async def _asked(client: JobClient, clock: Clock, *, is_last: bool = False) -> tuple[Check, Check | None]:
    sent_s = clock.monotonic_s()
    try:
        answer = await client.jobs(JobQuery())
    except ApiError as error:
        if isinstance(error, TokenRenewed) and not is_last:
            return await _asked(client, clock, is_last=True)
        return failed("call", error, ms=_ms_since(sent_s, clock)), _compared(error.server_time, sent_s, clock)
    return judging.call(answer, ms=_ms_since(sent_s, clock)), _compared(answer.server_time, sent_s, clock)


def _compared(server_time: datetime | None, sent_s: float, clock: Clock) -> Check | None:
    if server_time is None:
        return None
    received_s, now = clock.monotonic_s(), clock.now()
    server = ServerClock().observed(server_time, sent_s=sent_s, received_s=received_s)
    if not server.epochs:
        return skipped("clock", "not compared, because the answer took too long to tell")
    return judging.clocks((server.at(received_s, default=now) - now).total_seconds())


def _ms_since(sent_s: float, clock: Clock) -> float:
    return (clock.monotonic_s() - sent_s) * 1000
