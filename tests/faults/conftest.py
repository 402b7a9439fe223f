"""What the tests of faults share: a world, ended with the test."""

from contextlib import AsyncExitStack

import pytest

from tests.support.simulated_system import World


@pytest.fixture
async def world_of():
    """Make a world; see `World`."""
    async with AsyncExitStack() as stack:

        async def make(jobs=(), **options):
            return await stack.enter_async_context(World(jobs, **options))

        yield make


@pytest.fixture(params=[True, False], ids=["lists", "alone"])
def has_lists(request):
    """Whether list calls bring jobs: many faults look different where each job is asked for alone."""
    return request.param
