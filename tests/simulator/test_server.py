import asyncio
import signal
import socket
import threading
import time

import httpx
import pytest

from tui.core.clock import SystemClock
from tui.simulator.app import create_app
from tui.simulator.faults import FaultPlan
from tui.simulator.queue import JobQueue, SimJob
from tui.simulator.server import SimulatorServer

JOB = "/api/commerce/inventory/v1/queue/1"
AUTHORISED = {"Authorization": "Bearer demo"}


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what arrives over a socket sets no event here
            await asyncio.sleep(0)


@pytest.fixture
def plan():
    return FaultPlan(SystemClock())


@pytest.fixture
def server(plan):
    return SimulatorServer(create_app(JobQueue([SimJob(job_id=1)], SystemClock()), faults=plan))


async def test_serves_in_the_running_loop(server):
    async with server, httpx.AsyncClient(base_url=server.url, headers=AUTHORISED) as client:
        answer = await client.get(JOB)

    assert answer.json()["jobID"] == 1
    assert server.url.startswith("http://127.0.0.1:")


def simulator_threads():
    return {thread for thread in threading.enumerate() if thread.name == "simulator"}


def test_serves_in_a_thread(server):
    before = simulator_threads()  # other tests of this process may have one each
    server.start_in_thread()
    try:
        answer = httpx.get(server.url + JOB, headers=AUTHORISED)
    finally:
        server.stop()

    assert answer.json()["jobID"] == 1
    assert simulator_threads() <= before


def test_answers_carry_one_date_and_no_server_name(server):
    server.start_in_thread()
    try:
        answer = httpx.get(server.url + JOB, headers=AUTHORISED)
    finally:
        server.stop()

    assert len(answer.headers.get_list("date")) == 1
    assert "server" not in answer.headers


async def test_ends_within_a_second_despite_open_connections_and_waiting_answers(server, plan):
    async with httpx.AsyncClient(headers=AUTHORISED) as client:
        async with server:
            await client.get(server.url + JOB)
            plan.delay_s = 3_600
            held = asyncio.create_task(client.get(server.url + JOB, timeout=None))
            await until(lambda: plan.requests == 2)
            started_s = time.monotonic()

        assert time.monotonic() - started_s < 1
        with pytest.raises(httpx.TransportError):
            await held
        assert not [task for task in asyncio.all_tasks() if task not in {asyncio.current_task(), held}]


def test_thread_ends_within_a_second_despite_an_open_connection(server):
    server.start_in_thread()
    with httpx.Client(headers=AUTHORISED) as client:
        client.get(server.url + JOB)
        started_s = time.monotonic()

        server.stop()

        assert time.monotonic() - started_s < 1
        with pytest.raises(httpx.TransportError):
            client.get(server.url + JOB)


def test_small_answers_are_sent_without_delay(server):
    """Nagle's algorithm would hold each one for 40 ms; the fastest of some says so even on a busy machine."""
    server.start_in_thread()
    try:
        with httpx.Client(base_url=server.url, headers=AUTHORISED) as client:
            waits_s = [client.get(JOB).elapsed.total_seconds() for _ in range(6)]
    finally:
        server.stop()

    assert min(waits_s[1:]) < 0.02


def test_stop_may_be_called_twice_and_before_the_start(server):
    server.stop()
    server.start_in_thread()
    server.stop()
    server.stop()


def test_starts_again_on_the_same_port(server):
    first_url = server.start_in_thread().url
    server.stop()
    server.start_in_thread()
    try:
        answer = httpx.get(first_url + JOB, headers=AUTHORISED)
    finally:
        server.stop()

    assert answer.status_code == 200


def test_second_start_is_refused(server):
    server.start_in_thread()
    try:
        with pytest.raises(RuntimeError, match="already serves http://127"):
            server.start_in_thread()
    finally:
        server.stop()


async def test_taken_port_is_an_error_of_the_caller_s(server):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        crowded = SimulatorServer(create_app(JobQueue([], SystemClock())), port=taken.getsockname()[1])

        with pytest.raises(OSError, match="in use"):
            async with crowded:
                pass


async def test_signal_handlers_stay_as_they_were(server):
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)

    async with server:
        during = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)

    assert during == before


async def test_cut_answer_breaks_the_connection_and_logs_nothing(server, plan, caplog, capfd):
    plan.answer_next(200, headers={"Content-Length": "999"}, body=b'{"jobID":')

    async with server, httpx.AsyncClient(base_url=server.url, headers=AUTHORISED) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(JOB)
        recovered = await client.get(JOB)

    assert recovered.status_code == 200
    assert not [record for record in caplog.records if record.name.startswith("uvicorn")]
    assert capfd.readouterr() == ("", "")


async def test_is_ready_at_once(server):
    started_s = time.monotonic()

    async with server:
        assert time.monotonic() - started_s < 0.5
