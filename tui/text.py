"""Untrusted text made safe to show, and numbers made readable. Pure; knows no widget and no terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime

MARKS_PER_CHARACTER = 3
"""Combining marks kept on one character; the rest is dropped, or a thousand of them would climb over other rows."""

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86400


def plain(text: str) -> str:
    r"""Return `text` with nothing left in it that could steer a terminal or shift its columns.

    Control, format, bidi, private and surrogate characters become visible escapes such as ``\x1b`` or ``\u202e``.
    Line breaks stay as ``\n`` and are the only character below space in the result; a tab becomes one space.
    Idempotent (faults.md, rows 1 and 3).
    """
    if text.isprintable() and text.isascii():
        return text
    return "".join(_plain_characters(text.replace("\r\n", "\n")))


def one_line(text: str) -> str:
    """Return `plain(text)` as a single line: each line break becomes a space."""
    return plain(text).replace("\n", " ")


def _plain_characters(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category in {"Mn", "Me", "Mc"}:
            marks += 1
            if _is_selector(character) or marks > MARKS_PER_CHARACTER:
                continue
        else:
            marks = 0
        if character == "\n":
            yield character
        elif character == "\t" or category == "Zs":
            yield " "
        elif category[0] in "CZ" or _joins_emoji(character) or _is_filler(character):
            yield _escaped(character)
        else:
            yield character


def _is_selector(character: str) -> bool:
    """Variation selectors change a symbol's width in some terminals and not in others."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _joins_emoji(character: str) -> bool:
    """Skin tones, regional letters and keycaps melt with their neighbour in some terminals and not in others."""
    return "\U0001f1e6" <= character <= "\U0001f1ff" or "\U0001f3fb" <= character <= "\U0001f3ff" or character == "\u20e3"


def _is_filler(character: str) -> bool:
    """Hangul fillers and joining vowels are letters without a width of their own: any number fits in one cell."""
    return "\u115f" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7ff" or character in "\u3164\uffa0"


def _escaped(character: str) -> str:
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def rfc3339(moment: datetime) -> str:
    """Return an aware moment as RFC 3339 in UTC with milliseconds (cli.md, Output)."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def duration(seconds: float) -> str:
    """Return a duration as ``0:43``, ``1:02:03`` or ``2d 03:04``; a negative one counts as zero."""
    whole_s = max(0, int(seconds))
    if whole_s < _HOUR_S:
        return f"{whole_s // _MINUTE_S}:{whole_s % _MINUTE_S:02}"
    if whole_s < _DAY_S:
        return f"{whole_s // _HOUR_S}:{whole_s % _HOUR_S // _MINUTE_S:02}:{whole_s % _MINUTE_S:02}"
    return f"{whole_s // _DAY_S}d {whole_s % _DAY_S // _HOUR_S:02}:{whole_s % _HOUR_S // _MINUTE_S:02}"


def duration_within(cells: int, seconds: float) -> str:
    """Return `duration(seconds)`, but in at most `cells` characters, 5 or more, without its least parts: ``12h00``, ``2d 12h``, ``2d``."""
    whole_s = max(0, int(seconds))
    shorter = coarse(whole_s) if whole_s < _DAY_S else f"{whole_s // _DAY_S}d {whole_s % _DAY_S // _HOUR_S:02}h"
    return next((text for text in (duration(whole_s), shorter) if len(text) <= cells), coarse(whole_s))


def coarse(seconds: float) -> str:
    """Return a duration that changes once a minute at most: ``<1m``, ``4m``, ``2h05``, ``3d``."""
    whole_s = max(0, int(seconds))
    if whole_s < _MINUTE_S:
        return "<1m"
    if whole_s < _HOUR_S:
        return f"{whole_s // _MINUTE_S}m"
    if whole_s < _DAY_S:
        return f"{whole_s // _HOUR_S}h{whole_s % _HOUR_S // _MINUTE_S:02}"
    return f"{whole_s // _DAY_S}d"


def rough(seconds: float) -> str:
    """Return a duration in its largest whole unit: ``50 s``, ``42 min``, ``3 h``, ``12 d``; a negative one counts as zero."""
    whole_s = max(0, int(seconds))
    for unit_s, unit in ((_DAY_S, "d"), (_HOUR_S, "h"), (_MINUTE_S, "min")):
        if whole_s >= unit_s:
            return f"{whole_s // unit_s} {unit}"
    return f"{whole_s} s"


def count(number: int, noun: str) -> str:
    """Return ``1 job``, ``2 jobs``, ``1,204 jobs``; the plural is always made by an s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
