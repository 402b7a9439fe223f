"""`jobdeck simulate`: serves the simulator on loopback until a signal ends it."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from tui.cli.completion_values import one_of
from tui.cli.crash_report import report
from tui.cli.options import api_options, chosen, number_of
from tui.cli.output import warn, write
from tui.core.errors import ConfigError
from tui.settings.address import tenant_of
from tui.settings.resolve import resolve
from tui.settings.schema import from_options_and_env

if TYPE_CHECKING:
    import asyncio

    from starlette.types import ASGIApp, Receive, Scope, Send

    from tui.simulator.queue import SimJob


HELP = """Run the simulator as a local HTTP server, for curl, other clients and tests.

--tenant sets the tenant of the jobs, and --log-file logs each request. Other shared options have no effect.

Requests that create jobs work too, below /api/commerce/inventory/v5/inventory: POST refresh, adjust, smart-refresh,
smart-adjust, delete, deleteItems, deleteFutureInventory, allocate, deallocate and fulfill. Their jobs are PENDING,
then WORKING, and end after a few seconds. A job is FAILED if an item has none of upc, partNumber and sku, if a quantity
is not an integer, or if a refresh has a negative quantity. Smart requests with up to 25 items complete at once, without
a job. A delete with "dryRun": true creates no job.

\b
Examples:
  jobdeck simulate
  jobdeck simulate --port 0 --speed 10 --scenario fleet:500
  jobdeck simulate --tenant 4711 --log-file served.log
"""


_UPLOAD = '{"locationCode": "W01", "items": [{"upc": "0012345678905", "quantity": 5}]}'


@click.command("simulate", help=HELP)
@click.option(
    "--port",
    metavar="NUMBER",
    callback=number_of(0, 65_535),
    default="8765",
    help="Port to listen on; default 8765; 0 selects a free port.",
)
@click.option(
    "--speed",
    metavar="FACTOR",
    callback=number_of(0.01, 1000),
    default="1",
    help="Simulated seconds per second; default 1.",
)
@click.option(
    "--scenario",
    default="demo",
    metavar="demo|fleet:N|still:N",
    shell_complete=one_of("demo", "fleet:500", "still:16"),
    help="Jobs in the queue; default demo.",
)
@click.option(
    "--seed", metavar="NUMBER", callback=number_of(0, 10**9), default="0", help="Seed of the simulated jobs; default 0."
)
@api_options
@click.pass_context
def command(context: click.Context, /, *, port: int, speed: float, scenario: str, seed: int, **_: object) -> int:
    """Serve until a signal ends the server, and return the exit code of the signal."""
    import asyncio  # noqa: PLC0415  # heavy: half of what --help may take

    from tui.cli.signals import report_logged  # noqa: PLC0415  # heavy: asyncio
    from tui.history.logs import logging_to  # noqa: PLC0415  # --help keeps none

    options = chosen(context).values
    settings = resolve(
        {**options, "demo": "1"}, os.environ
    )  # checks the settings that apply to the demo; needs no address
    jobs = _jobs(scenario, seed, tenant_of(from_options_and_env(options, os.environ)))
    try:
        with logging_to(settings.log_file, origin=settings.origin("log_file"), report=warn):
            report_logged()
            return asyncio.run(_serve(port, speed, scenario, jobs))
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        raise ConfigError(
            f"port {port} is not available: {(error.strerror or 'in use').lower()}", "give another, or --port 0"
        ) from error


def _jobs(scenario: str, seed: int, tenant: str | None) -> tuple[SimJob, ...]:
    from tui.simulator.scenarios import parse_scenario  # noqa: PLC0415  # --help does not need it

    try:
        jobs = parse_scenario(scenario, seed=seed)
    except ValueError as error:
        raise ConfigError(f"--scenario: {error}", "") from error
    return jobs if tenant is None else tuple(replace(job, tenant=int(tenant)) for job in jobs)


async def _serve(port: int, speed: float, scenario: str, jobs: Sequence[SimJob]) -> int:
    """Serve until SIGINT or SIGTERM, and return the exit code of the signal."""
    import asyncio  # noqa: PLC0415  # heavy: half of what --help may take

    from tui.core.clock import ScaledClock, SystemClock  # noqa: PLC0415  # heavy: asyncio
    from tui.simulator.app import (  # noqa: PLC0415
        Logged,  # heavy: uvicorn
        create_app,  # heavy: uvicorn
    )
    from tui.simulator.queue import JobQueue  # noqa: PLC0415  # heavy: uvicorn
    from tui.simulator.server import SimulatorServer  # noqa: PLC0415  # heavy: uvicorn

    clock = SystemClock() if speed == 1 else ScaledClock(speed)
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, _end, ended, 128 + number)
    async with SimulatorServer(_reporting(Logged(create_app(JobQueue(jobs, clock)))), port=port) as server:
        write(_greeting(server.url, scenario, speed, min(jobs, key=lambda job: job.job_id)))
        return await ended


def _reporting(app: ASGIApp) -> ASGIApp:
    """Return the app, which now also reports its bugs; the client gets a 500."""

    async def reporting(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:  # reported and raised again: the server answers 500 and goes on
            report(error)
            raise

    return reporting


def _end(ended: asyncio.Future[int], code: int) -> None:
    if not ended.done():
        ended.set_result(code)


def _greeting(url: str, scenario: str, speed: float, job: SimJob) -> str:
    return (
        f"simulating {scenario} at {url}/api, speed {speed:g}; stop it with Ctrl-C\n"
        "\n"
        f"export KIBO_API_HOST={url} KIBO_ACCESS_TOKEN=demo\n"
        "# or with client credentials instead of the token:\n"
        f"export KIBO_API_HOST={url} KIBO_AUTH_HOST={url} KIBO_TENANT={job.tenant} KIBO_CLIENT_ID=demo KIBO_SHARED_SECRET=demo\n"
        "\n"
        f"jobdeck get {job.job_id}\n"
        f"curl -H 'Authorization: Bearer demo' {url}/api/commerce/inventory/v1/queue/{job.job_id}\n"
        f"curl -s -H 'Authorization: Bearer demo' -d '{_UPLOAD}' {url}/api/commerce/inventory/v5/inventory/refresh | jobdeck wait -\n"
    )
