"""A watched queue whose hours pass in seconds: the real client over a real socket, the real monitor, one clock for both sides."""

import asyncio
import random
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from tui.api.auth.static_token import FixedToken
from tui.api.client import JobClient
from tui.api.transport import transport_to
from tui.cli.token_source import token_source
from tui.core.clock import ManualClock
from tui.monitor.monitor import Monitor
from tui.settings.resolve import Settings, resolve
from tui.simulator.app import create_app
from tui.simulator.faults import Fault, FaultPlan
from tui.simulator.queue import JobQueue
from tui.simulator.routes import QUEUE_PATH
from tui.simulator.server import SimulatorServer
from tui.simulator.tokens import TokenDesk

TOKEN = "demo-0123456789abcdef"

PATIENCE_S = 30.0
"""Longest real time for one moment of the clock; a failed wait is a failed test."""

IDLE_TURNS = 2
"""Turns of the event loop without anything to run: the second one has looked at the sockets."""


NO_SUCH_JOB = Fault(404, {}, b'{"error": "Job Not Found", "message": "none of these"}')
"""The API's own 404."""


class WireClock(ManualClock):
    """A clock that moves on only when everything has run that could, what is on its way over a socket included."""

    def __init__(self):
        super().__init__()
        self.is_wire_busy: Callable[[], bool] = lambda: False

    async def _settle(self):
        loop, idle = asyncio.get_running_loop(), 0
        async with asyncio.timeout(PATIENCE_S):
            while idle < IDLE_TURNS:
                await asyncio.sleep(0)
                idle = 0 if loop._ready or self.is_wire_busy() else idle + 1


class FarClock:
    """The same time as it is told at the server; counts who waits for it there.

    Args:
        clock: The time here.
        ahead_s: Seconds by which the server's wall clock differs.
    """

    def __init__(self, clock, *, ahead_s=0.0):
        self._clock, self._ahead = clock, timedelta(seconds=ahead_s)
        self.waiting = 0

    def now(self):
        return self._clock.now() + self._ahead

    def monotonic_s(self):
        return self._clock.monotonic_s()

    async def sleep(self, delay_s):
        if delay_s <= 0:
            return
        self.waiting += 1
        try:
            await self._clock.sleep(delay_s)
        finally:
            self.waiting -= 1


class Plan(FaultPlan):
    """A fault plan that can also know no job in any list, so that each job has to be asked for alone."""

    has_lists = True
    desk: TokenDesk | None = None

    def meet(self, request):
        fault = super().meet(request)
        is_empty_list = (
            not self.has_lists and request.path == QUEUE_PATH and self.desk.accepts(request.headers["authorization"])
        )
        return NO_SUCH_JOB if fault is None and is_empty_list else fault

    def sent_since(self, moment_s):
        """Return the requests that arrived after this second."""
        return [request for request in self.log if request.at_s > moment_s]


class Counted:
    """A job source that notes when it was asked: a server that is gone counts nothing."""

    def __init__(self, client, clock):
        self._client, self._clock = client, clock
        self.moments_s = []

    async def job(self, job_id):
        self.moments_s.append(self._clock.monotonic_s())
        return await self._client.job(job_id)

    async def jobs(self, query):
        self.moments_s.append(self._clock.monotonic_s())
        return await self._client.jobs(query)

    def has_new_token(self):
        return self._client.has_new_token()

    def access_ends_at(self):
        return self._client.access_ends_at()

    def token_renewed_at(self):
        return self._client.token_renewed_at()


@dataclass
class Watch:
    """One monitor at work, and what it went through."""

    clock: WireClock
    client: JobClient
    monitor: Monitor
    source: Counted
    running: asyncio.Task
    states: list = field(default_factory=list)
    """Each state that the link entered, the first included."""
    errors: list = field(default_factory=list)
    """Each error that a job showed, as it was worded."""

    def take(self, update):
        state = self.monitor.published.link.state
        if self.states[-1:] != [state]:
            self.states.append(state)
        self.errors += [tracked.error.message for tracked in update.changed if tracked.error]

    async def advance(self, delay_s):
        """Let time pass; a monitor that ended meanwhile is an error."""
        await self.clock.advance(delay_s)
        if self.running.done():
            self.running.result()

    async def until(self, condition, *, limit_s=600.0, step_s=0.25):
        """Let time pass in small steps until `condition` holds."""
        begin_s = self.clock.monotonic_s()
        while not condition():
            assert self.clock.monotonic_s() < begin_s + limit_s, f"{condition} did not hold within {limit_s} s"
            await self.advance(step_s)

    def tracked(self, job_id=1):
        return self.monitor.snapshot.watchlist[job_id]

    @property
    def link(self):
        return self.monitor.snapshot.link

    def freshness(self):
        """Return each way in which the jobs are known."""
        return {tracked.freshness for tracked in self.monitor.snapshot.watchlist.values()}


class World:
    """Everything of one test: a server, and the watches that look at it.

    Args:
        jobs: What the simulated queue holds.
        tokens: Tokens that the server takes; a test may change them.
        ahead_s: Seconds by which the server's wall clock differs from ours.
        has_lists: Whether list calls bring jobs.
        plan: Makes the fault plan of a clock.
        served_by: Wraps the simulator where faults need the socket itself.
    """

    def __init__(self, jobs=(), *, tokens=(TOKEN,), ahead_s=0.0, has_lists=True, plan=Plan, served_by=lambda app: app):
        self.clock = WireClock()
        self.far_clock = FarClock(self.clock, ahead_s=ahead_s)
        self.queue = JobQueue(jobs, self.far_clock)
        self.faults = plan(self.far_clock)
        self.faults.has_lists = has_lists
        self.tokens = set(tokens)
        self.faults.desk = self.desk = TokenDesk(self.far_clock, self.tokens)
        self.server = SimulatorServer(served_by(create_app(self.queue, faults=self.faults, desk=self.desk)))
        self._transports = []
        self._closing = AsyncExitStack()
        self.clock.is_wire_busy = self._is_wire_busy

    async def __aenter__(self):
        self._closing.push_async_callback(self.stop)
        await self.server.__aenter__()
        return self

    async def __aexit__(self, *error):
        await self._closing.aclose()

    async def stop(self):
        """Take the server away: its port refuses connections until `start`."""
        await self.server.__aexit__(None, None, None)

    async def start(self):
        """Bring the server back at the same port."""
        await self.server.__aenter__()

    def client(self, *, url=None, tokens=None, total_s=5.0, **settings):
        """Return a client of the simulator, or of another address."""
        settings = Settings(api_base=f"{url or self.server.url}/api", environment="test", **settings)
        client = JobClient(
            settings, tokens or FixedToken(TOKEN, origin="KIBO_ACCESS_TOKEN"), clock=self.clock, total_s=total_s
        )
        self._transports.append(client._api.transport)
        self._closing.push_async_callback(client.aclose)
        return client

    def tokens_from(self, **environ):
        """Return the source of tokens that these variables name; the auth host is the simulator too."""

        def way_to(base):
            self._transports.append(transport_to(base, Settings(api_base=base), total_s=5.0))
            return self._transports[-1]

        settings = resolve({"api_host": self.server.url}, environ)
        source = token_source(settings, environ, clock=self.clock, transport_to=way_to)
        self._closing.push_async_callback(source.aclose)
        return source

    def watch(self, *job_ids, client=None, **options):
        """Start a monitor for these jobs."""
        client = client or self.client()
        source = Counted(client, self.clock)
        monitor = Monitor(source, self.clock, roll=random.Random(11).random, **options)
        watch = Watch(self.clock, client, monitor, source, asyncio.create_task(monitor.run()))
        self._closing.push_async_callback(_ended, watch.running)
        monitor.subscribe(watch.take)
        monitor.track(*job_ids)
        return watch

    def _is_wire_busy(self):
        """Return whether a request is under way that does not wait for the clock itself."""
        return sum(len(transport._running) for transport in self._transports) > self.far_clock.waiting


async def _ended(task):
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def most_within(moments_s, window_s):
    """Return how many of these moments the busiest window holds; they are in order."""
    most = first = 0
    for place, moment_s in enumerate(moments_s):
        while moment_s - moments_s[first] > window_s:
            first += 1
        most = max(most, place + 1 - first)
    return most
