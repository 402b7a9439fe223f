"""What polling costs the client a job, against the least program that could do it: `python -m tests.bench.polling`.

The server is a process of its own with prepared answers, so that only the client's own CPU time counts.
"""

import asyncio
import gc
import json
import resource
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import cycle
from pathlib import Path

import httpx
from pydantic import BaseModel, TypeAdapter

from tests.bench.figures import Figure, table
from tui.api.auth.static_token import FixedToken
from tui.api.client import JobClient
from tui.core.clock import SystemClock
from tui.domain.job import Job
from tui.domain.job_source import JobQuery
from tui.settings.resolve import Settings

JOBS, POLLS, ROUNDS = 500, 16, 9
"""Jobs a list, polls a round, and rounds of which the quietest counts: others work on this machine too."""
MOST_BYTES_A_JOB = 2_500
"""What one watched job may cost the api layer (of 4.5 kB in all)."""

STEPS = {"all changed": 1, "1 in 50 changed": 50, "unchanged": 0}
"""Every how many-th job differs between two answers; the server's paths are these numbers."""


class Plain(BaseModel):
    """The 14 fields as pydantic reads them by itself; they are named as on the wire, which needs no aliases."""

    jobID: int  # noqa: N815
    tenantID: int  # noqa: N815
    locationCode: str  # noqa: N815
    type: str
    added: datetime
    started: datetime | None = None
    finished: datetime | None = None
    originalFilename: str | None = None  # noqa: N815
    hasData: bool  # noqa: N815
    itemCount: int | None = None  # noqa: N815
    status: str
    success: bool | None = None
    messages: list[str]
    numResults: int | None = None  # noqa: N815


def figures() -> list[Figure]:
    """Measure in under 20 s; the CPU figures are microseconds of the client's process a polled job."""
    with served() as base:
        costs = [
            Figure(
                f"CPU a polled job, {JOBS} a list, {words}",
                *asyncio.run(costs_us(f"{base}/{step}")),
                bound=4.0,
                is_ratio=True,
            )
            for words, step in STEPS.items()
        ]
        shown = Figure("… all changed, and each of them shown whole", *asyncio.run(costs_us(f"{base}/1", looked_at)))
    grown = subprocess.run(
        [sys.executable, "-m", "tests.bench.polling", "hold"], check=True, capture_output=True, text=True
    ).stdout
    return [
        *costs,
        shown,
        Figure(
            "memory for 10,000 jobs in the api layer", int(grown) / 1e6, "MB", bound=10_000 * MOST_BYTES_A_JOB / 1e6
        ),
    ]


def looked_at(jobs: tuple[Job, ...]) -> list[object]:
    """Make of each job what is shown of it, which is made of no other."""
    return [job.sent for job in jobs]


async def costs_us(base: str, take_in: Callable[[tuple[Job, ...]], object] = len) -> tuple[float, str, float]:
    """Return the cost of the client and of `take_in`, its unit and the floor; ours and the floor take turns, the quietest round counts."""
    client, bare, plain = client_at(base), httpx.AsyncClient(trust_env=False), TypeAdapter(list[Plain])

    async def least() -> object:
        return plain.validate_json(
            (await bare.get(f"{base}/api/commerce/inventory/v1/queue", params={"limit": JOBS})).content
        )

    async def whole() -> None:
        take_in((await client.jobs(JobQuery(limit=JOBS))).value)

    rounds = [(await _cost_us(whole), await _cost_us(least)) for _ in range(ROUNDS)]
    await client.aclose()
    await bare.aclose()
    ours, floor = map(min, zip(*rounds, strict=True))
    return ours, "µs", floor


async def _cost_us(ask: Callable[[], Awaitable[object]]) -> float:
    await ask()
    before_s = time.process_time()
    for _ in range(POLLS):
        await ask()
    return (time.process_time() - before_s) / POLLS / JOBS * 1e6


def client_at(base: str, transport: httpx.AsyncBaseTransport | None = None) -> JobClient:
    settings = Settings(api_base=f"{base}/api", environment="bench", tenant="31014")
    return JobClient(settings, FixedToken("bench-token", origin="bench"), clock=SystemClock(), transport=transport)


def bodies(step: int) -> tuple[bytes, bytes]:
    """Return two answers with the same jobs, of which each `step`-th differs; 0 means that none does."""
    changed = frozenset(range(0, JOBS, step)) if step else frozenset[int]()
    return _list(range(JOBS)), _list(range(JOBS), changed)


def _list(numbers: Iterable[int], changed: frozenset[int] = frozenset()) -> bytes:
    return json.dumps([_job(number, number in changed) for number in numbers], separators=(",", ":")).encode()


def _job(number: int, is_changed: bool) -> dict[str, object]:
    """Return a job of one file, a fifth of which are at work, a third with a message; it has all fields, those of ended jobs too."""
    second = f"{number // 60 % 60:02}:{number % 60:02}"
    return {
        "jobID": 884_000 + number,
        "tenantID": 31014,
        "locationCode": f"WH-{number % 60:02}",
        "type": "REFRESH" if number % 2 else "ADJUST",
        "added": f"2026-11-23T09:{second}.120Z",
        "hasData": False,
        "originalFilename": "stock-000.csv",
        "status": "PENDING" if number % 5 else "WORKING",
        "messages": [] if number % 3 else [f"row {number}: no such product"],
        "itemCount": 12_000 + number + is_changed,
        "started": f"2026-11-23T10:{second}.480Z",
        "finished": f"2026-11-23T11:{second}.{number % 1000:03}Z",
        "numResults": 12_000 + number + is_changed,
        "success": bool(number % 5),
    }


@contextmanager
def served(*command: str) -> Iterator[str]:
    """Run a server, the one here without a command; its address without a path."""
    command = command or ("tests.bench.polling", "serve")
    with subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True) as server:
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.terminate()


async def _serve() -> None:
    """Answer each GET with the next body of its path, for ever."""
    answers = {b"%d" % step: cycle(map(answer_of, bodies(step))) for step in STEPS.values()}
    await serve(lambda: lambda path: next(answers[path.split(b"/", 2)[1]]))


async def serve(hear: Callable[[], Callable[[bytes], bytes]]) -> None:
    """Answer GETs for ever; for each connection, `hear` gives what answers a path."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = hear()
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                writer.write(answer(request.split(b" ", 2)[1]))
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def answer_of(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Mon, 23 Nov 2026 09:30:00 GMT\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


async def _held_bytes() -> int:
    """Return by how much this process grows when it reads 10,000 jobs in lists and keeps them."""
    lists = iter([_list(range(first, first + JOBS)) for first in range(0, 10_000 + JOBS, JOBS)])
    client = client_at("http://localhost", httpx.MockTransport(lambda _: httpx.Response(200, content=next(lists))))
    held = [await client.jobs(JobQuery())]
    before_bytes = _resident_bytes()
    held += [await client.jobs(JobQuery(limit=limit)) for limit in range(10_000 // JOBS)]
    grown_bytes = _resident_bytes() - before_bytes
    await client.aclose()
    return grown_bytes


def _resident_bytes() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def main() -> None:
    """Print the table, or be one of the processes that it needs."""
    match sys.argv[1:]:
        case ["serve"]:
            asyncio.run(_serve())
        case ["hold"]:
            sys.stdout.write(str(asyncio.run(_held_bytes())))
        case _:
            sys.stdout.write(table(figures()) + "\n")


if __name__ == "__main__":
    main()
