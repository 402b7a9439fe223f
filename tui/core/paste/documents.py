"""Find JSON in text, and similar forms: Python's repr, JavaScript objects, truncated responses.

Pure, linear in the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, TypeAlias

from tui.core.job_ids import NotAJob

Value: TypeAlias = "dict[str, Value] | list[Value] | str | int | bool | None"
"""A decoded value. Whole numbers are int, including 884213.0; any other number is text."""

DEEPEST = 100
"""Deepest nesting to read in text; no API response is deeper."""

CUT_OFF = "\N{HORIZONTAL ELLIPSIS}"
"""Last character of a value that was truncated with the text."""

MOST_FAILURES = 50
"""Most brackets that are no JSON before the strict parser gives up: it starts over at each of them."""

MOST_BUILDS, MOST_TOKENS = 10_000, 300_000
"""Most tokens for the tolerant parser; the repr of 4,000 jobs has fewer."""

_WHOLE = re.compile(r"(-?\d{1,19})(?:\.0{1,9})?n?", re.ASCII)

_OPEN = re.compile(r"[{\[]++")

_STRICT = re.compile(r"\{\s*+[\"}]|\[\s*+[{\[]")

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\n]++)
    | (?P<string>"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+(?P<end>"?)|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+(?P<end1>'?))
    | (?P<open>[{\[])
    | (?P<close>[}\]])
    | (?P<separator>=>|[:=])
    | (?P<comma>[,;])
    | (?P<bare>\d{4}-\d\d-\d\d[T ]\d\d:[\d:.Z+-]++|[^\s{}\[\],;:="']++)
    """,
    re.VERBOSE | re.ASCII,
)

_KEY_FOLLOWS = re.compile(r"[ \t]*+(?:=>|[:=])")

_WORDS: dict[str, bool | None] = {
    "true": True, "True": True, "false": False, "False": False,
    "null": None, "None": None, "nil": None, "undefined": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """One value in a text."""

    start: int
    end: int
    """End of the document, exclusive."""
    value: Value


def decoded(text: str) -> tuple[Value, ...] | None:
    """Return the values of a text that is entirely JSON: one document, or one per line; None for any other text."""
    stripped = text.strip()
    if not stripped.startswith(("{", "[")):
        return None
    try:
        return (_DECODER.decode(stripped),)
    except (ValueError, RecursionError):
        pass
    lines = [line for line in stripped.split("\n") if line.strip()]
    if not all(line.lstrip().startswith(("{", "[")) for line in lines):
        return None
    try:
        return tuple(map(_DECODER.decode, lines))
    except (ValueError, RecursionError):
        return None


def cut_off_at(text: str) -> int | None:
    """Return the index of the last character of truncated JSON; None for any other text."""
    stripped = text.rstrip()
    if not stripped.lstrip().startswith(("{", "[")):
        return None
    try:
        _DECODER.decode(stripped.lstrip())
    except json.JSONDecodeError as error:
        rest = error.doc[error.pos :]
        is_cut_off = error.msg.startswith("Unterminated string") or any(
            word.startswith(rest) for word in ("true", "false", "null")
        )
        return len(stripped) - 1 if is_cut_off else None
    except (ValueError, RecursionError):
        return None
    return None


def documents(text: str) -> Iterator[Document]:
    """Yield JSON objects and similar forms with at least one key, in order, from any text.

    A number at the end of a truncated document becomes a text that ends with `CUT_OFF`.

    Raises:
        NotAJob: There are too many brackets.
    """
    position, length = 0, len(text.rstrip())
    builds = tokens = 0
    while opened := _OPEN.search(text, position):
        start = opened.start()
        if opened.end() - start > DEEPEST:
            position = opened.end()
            continue
        document = _strict(text, start) if builds < MOST_FAILURES and _STRICT.match(text, start) else None
        if document is None:
            builds += 1
            builder = _Builder(text, length, start)
            document = builder.build()
            tokens += builder.tokens
            if builds > MOST_BUILDS or tokens > MOST_TOKENS:
                raise NotAJob("there are too many brackets that are not JSON: give JSON, or a list of ids", start + 1)
        position = max(document.end, start + 1)
        if _has_key(document.value):
            yield document


def _strict(text: str, start: int) -> Document | None:
    """Return the JSON that begins at a bracket; None if it is no JSON."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return Document(start, end, value)


def _number(text: str) -> int | str:
    """Return a whole number as int; as text if it has thousands of digits, which Python rejects."""
    whole = _WHOLE.fullmatch(text)
    return int(whole[1]) if whole else text


_DECODER = json.JSONDecoder(parse_int=_number, parse_float=_number, parse_constant=str)


def _has_key(value: Value) -> bool:
    """Whether the value contains an object with a key."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict) and value:
            return True
        if isinstance(value, list):
            waiting.extend(item for item in value if isinstance(item, dict | list))
    return False


class _State(Enum):
    """What the innermost object or list expects next."""

    KEY = auto()
    SEPARATOR = auto()
    VALUE = auto()
    AFTER = auto()


@dataclass(slots=True)
class _Frame:
    """An open object or list."""

    value: dict[str, Any] | list[Any]
    state: _State = _State.KEY
    key: str = ""
    strays: int = field(default=0)
    """Words without a value: in an object they are elisions, or it is no object."""

    @classmethod
    def of(cls, bracket: str) -> _Frame:
        return cls({}) if bracket == "{" else cls([], _State.VALUE)

    def take(self, value: object) -> None:
        """Store a value under the current key, or as the next element."""
        if isinstance(self.value, list):
            self.value.append(value)
        else:
            self.value[self.key] = value
        self.state = _State.AFTER


class _Builder:
    """Parses the value that begins at a bracket, complete or not, in one pass.

    Args:
        text: The whole text.
        length: Its length without trailing white space.
        start: Position of the bracket.
    """

    def __init__(self, text: str, length: int, start: int) -> None:
        self._text = text
        self._length = length
        self._start = start
        self._frames: list[_Frame] = []
        self._has_line_ended = False
        self.tokens = 0
        """Number of tokens read."""

    def build(self) -> Document:
        root: Any = None
        end = self._start
        for token in _TOKEN.finditer(self._text, self._start):
            self.tokens += 1
            if token.start() != end:
                break  # no token begins with this character
            if not self._takes(token):
                break
            end = token.end()
            if not self._frames:
                break
            root = self._frames[0].value
        return Document(self._start, end, root)

    def _takes(self, token: re.Match[str]) -> bool:
        """Process one token; return whether the value may continue after it."""
        kind, text = token.lastgroup, token[0]
        if kind == "space":
            self._has_line_ended = self._has_line_ended or "\n" in text
            return True
        has_line_ended, self._has_line_ended = self._has_line_ended, False
        if kind == "open":
            return self._opens(text)
        frame = self._frames[-1]
        if kind == "close":
            return self._closes(text)
        if kind == "comma":
            return self._goes_on(frame)
        if kind == "separator":
            return self._separates(frame, has_line_ended=has_line_ended)
        return self._takes_scalar(frame, token, has_line_ended=has_line_ended)

    def _opens(self, bracket: str) -> bool:
        if self._frames:
            frame = self._frames[-1]
            if len(self._frames) >= DEEPEST or (isinstance(frame.value, dict) and frame.state is not _State.VALUE):
                return False
            opened = _Frame.of(bracket)
            frame.take(opened.value)
            self._frames.append(opened)
        else:
            self._frames.append(_Frame.of(bracket))
        return True

    def _closes(self, bracket: str) -> bool:
        frame = self._frames[-1]
        if isinstance(frame.value, dict) != (bracket == "}"):
            return False
        if isinstance(frame.value, dict) and frame.state is _State.VALUE:
            frame.take(None)
        self._frames.pop()
        return True

    def _goes_on(self, frame: _Frame) -> bool:
        if isinstance(frame.value, list):
            frame.state = _State.VALUE
            return True
        if frame.state is _State.VALUE:
            frame.take(None)
        frame.state = _State.KEY
        return True

    def _separates(self, frame: _Frame, *, has_line_ended: bool) -> bool:
        if isinstance(frame.value, dict) and frame.state is _State.SEPARATOR:
            frame.state = _State.VALUE
            return True
        return frame.state is _State.AFTER and not has_line_ended  # a time, a path: the rest of a value without quotes

    def _takes_scalar(self, frame: _Frame, token: re.Match[str], *, has_line_ended: bool) -> bool:
        value = self._scalar(token)
        if isinstance(frame.value, list):
            if frame.state is _State.AFTER and has_line_ended:
                return False
            frame.take(value)
            return True
        if frame.state is _State.VALUE:
            frame.take(value)
            return True
        is_key = _KEY_FOLLOWS.match(self._text, token.end()) is not None
        if frame.state is _State.AFTER and not is_key:
            return not has_line_ended  # the rest of a value without quotes
        if not is_key:
            frame.strays += 1
            return frame.strays <= 3
        frame.key, frame.state = str(value), _State.SEPARATOR
        return True

    def _scalar(self, token: re.Match[str]) -> Value:
        """Return the value of a token; a possibly truncated one is a text with an ellipsis."""
        text = token[0]
        if token["string"]:
            is_closed = bool(token["end"] or token["end1"])
            return _unquoted(text[1:-1]) if is_closed else f"{_unquoted(text[1:])}{CUT_OFF}"
        number = _WHOLE.fullmatch(text)
        if number:
            return int(number[1]) if token.end() < self._length else f"{text}{CUT_OFF}"
        return _WORDS.get(text, text)


def _unquoted(text: str) -> str:
    """Return the content of a quoted string."""
    if "\\" not in text:
        return text
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text.replace("\\'", "'").replace('\\"', '"').replace("\\\\", "\\")
