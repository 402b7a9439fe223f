"""Formats the checks as text lines, and as JSON (schema.json, a public interface). Pure."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tui.core.text import one_line, rfc3339, without_commands, without_commands_in_json
from tui.doctor.checks import Check, State

SCHEMA = 1

_SIGNS: Mapping[State, tuple[str, str]] = {
    State.OK: ("\N{HEAVY CHECK MARK}", "+"),
    State.WARNING: ("!", "!"),
    State.FAILED: ("\N{HEAVY MULTIPLICATION X}", "x"),
    State.SKIPPED: ("\N{MIDDLE DOT}", "."),
}
"""Signs as in the app, and in ASCII."""

_COLOURS: Mapping[State, int] = {State.OK: 32, State.WARNING: 33, State.FAILED: 31, State.SKIPPED: 90}
"""SGR codes."""

_INDENT = 15
"""Width of the name column in cells."""


@dataclass(frozen=True, slots=True)
class Style:
    """The format of text lines."""

    width: int | None = None
    """Width of a line in cells; None for no line breaks."""
    has_signs: bool = False
    is_ascii: bool = True
    """Whether signs and arrows are ASCII."""
    has_colour: bool = False


def as_lines(check: Check, style: Style) -> str:
    """Return the finding, and below it the remedy after an arrow, both wrapped with an indent."""
    word, cells = f"{check.state:9}", 9
    if style.has_signs:
        sign = _SIGNS[check.state][style.is_ascii]
        word, cells = f"{sign} {word}", 11
    if style.has_colour:
        word = f"\x1b[{_COLOURS[check.state]}m{word}\x1b[0m"
    took = "" if check.ms is None else f" ({check.ms:.0f} ms)"
    indent = " " * (cells + _INDENT)
    first, *rest = _broken(check.found + took, style, len(indent))
    lines = [f"{word}{check.name:{_INDENT}}{first}", *(indent + line for line in rest)]
    lines += _remedy_lines(check.remedy, style, indent) if check.remedy else []
    return "".join(f"{line}\n" for line in lines)


def as_json(checks: Iterable[Check], *, at: datetime, code: int) -> str:
    """Return one JSON object in ASCII, one check per line."""
    records = ",\n  ".join(without_commands_in_json(json.dumps(_record(check))) for check in checks)
    return f'{{"schema": {SCHEMA}, "at": {json.dumps(rfc3339(at))}, "checks": [\n  {records}\n], "exitCode": {code}}}\n'


def _record(check: Check) -> dict[str, object]:
    return {
        "name": check.name,
        "state": str(check.state),
        "found": check.found,
        "remedy": check.remedy,
        "ms": None if check.ms is None else round(check.ms, 1),
    }


def _remedy_lines(remedy: str, style: Style, indent: str) -> list[str]:
    first, *rest = _broken(remedy, style, len(indent) + 2)
    arrow = ">" if style.is_ascii else "\N{RIGHTWARDS ARROW}"
    return [f"{indent}{arrow} {first}", *(f"{indent}  {line}" for line in rest)]


def _broken(text: str, style: Style, indent: int) -> list[str]:
    safe = without_commands(one_line(text))
    if style.width is None:
        return [safe]
    first, *rest = textwrap.wrap(safe, max(20, style.width - indent), break_on_hyphens=False) or [""]
    return [
        first,
        *(re.sub("^::", r"\\x3a:", line) for line in rest),
    ]  # a command to GitHub's runner, even after blanks
