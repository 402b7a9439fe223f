"""The app over jobs that change as a scripted monitor says, for a meter that runs it in a pty: `python -m tests.bench.busy -h`.

Nothing is asked over HTTP: what is measured is the way from an answer's bytes to the screen, and from a key.
"""

import argparse
import asyncio
import itertools
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from tui.api.response_cache import jobs_from
from tui.core.clock import SystemClock
from tui.core.json_decoding import decode, is_plain
from tui.domain.commands import BeginSession, TrackJobs, UntrackJobs
from tui.domain.snapshot import Update
from tui.domain.tracked_job import Seen, TrackedJob
from tui.domain.watchlist import Watchlist
from tui.history.views import RememberedView
from tui.ui.app import run_app
from tui.ui.app_context import AppContext
from tui.ui.monitor_client import MonitorThread
from tui.ui.rendering.status_bar import Place
from tui.ui.rendering.view_state import NO_SNAPSHOT

MIXED = (*["SUCCESS"] * 6, "FAILED", *["SUCCESS"] * 4, "FAILED", *["PENDING"] * 4)
"""What the jobs are, one after the other, if nobody says otherwise: most ended well. No clock runs in any of them."""

ALIKE = (("REFRESH",), ("W{:02}",), ("inventory_{1}.csv",))
UNLIKE = (("REFRESH", "ADJUST", "ALLOCATE"), ("W{:02}", "STORE-{:02}"), ("inventory_{1}.csv", "adjust_{1}.txt"))
"""Types, locations and files of the jobs, in turns; from the number of the location and the job's id."""

MESSAGES = '["UPC 0040 not found at this location"]'


class StillClock(SystemClock):
    """Says the same time of day again and again, so that what is sent does not go by it."""

    def now(self) -> datetime:
        return datetime(2026, 11, 24, 12, 34, 56, tzinfo=UTC)


class Answers:
    """What a server would send: bodies of lists, with statuses that follow the round. Written cheaply: only reading them is measured."""

    def __init__(self, clock: SystemClock, statuses: tuple[str, ...], *, is_unlike: bool = False) -> None:
        self._started = clock.now()
        self._statuses = statuses
        self._sorts = UNLIKE if is_unlike else ALIKE

    def body(self, job_ids: Sequence[int], turn: int) -> bytes:
        """Return a list of these jobs; in another turn each has the next status."""
        return f"[{','.join(self._job(job_id, turn) for job_id in job_ids)}]".encode()

    def _job(self, job_id: int, turn: int) -> str:
        status, items = self._statuses[(job_id + turn) % len(self._statuses)], job_id * 7 % 5000
        kind, location, file = (each[job_id % len(each)].format(job_id % 50, job_id) for each in self._sorts)
        started = "" if status == "PENDING" else f',"started":"{self._ago(61 + job_id % 500)}"'
        ended = f',"finished":"{self._ago(5)}","numResults":{items},"success":{str(status == "SUCCESS").lower()}'
        return (
            f'{{"jobID":{job_id},"tenantID":4711,"locationCode":"{location}","type":"{kind}","added":"{self._ago(90 + job_id % 600)}",'
            f'"originalFilename":"{file}","hasData":true,"itemCount":{items},"status":"{status}"{started}'
            f'{ended if status in {"SUCCESS", "FAILED"} else ""},"messages":{MESSAGES if status == "FAILED" else "[]"}}}'
        )

    @lru_cache(maxsize=1000)  # noqa: B019  # there is one
    def _ago(self, seconds: int) -> str:
        return (self._started - timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Rounds:
    """Stands where the monitor does, and publishes what `plan` says: whose turn it is, again and again."""

    def __init__(self, clock: SystemClock, answers: Answers, plan: Iterator[list[int]], every_s: float) -> None:
        self._clock, self._answers, self._plan, self._every_s = clock, answers, plan, every_s
        self.published = NO_SNAPSHOT
        self._listeners = []
        self._turns = itertools.count(1)

    def subscribe(self, listener):
        """Call `listener` with every batch."""
        self._listeners.append(listener)

    def execute(self, command) -> None:
        """Answer for new jobs at once, as a list call would; nothing is asked or remembered here."""
        match command:
            case TrackJobs() | BeginSession():
                self._answer([job_id for job_id in command.job_ids if job_id not in self.published.watchlist], 0)
            case UntrackJobs():
                self._publish((), self.published.watchlist.without(command.job_ids))

    def __getattr__(self, command: str):
        """Take what people say of asking, whatever it is; nothing is asked here."""
        return lambda *_, **__: None

    async def run(self) -> None:
        """Give an answer each `every_s` seconds for as long as the plan goes on."""
        for job_ids in self._plan:
            await asyncio.sleep(self._every_s)
            self._answer(job_ids, next(self._turns))
        await asyncio.Event().wait()

    def _answer(self, job_ids: list[int], turn: int) -> None:
        now, watchlist = self._clock.now(), self.published.watchlist
        changed = []
        body = self._answers.body(job_ids, turn)
        for job in jobs_from(decode(body), is_safe=is_plain(body)):  # as the client reads a list
            known = watchlist.get(job.job_id) or TrackedJob(job.job_id)
            tracked = known.apply_reading(Seen(job, now))
            changed.append(tracked if turn else tracked.apply_reading(Seen(tracked.job, now)))
        self._publish(tuple(changed), watchlist.with_jobs(changed))

    def _publish(self, changed: tuple[TrackedJob, ...], watchlist: Watchlist) -> None:
        self.published = replace(self.published, watchlist=watchlist, answered_at=self._clock.now())
        for listener in self._listeners:
            listener(Update(changed))


def planned(jobs: int, batch: int, only: int) -> Iterator[list[int]]:
    """Yield the ids of each answer: `batch` jobs, walking through the list, or from `only` on each time."""
    if not batch:
        return
    for begin in itertools.repeat(only) if only else itertools.cycle(range(1, jobs + 1, batch)):
        yield list(range(begin, min(jobs + 1, begin + batch)))


def main() -> None:
    """Show the app until somebody quits it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jobs", type=int)
    parser.add_argument("--batch", type=int, default=0, help="jobs in each answer; 0: nothing changes")
    parser.add_argument("--every", type=float, default=0.5, help="seconds between answers")
    parser.add_argument(
        "--only", type=int, default=0, help="the same jobs each time, from this one on; otherwise all in turns"
    )
    parser.add_argument("--statuses", default=",".join(MIXED), help="what the jobs are, in turns")
    parser.add_argument("--unlike", action="store_true", help="another type, location and kind of file in each row")
    parser.add_argument("--still", action="store_true", help="let time stand still, so that no clock runs")
    parser.add_argument("--first", type=int, default=1, help="the first job's id")
    parser.add_argument("--order", default="as given", help="the order of the list")
    given = parser.parse_args()
    clock = StillClock() if given.still else SystemClock()

    @asynccontextmanager
    async def opened() -> AsyncIterator[Rounds]:
        answers = Answers(clock, tuple(given.statuses.split(",")), is_unlike=given.unlike)
        yield Rounds(clock, answers, planned(given.jobs, given.batch, given.only), given.every)

    sys.exit(
        run_app(
            AppContext(
                MonitorThread(opened),
                Place("bench", ""),
                clock,
                tuple(range(given.first, given.first + given.jobs)),
                view=RememberedView(order=given.order),
            )
        )[0]
    )


if __name__ == "__main__":
    main()
