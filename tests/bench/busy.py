"""The app over JOBS jobs that change CHANGES times a second, for a meter that runs it in a pty: `python -m tests.bench.busy JOBS CHANGES`.

Nothing is asked over HTTP: what is measured is the way from a fact to the screen, and from a key.
"""

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from tui.api.answer import Answer
from tui.api.models import Job, job_from
from tui.clock import SystemClock
from tui.monitor.monitor import Monitor
from tui.monitor.schedule import PollPolicy, RequestBudget
from tui.monitor.tracked import TrackedJob
from tui.ui.app import run_app
from tui.ui.monitor_thread import MonitorThread
from tui.ui.session import Session
from tui.ui.views.bars import Place

UNLIMITED = RequestBudget(rate_per_s=1e6, burst=1e6, tokens=1e6, in_flight_limit=1000)


class Dice:
    """Answers with a random status each time."""

    def __init__(self, clock: SystemClock) -> None:
        self._clock = clock

    async def job(self, job_id: int) -> Answer[Job]:
        await asyncio.sleep(0)
        now = self._clock.now()
        sent = {"jobID": job_id, "status": random.choice(["PENDING", "WORKING", "SUCCESS", "FAILED"]), "type": "REFRESH"}
        sent |= {
            "locationCode": f"W{job_id % 50:02}",
            "added": (now - timedelta(seconds=90)).isoformat(),
            "itemCount": random.randrange(5000),
        }
        return Answer(job_from(sent, asked=job_id), None, None)


@dataclass(frozen=True, slots=True)
class EachOnceIn(PollPolicy):
    """Asks for each job once in `cycle_s` seconds, whatever it said."""

    cycle_s: float = 10.0

    def delay_s(self, tracked: TrackedJob, *, roll: float) -> float | None:
        return self.cycle_s * (0.5 + roll)


def main() -> None:
    """Show the app until somebody quits it."""
    jobs, changes_per_s = int(sys.argv[1]), float(sys.argv[2])
    clock, policy = SystemClock(), EachOnceIn(cycle_s=jobs / changes_per_s)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Monitor]:
        yield Monitor(Dice(clock), clock, policy=policy, budget=UNLIMITED)

    sys.exit(run_app(Session(MonitorThread(opened), Place("bench", ""), clock, tuple(range(1, jobs + 1)), policy=policy)))


if __name__ == "__main__":
    main()
