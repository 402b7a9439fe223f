"""What following jobs costs a job: the engine alone, and the whole way from the wire into the list: `python -m tests.bench.engine`."""

import asyncio
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from tests.bench.figures import Figure, table
from tests.bench.polling import JOBS, STEPS, bodies, costs_us, served
from tui.api.response_cache import jobs_from
from tui.core.json_decoding import decode
from tui.domain.job import Job
from tui.domain.job_source import ApiResult
from tui.domain.poll_policy import PollPolicy
from tui.domain.watchlist import Watchlist
from tui.monitor.monitor_state import Moment, MonitorState
from tui.monitor.request_gate import RequestGate
from tui.monitor.requests import InFlightRequest

ROUNDS, ANSWERS = 9, 16
TAKES_S = 0.1
"""Time of an answer."""
START = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
"""Jobs at work have been so for one to ten minutes then, each for another time."""


class Watched:
    """An engine that watches jobs, and the moment at which it stands."""

    def __init__(self, job_ids: Iterable[int]) -> None:
        self.now_s = 0.0
        self._known = MonitorState(PollPolicy(), RequestGate())
        self._known.track(job_ids, 0.0)

    @property
    def watchlist(self) -> Watchlist:
        return self._known.watchlist

    def depart(self) -> InFlightRequest:
        """Let the next call leave, at the moment at which it is due."""
        request = None
        while request is None:
            self.now_s = max(self.now_s, self._known.planner.next_s(self.now_s) or 0.0)
            request = self._known.planner.next_request(self.now_s)
        return request

    def arrive(self, request: InFlightRequest, jobs: tuple[Job, ...]) -> None:
        """Take in the answer to a call."""
        self.now_s += TAKES_S
        at = START + timedelta(seconds=self.now_s)
        self._known.answered(request, ApiResult(jobs, None, at), Moment(self.now_s, at, roll=0.5))

    def take_in(self, jobs: tuple[Job, ...]) -> None:
        """Let the next call leave, and take in this answer to it."""
        self.arrive(self.depart(), jobs)


def watching(jobs: tuple[Job, ...]) -> Watched:
    """Return an engine that has read these jobs once."""
    watched = Watched(job.job_id for job in jobs)
    while watched.watchlist.counts.get(None):
        watched.take_in(jobs)
    return watched


def figures() -> list[Figure]:
    """Measure in under 30 s; microseconds of CPU a job."""
    alone = [Figure(f"CPU of the engine a job, {words}", cost_us(answers(step)), "µs") for words, step in STEPS.items()]
    with served() as base:
        return [
            *alone,
            *(
                Figure(
                    f"CPU a job through client and engine, {words}",
                    *asyncio.run(costs_us(f"{base}/{step}", watching(answers(step)[0]).take_in)),
                    bound=5.0,
                    is_ratio=True,
                )
                for words, step in STEPS.items()
            ),
        ]


def answers(step: int) -> tuple[tuple[Job, ...], tuple[Job, ...]]:
    """Return what the client makes of two bodies in turn: jobs that did not change are the very same."""
    first, second = map(decode, bodies(step))
    jobs = jobs_from(first)
    return jobs, jobs_from(second, earlier={job.job_id: job for job in jobs}) if step else jobs


def cost_us(turns: tuple[tuple[Job, ...], tuple[Job, ...]]) -> float:
    """Return the CPU of the quietest round."""
    watched = watching(turns[0])
    rounds_s = []
    for _ in range(ROUNDS):
        before_s = time.process_time()
        for number in range(ANSWERS):
            watched.take_in(turns[number % 2])
        rounds_s.append(time.process_time() - before_s)
    return min(rounds_s) / ANSWERS / JOBS * 1e6


if __name__ == "__main__":
    print(table(figures()))
