"""Parse file names, locations and times that a user types instead of ids. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tui.core.durations import exact_duration, parse_duration
from tui.core.paste import ExtractedIds, Found, extract_ids
from tui.core.text import count, one_line
from tui.core.timestamps import parse as parse_time
from tui.domain.selection import Selection
from tui.ui.rendering.lines import cut

LONGEST = 4_000
"""Maximum characters of a line with file names."""

MOST_FILES = 20
"""Maximum files per line: jobdeck requests a list for each every ten seconds."""

LONGEST_NAME = 255

_WORD = re.compile(
    r"""(?:(?P<key>[A-Za-z]+):(?!//)\s*)?(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s,;]+))"""
)

_WITH_BLANKS = re.compile(r"[^,;:|<>\"'*?/\\]+\.(?:csv|tsv|txt|zip|gz|json|jsonl|ndjson|xml|dat|xlsx?)", re.IGNORECASE)

_LOCATION, _LIST_ALONE = frozenset({"loc", "location"}), frozenset({"type", "status"})

_KEYS = frozenset({"file", "since", *_LOCATION, *_LIST_ALONE})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A selection of jobs without their ids, or the problem of the line."""

    files: tuple[str, ...] = ()
    location: str | None = None
    since: datetime | timedelta | None = None
    """A point in time, or a duration before now."""
    problem: str | None = None
    """One sentence; None if the line is valid."""

    def selections(self, now: datetime) -> tuple[Selection, ...]:
        """Return the selections to watch; empty if there is a problem."""
        if self.problem:
            return ()
        since = now - self.since if isinstance(self.since, timedelta) else self.since
        return tuple(Selection(file, self.location, since) for file in self.files or (None,))

    @property
    def verdict(self) -> str:
        """What the enter key will do, or the problem."""
        if self.problem:
            return one_line(self.problem)
        is_alone = self.location is None and self.since is None
        parts = [self._files(40 if is_alone else 12)] if self.files else []
        parts += [f"loc {cut(self.location, 8)}"] if self.location else []
        if isinstance(self.since, timedelta):
            parts.append(f"last {exact_duration(self.since.total_seconds())}")
        elif self.since is not None:
            parts.append(f"since {self.since:%Y-%m-%d %H:%M}Z")
        what = "its jobs" if len(self.files) == 1 and is_alone else "these jobs" if is_alone else "them"
        return one_line(f"{', '.join(parts)}: enter watches {what}")

    def _files(self, width: int) -> str:
        """Return the names in about `width` cells, so that the effect of enter stays visible."""
        if len(self.files) == 1:
            return f"file {cut(self.files[0], width)}"
        return f"{count(len(self.files), 'file')} {cut(', '.join(self.files), width // 2)}"


def wanted(text: str, understood: ExtractedIds) -> Wanted | None:
    """Return the files, location and time of a line; None if it has ids, or none of these.

    Args:
        text: The line.
        understood: The ids that `extract_ids` found in the line.
    """
    if len(text) > LONGEST or not text.strip():
        return None
    words = [(match["key"], _value(match)) for match in _WORD.finditer(text)]
    strangers = [value if not key else f"{key}:{value}" for key, value in words if not _is_ours(key, value)]
    has_keys = any((key or "").lower() in _KEYS or value.rstrip(":").lower() in _KEYS for key, value in words)
    if understood.file_pattern and not has_keys:
        return Wanted((understood.file_pattern,))
    if strangers:
        return _with_strangers(text, strangers, understood, is_filter=has_keys, files=len(words) - len(strangers))
    return _combined(words) if words and (has_keys or not understood.job_ids) and not understood.error else None


def file_list(text: str) -> str:
    """Return a text with one file name per line as one line; empty if a line is anything else."""
    lines = [line.strip() for line in text[:LONGEST].splitlines() if line.strip()]
    if len(text) > LONGEST or not all(_file(line) for line in lines):
        return ""
    return ", ".join(f'"{line}"' if " " in line else line for line in lines) if len(lines) > 1 else "".join(lines)


def _is_ours(key: str | None, value: str) -> bool:
    """Return whether a word is a filter or a file."""
    if key and key.lower() in _KEYS:
        return True
    whole = f"{key}:{value}" if key else value
    return whole.lower() in {"newest", "--newest", *(f"{each}:" for each in _KEYS)} or _file(whole) is not None


def _combined(words: Sequence[tuple[str | None, str]]) -> Wanted:
    """Return the selection of filters and files together."""
    kinds = [((key or "").lower(), value) for key, value in words]
    problem = next((problem for kind, value in kinds if (problem := _problem_of(kind, value))), None)
    locations = tuple(dict.fromkeys(value for kind, value in kinds if kind in _LOCATION))
    times = [value for kind, value in kinds if kind == "since"]
    files = tuple(
        dict.fromkeys(
            value if kind == "file" else _file(f"{key}:{value}" if key else value) or value
            for (kind, value), (key, _) in zip(kinds, words, strict=True)
            if kind == "file" or kind not in _KEYS
        )
    )
    problem = problem or _problem_of_all(files, locations, times)
    if problem:
        return Wanted(problem=problem)
    return Wanted(files, next(iter(locations), None), _time(times[0]) if times else None)


def _problem_of(kind: str, value: str) -> str | None:
    """Return the problem of one word; None if it is valid."""
    if kind in _LIST_ALONE:
        return f"{kind}: filters the list: press / there; here give a file, loc: or since:"
    if not kind and value.lower() in {"newest", "--newest"}:
        return "newest works in `jobdeck wait` alone: give the file's name, or since:2h"
    if not kind and value.lower() in {f"{each}:" for each in _KEYS}:
        return f"{value.lower()} is empty: put its value right after it"
    if kind in _KEYS and not value.strip():
        return f"{kind}: is empty: put its value right after it"
    if kind == "since" and _time(value) is None:
        return f"since:{value[:20]} is not a time: use 2h, or 2026-11-23T09:30:00Z"
    return f"a file name has at most {LONGEST_NAME} characters" if len(value) > 4 * LONGEST_NAME else None


def _problem_of_all(files: Sequence[str], locations: Sequence[str], times: Sequence[str]) -> str | None:
    """Return the problem of valid words that do not combine; None if they do."""
    if len(locations) > 1:
        return f"loc: is given as {locations[0][:20]} and as {locations[1][:20]}: give one"
    if len(times) > 1:
        return "since: is given twice: give one"
    if any(len(file) > LONGEST_NAME for file in files):
        return f"a file name has at most {LONGEST_NAME} characters"
    if len(files) > MOST_FILES:
        return f"{len(files)} files are too many at once: give at most {MOST_FILES}, or a pattern"
    return None


def _with_strangers(
    text: str, strangers: Sequence[str], understood: ExtractedIds, *, is_filter: bool, files: int
) -> Wanted | None:
    """Return the selection of a line with words that are neither files nor filters: a name with blanks, or a mistake.

    Args:
        text: The line.
        strangers: Those words.
        understood: The ids that `extract_ids` found in the line.
        is_filter: Whether there are filters too.
        files: Number of words that are filters or files.
    """
    if all(_is_list(word) for word in strangers) and files:
        return Wanted(problem="add ids after files, loc: and since:, not together with them")
    if understood.job_ids or understood.error:
        return None
    line = text.strip()
    if not is_filter and files == 1 and _WITH_BLANKS.fullmatch(line):
        return Wanted((line,))
    if is_filter or files > 1:
        return Wanted(problem=f"'{one_line(strangers[0])[:20]}' is no file name: write file:NAME, or quote blanks")
    return None


def _is_list(word: str) -> bool:
    understood = extract_ids(word)
    return bool(understood.job_ids) and understood.found is Found.LIST


def _value(match: re.Match[str]) -> str:
    return next(value for value in (match["double"], match["single"], match["bare"]) if value is not None)


def _file(word: str) -> str | None:
    """Return the file name in a word, without its folder; None if there is none. Blanks belong to the name."""
    named = extract_ids(word).file_pattern
    if named is None and " " in word and _WITH_BLANKS.fullmatch(word):
        return word.strip()
    return named


def _time(text: str) -> datetime | timedelta | None:
    seconds = parse_duration(text)
    if seconds is not None:
        return timedelta(seconds=seconds)
    return parse_time(f"{text}T00:00:00Z" if len(text) == len("2026-11-23") else text)
