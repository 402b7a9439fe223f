"""Capabilities of the terminal by environment variables, and escape sequences for clipboard and notifications. Pure."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from enum import Enum

from tui.core.text import one_line

_SCREEN_PIECE = 500
"""Longest string that GNU screen passes on; it drops longer ones (old versions: 768 bytes with the frame)."""

FORCING = ("FORCE_COLOR", "CLICOLOR_FORCE")
"""Variables that force colour, also in a pipe."""

_PYTHONS_OWN = frozenset({"C.UTF-8", "C.utf8", "UTF-8"})
"""Locales of PEP 538; Python uses the first installed one."""


class Multiplexer(Enum):
    """A terminal multiplexer between program and terminal."""

    NONE = "none"
    TMUX = "tmux"
    SCREEN = "screen"
    REMOTE = "remote"
    """TERM names a multiplexer on another machine; its kind is unknown."""


def is_capable(environ: Mapping[str, str]) -> bool:
    """Return whether the terminal supports cursor control, by its name."""
    return environ.get("TERM", "") not in {"", "dumb"}


def colour_wish(environ: Mapping[str, str]) -> bool | None:
    """Return whether colour is forced on or off; None leaves it to the output. Empty means not set."""
    name = colour_variable(environ)
    return None if name is None else name in FORCING


def colour_variable(environ: Mapping[str, str]) -> str | None:
    """Return the name of the variable that decides about colour; None for none. NO_COLOR wins."""
    if environ.get("NO_COLOR"):
        return "NO_COLOR"
    for name in FORCING:
        if environ.get(name, "0").lower() not in {"", "0", "false"}:
            return name
    return "CLICOLOR" if environ.get("CLICOLOR") == "0" else None


def is_utf8(encoding: str) -> bool:
    """Return whether an encoding, or the name of a locale, is UTF-8."""
    return "utf8" in encoding.lower().replace("-", "")


def encoding(environ: Mapping[str, str], *, by_python: str, is_utf8_mode: bool) -> str:
    """Return the encoding of the configured locale.

    Python's UTF-8 mode replaces a locale that is C, POSIX, not set or not installed (PEP 538, PEP 540). Then only
    the locale's name is reliable: the terminal may be ASCII (tests/README.md, row 27). An explicit Python setting
    takes precedence.

    Args:
        environ: The process's environment; Python stores its own choice in LC_CTYPE.
        by_python: Python's encoding of the current locale.
        is_utf8_mode: Whether Python is in UTF-8 mode.
    """
    if wished := environ.get("PYTHONIOENCODING", "").partition(":")[0]:
        return wished
    if environ.get("PYTHONUTF8") == "1":
        return "UTF-8"
    if not is_utf8_mode:
        return by_python
    ctype = environ.get("LC_CTYPE", "")
    locale = environ.get("LC_ALL") or ("" if ctype in _PYTHONS_OWN else ctype) or environ.get("LANG", "")
    return "UTF-8" if is_utf8(locale) else "US-ASCII"


def multiplexer(environ: Mapping[str, str]) -> Multiplexer:
    """Return the multiplexer by the environment."""
    if environ.get("TMUX"):
        return Multiplexer.TMUX
    if environ.get("STY"):
        return Multiplexer.SCREEN
    is_named = environ.get("TERM", "").startswith(("tmux", "screen"))
    return Multiplexer.REMOTE if is_named else Multiplexer.NONE


def has_mouse(environ: Mapping[str, str]) -> bool:
    """Return whether mouse reports are usable: with them GNU screen delays a lone ESC and the next key."""
    is_screen = environ.get("TERM", "").startswith("screen") and not environ.get("TMUX")
    return not (environ.get("STY") or is_screen)


def copying(text: str, within: Multiplexer) -> str:
    """Return the sequence that copies `text` to the clipboard (OSC 52); the terminal sends no confirmation.

    tmux receives it twice: `set-clipboard on` uses the first one, `allow-passthrough on` the second.
    """
    sequence = f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"
    passed = passing(sequence, within)
    return passed if passed == sequence or within is Multiplexer.SCREEN else sequence + passed


def notification(text: str, within: Multiplexer) -> str:
    """Return the sequence for a desktop notification (OSC 9), with a bell for terminals without OSC 9."""
    return passing(f"\x1b]9;{one_line(text)}\x07", within) + "\x07"


def passing(sequence: str, within: Multiplexer) -> str:
    """Return a sequence in the frame that tmux or screen passes on unchanged."""
    if within is Multiplexer.TMUX:
        return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"
    if within is Multiplexer.SCREEN:
        pieces = (sequence[start : start + _SCREEN_PIECE] for start in range(0, len(sequence), _SCREEN_PIECE))
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence
