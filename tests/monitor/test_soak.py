"""A night's requests: what the monitor and the client keep of them reaches a plateau (tests/README.md, Faults, row 33)."""

import asyncio
import functools
import gc
import json
from collections import Counter
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest

from tests.support.factories import stop
from tests.support.queue_source import QuickClock
from tests.support.sizes import sized
from tui.api.auth.static_token import FixedToken
from tui.api.client import JobClient
from tui.monitor.monitor import Monitor
from tui.settings.resolve import Settings

REQUESTS, WARM_UP = sized(6_000, 20_000), 2_000
CYCLE_S = 300.0
"""How long a job of the server lives before it begins again; the first one works all night."""

FAULTS = {
    0: httpx.Response(500, json={"message": "broken"}),
    1: httpx.Response(404, json={"error": "Job Not Found", "message": "none"}),
    2: httpx.Response(200, content=b"<html>"),
    3: httpx.Response(429, headers={"Retry-After": "2"}),
    4: httpx.Response(401, json={"message": "Unauthorized"}),
}


class Server(httpx.AsyncBaseTransport):
    """Answers each job as it stands, with another correlation id and another count each time, and now and then with a fault."""

    def __init__(self, clock):
        self.answered = 0
        self._clock = clock

    async def handle_async_request(self, request):
        self.answered += 1
        if self.answered % 23 == 0:
            fault = FAULTS[self.answered // 23 % len(FAULTS)]
            return httpx.Response(fault.status_code, headers=fault.headers, content=fault.content)
        now, job_id = self._clock.now(), int(request.url.path.rpartition("/")[2])
        lived_s = self._clock.monotonic_s()
        age_s = lived_s % CYCLE_S if job_id == 2 else CYCLE_S / 2 + lived_s
        status = "PENDING" if age_s < CYCLE_S / 3 else "WORKING" if job_id == 1 or age_s < CYCLE_S * 0.9 else "FAILED"
        job = {
            "jobID": job_id,
            "status": status,
            "type": "REFRESH",
            "locationCode": f"W{job_id}",
            "added": (now - timedelta(seconds=age_s)).isoformat(),
            "started": (now - timedelta(seconds=age_s - CYCLE_S / 3)).isoformat() if status != "PENDING" else None,
            "finished": now.isoformat() if status == "FAILED" else None,
            "itemCount": self.answered,
            "messages": [f"message {self.answered}"],
        }
        headers = {"Date": format_datetime(now, usegmt=True), "x-vol-correlation": f"{self.answered:08x}"}
        return httpx.Response(200, headers=headers, content=json.dumps(job).encode())


def counted():
    """Return how many objects of each type there are, and how many values the caches of functions hold."""
    gc.collect()
    objects = gc.get_objects()
    counts = Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in objects)
    caches = [
        each
        for each in objects
        if isinstance(each, functools._lru_cache_wrapper) and (each.__module__ or "").startswith("tui.")
    ]
    return counts + Counter(
        {f"cache of {cache.__module__}.{cache.__qualname__}": cache.cache_info().currsize for cache in caches}
    )


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_nothing_grows_over_thousands_of_requests():
    clock = QuickClock()
    server = Server(clock)
    client = JobClient(
        Settings(api_base="http://queue.test/api"),
        FixedToken("canary-5f1d2c", origin="test"),
        clock=clock,
        transport=server,
    )
    monitor = Monitor(client, clock, roll=lambda: 0.5)
    running = asyncio.ensure_future(monitor.run())
    monitor.track(1, 2)

    async def requests(number):
        while server.answered < number:
            monitor.refresh(1, 2)
            await clock.advance(1)
        monitor.snapshot  # noqa: B018
        return counted()

    samples = [await requests(number) for number in (WARM_UP, REQUESTS // 2, REQUESTS)]
    await stop(running)
    await client.aclose()

    numbers = {name: [sample[name] for sample in samples] for name in samples[-1]}
    # What grows with the requests grows in both halves; a module that is imported on the way grows in one.
    assert {
        name: counts for name, counts in numbers.items() if counts[2] > counts[1] + 50 and counts[1] > counts[0] + 30
    } == {}
