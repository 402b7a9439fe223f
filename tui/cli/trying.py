"""Sends the terminal what it never answers, and asks the person in front of it what came of it. Claims nothing by itself."""

from __future__ import annotations

import os
from contextlib import suppress

from tui.doctor.checks import Check, ok, skipped, warning

TERMINAL = "/dev/tty"
"""The terminal of this process, wherever its streams lead."""

_LONGEST_ANSWER = 1024


def try_out(name: str, *, sequence: str, question: str, remedy: str) -> Check:
    """Return what a person says of what `sequence` did.

    Args:
        name: Of the check.
        sequence: What is sent.
        question: One that `y` and `n` answer, in one line.
        remedy: What to do after `n`.
    """
    try:
        terminal = os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return skipped(name, "not sent, because there is no terminal")
    try:
        os.write(terminal, f"{sequence}{question} [y/n] ".encode())
        answer = _answer(terminal)
    finally:
        os.close(terminal)
    if answer.startswith("y"):
        return ok(name, "sent; you say that it worked")
    if answer.startswith("n"):
        return warning(name, "sent; you say that it did not work", remedy)
    return skipped(name, "sent; nobody said whether it worked")


def _answer(terminal: int) -> str:
    with suppress(OSError):  # the terminal is gone, or this process is in its background
        return os.read(terminal, _LONGEST_ANSWER).decode(errors="replace").strip().lower()
    return ""
