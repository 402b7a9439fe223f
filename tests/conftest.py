"""What tests of several layers share: one simulated API on a real socket for a whole process."""

import pytest
from hypothesis import settings

from tui.simulator.server import SimulatorServer

settings.register_profile("jobdeck", deadline=None)  # 200 ms a case by default, which a busy machine takes for any
settings.load_profile("jobdeck")


class Switch:
    """Passes requests on to the app of the running test: starting and ending a server for each takes 0.3 s."""

    app = None

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def switch():
    return Switch()


@pytest.fixture(scope="session")
def serving(switch):
    serving = SimulatorServer(switch).start_in_thread()
    yield serving
    serving.stop()
