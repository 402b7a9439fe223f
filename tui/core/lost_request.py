"""Detect a request that ended by a cancellation that its caller did not request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

_Result = TypeVar("_Result")


class LostRequest(RuntimeError):
    """A request ended without a result and without an error. This is a bug; the request is sent again."""


async def finished(request: Awaitable[_Result]) -> _Result:
    """Return the result of `request`.

    Raises:
        LostRequest: The request was cancelled, although the task that waits for it was not.
        BaseException: As `request`.
    """
    try:
        return await request
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
    raise LostRequest("a request ended without a response and without an error")
