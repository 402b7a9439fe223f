"""Make untrusted text safe to show, and counts and times readable. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime

MARKS_PER_CHARACTER = 3
"""Most combining marks on one character; more would overlap other rows."""

_MARKS_COMPOSED = 30
"""Most combining marks on one character for NFC, which sorts them in quadratic time; the limit of the Stream-Safe Text
Format (UAX 15).
"""

_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Code points that a terminal may not show: the property Default_Ignorable_Code_Point of Unicode 17.0
(DerivedCoreProperties.txt; the same since 14.0), which Python's unicodedata lacks."""

_REORDERING = re.compile("[\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Line separators, and bidi controls, which change the visual order of text."""

_COMMAND = re.compile(r"##(?=[A-Za-z]*\[)")
"""Prefixes of commands that Azure Pipelines, TeamCity and GitHub's runner accept anywhere in a line: ``##vso[``,
``##[``.
"""


def plain(text: str) -> str:
    r"""Return `text` for the screen: composed (NFC), without characters that control a terminal or shift its columns.

    Control, format, bidi, private, surrogate and default-ignorable characters become visible escapes such as ``\x1b``
    or ``\u202e``.
    Line breaks stay as ``\n`` and are the only character below space in the result; a tab becomes one space.
    Idempotent (tests/README.md, rows 1 and 3).
    """
    if text.isprintable() and text.isascii():
        return text
    return "".join(_plain_characters(_composed(text.replace("\r\n", "\n"))))


def one_line(text: str) -> str:
    """Return `plain(text)` as a single line: each line break becomes a space."""
    return plain(text).replace("\n", " ")


def inert(text: str) -> str:
    r"""Return `text` for a file: unchanged, except for characters that affect a terminal that shows the file.

    Control characters except tab and line break, surrogates and bidi controls become visible escapes such as
    ``\x1b``; ``\r\n`` becomes one line break. Keeps decomposed letters, so that names stay comparable. Idempotent.
    """
    if text.isprintable() and text.isascii():
        return text
    return "".join(_escaped(each) if _acts(each) else each for each in text.replace("\r\n", "\n"))


def same_name(one: str | None, other: str | None) -> bool:
    """Return whether two names are equal in NFC: a typed name may have another form than the server's."""
    if one is None or other is None or one == other:
        return one == other
    return not (one.isascii() and other.isascii()) and _composed(one) == _composed(other)


def _composed(text: str) -> str:
    """Return `text` in NFC, without excessive combining marks."""
    if not any(map(unicodedata.combining, text)):
        return unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", "".join(_without_crowds(text)))


def _without_crowds(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_COMPOSED:
            yield character


def _plain_characters(text: str) -> Iterator[str]:
    marks, has_base = 0, False
    for character in text:
        category = unicodedata.category(character)
        is_mark = category[0] == "M"
        marks = marks + 1 if is_mark else 0
        if marks > MARKS_PER_CHARACTER:
            continue
        is_escaped = character != "\n" and (
            (category[0] in "CZ" and category != "Zs" and character != "\t")
            or (is_mark and not has_base)  # it would combine with an escape or with the preceding text
            or _IGNORABLE.match(character) is not None
            or _joins_emoji(character)
            or _is_vowel_or_final(character)
        )
        if is_escaped:
            yield _escaped(character)
        else:
            yield " " if character == "\t" or category == "Zs" else character
        has_base = not is_escaped and character != "\n"


def _acts(character: str) -> bool:
    return character not in "\t\n" and (
        unicodedata.category(character) in {"Cc", "Cs"} or _REORDERING.match(character) is not None
    )


def _joins_emoji(character: str) -> bool:
    """Skin tones, regional letters and keycaps combine with their neighbour only in some terminals."""
    return (
        "\U0001f1e6" <= character <= "\U0001f1ff" or "\U0001f3fb" <= character <= "\U0001f3ff" or character == "\u20e3"
    )


def _is_vowel_or_final(character: str) -> bool:
    """Uncomposed vowels and finals of Hangul have no width: any number fits in one cell."""
    return "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7ff"


def _escaped(character: str) -> str:
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def without_commands(text: str) -> str:
    r"""Return `text` without commands that CI runners accept anywhere in a line: ``##vso[`` becomes ``\x23#vso[``.

    The caller handles commands that only work at the start of a line, such as ``::error::``.
    """
    return _COMMAND.sub(r"\\x23#", text) if "##" in text else text


def without_commands_in_json(encoded: str) -> str:
    r"""Return equivalent JSON without these commands: ``##vso[`` becomes ``\u0023#vso[``."""
    return _COMMAND.sub(r"\\u0023#", encoded) if "##" in encoded else encoded


def rfc3339(moment: datetime) -> str:
    """Return an aware time as RFC 3339 in UTC with milliseconds (tui/scripts/README.md, Output)."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def count(number: int, noun: str) -> str:
    """Return ``1 job``, ``2 jobs``, ``1,204 jobs``; the plural always ends in s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
