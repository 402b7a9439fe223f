"""Run a program and return its output, with limits of time and size."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pydantic import SecretBytes

LARGEST_OUTPUT = 65_536
"""Most bytes of standard output; the program is killed after more."""

LARGEST_COMPLAINT = 4_096
"""Kept bytes of standard error; the rest is discarded."""

GRACE_S = 0.5
"""Seconds to wait for its pipes after its exit: a background process may keep them open forever."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended."""

    code: int | None
    """Exit code, negative for a signal; None after a timeout."""
    output: SecretBytes
    complaint: SecretBytes
    """Standard error."""
    is_too_large: bool
    """Whether it was killed because of too much output."""


async def run(argv: Sequence[str], *, limit_s: float, environ: Mapping[str, str] | None = None) -> Ran:
    """Run a program without a shell, an input or a terminal, and return how it ended.

    After a timeout, after more than `LARGEST_OUTPUT` bytes of output, and if the caller is cancelled, kills the program
    and its process group.

    Args:
        argv: The program and its arguments.
        limit_s: Timeout in seconds.
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
    """Wait for `event`; return whether it was set in time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(limit_s):
            await event.wait()
    return event.is_set()


class _Capture(asyncio.SubprocessProtocol):
    """Collects the output of a program; its `repr` hides it."""

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
        """Kill the program and its process group if they still run."""
        if self._pid and not self.exited.is_set():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, signal.SIGKILL)

    def ran(self, code: int | None) -> Ran:
        output, complaint = (bytes(self._written[fd]) for fd in (1, 2))
        return Ran(code, SecretBytes(output), SecretBytes(complaint), is_too_large=len(output) > LARGEST_OUTPUT)
