"""Checks the terminal: streams, size, colours, characters, tmux and screen."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TextIO

from tui.core.subprocesses import run
from tui.core.terminal import FORCING, Multiplexer, colour_variable, is_capable, is_utf8, multiplexer
from tui.core.text import one_line
from tui.doctor.checks import Check, ok, skipped, warning
from tui.settings.schema import without_secrets

LIMIT_S = 2.0
"""Timeout of a command to tmux or screen in seconds."""

_TMUX = ("tmux", "display-message", "-p", "#{version}|#{set-clipboard}|#{allow-passthrough}|#{escape-time}")


@dataclass(frozen=True, slots=True)
class TmuxFacts:
    """The settings of the running tmux."""

    version: str
    clipboard: str
    """`set-clipboard`: programs can write the clipboard only with `on`, not with `external` or `off`."""
    is_passing: bool
    """Whether it passes wrapped sequences through (`allow-passthrough`, from 3.3; before that always)."""
    escape_ms: int | None
    """How long it waits after esc for the rest of a key; None if unknown."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The terminal environment of the program."""

    terminals: frozenset[str]
    """The streams of `input`, `output` and `error` that are terminals."""
    size: tuple[int, int] | None
    """Columns and rows; None if the output is not a terminal."""
    colours: int | None
    """Number of colours in the terminal description; None without a description, -1 if it has no number."""
    encoding: str
    """The encoding of the locale."""
    within: Multiplexer
    tmux: TmuxFacts | None = None
    """None outside tmux, and if it does not respond."""
    screen: str | None = None
    """Version of screen; None if unknown."""


async def surroundings(
    streams: Mapping[str, TextIO | None], environ: Mapping[str, str], *, encoding: str
) -> Surroundings:
    """Return the terminal environment.

    Args:
        streams: `input`, `output` and `error`; None for a closed one.
        environ: The environment of the process.
        encoding: Of the locale.
    """
    within = multiplexer(environ)
    terminals = frozenset(
        name for name, stream in streams.items() if stream is not None and not stream.closed and stream.isatty()
    )
    return Surroundings(
        terminals=terminals,
        size=_size(streams["output"]) if "output" in terminals else None,
        colours=_terminfo_colours(environ.get("TERM", "")),
        encoding=encoding,
        within=within,
        tmux=tmux_facts(await _said(_TMUX)) if within is Multiplexer.TMUX else None,
        screen=screen_version(await _said(("screen", "-v"))) if within is Multiplexer.SCREEN else None,
    )


def tmux_facts(said: str) -> TmuxFacts | None:
    """Return the settings from the output of tmux; None for other output. Options unknown to tmux are empty."""
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
    """Return the version in the output of `screen -v`; None if there is none."""
    found = re.search(r"\d+\.\d+(?:\.\d+)?", said)
    return found[0] if found else None


def _size(stream: TextIO | None) -> tuple[int, int] | None:
    with suppress(OSError, ValueError):
        if stream is not None:
            columns, rows = os.get_terminal_size(stream.fileno())
            return columns, rows
    return None


def _terminfo_colours(term: str) -> int | None:
    """Return the number of colours in a terminal description; None without one, or without the library that reads it.

    The library reads only one terminal description per process.
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
    """Return the output of a program, up to the timeout; empty if it cannot run."""
    try:
        ran = await run(command, limit_s=LIMIT_S, environ=without_secrets(os.environ))
    except OSError:
        return ""
    return ran.output.get_secret_value().decode(errors="replace") if ran.code == 0 else ""


COLUMNS, ROWS = 80, 24
"""The smallest size at which the app shows everything."""

SLOW_ESCAPE_MS = 50
"""A longer wait of tmux after esc is noticeable."""

ENOUGH_COLOURS = 8


def terminal_checks(
    around: Surroundings, environ: Mapping[str, str], *, is_ascii: bool, is_colour_refused: bool
) -> tuple[Check, ...]:
    """Return the checks of the terminal in order.

    Args:
        around: The terminal environment.
        environ: The environment of the process.
        is_ascii: Whether ASCII was asked for.
        is_colour_refused: Whether an option refuses colours.
    """
    return (
        _terminal(around, environ),
        _colours(around, environ, is_refused=is_colour_refused),
        _characters(around, is_ascii=is_ascii),
        _multiplexer(around),
    )


def _terminal(around: Surroundings, environ: Mapping[str, str]) -> Check:
    missing = [name for name in ("input", "output", "error") if name not in around.terminals]
    if missing:
        last = missing.pop()
        named = f"{', '.join(missing)} and {last} are" if missing else f"{last} is"
        return skipped("terminal", f"standard {named} no terminal; the app needs one, the other commands do not")
    term = one_line(environ.get("TERM", ""))[:40]
    columns, rows = around.size or (0, 0)
    ssh = ", over ssh" if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY") else ""
    found = f"TERM {term or 'is not set'}, {columns}x{rows}{ssh}"
    if not is_capable(environ):
        return warning(
            "terminal", found, "the app does not start; set TERM to what your terminal is, such as xterm-256color"
        )
    if columns < COLUMNS or rows < ROWS:
        return warning("terminal", found, f"take {COLUMNS}x{ROWS} or more to see everything")
    return ok("terminal", found)


def _colours(around: Surroundings, environ: Mapping[str, str], *, is_refused: bool) -> Check:
    variable = "--no-color" if is_refused else colour_variable(environ)
    if variable is not None and variable not in FORCING:
        return ok("colours", f"none, by {variable}; statuses have signs and words too")
    if "output" not in around.terminals and variable is None:
        return skipped("colours", "none, because standard output is no terminal")
    described = (
        "no description of this terminal"
        if around.colours is None
        else f"{max(0, around.colours)} by the terminal's description"
    )
    found = described + (f", COLORTERM {one_line(environ['COLORTERM'])[:20]}" if environ.get("COLORTERM") else "")
    found += f", forced by {variable}" if variable else ""
    if around.colours is not None and around.colours < ENOUGH_COLOURS and not environ.get("COLORTERM"):
        return warning("colours", found, "set TERM to a description with colours; statuses have signs and words too")
    return ok("colours", found)


def _characters(around: Surroundings, *, is_ascii: bool) -> Check:
    encoding = one_line(around.encoding)[:20]
    if is_ascii:
        return ok("characters", f"{encoding}; ASCII signs, as asked for")
    if is_utf8(around.encoding):
        return ok("characters", encoding)
    return warning(
        "characters",
        f"{encoding}: signs are drawn in ASCII",
        "set LANG or LC_ALL to a locale with UTF-8, such as C.UTF-8",
    )


def _multiplexer(around: Surroundings) -> Check:
    match around.within:
        case Multiplexer.NONE:
            return skipped("multiplexer", "neither tmux nor screen")
        case Multiplexer.REMOTE:
            return skipped(
                "multiplexer", "TERM speaks of tmux or screen on another machine; its settings cannot be seen from here"
            )
        case Multiplexer.SCREEN:
            return ok(
                "multiplexer",
                f"screen {around.screen or 'of an unknown version'}; copies and notifications are passed through it",
            )
        case Multiplexer.TMUX if around.tmux is None:
            return warning(
                "multiplexer", "tmux, which does not answer", "see that `tmux display-message -p ok` works here"
            )
    return _tmux(around.tmux)


def _tmux(facts: TmuxFacts) -> Check:
    commands = []
    commands += [] if facts.clipboard == "on" else ["set -s set-clipboard on"]
    commands += [] if facts.is_passing else ["set -g allow-passthrough on"]
    is_slow = facts.escape_ms is not None and facts.escape_ms > SLOW_ESCAPE_MS
    commands += ["set -s escape-time 10"] if is_slow else []
    found = f"tmux {facts.version}; set-clipboard {facts.clipboard}, allow-passthrough {'on' if facts.is_passing else 'off'}"
    found += "" if facts.escape_ms is None else f", escape-time {facts.escape_ms}"
    if commands:
        return warning("multiplexer", found, f"in ~/.tmux.conf: {' ; '.join(commands)}")
    return ok("multiplexer", found)
