"""What tests of several layers share: one simulated API on a real socket for a whole process."""

import os

import pytest
from hypothesis import settings

from tui.core import redaction
from tui.simulator.server import SimulatorServer

settings.register_profile("jobdeck", deadline=None)  # 200 ms a case by default, which a busy machine takes for any
settings.load_profile("jobdeck")


def pytest_collection_modifyitems(items):
    """Let each worker begin with its share of the long tests: one that begins last would have all wait for it.

    A worker gets a slice of the list as it is; those that are through take from the end of another's.
    """
    long = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if not item.get_closest_marker("long")]
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    share = -(-len(others) // workers)
    items[:] = [
        item
        for worker in range(workers)
        for item in [*long[worker::workers], *others[worker * share : (worker + 1) * share]]
    ]


@pytest.fixture(autouse=True)
def _no_secrets_of_other_tests():
    """A process removes every secret that it has used from its logs; here it runs many tests, with secrets such as `x`."""
    redaction._remembered.clear()


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
