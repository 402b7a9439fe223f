"""Makes the README's pictures from the demo: `python -m tests.screenshot [NAME…]`."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tui.cli.build import DEMO_JOBS
from tui.core.clock import ScaledClock
from tui.history.views import RememberedView
from tui.simulator.app import create_app
from tui.simulator.demo import demo
from tui.simulator.queue import JobQueue
from tui.simulator.server import SimulatorServer
from tui.ui.app import JobDeckApp
from tui.ui.app_context import AppContext
from tui.ui.monitor_client import MonitorThread
from tui.ui.rendering.status_bar import Place

FOLDER = Path(__file__).parent / "data"
PICTURES = {
    "list": ((100, 30), []),
    "messages": ((100, 30), ["j", "j", "right_square_bracket", "3"]),
    "deck": ((120, 34), ["j", "m", "j", "m", "j", "m", "j", "m", "j", "m", "j", "m", "4"]),
}
"""The pictures by name: their size, and the keys that lead to them."""
VIEW = RememberedView(theme="dark")
SPEED = 5.0
MOMENT_S = 22.0
"""Seconds into the demo at which one job has failed lately, some work and some wait."""


async def picture(size: tuple[int, int], keys: list[str]) -> str:
    """Return the demo's screen after `keys`, as SVG."""
    clock = ScaledClock(SPEED)

    @asynccontextmanager
    async def opened() -> AsyncIterator[object]:
        from tui.api.auth.static_token import FixedToken
        from tui.api.client import JobClient
        from tui.monitor.monitor import Monitor
        from tui.monitor.request_gate import RequestBudget, RequestGate
        from tui.settings.resolve import resolve

        async with SimulatorServer(create_app(JobQueue(demo(), clock))) as server:
            client = JobClient(resolve({"api_host": server.url}, {}), FixedToken("demo", origin="demo"), clock=clock)
            yield Monitor(client, clock, gate=RequestGate(RequestBudget(rate_per_s=20, burst=20, tokens=20)))
            await client.aclose()

    monitor = MonitorThread(opened)
    app = JobDeckApp(
        AppContext(monitor=monitor, place=Place("demo", "simulator"), clock=clock, job_ids=DEMO_JOBS, view=VIEW)
    )
    async with app.run_test(size=size) as pilot:
        started_s = clock.monotonic_s()
        while clock.monotonic_s() < started_s + MOMENT_S:
            await pilot.pause(0.05)
        await pilot.press(*keys)
        await pilot.pause(0.3)
        svg = app.export_screenshot(title="jobdeck --demo")
    monitor.stop()
    return svg


def main() -> None:
    """Write the pictures with these names, or all."""
    for name in sys.argv[1:] or PICTURES:
        (FOLDER / f"{name}.svg").write_text(asyncio.run(picture(*PICTURES[name])), encoding="utf-8")


if __name__ == "__main__":
    main()
