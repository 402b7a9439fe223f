"""Asks the terminal's surroundings what they are: streams, size, terminfo, tmux, screen. Judges nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TextIO

from tui.core.subprocesses import run
from tui.core.terminal import Multiplexer, multiplexer
from tui.core.text import one_line
from tui.settings.schema import without_secrets

LIMIT_S = 2.0
"""Longest wait for tmux or screen to say something."""

_TMUX = ("tmux", "display-message", "-p", "#{version}|#{set-clipboard}|#{allow-passthrough}|#{escape-time}")


@dataclass(frozen=True, slots=True)
class TmuxFacts:
    """What the running tmux is set to."""

    version: str
    clipboard: str
    """Whether it takes what programs put into the clipboard: only with `on`, neither with `external` nor `off`."""
    is_passing: bool
    """Whether it passes on what programs wrap for it (`allow-passthrough`, from 3.3; before that always)."""
    escape_ms: int | None
    """How long it waits behind esc for the rest of a key; None if unreadable."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is around the program."""

    terminals: frozenset[str]
    """Those of `input`, `output` and `error` that are terminals."""
    size: tuple[int, int] | None
    """Columns and rows; None where the output is no terminal."""
    colours: int | None
    """By the terminal's description; None where there is none, -1 where it names none."""
    encoding: str
    """Of the locale."""
    within: Multiplexer
    tmux: TmuxFacts | None = None
    """None outside of tmux, and where it does not answer."""
    screen: str | None = None
    """Version of screen, if it says one."""


async def surroundings(streams: Mapping[str, TextIO | None], environ: Mapping[str, str], *, encoding: str) -> Surroundings:
    """Return what can be seen from here.

    Args:
        streams: `input`, `output` and `error`; None is a closed one.
        environ: The process's environment.
        encoding: Of the locale.
    """
    within = multiplexer(environ)
    terminals = frozenset(name for name, stream in streams.items() if stream is not None and not stream.closed and stream.isatty())
    return Surroundings(
        terminals=terminals,
        size=_size(streams["output"]) if "output" in terminals else None,
        colours=_colours(environ.get("TERM", "")),
        encoding=encoding,
        within=within,
        tmux=tmux_facts(await _said(_TMUX)) if within is Multiplexer.TMUX else None,
        screen=screen_version(await _said(("screen", "-v"))) if within is Multiplexer.SCREEN else None,
    )


def tmux_facts(said: str) -> TmuxFacts | None:
    """Return what tmux said of itself; None for anything else. Options that it does not know come out empty."""
    parts = said.strip().split("|")
    version = re.match(r"(?:next-)?(\d+)\.(\d+)", parts[0])
    if len(parts) != 4 or version is None:
        return None
    knows_passing = (int(version[1]), int(version[2])) >= (3, 3)
    return TmuxFacts(
        version=one_line(parts[0])[:20],
        clipboard=one_line(parts[1])[:20],
        is_passing=not knows_passing or parts[2] not in {"", "0", "off"},
        escape_ms=int(parts[3]) if re.fullmatch(r"\d{1,9}", parts[3]) else None,
    )


def screen_version(said: str) -> str | None:
    """Return the number in what `screen -v` says, None without one."""
    found = re.search(r"\d+\.\d+(?:\.\d+)?", said)
    return found[0] if found else None


def _size(stream: TextIO | None) -> tuple[int, int] | None:
    with suppress(OSError, ValueError):
        if stream is not None:
            columns, rows = os.get_terminal_size(stream.fileno())
            return columns, rows
    return None


def _colours(term: str) -> int | None:
    """Return the colours of a terminal by its description; None without one, or without the library that reads it.

    The library reads the description of one terminal in the life of a process.
    """
    try:
        import curses  # noqa: PLC0415  # some Pythons are built without it
    except ImportError:
        return None
    try:
        curses.setupterm(term or "unknown", 1)
    except (curses.error, ValueError):  # the latter of a name that no encoding has
        return None
    return curses.tigetnum("colors")


async def _said(command: Sequence[str]) -> str:
    """Return what a program prints, in its first moments; nothing if it cannot be run."""
    try:
        ran = await run(command, limit_s=LIMIT_S, environ=without_secrets(os.environ))
    except OSError:
        return ""
    return ran.output.get_secret_value().decode(errors="replace") if ran.code == 0 else ""
