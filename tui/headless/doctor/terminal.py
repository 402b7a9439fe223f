"""What is made of the terminal: size, colours, characters, tmux and screen. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tui.core.terminal import FORCING, Multiplexer, colour_variable, is_capable, is_utf8
from tui.core.text import one_line
from tui.headless.doctor.check import Check, ok, skipped, warning
from tui.headless.doctor.surroundings import Surroundings, TmuxFacts

COLUMNS, ROWS = 80, 24
"""From which size on everything is shown."""

SLOW_ESCAPE_MS = 50
"""A longer wait of tmux behind esc is felt."""

ENOUGH_COLOURS = 8


def terminal_checks(around: Surroundings, environ: Mapping[str, str], *, is_ascii: bool, is_colour_refused: bool) -> tuple[Check, ...]:
    """Return the checks of the terminal in their order.

    Args:
        around: What was seen.
        environ: The process's environment.
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
        return warning("terminal", found, "the app does not start; set TERM to what your terminal is, such as xterm-256color")
    if columns < COLUMNS or rows < ROWS:
        return warning("terminal", found, f"take {COLUMNS}x{ROWS} or more to see everything")
    return ok("terminal", found)


def _colours(around: Surroundings, environ: Mapping[str, str], *, is_refused: bool) -> Check:
    variable = "--no-color" if is_refused else colour_variable(environ)
    if variable is not None and variable not in FORCING:
        return ok("colours", f"none, by {variable}; statuses have signs and words too")
    if "output" not in around.terminals and variable is None:
        return skipped("colours", "none, because standard output is no terminal")
    told = "no description of this terminal" if around.colours is None else f"{max(0, around.colours)} by the terminal's description"
    found = told + (f", COLORTERM {one_line(environ['COLORTERM'])[:20]}" if environ.get("COLORTERM") else "")
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
    return warning("characters", f"{encoding}: signs are drawn in ASCII", "set LANG or LC_ALL to a locale with UTF-8, such as C.UTF-8")


def _multiplexer(around: Surroundings) -> Check:
    match around.within:
        case Multiplexer.NONE:
            return skipped("multiplexer", "neither tmux nor screen")
        case Multiplexer.REMOTE:
            return skipped("multiplexer", "TERM speaks of tmux or screen on another machine; its settings cannot be seen from here")
        case Multiplexer.SCREEN:
            return ok("multiplexer", f"screen {around.screen or 'of an unknown version'}; copies and notifications are passed through it")
        case Multiplexer.TMUX if around.tmux is None:
            return warning("multiplexer", "tmux, which does not answer", "see that `tmux display-message -p ok` works here")
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
