"""Sends text to the user's clipboard: by the terminal's escape sequence OSC 52, through tmux and GNU screen.

No terminal answers whether it has taken the text, so nothing here claims that it has.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from enum import Enum

TMUX_S = 2.0
"""Seconds that tmux may take to answer."""

SCREEN_PIECE = 700
"""Characters of one string for GNU screen, which drops longer ones than 768."""

MOST_BYTES = 74_000
"""Bytes of a text above which many terminals take none of it: 100,000 characters of OSC 52."""


class Route(Enum):
    """How a text reaches the terminal; the value says so to the user."""

    TERMINAL = "to the terminal (OSC 52)"
    TMUX = "through tmux to the terminal (OSC 52)"
    TMUX_BUFFER = "to the buffer of tmux, which passes it on"
    SCREEN = "through screen to the terminal (OSC 52)"


def sequence(text: str, route: Route) -> str:
    """Return the characters that carry a text to the terminal; none for `Route.TMUX_BUFFER`, which is a command."""
    plain = f"\x1b]52;c;{b64encode(text.encode()).decode()}\x07"
    match route:
        case Route.TERMINAL:
            return plain
        case Route.TMUX:
            inner = plain.replace("\x1b", "\x1b\x1b")
            return f"\x1bPtmux;{inner}\x1b\\"
        case Route.SCREEN:
            pieces = (plain[start : start + SCREEN_PIECE] for start in range(0, len(plain), SCREEN_PIECE))
            return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
        case Route.TMUX_BUFFER:
            return ""


async def route_of(environ: Mapping[str, str]) -> Route:
    """Return the route for a program with this environment."""
    if environ.get("TMUX"):
        return Route.TMUX if await _passes_through(environ) else Route.TMUX_BUFFER
    # TERM alone tells nothing: tmux sets screen-256color too, and ssh passes that on without TMUX.
    return Route.SCREEN if environ.get("STY") else Route.TERMINAL


async def _passes_through(environ: Mapping[str, str]) -> bool:
    """Return whether tmux passes sequences through to the terminal."""
    pane = ("-t", environ["TMUX_PANE"]) if environ.get("TMUX_PANE") else ()
    code, output = await _tmux(("show-options", "-Apv", *pane, "allow-passthrough"))
    return code == 0 and output.strip() in {b"on", b"all"}


async def load_buffer(text: str) -> bool:
    """Have tmux take a text into its buffer and pass it on to the terminal's clipboard; return whether it took it."""
    code, _ = await _tmux(("load-buffer", "-w", "-"), text.encode())
    return code == 0


async def _tmux(arguments: tuple[str, ...], given: bytes = b"") -> tuple[int | None, bytes]:
    """Run tmux and return its exit code and output; None and nothing if it does not run or takes too long."""
    try:
        started = await asyncio.create_subprocess_exec(
            "tmux",
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return None, b""
    try:
        async with asyncio.timeout(TMUX_S):
            output, _ = await started.communicate(given)
    except TimeoutError:
        with suppress(ProcessLookupError):
            started.kill()
        return None, b""
    return started.returncode, output
