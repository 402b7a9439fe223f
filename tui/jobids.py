"""Job ids as people write them for jobdeck: lists, ranges, URLs. Pure; reads no file, and picks nothing out of other text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tui.errors import JobDeckError
from tui.text import one_line

LARGEST_ID = 2**63 - 1
LONGEST_RANGE = 10_000
"""Ids in one range (cli.md, JOB)."""

_PIECE = re.compile(r"[^\s,;]+")
_ID = re.compile(r"\d+", re.ASCII)
_RANGE = re.compile(r"(\d+)(?:-|–|\.\.)(\d+)", re.ASCII)  # noqa: RUF001  # mail programs make dashes of hyphens
_IN_URL = re.compile(r"/queue/(\d{1,19})(?!\d)", re.ASCII)


class NotAJob(JobDeckError):
    """A piece of text that names no job.

    Args:
        reason: What is wrong, with the piece.
        position: Where the piece begins, from 1.
    """

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"{reason} (character {position})")
        self.reason = reason
        self.position = position


def parse(text: str) -> tuple[int, ...]:
    """Return the ids that `text` names, each once, in its order.

    A text with a `/queue/ID` in it may hold anything else beside.

    Raises:
        NotAJob: A piece is no id, list, range or URL.
    """
    try:
        return listed(text)
    except NotAJob:
        found = _unique(_valid(_IN_URL.findall(text)))
        if found:
            return found
        raise


def listed(text: str) -> tuple[int, ...]:
    """Return the ids of a text in which every piece is one of `parse`'s, each once, in its order.

    Raises:
        NotAJob: A piece is no id, list, range or URL.
    """
    return _unique(job_id for piece in _PIECE.finditer(text) for job_id in _ids_in(piece[0], piece.start() + 1))


def written(job_ids: Sequence[int]) -> str:
    """Return ids as the shortest text that `parse` reads as the same ids in the same order: runs of three become ranges."""
    runs: list[list[int]] = []
    for job_id in job_ids:
        if runs and job_id == runs[-1][-1] + 1 and len(runs[-1]) < LONGEST_RANGE:
            runs[-1].append(job_id)
        else:
            runs.append([job_id])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(map(str, run)) for run in runs)


def _ids_in(piece: str, position: int) -> Iterable[int]:
    if _ID.fullmatch(piece):
        return (_checked(piece, piece, position),)
    if in_url := _IN_URL.findall(piece):
        return tuple(_checked(digits, piece, position) for digits in in_url)
    if bounds := _RANGE.fullmatch(piece):
        first, last = (_checked(bound, piece, position) for bound in bounds.groups())
        if last < first:
            raise NotAJob(f"range {piece} runs backwards: write {last}-{first}", position)
        if last - first >= LONGEST_RANGE:
            raise NotAJob(f"range {piece} holds {last - first + 1:,} ids, at most {LONGEST_RANGE:,} are allowed", position)
        return range(first, last + 1)
    raise NotAJob(f"{one_line(piece)[:60]!r} is no job id: give 884213, 884213-884220 or a URL with /queue/884213", position)


def _checked(digits: str, piece: str, position: int) -> int:
    if found := tuple(_valid([digits])):
        return found[0]
    raise NotAJob(f"{piece[:60]} is out of range: ids go from 1 to {LARGEST_ID}", position)


def _valid(texts: Iterable[str]) -> Iterable[int]:
    return (int(digits) for digits in texts if len(digits) <= 30 and 1 <= int(digits) <= LARGEST_ID)


def _unique(job_ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(job_ids))
