"""What watching costs over the whole life of a fleet, against the least program that reads the same answers: `python -m tests.bench.life`.

The answers are those that the simulated queue gives to the engine; they are recorded first, so that they alone are heard again.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
from pydantic import TypeAdapter

from tests.bench.engine import START, Watched
from tests.bench.figures import Figure, table
from tests.bench.polling import Plain, answer_of, client_at, serve, served
from tests.support.queue_source import uploaded
from tui.api.client import JobClient
from tui.domain.job_source import DEFAULT_LIMIT
from tui.monitor.requests import ListRequest
from tui.simulator.queue import JobQueue, encode

FLEET, ROUNDS = uploaded(500), 3
"""500 jobs of one file, ten of which work at a time; and rounds, of which the quietest counts."""


@dataclass
class Stand:
    """A clock for the queue that stands where the engine does."""

    watched: Watched

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic_s())

    def monotonic_s(self) -> float:
        return self.watched.now_s


def figures() -> list[Figure]:
    """Measure in under 20 s."""
    answers = asyncio.run(recorded())
    read = sum(len(TypeAdapter(list[object]).validate_json(body)) if body[:1] == b"[" else 1 for body in answers)
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"\n".join(answers))
        file.flush()
        with served("tests.bench.life", file.name) as base:
            rounds = [(_cost_s(_watched_at(base)), _cost_s(_read_at(base, len(answers)))) for _ in range(ROUNDS)]
    ours, floor = (min(costs_s) / read * 1e6 for costs_s in zip(*rounds, strict=True))
    return [
        Figure("500 jobs, one file, over their whole life: answers", len(answers), ""),
        Figure("… jobs in an answer", read / len(answers), ""),
        Figure(
            "… CPU a job in an answer, client and engine; floor: reading the same answers",
            ours,
            "µs",
            floor,
            2.0,
            is_ratio=True,
        ),
    ]


async def recorded() -> list[bytes]:
    """Return the bodies of all answers that the engine gets, from the first to the one that settles the last job."""
    watched = Watched(job.job_id for job in FLEET)
    queue, bodies = JobQueue(FLEET, Stand(watched)), []

    def answer(request: httpx.Request) -> httpx.Response:
        asked, filters = request.url.path.rsplit("/", 1)[1], request.url.params
        if asked == "queue":
            named = {
                "location": filters.get("locationCode"),
                "filename": filters.get("originalFilename"),
                "types": filters.get_list("types"),
            }
            bodies.append(encode(list(queue.jobs(**named, limit=int(filters.get("limit", DEFAULT_LIMIT))))))
        else:
            bodies.append(encode(queue.job(int(asked))))
        return httpx.Response(200, content=bodies[-1])

    await _watch(client_at("http://localhost", httpx.MockTransport(answer)), watched)
    return bodies


async def _watch(client: JobClient, watched: Watched) -> None:
    while not watched.watchlist.is_final:
        request = watched.depart()
        call = request.call
        jobs = (
            (await client.jobs(call.query)).value
            if isinstance(call, ListRequest)
            else ((await client.job(call.job_id)).value,)
        )
        watched.arrive(request, jobs)
    await client.aclose()


async def _watched_at(base: str) -> None:
    await _watch(client_at(base), Watched(job.job_id for job in FLEET))


async def _read_at(base: str, answers: int) -> None:
    listed, single = TypeAdapter(list[Plain]), TypeAdapter(Plain)
    async with httpx.AsyncClient(trust_env=False) as bare:
        for _ in range(answers):
            body = (await bare.get(f"{base}/api/commerce/inventory/v1/queue", params={"limit": 500})).content
            (listed if body[:1] == b"[" else single).validate_json(body)


def _cost_s(work: Coroutine[None, None, None]) -> float:
    before_s = time.process_time()
    asyncio.run(work)
    return time.process_time() - before_s


def main() -> None:
    """Print the table, or be the server that tells the recorded life to each connection from its start."""
    match sys.argv[1:]:
        case [file]:
            answers = [answer_of(body) for body in Path(file).read_bytes().split(b"\n")]
            asyncio.run(serve(lambda: partial(_next, iter(answers))))
        case _:
            print(table(figures()))


def _next(answers: Iterator[bytes], _path: bytes) -> bytes:
    return next(answers)


if __name__ == "__main__":
    main()
