"""A small queue on a clock that stands still, and a client of the app that opens no socket."""

import httpx
import pytest

from tui.core.clock import ManualClock
from tui.simulator.app import create_app
from tui.simulator.faults import FaultPlan
from tui.simulator.queue import JobQueue, SimJob

JOBS = (
    SimJob(
        job_id=1,
        added_s=-30,
        start_s=-20,
        end_s=-10,
        location="W01",
        original_filename="inv.csv",
        owner="erp",
        items=500,
    ),
    SimJob(
        job_id=2, added_s=-20, start_s=10, end_s=30, location="W02", original_filename="inv.csv", owner="erp", items=100
    ),
    SimJob(job_id=3, added_s=-10, start_s=0, end_s=5, type="RELEASE_SHIPMENTS", location="W01"),
    SimJob(job_id=4, added_s=60, type="ADJUST", location="W02", owner="pos"),
)


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def queue(clock):
    return JobQueue(JOBS, clock)


@pytest.fixture
def faults(clock):
    return FaultPlan(clock)


@pytest.fixture
def app(queue, faults):
    return create_app(queue, faults=faults)


@pytest.fixture
async def client(app):
    transport = httpx.ASGITransport(app=app)
    headers = {"Authorization": "Bearer demo"}
    async with httpx.AsyncClient(transport=transport, base_url="http://simulator/api", headers=headers) as client:
        yield client
