"""Requests and detection delay of a fleet of jobs over its whole life, on a clock of its own: `python -m tests.bench.fleet`."""

import asyncio
import random
import time
from dataclasses import dataclass
from statistics import median

from tests.bench.figures import Figure, table
from tests.support.queue_source import Delays, QueueSource, QuickClock, uploaded
from tui.monitor.monitor import Monitor
from tui.monitor.request_gate import RequestBudget, RequestGate
from tui.simulator.queue import SimJob

UNLIMITED = RequestBudget(rate_per_s=1e6, burst=1e6, tokens=1e6, in_flight_limit=1000)
TAKES_S = 0.1
"""Time of an answer."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What one run over a fleet gave."""

    sent_s: tuple[float, ...]
    delays_s: tuple[float, ...]
    unread: int
    """Jobs that nothing was known of at the end."""
    cpu_s: float
    tracking_s: float
    """Wall time of adding the jobs."""


async def watched(
    jobs: tuple[SimJob, ...], *, longest_s: float, has_lists: bool = True, budget: RequestBudget | None = None
) -> Watched:
    """Watch `jobs` until they are settled, or for `longest_s` seconds of their clock."""
    clock = QuickClock()
    source = QueueSource(jobs, clock, takes_s=TAKES_S, has_lists=has_lists)
    monitor = Monitor(source, clock, gate=RequestGate(budget), roll=random.Random(1).random)
    running = asyncio.ensure_future(monitor.run())
    delays = Delays(jobs, monitor, clock)
    started_s, cpu_s = time.perf_counter(), time.process_time()
    monitor.track(*(job.job_id for job in jobs))
    tracking_s = time.perf_counter() - started_s
    while not monitor.snapshot.watchlist.is_final and clock.monotonic_s() < longest_s:
        await clock.advance(10)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return Watched(
        sent_s=tuple(moment for moment, _ in source.asked),
        delays_s=tuple(delays.delays_s),
        unread=monitor.snapshot.watchlist.counts.get(None, 0),
        cpu_s=time.process_time() - cpu_s,
        tracking_s=tracking_s,
    )


def most_in(sent_s: tuple[float, ...], window_s: float) -> int:
    """Return the most requests in any window of this length."""
    most, first = 0, 0
    for last, moment in enumerate(sent_s):
        while sent_s[first] <= moment - window_s:
            first += 1
        most = max(most, last - first + 1)
    return most


def hundred_files() -> tuple[SimJob, ...]:
    """Return 10,000 jobs in 100 files, of each of which one works at a time."""
    return tuple(
        job
        for number in range(100)
        for job in uploaded(100, file=f"{number}.csv", lanes=1, first_id=1 + 100 * number, seed=number)
    )


def one_file_figures() -> list[Figure]:
    """500 jobs of one file, ten at work at a time, watched to the end."""
    jobs = uploaded(500)
    ours = asyncio.run(watched(jobs, longest_s=6000))
    alone = asyncio.run(watched(jobs, longest_s=6000, has_lists=False, budget=UNLIMITED))
    changes = {moment for job in jobs for moment in (job.start_s, job.end_s)}
    each_second = sum(job.end_s for job in jobs)
    return [
        Figure(
            "500 jobs, one file: requests; floor: one at each change, which nobody can know",
            len(ours.sent_s),
            "",
            len(changes),
        ),
        Figure(
            "… times fewer than each job alone on the same schedule",
            len(alone.sent_s) / len(ours.sent_s),
            "",
            bound=50,
            is_least=True,
        ),
        Figure("… times fewer than each job once a second", each_second / len(ours.sent_s), ""),
        Figure(
            "… median detection delay; floor: each alone, no budget",
            median(ours.delays_s),
            "s",
            median(alone.delays_s),
            1.0,
            is_ratio=True,
        ),
        Figure(
            "… 90 % are detected within; floor: the same", ranked(ours.delays_s, 0.9), "s", ranked(alone.delays_s, 0.9)
        ),
        Figure("… requests in the busiest minute", most_in(ours.sent_s, 60), "", bound=125),
    ]


def many_files_figures() -> list[Figure]:
    """10,000 jobs in 100 files for ten minutes: more than the budget allows to follow closely."""
    ours = asyncio.run(watched(hundred_files(), longest_s=600))
    return [
        Figure("10,000 jobs, 100 files: adding them to the monitor", ours.tracking_s, "s", bound=2.0),
        Figure("… jobs that nothing is known of after ten minutes", ours.unread, "", bound=0),
        Figure("… requests in the busiest minute", most_in(ours.sent_s, 60), "", bound=125),
        Figure("… requests in the busiest second", most_in(ours.sent_s, 1), "", bound=7),
        Figure("… median detection delay", median(ours.delays_s), "s"),
        Figure("… CPU of engine and simulated queue, of one core", 100 * ours.cpu_s / 600, "%"),
    ]


def ranked(values: tuple[float, ...], share: float) -> float:
    return sorted(values)[int(len(values) * share)]


def figures() -> list[Figure]:
    """Return all figures; takes about 40 s."""
    return one_file_figures() + many_files_figures()


if __name__ == "__main__":
    print(table(figures()))
