import asyncio
import threading

import pytest

from tui.core.daemon_thread import run_in_daemon_thread


async def test_what_it_returns_arrives():
    assert (
        await asyncio.wrap_future(run_in_daemon_thread(lambda: threading.current_thread().name, name="aside"))
        == "aside"
    )


async def test_what_it_raises_arrives():
    with pytest.raises(ZeroDivisionError):
        await asyncio.wrap_future(run_in_daemon_thread(lambda: 1 // 0, name="aside"))


async def test_a_waiter_that_goes_leaves_it_running():
    released = threading.Event()
    outcome = run_in_daemon_thread(lambda: released.wait(30), name="aside")

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.wrap_future(outcome), 0.01)

    assert outcome.running()
    released.set()
    assert outcome.result(30) is True


async def test_the_interpreter_does_not_wait_for_it():
    released = threading.Event()
    outcome = run_in_daemon_thread(lambda: (released.wait(30), threading.current_thread().daemon)[1], name="aside")

    released.set()

    assert await asyncio.wrap_future(outcome) is True
