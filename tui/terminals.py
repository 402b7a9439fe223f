"""Sequences that ask a terminal for more than text, and their way to it through tmux and screen. Pure; writes nothing."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from enum import Enum

from tui.text import one_line

_SCREEN_PIECE = 500
"""Characters that screen passes on at once; it throws away a longer string (768 bytes in old versions, with its frame)."""


class Multiplexer(Enum):
    """What stands between a program and the terminal."""

    NONE = "none"
    TMUX = "tmux"
    SCREEN = "screen"
    REMOTE = "remote"
    """TERM speaks of one of the two, but it runs on another machine: nothing more can be known of it."""


def multiplexer(environ: Mapping[str, str]) -> Multiplexer:
    """Return what the environment says."""
    if environ.get("TMUX"):
        return Multiplexer.TMUX
    if environ.get("STY"):
        return Multiplexer.SCREEN
    is_named = environ.get("TERM", "").startswith(("tmux", "screen"))
    return Multiplexer.REMOTE if is_named else Multiplexer.NONE


def copying(text: str, within: Multiplexer) -> str:
    """Return what asks the terminal to put `text` into the clipboard (OSC 52); no answer says whether it did.

    tmux gets it twice: with `set-clipboard on` it takes it itself, with `allow-passthrough on` it passes it on.
    """
    sequence = f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"
    passed = passing(sequence, within)
    return passed if passed == sequence or within is Multiplexer.SCREEN else sequence + passed


def notification(text: str, within: Multiplexer) -> str:
    """Return what asks the terminal to show `text` outside its window (OSC 9), and rings its bell for those that know no OSC 9."""
    return passing(f"\x1b]9;{one_line(text)}\x07", within) + "\x07"


def passing(sequence: str, within: Multiplexer) -> str:
    """Return a sequence in the frame that has tmux or screen pass it on untouched."""
    if within is Multiplexer.TMUX:
        return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"
    if within is Multiplexer.SCREEN:
        pieces = (sequence[start : start + _SCREEN_PIECE] for start in range(0, len(sequence), _SCREEN_PIECE))
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence
