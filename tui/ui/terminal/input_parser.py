"""Split the bytes of a terminal into keys and pastes, and drop everything else. Pure.

Textual's parser reads each character of an unknown sequence as a key, so a late response of the terminal types text and
presses keys. It also ends a paste at the first ESC. This module passes only complete sequences to that parser.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import takewhile

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS

ESC = "\x1b"

PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"

ESCAPE_S = 0.1
"""Seconds after an ESC in which the rest of a sequence may arrive; then it is the escape key."""

INCOMPLETE_S = 0.5
"""The same for a longer incomplete sequence; then it is dropped."""

STRING_S = 3.0
"""Maximum seconds of a string (OSC, DCS and similar): one without an end must not block the keyboard."""

TAIL_S = 5.0
"""Seconds in which the late rest of a dropped sequence is recognized and dropped."""

PASTE_SILENCE_S, PASTE_BULK_S, BULK = 2.0, 30.0, 64
"""A paste without an end mark ends after the first time without bytes, or after the second time without a read of
`BULK` bytes: shorter reads are keys.
"""

PASTE_LIMIT = 250_000
"""Maximum characters of a paste: enough for 10,000 ids of any length, and parsed within 0.25 s."""

_PLAIN = re.compile("[^\x1b\x80-\x9f]+")

_C1 = {"\x90": "P", "\x98": "X", "\x9b": "[", "\x9d": "]", "\x9e": "^", "\x9f": "_"}
"""8-bit controls that start a sequence, and the character after ESC in their 7-bit form."""

_WHOLE = re.compile("[^\x00-\x1f]*(?:\x1b\\\\|\x9c)")

_AFTER_C1 = {
    "[": re.compile("[0-?]"),
    "]": re.compile("[0-9lLI]"),
    "P": re.compile("[ -?]"),
    "X": _WHOLE,
    "^": _WHOLE,
    "_": _WHOLE,
}
"""What follows an 8-bit control in a terminal's response. After a stray byte, of another encoding or of a Meta key,
something else follows.
"""

_CSI = re.compile(r"\x1b\[(?:\[[ -~]|M[^\x00-\x1f]{3}|<[-0-9;]*[@-~]|(?!\[|M)[0-?]*[ -/]*[@-~])")
"""The standard form, function keys of the Linux console, old mouse reports, and new ones with negative numbers."""

_CSI_BEGUN = re.compile(r"\x1b\[(?:\[|M[^\x00-\x1f]{0,2}|<[-0-9;]*|[0-?]*[ -/]*)")

_SS3 = re.compile("\x1bO[0-9;]*[@-~]")

_SS3_BEGUN = re.compile("\x1bO[0-9;]*")

_STRING_END = re.compile("\x07|\x1b\\\\|\x9c")

_NO_ALT = frozenset("\x1b0123456789")
"""Characters that are separate keys after ESC: a digit may start an id, and the app has no alt keys."""

_LONGEST = 1000
"""Maximum characters of an incomplete sequence; all keys are shorter."""

_REPORT = re.compile(r"\x1b\[(?:[IO]|<\d{1,5};-?\d{1,5};-?\d{1,5}[Mm]|\?(?:2026|2048);[0-4]\$y)")
"""Reports of focus and mouse, and responses to the modes that Textual requests."""

_CURSOR_REPORT = re.compile(r"\x1b\[\d*;\d*R")

_RESIZE = re.compile(r"\x1b\[48;(\d{1,4});(\d{1,4});(\d{1,5});(\d{1,5})t")

_KITTY_KEY = re.compile(r"\x1b\[(\d{0,7})(?:;(?:\d{0,3})(?:;((?:\d{1,7}(?::\d{1,7})*)?))?)?([u~ABCDEFHPQRS])")

_MOST_CELLS = 4000
"""Maximum plausible columns or lines of a window."""

_TAILS = {
    ESC: re.compile(r"\[(?:[0-?]+[ -/]*[@-~]|[A-FHP-S])\Z|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|\\\Z"),
    "[": re.compile(r"(?:[0-?]*[ -/]*[RcmntuyM~]|[0-?]+[ -/]*[@-~])\Z"),
    "]": re.compile(r"[^\x00-\x1f]*(?:\x07|\x1b\\|\x9c)|\\\Z"),
}
"""The late rest of a sequence that was dropped after ESC, within CSI or SS3, or within a string. No key looks like
this, even twice in one read.
"""

_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

_STRAY = "jobdeck.stray"


@dataclass(frozen=True, slots=True)
class Keys:
    """Plain characters, or one sequence of a key or event: ESC, ESC and a character, or a complete CSI or SS3."""

    text: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """The text of a bracketed paste, without control characters except line breaks and tabs."""

    text: str
    note: str = ""
    """A note for the user; empty for none."""


class InputParser:
    """Parses bytes into keys and pastes, in order, and keeps incomplete sequences.

    Times are monotonic seconds. Only `tick` drops incomplete sequences, so that a late read is no timeout: call it when
    there is nothing to read.

    Args:
        has_alt: Whether ESC and a character that arrive together are one key. GNU screen delays an ESC by 0.3 s, so
            that `esc` and the next key arrive together.
    """

    def __init__(self, *, has_alt: bool = True) -> None:
        self._has_alt = has_alt
        self._decode = codecs.getincrementaldecoder("utf-8")(errors=_STRAY).decode
        self._pending = ""  # an incomplete sequence, or the start of a paste's end
        self._string = ""  # the introducer of the current string
        self._paste: _Paste | None = None
        self._fed_s = self._begun_s = self._bulk_s = 0.0
        self._tail, self._tail_until_s = "", 0.0
        self._open_until_s = 0.0

    @property
    def deadline_s(self) -> float | None:
        """When to call `tick` if no bytes arrive before; None for never."""
        if self._paste is not None:
            return self._fed_s + PASTE_SILENCE_S
        if self._string:
            return min(self._fed_s + INCOMPLETE_S, self._begun_s + STRING_S)
        if self._pending:
            return self._fed_s + (ESCAPE_S if len(self._pending) == 1 else INCOMPLETE_S)
        return None

    def feed(self, data: bytes, now_s: float) -> list[Keys | Pasted]:
        """Parse bytes and return the complete keys and pastes."""
        found: list[Keys | Pasted] = []
        text = self._decode(data)
        if self._paste is not None and now_s - self._bulk_s > PASTE_BULK_S:
            found += self._end_paste(now_s)
        if self._string and now_s - self._begun_s > STRING_S:
            found += self._give_up(now_s)
        text = self._without_tail(text, now_s, found)
        if len(data) >= BULK:
            self._bulk_s = now_s
        self._fed_s = now_s
        rest, self._pending = self._pending + text, ""
        while rest:
            rest = self._take(rest, now_s, found)
        return found

    def tick(self, now_s: float) -> list[Keys | Pasted]:
        """Drop a sequence that is incomplete for too long; return its key or paste, if it has one."""
        deadline_s = self.deadline_s
        if deadline_s is None or now_s < deadline_s:
            return []
        return self._give_up(now_s) if self._paste is None else self._end_paste(now_s)

    def _give_up(self, now_s: float) -> list[Keys | Pasted]:
        pending, self._pending = self._pending, ""
        kind = pending if pending == ESC else _C1.get(pending, "[")
        self._tail = "]" if self._string or kind not in _TAILS else kind
        self._tail_until_s = now_s + TAIL_S
        self._string = ""
        return self._unfinished(pending)

    def _take(self, text: str, now_s: float, found: list[Keys | Pasted]) -> str:
        """Parse the first piece of a non-empty `text` and return the rest; empty if the piece is incomplete."""
        if self._paste is not None:
            return self._take_paste(self._paste, text, found)
        if self._string:
            return self._take_string(text)
        if plain := _PLAIN.match(text):
            found.append(Keys(plain[0]))
            return text[plain.end() :]
        return self._take_escape(text, now_s, found) if text[0] == ESC else self._take_c1(text)

    def _take_escape(self, text: str, now_s: float, found: list[Keys | Pasted]) -> str:
        if text == ESC:
            self._pending = text
            return ""
        kind = text[1]
        if kind in "[O":
            return self._take_sequence(text, now_s, found)
        if kind in "]PX^_":
            self._string, self._begun_s = kind, now_s
        elif kind == "\\":  # the end of a dropped string
            pass
        elif kind in _NO_ALT or not self._has_alt or (not kind.isprintable() and text[:2] not in ANSI_SEQUENCES_KEYS):
            found.append(Keys(ESC))
            return text[1:]
        else:
            found.append(Keys(text[:2]))
        return text[2:]

    def _take_c1(self, text: str) -> str:
        kind = _C1.get(text[0])
        if kind is None:
            return text[1:]
        if len(text) == 1:
            self._pending = text
            return ""
        return f"{ESC}{kind}{text[1:]}" if _AFTER_C1[kind].match(text, 1) else text[1:]

    def _take_sequence(self, text: str, now_s: float, found: list[Keys | Pasted]) -> str:
        whole, begun = (_CSI, _CSI_BEGUN) if text[1] == "[" else (_SS3, _SS3_BEGUN)
        if complete := whole.match(text):
            if complete[0] == PASTE_BEGIN:
                self._paste, self._bulk_s, self._open_until_s = _Paste(), now_s, 0.0
            elif sequence := understood(complete[0]):
                found.append(Keys(sequence))
            return text[complete.end() :]
        partial = begun.match(text)
        assert partial is not None  # noqa: S101  # it matches the two characters checked before
        if partial.end() == len(text):
            self._pending = text[:_LONGEST]
            return ""
        found += self._unfinished(partial[0])
        return text[partial.end() :]

    def _take_string(self, text: str) -> str:
        """Skip to the end of the string; a control character interrupts it and starts something else."""
        for place, character in enumerate(text):
            if character == ESC and place + 1 == len(text):
                self._pending = ESC
                return ""
            if end := _STRING_END.match(text, place):
                if character == "\x07" and self._string != "]":
                    continue
                self._string = ""
                return text[end.end() :]
            if character < " ":
                self._string = ""
                return text[place:]
        return ""

    def _take_paste(self, paste: _Paste, text: str, found: list[Keys | Pasted]) -> str:
        end = text.find(PASTE_END)
        if end < 0:
            begun = next((size for size in range(len(PASTE_END) - 1, 0, -1) if text.endswith(PASTE_END[:size])), 0)
            paste.add(text[: len(text) - begun])
            self._pending = text[len(text) - begun :]
            return ""
        paste.add(text[:end])
        self._paste = None
        found.append(paste.finished())
        return text[end + len(PASTE_END) :]

    def _end_paste(self, now_s: float) -> list[Keys | Pasted]:
        """End a paste without an end mark, which may still arrive later after more text."""
        paste, self._paste = self._paste, None
        assert paste is not None  # noqa: S101  # callers have checked
        paste.add(self._pending)
        self._pending = ""
        self._open_until_s = now_s + PASTE_BULK_S
        return [paste.finished("the paste had no end: check what arrived")]

    def _without_tail(self, text: str, now_s: float, found: list[Keys | Pasted]) -> str:
        """Return `text` without the late rest of a dropped sequence."""
        if self._paste is None and now_s <= self._open_until_s and (end := text.find(PASTE_END)) >= 0:
            self._open_until_s = 0.0
            if end and PASTE_BEGIN not in text[:end]:
                paste = _Paste()
                paste.add(text[:end])
                found.append(paste.finished())
                return text[end:]
        tail, self._tail = self._tail, ""
        late = _TAILS[tail].match(text) if tail and now_s <= self._tail_until_s else None
        return text[late.end() :] if late else text

    def _unfinished(self, sequence: str) -> list[Keys | Pasted]:
        """Return the key of an incomplete sequence, if it has one."""
        is_alt = sequence in {f"{ESC}[", f"{ESC}O"}
        is_named = sequence in ANSI_SEQUENCES_KEYS and sequence.startswith(ESC)
        return [Keys(sequence)] if sequence == ESC or is_alt or is_named else []


class _Paste:
    """A paste that is arriving."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = self._kept = 0

    def add(self, text: str) -> None:
        """Append text up to the limit."""
        self._size += len(text)
        kept = text[: PASTE_LIMIT - self._kept]
        if kept:
            self._parts.append(kept)
            self._kept += len(kept)

    def finished(self, note: str = "") -> Pasted:
        """Return the kept text, cut between two words."""
        text = "".join(self._parts)
        if self._size > self._kept:
            cut = max(map(text.rfind, " \t\r\n,;"))
            text = text[:cut] if cut > 0 else text
            note = f"the paste was cut: {len(text):,} of {self._size:,} characters are used"
        return Pasted(_CONTROLS.sub(" ", _ESCAPES.sub("", text)), note)


def understood(sequence: str) -> str:
    """Return a complete CSI or SS3 sequence in a form that Textual can parse; empty if it is no key or event."""
    if _CURSOR_REPORT.fullmatch(sequence):
        return ""  # the app never requests it, and it looks like F3 with a modifier
    if resize := _RESIZE.fullmatch(sequence):
        return _resize(*map(int, resize.groups()))
    if sequence in ANSI_SEQUENCES_KEYS or _REPORT.fullmatch(sequence):
        return sequence
    key = _KITTY_KEY.fullmatch(sequence)
    return sequence if key and _is_kitty_key(*key.groups(default="")) else ""


def _is_kitty_key(code: str, text: str, end: str) -> bool:
    """Return whether a sequence of this form is a key or text; Textual turns any number into a character."""
    if text and not all(map(_is_text, text.split(":"))):
        return False
    return f"{int(code or 1)}{end}" in FUNCTIONAL_KEYS or (end == "u" and (text != "" or _is_text(code)))


def _is_text(code: str) -> bool:
    return code != "" and int(code) <= 0x10FFFF and chr(int(code)).isprintable()


def _resize(lines: int, columns: int, height: int, width: int) -> str:
    """Return a report of the window size, with cells for missing pixels, because Textual divides by them."""
    if not (0 < lines <= _MOST_CELLS and 0 < columns <= _MOST_CELLS):
        return ""
    height, width = (height, width) if height and width else (lines, columns)
    return f"\x1b[48;{lines};{columns};{height};{width}t"


def _stray(error: UnicodeError) -> tuple[str, int]:
    """Decode bytes that are not UTF-8: keep 8-bit controls, drop others."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    controls = takewhile(lambda byte: byte < 0xA0, stray)
    return "".join(map(chr, controls)), error.end


codecs.register_error(_STRAY, _stray)
