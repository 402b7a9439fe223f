"""Resolve host names in a daemon thread, so that a hanging look-up blocks nothing."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from functools import partial

from tui.api.failures import unresolved
from tui.core.daemon_thread import run_in_daemon_thread


@dataclass(frozen=True, slots=True)
class Resolved:
    """The addresses of a host name."""

    addresses: tuple[str, ...]
    """In the system's order, each once; at least one."""
    ms: float


async def resolve(host: str, *, limit_s: float) -> Resolved:
    """Return the addresses of `host`.

    A separate daemon thread calls the resolver, because nothing can cancel that call. It may take many seconds, and
    the process must still be able to exit (tests/README.md, row 16).

    Args:
        host: A name, or an address, in ASCII.
        limit_s: Timeout in seconds.

    Raises:
        Unreachable: The name has no address, or the look-up timed out.
    """
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    answer = run_in_daemon_thread(partial(_look_up, host), name=f"look-up of {host}")
    try:
        async with asyncio.timeout(limit_s):
            return Resolved(await asyncio.wrap_future(answer), (loop.time() - began_s) * 1000)
    except TimeoutError as error:
        raise unresolved(host, within_s=limit_s) from error
    except (OSError, UnicodeError) as error:
        raise unresolved(host) from error


def _look_up(host: str) -> tuple[str, ...]:
    found = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
