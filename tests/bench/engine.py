"""What the engine adds to polling, a job: taking in a list of which all jobs, or none, differ: `python -m tests.bench.engine`."""

import re
import time
from datetime import timedelta

from tests.bench.figures import Figure, table
from tests.bench.polling import JOBS, bodies
from tui.api.answer import Answer
from tui.api.models import Job, jobs_from
from tui.api.wire import decode
from tui.clock import ManualClock
from tui.monitor.knowledge import Knowledge
from tui.monitor.schedule import PollPolicy

ROUNDS, ANSWERS = 9, 16


class Watched:
    """An engine that watches the jobs of one list, and the moment at which it stands."""

    def __init__(self, first: tuple[Job, ...]) -> None:
        self._noon = ManualClock().now()
        self._now_s = 0.0
        self._known = Knowledge(PollPolicy())
        self._known.track((job.job_id for job in first), 0.0)
        while self._known.watchlist.counts.get(None):
            self.take_in(first)

    def take_in(self, jobs: tuple[Job, ...]) -> None:
        """Let the next call leave, and take in this answer to it."""
        departure = None
        while departure is None:
            self._now_s = max(self._now_s, self._known.planner.next_s(self._now_s) or 0.0)
            departure = self._known.planner.depart(self._now_s)
        self._now_s += 0.1
        at = self._noon + timedelta(seconds=self._now_s)
        self._known.answered(departure, Answer(jobs, None, at), self._now_s, at, roll=0.5)


def figures() -> list[Figure]:
    """Measure in a few seconds; microseconds of CPU a job."""
    working = tuple(jobs_from(decode(_of_one_file_at_work(body))) for body in bodies(1))
    return [
        Figure("CPU of the engine a job, all changed", cost_us(working), "µs"),
        Figure("CPU of the engine a job, unchanged", cost_us(working[:1]), "µs"),
    ]


def _of_one_file_at_work(body: bytes) -> bytes:
    return re.sub(rb"stock-\d+", b"stock-000", re.sub(rb'"SUCCESS"|"FAILED"', b'"WORKING"', body))


def cost_us(answers: tuple[tuple[Job, ...], ...]) -> float:
    """Return the CPU of the quietest round."""
    watched = Watched(answers[0])
    rounds_s = []
    for _ in range(ROUNDS):
        before_s = time.process_time()
        for number in range(ANSWERS):
            watched.take_in(answers[number % len(answers)])
        rounds_s.append(time.process_time() - before_s)
    return min(rounds_s) / ANSWERS / JOBS * 1e6


if __name__ == "__main__":
    print(table(figures()))
