"""Generated servers, and the verdict of a watch of one file against what is true there.

`python -m tests.faults.verdicts 10000` runs that many and prints what came of them; the suite runs a sample. Of servers that
neither cut nor ignore filters, and on which nothing fails, it counts the right verdicts: exit code 0, or 5 if no job of
the file comes while the watch waits for the first one.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import sys
from collections import Counter
from contextlib import aclosing
from dataclasses import dataclass, field

from tests.support.factories import NOON
from tests.support.queue_source import QuickClock
from tui.api.response_cache import job_from
from tui.cli.exit_codes import exit_after_wait
from tui.domain.errors import JobNotFound, RateLimited, ServerFault, Unreachable
from tui.domain.job_source import ApiResult, JobQuery
from tui.monitor.completeness import USUAL_CUTS
from tui.monitor.monitor import Monitor
from tui.scripts.wait_state import Plan
from tui.scripts.watch import Watching

FILE = "inv.csv"

START_S = 30.0
"""How long a watch waits for the first job of the file. If none comes, exit code 5 is right."""

JUST_ADDED_S = 1.0
"""A job that is added within this time before the end may be younger than the last list."""

UNSEEN_S = 15.0
"""A job that restarts within this time before the end is no wrong verdict: it was SUCCESS in its last response, and
nobody can read all jobs of a file at one moment within the request budget.
"""


@dataclass
class ServedJob:
    """One job of a generated server; times are seconds after the start."""

    job_id: int
    file: str
    location: str
    kind: str
    added_s: float
    changes: list[tuple[float, str]]
    """Statuses in their order; the first begins when the job is added."""
    vanishes_s: float = float("inf")
    size_bytes: int = 400

    def status(self, now_s: float) -> str:
        return [status for since_s, status in self.changes if since_s <= now_s][-1]

    def exists(self, now_s: float) -> bool:
        return self.added_s <= now_s < self.vanishes_s


@dataclass
class Server:
    """Answers job requests and list requests, and may cut and ignore."""

    clock: QuickClock
    jobs: list[ServedJob]
    cap: int | None
    order: str
    ignores: frozenset[str]
    rng: random.Random
    trouble: float = 0.0
    """Share of requests that fail in passing."""
    filtered_cap: int | None = None
    """Jobs that a list with a filter holds at most."""
    most_bytes: float = float("inf")
    """Size at which lists are cut."""
    cuts_first: bool = False
    """Whether `cap` holds for the queue before it is filtered."""
    requests: int = 0
    _made: dict[tuple[int, str], object] = field(default_factory=dict)

    def _fail_now_and_then(self):
        self.requests += 1
        if self.rng.random() < self.trouble:
            raise self.rng.choice(
                (Unreachable("reset"), ServerFault("a gateway's 404"), RateLimited("slow down", retry_after_s=3.0))
            )

    async def job(self, job_id):
        self._fail_now_and_then()
        now_s = self.clock.monotonic_s()
        found = next((job for job in self.jobs if job.job_id == job_id and job.exists(now_s)), None)
        if found is None:
            raise JobNotFound(f"no job {job_id}", http_status=404)
        return ApiResult(self._shown(found, now_s), None, NOON)

    def _queue(self, now_s):
        """The jobs that exist, in the order of lists."""
        queue = [job for job in self.jobs if job.exists(now_s)]
        if self.order == "newest":
            queue.reverse()
        elif self.order == "random":
            self.rng.shuffle(queue)
        return queue[: self.cap] if self.cuts_first else queue

    async def jobs_of(self, query):
        now_s = self.clock.monotonic_s()
        matching = [
            job
            for job in self._queue(now_s)
            if (query.original_filename in {None, job.file} or "file" in self.ignores)
            and (query.location_code in {None, job.location} or "location" in self.ignores)
            and (not query.types or job.kind in query.types or "types" in self.ignores)
        ]
        limit = query.limit or 100
        if self.filtered_cap is not None and query.unlimited != JobQuery():
            limit = min(limit, self.filtered_cap)
        matching = matching[: limit if self.cap is None else min(limit, self.cap)]
        sizes = itertools.accumulate(job.size_bytes for job in matching)
        return [job for job, size in zip(matching, sizes, strict=True) if size <= self.most_bytes], now_s

    async def list(self, query):
        self._fail_now_and_then()
        found, now_s = await self.jobs_of(query)
        skipped = 1 if found and self.rng.random() < self.trouble else 0
        size_bytes = sum(job.size_bytes for job in found)
        return ApiResult(
            tuple(self._shown(job, now_s) for job in found[skipped:]),
            None,
            NOON,
            skipped=skipped,
            size_bytes=size_bytes,
        )

    def has_new_token(self):
        return False

    def access_ends_at(self):
        return None

    def token_renewed_at(self):
        return None

    def _shown(self, job: ServedJob, now_s: float):
        status = job.status(now_s)
        key = job.job_id, status
        if key not in self._made:
            fields = {
                "jobID": job.job_id,
                "tenantID": 1,
                "status": status,
                "type": job.kind,
                "locationCode": job.location,
            }
            self._made[key] = job_from({**fields, "originalFilename": job.file}, job_id=job.job_id)
        return self._made[key]


class Source:
    """The server as the monitor wants it."""

    def __init__(self, server: Server):
        self.job, self.jobs, self.has_new_token, self.access_ends_at, self.token_renewed_at = (
            server.job,
            server.list,
            server.has_new_token,
            server.access_ends_at,
            server.token_renewed_at,
        )


def generated(seed: int, clock: QuickClock) -> Server:
    """Return the server of a seed."""
    rng = random.Random(seed)
    count, others = rng.randint(1, rng.choice((3, 10, 60, 300))), rng.choice((0, 0, 1, 5, 40, 200))
    pool, gap = rng.choice((1, 4, 24, 10_000)), rng.choice((1, 1, 1, 1, 3))
    kinds = rng.choice((("REFRESH",), ("REFRESH",), ("ADJUST",), ("REFRESH", "ADJUST")))
    names = [FILE] * count + ["other.csv"] * others
    if rng.random() < 0.5:
        rng.shuffle(names)
    fails, restarts, vanishes, late = (rng.choice((0.0, 0.0, share)) for share in (0.05, 0.05, 0.05, 0.2))
    jobs, job_id = [], rng.randint(1, 10**6)
    for name in names:
        added_s = rng.uniform(0, 60) if rng.random() < late else -60.0
        start_s = max(added_s, 0.0) + rng.uniform(0, 20)
        end_s = start_s + rng.uniform(0, 40)
        end = "FAILED" if rng.random() < fails else "SUCCESS"
        changes = [(added_s, "PENDING"), (start_s, "WORKING"), (end_s, end)]
        if rng.random() < restarts:
            again_s = end_s + rng.uniform(0, 60)
            changes += [(again_s, "WORKING"), (again_s + rng.uniform(5, 200), rng.choice(("SUCCESS", "FAILED")))]
        if rng.random() < 0.2:
            changes = [(added_s, end)]
        gone_s = rng.uniform(1, 100) if rng.random() < vanishes else float("inf")
        jobs.append(ServedJob(job_id, name, f"W{rng.randrange(pool)}", rng.choice(kinds), added_s, changes, gone_s))
        job_id += rng.randint(1, gap)
    jobs.sort(key=lambda job: (job.added_s, job.job_id))
    for job, number in zip(jobs, sorted(job.job_id for job in jobs), strict=True):
        job.job_id = number  # ids rise in the order in which jobs are added
    cap = rng.choice((None, None, rng.randint(1, 20), rng.randint(1, 310), 100))
    ignores = rng.choice(
        (frozenset(), frozenset(), frozenset(), frozenset({"file"}), frozenset({"location"}), frozenset({"types"}))
    )
    order = rng.choice(("newest", "newest", "oldest", "random"))
    server = Server(clock, jobs, cap, order, ignores, rng, trouble=rng.choice((0.0, 0.0, 0.0, 0.1)))
    large = rng.choice((400, 1500, 5000))
    for job in jobs:
        job.size_bytes = rng.randint(300, large if job.file == FILE else 500)
    if rng.random() < 0.1:
        server.filtered_cap = rng.choice((50, 100, 200))
    elif rng.random() < 0.1:
        server.most_bytes = rng.uniform(70_000, 300_000)
    if server.cap in USUAL_CUTS and seed % 3 == 0:
        server.cuts_first = True
    return server


@dataclass(frozen=True)
class Verdict:
    """What a watch said, and what is true."""

    seed: int
    code: int
    is_complete: bool
    is_awaited: bool
    """Whether a job of the file exists at the start, or comes before the wait for the first one ends."""
    is_true: bool
    """Whether every job of the file that exists is SUCCESS, or was until `UNSEEN_S` before the end."""
    knows_all: bool
    """Whether every job of the file that exists is known."""
    is_honest: bool
    """Whether the server neither cuts nor ignores filters."""
    has_others: bool
    is_steady: bool
    """Whether no job fails, restarts or vanishes."""
    requests: int
    seconds: float

    @property
    def is_right(self) -> bool:
        """Whether it is the verdict that an honest server, on which nothing fails, must get."""
        return self.code == (0 if self.is_awaited else 5)

    @property
    def is_wrong(self) -> bool:
        """Whether the watch promises what is not true."""
        return (self.code == 0 and not self.is_true) or (self.is_complete and not self.knows_all)


async def verdict_of(seed: int) -> Verdict:
    """Watch the file of one generated server to the end."""
    clock = QuickClock()
    server = generated(seed, clock)
    rng = random.Random(seed + 1)
    named = (
        tuple(job.job_id for job in server.jobs if job.file == FILE and job.exists(0.0)) if rng.random() < 0.2 else ()
    )
    files = () if named else (FILE,)
    plan = Plan(files=files, start_s=START_S, settle_s=rng.choice((0.0, 4.0, 10.0, 30.0)), timeout_s=900.0)
    watching = Watching(Monitor(Source(server), clock, roll=rng.random), clock, plan)

    async def follow():
        async with aclosing(watching.events(named)) as events:
            return [event async for event in events][-1], clock.monotonic_s()

    task = asyncio.ensure_future(follow())
    while not task.done():
        await clock.advance(0.5)
    done, now_s = task.result()
    existing = [
        job
        for job in server.jobs
        if job.file == FILE
        and job.exists(now_s)
        and job.added_s <= now_s - JUST_ADDED_S
        and (not named or job.job_id in named)
    ]
    seen_s = now_s - UNSEEN_S
    statuses = {job.status(now_s) for job in existing if job.added_s > seen_s or job.status(seen_s) != "SUCCESS"}
    return Verdict(
        seed=seed,
        code=int(exit_after_wait(watching.outcome)),
        is_complete=done.is_complete,
        is_awaited=any(job.file == FILE and job.added_s < START_S for job in server.jobs),
        is_true=statuses <= {"SUCCESS"},
        knows_all={job.job_id for job in existing} <= watching.snapshot.watchlist.keys(),
        is_honest=server.cap is server.filtered_cap is None
        and server.most_bytes == float("inf")
        and not server.ignores
        and not server.trouble,
        has_others=any(job.file != FILE and job.exists(now_s) for job in server.jobs),
        is_steady=all(
            len(job.changes) <= 3 and job.changes[-1][1] == "SUCCESS" and job.vanishes_s > 1e9 for job in server.jobs
        ),
        requests=server.requests,
        seconds=now_s,
    )


async def _main(count: int, first: int) -> None:
    verdicts = []
    for seed in range(first, first + count):
        verdicts.append(await verdict_of(seed))
        if verdicts[-1].is_wrong:
            print("wrong:", verdicts[-1], flush=True)
    good = [verdict for verdict in verdicts if verdict.is_honest and verdict.is_steady]
    print(f"{count} servers, {sum(verdict.is_wrong for verdict in verdicts)} wrong verdicts")
    print("exit codes:", dict(Counter(verdict.code for verdict in verdicts)))
    for name, chosen in (("", good), (" with other jobs", [verdict for verdict in good if verdict.has_others])):
        right = sum(verdict.is_right for verdict in chosen)
        print(f"servers that neither cut nor ignore, nothing fails{name}: {right} of {len(chosen)} right")
        print("  others:", [(verdict.seed, verdict.code) for verdict in chosen if not verdict.is_right][:10])
    print("requests a watch, mean:", sum(verdict.requests for verdict in good) / max(1, len(good)))


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
