r"""Hostile texts a server may send, and the check that none of them reached a terminal raw (tests/README.md, Faults, rows 1 and 2).

Each text is MARKER``a`` + hostile part + MARKER``z``: the first half shows that the text is painted at all, the second that nothing swallowed it.
The sequences a program writes itself (clear, leave the alternate screen, colours) carry a leading zero, so that they are told apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

CANARY = "pwned"
"""Stands in each link, title and clipboard text; no OSC, DCS or APC string may carry it."""

_CONTROLS = {
    "osc title": "\x1b]0;pwned\x07",
    "osc title st": "\x1b]2;pwned\x1b\\",
    "osc unterminated": "\x1b]0;pwned",
    "osc link": "\x1b]8;;http://pwned.example/\x1b\\",
    "osc clipboard": "\x1b]52;c;pwned===\x07",
    "osc clipboard query": "\x1b]52;c;?\x07",
    "osc colour query": "\x1b]11;?\x1b\\",
    "osc notification": "\x1b]9;pwned\x07",
    "clear": "\x1b[02J",
    "home": "\x1b[01;01H",
    "leave alternate": "\x1b[?01049l",
    "show cursor": "\x1b[?025h",
    "mouse on": "\x1b[?01003h",
    "reset": "\x1bc",
    "soft reset": "\x1b[!p",
    "sgr": "\x1b[031;07m",
    "sgr conceal": "\x1b[08m",
    "margins": "\x1b[02;03r",
    "charset": "\x1b(0",
    "kitty push": "\x1b[>031u",
    "dcs": "\x1bPpwned\x1b\\",
    "dcs setting query": "\x1bP$qm\x1b\\",
    "dcs terminfo query": "\x1bP+q544e\x1b\\",
    "apc": "\x1b_Gpwned\x1b\\",
    "pm": "\x1b^pwned\x1b\\",
    "sos": "\x1bXpwned\x1b\\",
    "query attributes": "\x1b[c",
    "query attributes zero": "\x1b[0c",
    "query attributes split": "\x1b[\x07c",
    "query secondary": "\x1b[>c",
    "query tertiary": "\x1b[=c",
    "query version": "\x1b[>q",
    "query status": "\x1b[5n",
    "query cursor": "\x1b[6n",
    "query size": "\x1b[18t",
    "query title": "\x1b[21t",
    "query mode": "\x1b[?02004$p",
    "query kitty": "\x1b[?u",
    "query identify": "\x1bZ",
    "c1 csi": "\x9bc",
    "c1 osc": "\x9d0;pwned\x9c",
    "c1 dcs": "\x90$qm\x9c",
    "c1 identify": "\x9a",
    "c1 nel": "\x85",
    "c1 all": "".join(map(chr, range(0x80, 0xA0))),
    "lone esc": "\x1b",
    "lone csi": "\x1b[",
    "nul": "\x00",
    "enq": "\x05",
    "bel": "\x07",
    "backspace": "\b\b\b",
    "vertical tab": "\v",
    "form feed": "\f",
    "carriage return": "\r",
    "shift out": "\x0e",
    "cancel": "\x18\x1a",
    "del": "\x7f",
    "grapheme joiner": "\u034f",
    "fillers": "\u115f\u1160\u3164\uffa0",
    "variation selectors": "\ufe00\ufe0f\U000e0100",
    "ignorable letters and marks": "\u17b4\u180b\u180e\u180f",
    "tags": "\U000e0001\U000e0041\U000e007f",
}

_MARKUP = {
    "markup close": "[/]",
    "markup close named": "[/bold]",
    "markup close path": "[/var/x.csv]",
    "markup click quit": "[@click=app.quit]x[/]",
    "markup click bell": "[@click=app.bell()]x",
    "markup click quotes": "[@click=\"app.quit('pwned')\"]x[/]",
    "markup link": "[link=http://pwned.example/]x[/link]",
    "markup link quotes": '[link="http://pwned.example/"]x[/link]',
    "markup style": "[bold red on blue]x[/bold red on blue]",
    "markup reverse": "[reverse]x",
    "markup variable": "[$error]x[/]",
    "markup word": "[ERROR] bad row",
    "markup open": "[",
    "markup escaped": r"\[bold]x\[/bold]",
    "markup backslash": "[bold]x\\",
    "markup emoji": ":bomb:",
}


def _texts(parts: Mapping[str, str], letter: str) -> dict[str, str]:
    return {
        name: f"{letter}{number:02}qa{part}{letter}{number:02}qz" for number, (name, part) in enumerate(parts.items())
    }


CONTROLS: Mapping[str, str] = _texts(_CONTROLS, "k")
"""Row 1: name to text, with control sequences."""

MARKUP: Mapping[str, str] = _texts(_MARKUP, "m")
"""Row 2: name to text, with what Textual and Rich take for markup; it must stand on the screen as it is."""

PAYLOADS: Mapping[str, str] = {**CONTROLS, **MARKUP}

_ALWAYS_WRONG = re.compile(
    r"\x0b(?!\x1b\[\d+G|\x1b?\[?\d*\Z)|[\x00\x05\x0c\x0e\x0f\x18\x1a\x7f-\x9f\udc80-\udc9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u206a-\u206f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
"""No program of ours writes these: C0 beyond line ends (VT goes to a column that is told), DEL, C1 (in UTF-8 or as a stray byte), bidi and invisible characters."""

_STRING = re.compile(r"\x1b[\]PX^_]([^\x07\x1b]*)")
_PIECE = re.compile(r"\x1b(?:[\]PX^_][^\x07\x1b]*|\[[^@-~\x1b]*[@-~]?|[ -/]*[0-~])")
_LONE = re.compile(r"[\x00-\x1f\x7f]")
_STRIPPED = re.compile(r"[\x07\x08\x0b-\x0d]")


def marker_of(payload: str) -> str:
    """Return what a text begins with, unique and printable; it stays together on the screen."""
    return payload[:5]


def tail_of(payload: str) -> str:
    """Return what a text ends with; if it is not on a wide enough screen, something swallowed it."""
    return payload[-5:]


def assert_harmless(raw: bytes, payload: str) -> None:
    """Check that `raw`, all that a program wrote, holds no control sequence of `payload` and nothing invisible.

    Raises:
        AssertionError: It does; the text names the sequence and what stands around it.
    """
    __tracebackhide__ = True
    written = raw.decode("utf-8", "surrogateescape")
    for match in _ALWAYS_WRONG.finditer(written):
        if match.end() < len(written) - 3 or match[0] < "\ud800":  # a character may be cut at the very end
            raise AssertionError(f"{match[0]!r} reached the terminal: {_around(written, match.start())}")
    for piece in _forbidden(payload):
        if (index := written.find(piece)) >= 0:
            raise AssertionError(f"{piece!r} reached the terminal: {_around(written, index)}")
    for match in _STRING.finditer(written):
        if CANARY in match[1] or marker_of(payload) in match[1]:
            raise AssertionError(f"{match[0]!r} reached the terminal: {_around(written, match.start())}")


def _forbidden(payload: str) -> set[str]:
    """Return what of `payload` must not be written literally; also as Textual leaves it, without bytes 7, 8 and 11-13."""
    head, body, tail = payload[:5], payload[5:-5], payload[-5:]
    if not _LONE.search(body):
        return set()
    # Sequences stand without their terminators, which alone may have been stripped.
    pieces = {body + tail, *(piece for piece in _PIECE.findall(body) if piece != "\x1b[")}
    if body[0] not in "\x1b\r\x0b":  # ESC, CR and VT stand behind any text whose row or style ends there
        pieces.add(head + body[0])
    return pieces | {_STRIPPED.sub("", piece) for piece in pieces} - {head, tail}


def _around(text: str, index: int) -> str:
    return repr(text[max(0, index - 40) : index + 40])
