"""What environment variables say about the terminal, and escape sequences for clipboard and notifications. Pure."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from enum import Enum

from tui.core.text import one_line

_SCREEN_PIECE = 500

"""Characters that screen passes on at once; it throws away a longer string (768 bytes in old versions, with its
frame).
"""

FORCING = ("FORCE_COLOR", "CLICOLOR_FORCE")

"""Variables that want colour in a pipe too."""

_PYTHONS_OWN = frozenset({"C.UTF-8", "C.utf8", "UTF-8"})

"""Locales that PEP 538 takes, the first that is installed."""


class Multiplexer(Enum):
    """What stands between a program and the terminal."""

    NONE = "none"
    TMUX = "tmux"
    SCREEN = "screen"
    REMOTE = "remote"
    """TERM speaks of one of the two, but it runs on another machine: nothing more can be known of it."""


def is_capable(environ: Mapping[str, str]) -> bool:
    """Return whether a terminal can do more than print lines, by its name."""
    return environ.get("TERM", "") not in {"", "dumb"}


def colour_wish(environ: Mapping[str, str]) -> bool | None:
    """Return whether colour is wanted whatever standard output is; None leaves it to that (cli.md: empty is
    not set).
    """
    name = colour_variable(environ)
    return None if name is None else name in FORCING


def colour_variable(environ: Mapping[str, str]) -> str | None:
    """Return the name of the variable that decides about colour; None where none does. NO_COLOR wins over those that
    force it.
    """
    if environ.get("NO_COLOR"):
        return "NO_COLOR"
    for name in FORCING:
        if environ.get(name, "0").lower() not in {"", "0", "false"}:
            return name
    return "CLICOLOR" if environ.get("CLICOLOR") == "0" else None


def is_utf8(encoding: str) -> bool:
    """Return whether an encoding, or the locale that is called after it, has more characters than ASCII and
    in UTF-8.
    """
    return "utf8" in encoding.lower().replace("-", "")


def encoding(environ: Mapping[str, str], *, by_python: str, is_utf8_mode: bool) -> str:
    """Return the encoding of the locale that was asked for.

    Python in its UTF-8 mode has put one of its own in the place of a locale that is C, POSIX, not set or not installed
    (PEP 538, PEP 540),
    so that its name is all there is to go by: an ASCII terminal is none of UTF-8 by that (faults.md, row 27). Who told
    Python itself what
    to write knows better.

    Args:
        environ: The process's environment; Python has written its own choice into LC_CTYPE.
        by_python: What Python says of the locale that holds now.
        is_utf8_mode: Whether Python is in that mode.
    """
    if wished := environ.get("PYTHONIOENCODING", "").partition(":")[0]:
        return wished
    if environ.get("PYTHONUTF8") == "1":
        return "UTF-8"
    if not is_utf8_mode:
        return by_python
    ctype = environ.get("LC_CTYPE", "")
    asked = environ.get("LC_ALL") or ("" if ctype in _PYTHONS_OWN else ctype) or environ.get("LANG", "")
    return "UTF-8" if is_utf8(asked) else "US-ASCII"


def multiplexer(environ: Mapping[str, str]) -> Multiplexer:
    """Return what the environment says."""
    if environ.get("TMUX"):
        return Multiplexer.TMUX
    if environ.get("STY"):
        return Multiplexer.SCREEN
    is_named = environ.get("TERM", "").startswith(("tmux", "screen"))
    return Multiplexer.REMOTE if is_named else Multiplexer.NONE


def has_mouse(environ: Mapping[str, str]) -> bool:
    """Return whether a program may ask for the mouse: GNU screen holds back a lone ESC, and what follows it, while it
    reports the mouse.
    """
    is_screen = environ.get("TERM", "").startswith("screen") and not environ.get("TMUX")
    return not (environ.get("STY") or is_screen)


def copying(text: str, within: Multiplexer) -> str:
    """Return what asks the terminal to put `text` into the clipboard (OSC 52); no answer says whether it did.

    tmux gets it twice: with `set-clipboard on` it takes it itself, with `allow-passthrough on` it passes it on.
    """
    sequence = f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"
    passed = passing(sequence, within)
    return passed if passed == sequence or within is Multiplexer.SCREEN else sequence + passed


def notification(text: str, within: Multiplexer) -> str:
    """Return what asks the terminal to show `text` outside its window (OSC 9), and rings its bell for those that know
    no OSC 9.
    """
    return passing(f"\x1b]9;{one_line(text)}\x07", within) + "\x07"


def passing(sequence: str, within: Multiplexer) -> str:
    """Return a sequence in the frame that has tmux or screen pass it on untouched."""
    if within is Multiplexer.TMUX:
        return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"
    if within is Multiplexer.SCREEN:
        pieces = (sequence[start : start + _SCREEN_PIECE] for start in range(0, len(sequence), _SCREEN_PIECE))
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence
