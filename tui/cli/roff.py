"""Pieces of a manual page in roff, with plain text made safe in them. Pure; knows nothing of what the page is about."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

_ESCAPES = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"}
_QUOTED = re.compile(r"`([^`]+)`")


def literal(text: str) -> str:
    """Return `text` so that it is shown as it stands, in ASCII, and begins no request."""
    shown = "".join(_ESCAPES.get(each) or (each if each.isascii() else f"\\[u{ord(each):04X}]") for each in text)
    return f"\\&{shown}" if shown.startswith(".") else shown


def prose(text: str) -> str:
    """Return a sentence in which words in backquotes are bold."""
    pieces = _QUOTED.split(text)
    return "".join(f"\\fB{literal(piece)}\\fR" if number % 2 else literal(piece) for number, piece in enumerate(pieces))


def heading(title: str) -> str:
    """Return the title of a section."""
    return f".SH {title.upper()}\n"


def subheading(title: str) -> str:
    """Return the title of a part of a section."""
    return f".SS {literal(title)}\n"


def paragraph(text: str) -> str:
    """Return a paragraph."""
    return f".PP\n{prose(text)}\n"


def entry(name: str, text: str) -> str:
    """Return a name, such as an option with its value, and below it what it means."""
    return f".TP\n{spelling(name)}\n{prose(text)}\n"


def block(text: str) -> str:
    """Return lines that keep their breaks, in a type for code."""
    shown = "".join(f"{literal(line)}\n" for line in textwrap.dedent(text).splitlines())
    return f".PP\n.EX\n{shown}.EE\n"


def lines(roff: Iterable[str]) -> str:
    """Return pieces of roff, each in a line of its own."""
    return ".nf\n" + "".join(f"{line}\n" for line in roff) + ".fi\n"


def spelling(text: str, *, begins_with: str = "") -> str:
    """Return what is typed: bold what stands for itself, in italics what something else is put for.

    Args:
        text: Words.
        begins_with: What stands for itself, the rest being variable; empty for an option with its value, and for one fixed text.
    """
    if begins_with:
        return f"\\fB{literal(begins_with)}\\fR{literal(text.removeprefix(begins_with))}"
    if not text.startswith("-"):
        return f"\\fB{literal(text)}\\fR"
    return " ".join(_option(word) for word in text.split(" "))


def _option(word: str) -> str:
    name = word.removesuffix(",")
    return f"\\fB{literal(name)}\\fR{word[len(name) :]}" if name.startswith("-") else f"\\fI{literal(word)}\\fR"
