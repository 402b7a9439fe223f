"""What a terminal makes of the bytes a program writes: cells, modes, answers. Knows no process and no tty.

pyte's own parser loses its way in sequences it does not know (``CSI > 1 u``, ``CSI ? 2026 $ p``), so only its screen is used.
"""

from __future__ import annotations

import codecs
import copy
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyte
from pyte.screens import Char, Cursor, wcwidth

NORMAL_MODES = frozenset({7, 25})
"""DEC private modes that are on before a program starts: autowrap and a visible cursor."""

ALTERNATE_MODES = frozenset({47, 1047, 1049})

SYNC_MODE = 2026

_MOST_PENDING = 50_000
"""Drawing steps put off at most; beyond that memory would grow with a program that writes without end."""

_REPORTED_MODES = frozenset({1, 7, 9, 25, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 2004, SYNC_MODE}) | ALTERNATE_MODES
"""Modes DECRQM calls known. 2048 is not, so that programs learn of a new size by SIGWINCH."""

_SCREEN_MODES = frozenset({5, 6, 7, 25})
"""Private modes pyte's screen acts on; 3 (132 columns) is left out, as xterm ignores it by default."""

_INNER = r"\x00-\x17\x19\x1c-\x1f"  # control characters a terminal obeys in the middle of a sequence
_SEQUENCE = re.compile(
    rf"(?:\x1b\[|\x9b)(?P<params>[0-?{_INNER}]*)(?P<between>[ -/{_INNER}]*)(?P<final>[@-~])"
    r"|(?P<string>\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])(?P<body>[^\x07\x18\x1a\x1b\x9c]*)(?:[\x07\x18\x1a\x9c]|\x1b\\|(?=\x1b[^\\]))"
    r"|\x1b(?P<escape>[ -/]+[0-~]|[0-OQ-WYZ\\`-~])"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f-\x8f\x91-\x97\x99\x9a\x9c])"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
)
_UNFINISHED = re.compile(
    rf"(?:(?:\x1b\[|\x9b)[0-?{_INNER}]*[ -/{_INNER}]*"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x18\x1a\x1b\x9c]*\x1b?"
    r"|\x1b[ -/]*)\Z"
)

_CONTROLS = {
    "\b": "backspace",
    "\t": "tab",
    "\n": "linefeed",
    "\v": "linefeed",
    "\f": "linefeed",
    "\r": "carriage_return",
    "\x84": "index",
    "\x85": "linefeed",
    "\x88": "set_tab_stop",
    "\x8d": "reverse_index",
}
_ESCAPES = {
    "7": "save_cursor",
    "8": "restore_cursor",
    "D": "index",
    "E": "linefeed",
    "H": "set_tab_stop",
    "M": "reverse_index",
}
_CSI = {final: name for final, name in pyte.Stream.csi.items() if final not in "cn"} | {
    "s": "save_cursor",
    "u": "restore_cursor",
}
_MOST_PARAMETERS = {"H": 2, "f": 2, "r": 2, "m": 99, "h": 99, "l": 99, "s": 0, "u": 0}
_ERASE_KINDS = {"J": 3, "K": 2}


@dataclass(frozen=True, slots=True)
class Cell:
    """One place on the screen."""

    char: str
    """The character with its combining marks; empty behind a wide one."""
    fg: str
    """Colour as ``default``, a name (``red``, ``brightred``; yellow is ``brown``) or six hexadecimal digits."""
    bg: str
    bold: bool
    italic: bool
    underline: bool
    reverse: bool


class _Screen(pyte.Screen):
    """pyte's screen with an alternate screen, and without its faults on invisible characters, shrinking and lines never written."""

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self._main: tuple[Any, Cursor] | None = None

    def draw(self, data: str) -> None:
        # pyte drops the rest of the text behind a character without width that is no combining mark.
        super().draw(
            data
            if data.isascii()
            else "".join(char for char in data if wcwidth(char) > 0 or unicodedata.combining(char))
        )

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        super().resize(lines, columns)
        self.cursor.x = min(self.cursor.x, self.columns - 1)
        self.cursor.y = min(self.cursor.y, self.lines - 1)

    def insert_lines(self, count: int | None = None) -> None:
        self._write_all()
        super().insert_lines(count)

    def delete_lines(self, count: int | None = None) -> None:
        self._write_all()
        super().delete_lines(count)

    def _write_all(self) -> None:
        """Have every line in the buffer: pyte moves no line that was never written, and leaves what stands where it should come to."""
        for y in range(self.lines):
            self.buffer[y]  # makes it: a defaultdict

    def reset(self) -> None:
        super().reset()
        self._main = None

    def enter_alternate(self) -> None:
        if self._main is None:
            self._main = copy.deepcopy(self.buffer), copy.copy(self.cursor)
        self.erase_in_display(2)

    def leave_alternate(self) -> None:
        if self._main is not None:
            self.buffer, self.cursor = self._main
            self._main = None
            self.resize(self.lines, self.columns)
            self.margins = None


class Emulator:
    """A terminal without a tty: bytes in, cells, modes and answers out.

    Text reaches the screen only when somebody looks, so that emulation does not delay the arrival times of output.

    Args:
        cols: Columns; below 1 counts as 1.
        rows: Rows; below 1 counts as 1.
    """

    def __init__(self, cols: int, rows: int) -> None:
        self.modes: set[int] = set(NORMAL_MODES)
        """DEC private modes that are on."""
        self.queries: list[str] = []
        """Each query of the program, as it came."""
        self.title = ""
        """Window title; empty until the program sets one."""
        self._kitty: dict[bool, list[int]] = {False: [], True: []}
        self._modify_other_keys = 0
        self._keypad = False
        self._answers: list[str] = []
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._screen = _Screen(max(1, cols), max(1, rows))
        self._pending: list[Callable[[], None]] = []
        self._rendered: tuple[tuple[str, tuple[int, ...]], ...] | None = None

    def feed(self, data: bytes) -> bytes:
        """Take what the program wrote and return what a terminal answers, mostly nothing."""
        text = self._rest + self._decoder.decode(data)
        self._rest = ""
        position = 0
        while position < len(text):
            if match := _SEQUENCE.match(text, position):
                self._obey(match)
                position = match.end()
            elif _UNFINISHED.match(text, position):
                self._rest = text[position:]
                break
            else:
                position += 1  # the introducer of a sequence that was broken off
        self._rendered = None
        if len(self._pending) > _MOST_PENDING:
            self._catch_up()
        answers, self._answers = self._answers, []
        return "".join(answers).encode()

    def resize(self, cols: int, rows: int) -> None:
        """Take a new size; below 1 counts as 1."""
        self.screen.resize(max(1, rows), max(1, cols))
        self._rendered = None

    @property
    def screen(self) -> _Screen:
        """The screen with everything fed so far."""
        self._catch_up()
        return self._screen

    @property
    def rendered(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Each line's text without trailing blanks, with the column of each of its characters."""
        if self._rendered is None:
            screen = self.screen
            self._rendered = tuple(_render(screen.buffer[y], screen.columns) for y in range(screen.lines))
        return self._rendered

    def cell(self, x: int, y: int) -> Cell:
        char = self.screen.buffer[y][x]
        return Cell(char.data, char.fg, char.bg, char.bold, char.italics, char.underscore, char.reverse)

    def leftovers(self) -> tuple[str, ...]:
        """Return what the program has changed and not put back, in words; empty for a sane terminal."""
        found = [f"?{mode}h" for mode in sorted(self.modes - NORMAL_MODES)]
        found += [f"?{mode}l" for mode in sorted(NORMAL_MODES - self.modes)]
        screen = self.screen
        checks = {
            "kitty keyboard not popped": any(self._kitty.values()),
            "modifyOtherKeys on": self._modify_other_keys,
            "application keypad on": self._keypad,
            "scroll margins set": screen.margins,
            "colours left on": screen.cursor.attrs != screen.default_char,
            "output ends inside a sequence": self._rest,
        }
        return (*found, *(name for name, is_wrong in checks.items() if is_wrong))

    def _catch_up(self) -> None:
        pending, self._pending = self._pending, []
        for act in pending:
            act()

    def _obey(self, match: re.Match[str]) -> None:
        handle = {
            "final": self._csi,
            "body": self._string,
            "escape": self._escape,
            "control": lambda found: self._control(found["control"]),
            "text": lambda found: self._later("draw", found["text"]),
        }
        handle[str(match.lastgroup)](match)

    def _later(self, name: str, *args: object) -> None:
        self._pending.append(lambda: getattr(self._screen, name)(*args))

    def _ask(self, query: str, answer: str) -> None:
        self.queries.append(query)
        self._answers.append(answer)

    def _control(self, character: str) -> None:
        if character == "\x05":
            self._ask(character, "answerback")
        if character == "\x85":
            self._later("carriage_return")
        if name := _CONTROLS.get(character):
            self._later(name)

    def _escape(self, match: re.Match[str]) -> None:
        escape = match["escape"]
        if escape == "c":
            self.modes = set(NORMAL_MODES)
            self._kitty = {False: [], True: []}
            self._modify_other_keys, self._keypad = 0, False
            self._later("reset")
        elif escape in {"=", ">"}:
            self._keypad = escape == "="
        elif escape == "Z":
            self._ask(match[0], "\x1b[?62;22c")
        elif escape in _ESCAPES:
            if escape == "E":
                self._later("carriage_return")
            self._later(_ESCAPES[escape])

    def _string(self, match: re.Match[str]) -> None:
        is_command = match["string"] in {"\x1b]", "\x9d"}
        is_request = match["string"] in {"\x1bP", "\x90"}
        if is_command and match["body"][:2] in {"0;", "2;"}:
            self.title = match["body"][2:]
        elif is_command and match["body"].endswith(";?"):
            value = "cHduZWQ=" if match["body"].startswith("52;") else "rgb:8080/8080/8080"
            self._ask(match[0], f"\x1b]{match['body'][:-1]}{value}\x1b\\")
        elif is_request and match["body"][:2] in {"$q", "+q"}:
            self._ask(match[0], f"\x1bP0{match['body'][0]}r\x1b\\")

    def _csi(self, match: re.Match[str]) -> None:
        for character in match["params"] + match["between"]:
            if character < " ":
                self._control(character)
        between = re.sub(r"[\x00-\x1f]", "", match["between"])
        prefix, numbers = _parameters(re.sub(r"[\x00-\x1f]", "", match["params"]))
        key = prefix + between + match["final"]
        if key in {"?h", "?l"}:
            self._switch(numbers, is_on=key == "?h")
        elif change := _SETTINGS.get(key):
            change(self, numbers)
        elif (query := _QUERIES.get(key)) and (answer := query(self, numbers)):
            self._ask(match[0], answer)
        elif key in _CSI and ":" not in match["params"]:
            self._steer(key, numbers)

    def _switch(self, numbers: Sequence[int], *, is_on: bool) -> None:
        for mode in numbers:
            (self.modes.add if is_on else self.modes.discard)(mode)
            if mode in ALTERNATE_MODES:
                self._later("enter_alternate" if is_on else "leave_alternate")
            elif mode in _SCREEN_MODES:
                change = self._screen.set_mode if is_on else self._screen.reset_mode
                self._pending.append(partial(change, mode, private=True))

    def _steer(self, final: str, numbers: Sequence[int]) -> None:
        if numbers and numbers[0] > _ERASE_KINDS.get(final, 9999):
            return
        self._later(_CSI[final], *numbers[: _MOST_PARAMETERS.get(final, 1)])

    def _kitty_stack(self) -> list[int]:
        return self._kitty[bool(self.modes & ALTERNATE_MODES)]

    def _kitty_push(self, numbers: Sequence[int]) -> None:
        self._kitty_stack().append(_first(numbers, 0))

    def _kitty_pop(self, numbers: Sequence[int]) -> None:
        del self._kitty_stack()[-max(1, _first(numbers, 1)) :]

    def _set_modify_other_keys(self, numbers: Sequence[int]) -> None:
        if _first(numbers, 4) == 4:
            self._modify_other_keys = numbers[1] if len(numbers) > 1 else 0

    def _report_kitty(self, numbers: Sequence[int]) -> str:
        return f"\x1b[?{(self._kitty_stack() or [0])[-1]}u"

    def _report_status(self, numbers: Sequence[int]) -> str:
        if _first(numbers, 0) == 5:
            return "\x1b[0n"
        return self._report_cursor(numbers, "")

    def _report_cursor(self, numbers: Sequence[int], prefix: str = "?") -> str:
        if _first(numbers, 0) != 6:
            return ""
        cursor = self.screen.cursor
        return f"\x1b[{prefix}{cursor.y + 1};{min(cursor.x, self._screen.columns - 1) + 1}R"

    def _report_mode(self, numbers: Sequence[int]) -> str:
        mode = _first(numbers, 0)
        known = 1 if mode in self.modes else 2
        return f"\x1b[?{mode};{known if mode in _REPORTED_MODES else 0}$y"

    def _report_window(self, numbers: Sequence[int]) -> str:
        screen = self._screen
        answers = {
            11: "\x1b[1t",
            13: "\x1b[3;0;0t",
            14: f"\x1b[4;{screen.lines * 16};{screen.columns * 8}t",
            16: "\x1b[6;16;8t",
            18: f"\x1b[8;{screen.lines};{screen.columns}t",
            19: f"\x1b[9;{screen.lines};{screen.columns}t",
            20: "\x1b]Licon\x1b\\",
            21: f"\x1b]l{self.title}\x1b\\",
        }
        return answers.get(_first(numbers, 0), "")


def _no_answer_but(answer: str) -> Callable[[Emulator, Sequence[int]], str]:
    return lambda emulator, numbers: answer if _first(numbers, 0) == 0 else ""


_SETTINGS: Mapping[str, Callable[[Emulator, Sequence[int]], None]] = {
    ">u": Emulator._kitty_push,
    "<u": Emulator._kitty_pop,
    ">m": Emulator._set_modify_other_keys,
}
_QUERIES: Mapping[str, Callable[[Emulator, Sequence[int]], str]] = {
    "c": _no_answer_but("\x1b[?62;22c"),
    ">c": _no_answer_but("\x1b[>1;10;0c"),
    "=c": _no_answer_but("\x1bP!|00000000\x1b\\"),
    ">q": _no_answer_but("\x1bP>|terminal(1)\x1b\\"),
    "n": Emulator._report_status,
    "?n": Emulator._report_cursor,
    "?$p": Emulator._report_mode,
    "?u": Emulator._report_kitty,
    "t": Emulator._report_window,
}


def _first(numbers: Sequence[int], default: int) -> int:
    return numbers[0] if numbers else default


def _parameters(text: str) -> tuple[str, list[int]]:
    """Return a sequence's private prefix and its numbers; an empty one counts as 0."""
    prefix = text[:1] if text[:1] in {"<", "=", ">", "?"} else ""
    rest = text[len(prefix) :]
    return prefix, [
        min(int(digits), 9999) if (digits := re.sub(r"\D.*", "", part)) else 0 for part in rest.split(";")
    ] if rest else []


def _render(row: Mapping[int, Char], columns: int) -> tuple[str, tuple[int, ...]]:
    characters: list[str] = []
    places: list[int] = []
    is_stub = False
    for x in range(columns):
        cell = row[x].data
        shown = cell if cell or is_stub else " "  # the left half of a wide character was painted over
        is_stub = bool(cell) and not is_stub and wcwidth(cell[0]) == 2
        characters.append(shown)
        places += [x] * len(shown)
    text = "".join(characters).rstrip()
    return text, tuple(places[: len(text)])
