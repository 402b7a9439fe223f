"""Group messages by what they have in common: a cause is a template with variable parts and the messages that fit it.

Three passes. The first masks what is obviously variable in each word: numbers, codes with digits, paths, addresses,
quoted values. Messages with the same masked text, their shape, are one from here on. The second compares shapes of
the same number of words, column by column: a column of many words, or of names and codes, is variable if enough words
beside it are constant; a column of few words of the language decides between causes. The third finds the templates
that are cases of another one with a longer name in a variable part.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

GAP = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}…\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
"""How a template shows a variable part."""
HEAD_CHARS = 1_000
"""Only the head of a message decides its cause; the rest is a variable part."""
HEAD_WORDS = 64
"""Words of the head that decide; the rest is a variable part."""
MAX_SHAPES = 8_000
"""Shapes that are compared at once; when there are more, each group found so far is kept as its template."""
MAX_CAUSES = 2_000
"""Causes of a list with more shapes than `MAX_SHAPES`; messages of rarer ones are a cause without constant parts."""
STEP = 250
"""Messages or shapes in a step."""

_MAX_QUOTED_WORDS = 2
"""Words of a quoted value; longer quoted text is compared word by word."""
_MAX_NAME_WORDS = 4
"""Words of a name where other messages have one word."""
_MAX_CHECKS = 50_000
"""Pairs of templates that are compared for longer names."""
_MAX_MASKED_WORDS = 20_000
"""Words whose masked form is kept."""

_VAR = "\0"
"""A variable part in a shape or a template."""
_PUNCTUATION = "()[]{}<>,;:.!?\"'`“”‘’«»„"
_QUOTES = frozenset("\"'`“‘«„")
_QUOTED = re.compile(r"""(?<![^\s(\[{=:,;])(?:"[^"]*"|'[^']*'(?![^\W_])|`[^`]*`|“[^”]*”|‘[^’]*’|«[^»]*»|„[^“”]*[“”])""")
_DIGIT = re.compile(r"\d")
_PATH_OR_ADDRESS = re.compile(r"[/\\@]")
_ASSIGNMENT = re.compile(r"([=,;()\[\]{}<>\"'`|]+)")
_DELIMITER = re.compile(r"([=:,;()\[\]{}<>\"'`|/\\]+)")
_JOINED = re.compile(r"[<>~≤≥]?\0(?:[:,;./\\|-]+\0)*")
"""Parts of one number, time or address, with the comparison in front of it."""
_UNIT = r"(?: ?(?:%|[mµun]?s|secs?|seconds?|mins?|minutes?|h|hours?|days?|[KMGTkmgt]i?B|B|bytes?)(?![^\s,;.:)\]]))?"
_RUN = re.compile(rf"\0{_UNIT}(?:,? [(\[]?\0{_UNIT}[)\]]?(?![^\s,;.:]))*")
"""A number with its unit, or a list of them: one variable part."""


@dataclass(frozen=True)
class Cause:
    """What some messages have in common.

    Texts come from the server as they are: they pass `text.plain` before a terminal shows them.
    """

    pieces: tuple[str, ...]
    """The constant parts, in order; between two of them is a variable part."""
    indexes: tuple[int, ...]
    """The indexes of its messages, ascending, from 0."""
    messages: Sequence[str] = field(repr=False, compare=False)
    """All messages: what `indexes` point into."""

    @property
    def template(self) -> str:
        """What the messages have in common, with `‹…›` for each variable part."""
        return GAP.join(self.pieces)

    @property
    def count(self) -> int:
        """How many messages have this cause."""
        return len(self.indexes)

    @cached_property
    def values(self) -> tuple[tuple[str, ...], ...]:
        """For each variable part its different contents, in the order of the messages."""
        parts: tuple[dict[str, None], ...] = tuple({} for _ in self.pieces[1:])
        for index in self.indexes:
            for part, content in zip(parts, _contents(self.pieces, self.messages[index]), strict=True):
                part[content] = None
        return tuple(map(tuple, parts))

    def text(self, gap: str = GAP) -> str:
        """Return the template, with the content of each part that is the same in all messages.

        Args:
            gap: What replaces each other part.
        """
        words = [self.pieces[0]]
        for contents, piece in zip(self.values, self.pieces[1:], strict=True):
            words += (contents[0] if len(contents) == 1 else gap, piece)
        return "".join(words)


def causes(messages: Iterable[str]) -> tuple[Cause, ...]:
    """Return the causes of all messages, the most frequent first; each message has exactly one cause."""
    finder = CauseFinder()
    for _ in finder.add(messages):
        pass
    return finder.causes


class CauseFinder:
    """The causes of a list of messages that grows, found in steps of a few milliseconds."""

    def __init__(self) -> None:
        self.causes: tuple[Cause, ...] = ()
        """The causes of the messages that were added, most frequent first, as of the last grouping."""
        self._messages: list[str] = []
        self._shape_of = array("L")
        """For each message the number of its shape."""
        self._parent_of = array("L")
        """For each shape its own number, or that of its template: a higher number."""
        self._shapes: dict[str, int] = {}
        """The shapes that are compared, with their numbers."""
        self._masked = _MaskedWords()

    def add(self, messages: Iterable[str]) -> Iterator[None]:
        """Add messages at the end of the list, step by step.

        `causes` is complete after the last step, and holds the causes of the first messages after a few steps.
        """
        next_grouping = 8 * STEP
        for count, message in enumerate(messages, 1):
            shape = _shape(message, self._masked)
            number = self._shapes.get(shape)
            if number is None:
                number = self._number(shape)
            self._shape_of.append(number)
            self._messages.append(message)
            if count % STEP == 0:
                yield
            if len(self._shapes) >= MAX_SHAPES:
                yield from self._group(is_final=True)
            elif count == next_grouping:
                next_grouping *= 8
                yield from self._group()
        yield from self._group()

    def _number(self, shape: str) -> int:
        number = self._shapes[shape] = len(self._parent_of)
        self._parent_of.append(number)
        return number

    def _group(self, *, is_final: bool = False) -> Iterator[None]:
        """Group the shapes and update `causes`; if final, only the templates are compared with later shapes."""
        templates: dict[str, list[int]] = {}
        for template, numbers in _templates(self._shapes):
            if template is not None:
                templates.setdefault(template, []).extend(numbers)
            yield
        longer_names: dict[str, str] = {}
        yield from _find_longer_names(templates, longer_names)
        for template, shorter in longer_names.items():
            templates[shorter] += templates.pop(template)
        yield

        root_of = array("L", self._parent_of)
        for number in range(len(root_of) - 1, -1, -1):
            root_of[number] = root_of[root_of[number]]
        indexes: dict[int, list[int]] = {}
        for index, number in enumerate(self._shape_of):
            indexes.setdefault(root_of[number], []).append(index)
        yield

        found = [
            (sorted(index for number in numbers for index in indexes.get(number, ())), template)
            for template, numbers in templates.items()
        ]
        found.sort(key=lambda cause: (-len(cause[0]), cause[0]))
        if len(self._parent_of) > MAX_SHAPES and len(found) > MAX_CAUSES:
            rare = [cause for rank, cause in enumerate(found) if rank >= MAX_CAUSES or cause[1] == _VAR]
            found = [cause for cause in found[:MAX_CAUSES] if cause[1] != _VAR]
            found.append((sorted(index for at, _ in rare for index in at), _VAR))
            templates[_VAR] = [number for _, template in rare for number in templates.pop(template)]
        self.causes = tuple(Cause(tuple(template.split(_VAR)), tuple(at), self._messages) for at, template in found)
        if is_final:
            self._shapes = {}
            for template, numbers in templates.items():
                parent = self._number(template)
                for number in numbers:
                    self._parent_of[number] = parent
        yield


class _MaskedWords(dict[str, str]):
    """The masked form of each word, computed once for a word without variable parts."""

    def __missing__(self, word: str) -> str:
        masked = _masked(word)
        if masked is word:
            if len(self) >= _MAX_MASKED_WORDS:
                self.clear()
            self[word] = word
        return masked


def _shape(message: str, masked: _MaskedWords) -> str:
    """Return the words of a message with what is obviously variable masked."""
    tail = False
    if len(message) > HEAD_CHARS:
        message = message[:HEAD_CHARS].rpartition(" ")[0] or message[:HEAD_CHARS]
        tail = True
    if _VAR in message:
        message = message.replace(_VAR, " ")
    if not _QUOTES.isdisjoint(message):
        message = _QUOTED.sub(_masked_quote, message)
    words = message.split()
    if len(words) > HEAD_WORDS:
        del words[HEAD_WORDS:]
        tail = True
    shape = " ".join(map(masked.__getitem__, words))
    return f"{shape} {_VAR}" if tail else shape


def _masked_quote(quoted: re.Match[str]) -> str:
    text = quoted[0]
    if len(text.split(None, _MAX_QUOTED_WORDS)) > _MAX_QUOTED_WORDS:
        return text
    return f"{text[0]}{_VAR}{text[-1]}"


def _masked(word: str) -> str:
    """Return a word with its variable parts masked; the same object if it has none."""
    core = word.strip(_PUNCTUATION)
    if core.isalpha() or _VAR in word:
        return word
    if core.isalnum():
        return word.replace(core, _VAR, 1)
    masked = word
    if "://" in word or "@" in word[1:-1] or word.count("/") > 1 or word.count("\\") > 1 or word[0] in "/\\":
        parts = _ASSIGNMENT.split(word)
        for index, part in enumerate(parts):
            if _PATH_OR_ADDRESS.search(part):
                parts[index] = part.replace(part.strip(_PUNCTUATION), _VAR, 1)
        masked = "".join(parts)
    if _DIGIT.search(masked):
        parts = _DELIMITER.split(masked)
        parts[::2] = [_VAR if _DIGIT.search(part) else part for part in parts[::2]]
        masked = _JOINED.sub(_VAR, "".join(parts))
    return word if masked == word else masked


_Row = tuple[str, ...]


def _templates(shapes: dict[str, int]) -> Iterator[tuple[str | None, list[int]]]:
    """Yield templates with the numbers of their shapes; None where only a step is over."""
    numbers_of: dict[_Row, list[int]] = {}
    for count, (shape, number) in enumerate(shapes.items()):
        numbers_of.setdefault(tuple(_RUN.sub(_VAR, shape).split(" ")), []).append(number)
        if count % STEP == 0:
            yield None, []
    groups: dict[int, list[_Row]] = {}
    for row in numbers_of:
        groups.setdefault(len(row), []).append(row)
    waiting = list(groups.values())
    while waiting:
        rows = waiting.pop()
        template, deciding = _compared(rows)
        if deciding is None:
            yield _RUN.sub(_VAR, " ".join(template)), [number for row in rows for number in numbers_of[row]]
            continue
        parts: dict[str, list[_Row]] = {}
        for row in rows:
            parts.setdefault(row[deciding], []).append(row)
        waiting += parts.values()
        yield None, []


def _compared(rows: list[_Row]) -> tuple[_Row, int | None]:
    """Return the template of rows of one cause, or else the column to split them by."""
    if len(rows) == 1:
        return rows[0], None
    columns = list(map(set, zip(*rows, strict=True)))
    varying = [(len(column), index) for index, column in enumerate(columns) if len(column) > 1]
    constant = sum(any(map(str.isalpha, rows[0][index])) for index, column in enumerate(columns) if len(column) == 1)
    if constant < len(varying):
        return (), min(varying)[1]
    needed = 0
    deciding = []
    template = list(rows[0])
    for size, index in varying:
        column = columns[index]
        needed_beside = _needed_beside(column, index)
        if needed_beside is None:
            deciding.append((size, index))
        else:
            needed += needed_beside
            template[index] = _frame(column)
    if deciding or constant < needed:
        return (), min(deciding or varying)[1]
    return tuple(template), None


def _needed_beside(column: set[str], index: int) -> int | None:
    """Return how many constant words make a column variable; None if it decides between causes whatever is beside."""
    names = sum(_is_name(word, index) for word in column)
    if names == len(column) or any(word.strip(_PUNCTUATION) == _VAR for word in column):
        return 1
    if len(column) >= 5 or (len(column) >= 3 and names * 2 >= len(column)):
        return 2
    if len(column) == 4:
        return 4
    return None


def _is_name(word: str, index: int) -> bool:
    """Return whether a word looks like a name or a code rather than like a word of the language."""
    core = word.strip(_PUNCTUATION)
    if not core or _VAR in core or not core.isascii() or not core.replace("'", "").isalpha():
        return True
    begins_sentence = index == 0 or word[0] in _QUOTES
    return not core.islower() and not begins_sentence and not core.lower().endswith(("ed", "ing"))


def _frame(column: set[str]) -> str:
    """Return a variable part with the delimiters, and what is before them, that all words of a column share."""
    first, last = min(column), max(column)
    begin = 0
    for index, (one, other) in enumerate(zip(first, last, strict=False), 1):
        if one != other or one == _VAR:
            break
        if not one.isalnum() and one not in "-_.":
            begin = index
    ends = [word[: begin - 1 : -1] if begin else word[::-1] for word in column]
    end = 0
    while all(len(word) > end for word in ends):
        chars = {word[end] for word in ends}
        char = chars.pop()
        if chars or char == _VAR or char.isalnum():
            break
        end += 1
    return first[:begin] + _VAR + first[len(first) - end :]


def _find_longer_names(templates: Iterable[str], found: dict[str, str]) -> Iterator[None]:
    """Find the templates that are cases of others, step by step: `in New York` is one of `in ‹…›`."""
    by_begin = sorted(templates)
    by_end = sorted(template[::-1] for template in by_begin)
    checks = 0
    for count, template in enumerate(by_begin):
        if count % STEP == 0:
            yield
        pieces = template.split(_VAR)
        if len(pieces) == 1 or template in found:
            continue
        constant = sum(map(str.isalpha, "".join(pieces).split()))
        if pieces[0]:
            others, key, turn = by_begin, pieces[0], 1
        elif pieces[-1]:
            others, key, turn = by_end, pieces[-1][::-1], -1
        else:
            continue
        for index in range(bisect_left(others, key), len(others)):
            if not others[index].startswith(key) or checks >= _MAX_CHECKS:
                break
            other = others[index][::turn]
            if other != template and other not in found and _is_case(other, pieces, constant):
                found[other] = template
            checks += 1
            if checks % STEP == 0:
                yield


def _is_case(template: str, pieces: list[str], constant: int) -> bool:
    """Return whether a template has these pieces, with names of no more words than are constant between them."""
    names = words = 0
    at = len(pieces[0])
    last = len(pieces) - 1
    for number, piece in enumerate(pieces[1:], 1):
        stop = template.find(piece, at + 1) if number < last else len(template) - len(piece)
        if stop <= at or not template.startswith(piece, stop):
            return False
        content = template[at:stop].split()
        at = stop + len(piece)
        if content != [_VAR]:
            if len(content) > _MAX_NAME_WORDS:
                return False
            words += len(content)
            names += sum(_is_name(word, 1) for word in content)
    return words <= constant and words <= names * 2


def _contents(pieces: tuple[str, ...], message: str) -> Iterator[str]:
    """Yield the contents of the variable parts of a message that has these pieces."""
    text = " ".join(message.replace(_VAR, " ").split())
    at = len(pieces[0])
    last = len(pieces) - 1
    for number, piece in enumerate(pieces[1:], 1):
        stop = text.find(piece, at) if number < last else len(text) - len(piece)
        yield text[at:stop].strip()
        at = stop + len(piece)
