"""A night of ten hours with 200 jobs and every kind of trouble: nothing is lost, and no key is pressed (tests/README.md, Faults, rows 12 to 15 and 37)."""

import asyncio
import json
import random
import socket
import struct
from collections import Counter, defaultdict
from contextlib import aclosing
from dataclasses import dataclass

import pytest

from tests.support.simulated_system import NO_SUCH_JOB, Plan, World
from tests.support.sizes import sized
from tui.api.auth.token_file import FileToken
from tui.domain.poll_policy import PollPolicy
from tui.domain.tracked_job import Freshness
from tui.monitor.monitor import Monitor
from tui.scripts.json_output import event_as_jsonl
from tui.scripts.wait_state import Plan as WatchPlan
from tui.scripts.wait_state import Reason
from tui.scripts.watch import Watching
from tui.simulator.faults import Fault
from tui.simulator.queue import SimJob

HOUR_S = 3600.0
NIGHT_S = 10 * HOUR_S
INTERVAL_S = 60.0
RECOVERY_S = 330.0
"""Longest time from the end of a burst until everything has been read again: the longest pause between two probes, and one round."""
SEEN_S = 2.5 * INTERVAL_S
"""Time for which a status has to last, while the server works, to be seen in any case."""
JOBS = sized(60, 200)
MOST_ERRORS = 15
"""Lines on one burst, for a watch of 200 jobs."""
ODD = "CANCELLED"
KINDS = ("401", "403", "404 gateway", "404 own", "429", "500", "503", "reset", "html", "cut", "gone")
TOKENS = ("night-token-0000000001", "night-token-0000000002", "night-token-0000000003")
ROTATIONS_S = (2.5 * HOUR_S, 7.25 * HOUR_S)
LATE_S = 70.0
"""How long after a rotation the new token reaches the file."""


@dataclass(frozen=True)
class Burst:
    """One time of trouble."""

    kind: str
    begin_s: float
    end_s: float


def bursts():
    """Return bursts of every kind, far enough apart for each to be survived before the next."""
    rng, begin_s = random.Random(404), 600.0
    while begin_s < NIGHT_S - HOUR_S:
        for kind in rng.sample(KINDS, len(KINDS)):
            # A rejected token ends a script after two minutes, and anything else after ten.
            lasts_s = rng.uniform(INTERVAL_S, 110) if kind in {"401", "403"} else rng.uniform(10, 420)
            yield Burst(kind, begin_s, begin_s + lasts_s)
            begin_s += rng.uniform(900, 1800)


def night():
    """Return the jobs: each waits, works and ends at some time of the night, a few with a status that nobody announced."""
    rng = random.Random(200)
    for job_id in range(1, JOBS + 1):
        start_s = rng.uniform(30, NIGHT_S - 2 * HOUR_S)
        yield SimJob(
            job_id=job_id,
            added_s=-1.0,
            start_s=start_s,
            end_s=start_s + rng.uniform(10, 5000),
            status=ODD if job_id % 40 == 0 else "FAILED" if job_id % 20 == 0 else "SUCCESS",
            original_filename=f"inv_{job_id % 4}.csv",
            location=f"W{job_id % 50:02d}",
        )


def answer_to(kind, rng):
    """Return what a request meets in a burst; None for nothing but a connection that breaks."""
    status = {"401": 401, "403": 403, "500": rng.choice((500, 502, 504)), "503": 503}
    if kind in status:
        headers = {"retry-after": "20"} if kind == "503" and rng.random() < 0.5 else {}
        return Fault(
            status[kind], headers, rng.choice((b"", b'{"message": "no"}', b"<html><title>Bad Gateway</title>"))
        )
    return {
        "404 gateway": Fault(404, {}, b"default backend - 404"),
        "404 own": NO_SUCH_JOB,
        "429": Fault(429, {"retry-after": "45"} if rng.random() < 0.5 else {}),
        "html": Fault(200, {}, b"<html><title>Sign in</title>"),
        "cut": Fault(200, {"content-length": "999"}, b'[{"jobID": 1, "sta'),
        "gone": Fault(200, {}, b'{"success": false, "messages": ["Job Not Found"], "numResults": 0}'),
    }.get(kind)


class NightPlan(Plan):
    """Troubles the server in bursts, and now and then one request between them."""

    def __init__(self, clock):
        super().__init__(clock)
        self.log = type(self.log)(maxlen=100)
        self.bursts = tuple(bursts())
        self.met = Counter()
        self._rng = random.Random(7)

    def meet(self, request):
        answer = super().meet(request)
        now_s = self.now_s
        kind = next((burst.kind for burst in self.bursts if burst.begin_s <= now_s < burst.end_s), None)
        if kind is None and self._rng.random() < 0.01:
            kind = self._rng.choice(("404 gateway", "500", "reset", "html", "cut"))
        if kind is None:
            return answer
        self.met[kind] += 1
        return answer_to(kind, self._rng) or RESET


RESET = Fault(0)


class Resetting:
    """Stands between the socket and the simulator, and resets connections where the plan says so."""

    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        async def kept(message):
            if message["type"] == "http.response.start" and message["status"] == RESET.status:
                transport = send.__self__.transport
                transport.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
                transport.abort()
                return
            await send(message)

        await self._app(scope, receive, kept)


def phases_of(job):
    """Return each status of a job with the time from which to which the server held it."""
    return (("PENDING", 0.0, job.start_s), ("WORKING", job.start_s, job.end_s), (job.status, job.end_s, float("inf")))


def must_be_seen(job, troubles):
    """Return the statuses that lasted long enough while the server worked, the last one in any case."""
    for status, begin_s, end_s in phases_of(job):
        quiet = [(begin_s, min(end_s, NIGHT_S))]
        for from_s, until_s in troubles:
            quiet = [
                part for b, e in quiet for part in ((b, min(e, from_s)), (max(b, until_s), e)) if part[1] - part[0] > 0
            ]
        if end_s == float("inf") or any(e - b >= SEEN_S for b, e in quiet):
            yield status


@pytest.fixture
def token_file(tmp_path):
    """A token file that others rotate."""
    path = tmp_path / "token"

    def write(text):
        fresh = tmp_path / "fresh"
        fresh.touch(mode=0o600)
        fresh.write_text(text)
        fresh.replace(path)

    write(TOKENS[0])
    return path, write


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_row_37_ten_hours_of_trouble_lose_no_change(token_file):
    jobs = tuple(night())
    path, write = token_file
    events = []
    async with World(jobs, tokens=TOKENS[:1], plan=NightPlan, served_by=Resetting) as world:
        client = world.client(tokens=FileToken(path))
        monitor = Monitor(client, world.clock, policy=PollPolicy(INTERVAL_S), roll=random.Random(1).random)
        watching = Watching(monitor, world.clock, WatchPlan())
        task = asyncio.ensure_future(keep(watching.events([job.job_id for job in jobs]), events))

        for number, rotated_s in enumerate(ROTATIONS_S, 1):
            await world.clock.advance(rotated_s - world.clock.monotonic_s())
            world.tokens.clear()
            world.tokens.add(TOKENS[number])
            await world.clock.advance(LATE_S)
            write(TOKENS[number])
        while not task.done() and world.clock.monotonic_s() < NIGHT_S + HOUR_S:
            await world.clock.advance(60)
        await task
        known = watching.snapshot.watchlist

    assert set(world.faults.met) >= set(KINDS)
    assert watching.outcome.reason is Reason.ENDED
    assert {job_id: tracked.status for job_id, tracked in known.items()} == {job.job_id: job.status for job in jobs}
    assert {tracked.freshness for tracked in known.values()} <= {Freshness.FINAL, Freshness.LIVE}
    assert (events[-1]["event"], events[-1]["counts"]) == ("done", Counter(job.status for job in jobs))
    assert Counter(event["event"] for event in events)["error"] <= MOST_ERRORS * len(world.faults.bursts)
    assert "gone" not in {event["event"] for event in events}
    statuses = statuses_in(events)
    must = {job.job_id: list(must_be_seen(job, troubles_of(world))) for job in jobs}
    assert sum(map(len, must.values())) > 2 * JOBS, "otherwise little would be proven"
    for job in jobs:
        told, held = statuses[job.job_id], [status for status, _, _ in phases_of(job)]
        assert told == [status for status in held if status in told], f"{job.job_id} out of order: {told}"
        assert set(must[job.job_id]) <= set(told), f"{job.job_id} lost a change: {told}"


async def keep(told, events):
    """Keep each line of a watch as a program reads it."""
    async with aclosing(told) as lines:
        events.extend([json.loads(event_as_jsonl(event)) async for event in lines])


def statuses_in(events):
    """Return the statuses of each job in the order in which they were told."""
    statuses = defaultdict(list)
    for event in events:
        if event["event"] in {"snapshot", "changed"}:
            statuses[event["jobID"]].append(event["status"])
    return statuses


def troubles_of(world):
    """Return the times in which a change may be missed, each with the time until all is read again."""
    rotations = [(rotated_s, rotated_s + LATE_S + RECOVERY_S) for rotated_s in ROTATIONS_S]
    return [*((burst.begin_s, burst.end_s + RECOVERY_S) for burst in world.faults.bursts), *rotations]
