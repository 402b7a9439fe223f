"""Fixtures of the tests that run programs in a real pty."""

from contextlib import ExitStack

import pytest

from tests.terminal.terminal import Terminal


@pytest.fixture
def run():
    """Return a function that starts a program as `Terminal` does; it is killed when the test ends."""
    with ExitStack() as stack:
        yield lambda *args, **kwargs: stack.enter_context(Terminal(*args, **kwargs))
