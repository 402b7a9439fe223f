"""Run one program and return its output, within limits of time and size."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pydantic import SecretBytes

LARGEST_OUTPUT = 65_536

"""Bytes of standard output; more ends the program."""

LARGEST_COMPLAINT = 4_096

"""Bytes of standard error that are kept; the rest is read and dropped."""

GRACE_S = 0.5

"""How long its pipes may stay open after its end: something it left in the background may hold them for ever."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended."""

    code: int | None
    """Its exit code, negative for a signal; None if its time was over."""
    output: SecretBytes
    complaint: SecretBytes
    """What it wrote to standard error."""
    is_too_large: bool
    """Whether it was ended for printing too much."""


async def run(argv: Sequence[str], *, limit_s: float, environ: Mapping[str, str] | None = None) -> Ran:
    """Run a program without a shell, an input or a terminal, and return how it ended.

    After `limit_s` seconds, and when the caller is cancelled, it is killed with all that it started in its process
    group.

    Args:
        argv: The program and its arguments.
        limit_s: Seconds that it may take in all.
        environ: Its environment; None means that of this process.

    Raises:
        OSError: It cannot be started.
        ValueError: An argument holds a NUL.
    """
    loop = asyncio.get_running_loop()
    transport, capture = await loop.subprocess_exec(
        _Capture, *argv, stdin=asyncio.subprocess.DEVNULL, start_new_session=True, env=environ
    )
    try:
        has_ended = await _within(limit_s, capture.exited)
        if has_ended:
            await _within(GRACE_S, capture.closed)
    finally:
        if not capture.exited.is_set():
            capture.kill()
            await _within(GRACE_S, capture.exited)
        transport.close()
    return capture.ran(transport.get_returncode() if has_ended else None)


async def _within(limit_s: float, event: asyncio.Event) -> bool:
    """Wait for `event` and return whether it came in time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(limit_s):
            await event.wait()
    return event.is_set()


class _Capture(asyncio.SubprocessProtocol):
    """Takes in what a program prints. Its representation shows none of it."""

    def __init__(self) -> None:
        self._pid: int | None = None
        self.exited = asyncio.Event()
        self.closed = asyncio.Event()
        self._open = {1, 2}
        self._written = {1: bytearray(), 2: bytearray()}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.SubprocessTransport):
            self._pid = transport.get_pid()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        room = (LARGEST_OUTPUT + 1 if fd == 1 else LARGEST_COMPLAINT) - len(self._written[fd])
        self._written[fd] += data[:room]
        if fd == 1 and len(data) >= room:
            self.kill()

    def pipe_connection_lost(self, fd: int, _exc: Exception | None) -> None:
        self._open.discard(fd)
        if not self._open:
            self.closed.set()

    def process_exited(self) -> None:
        self.exited.set()

    def kill(self) -> None:
        """End the program and what it started, if they still run."""
        if self._pid and not self.exited.is_set():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, signal.SIGKILL)

    def ran(self, code: int | None) -> Ran:
        output, complaint = (bytes(self._written[fd]) for fd in (1, 2))
        return Ran(code, SecretBytes(output), SecretBytes(complaint), is_too_large=len(output) > LARGEST_OUTPUT)
