"""Job ids, ranges and lists of them: parse, validate, format. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tui.core.errors import JobDeckError
from tui.core.text import one_line

LARGEST_ID = 2**63 - 1

LONGEST_RANGE = 10_000
"""Most ids in one range."""

LONGEST_LIST = 100_000
"""Most ids in one text. More are an error, because a truncated list would hide jobs."""

DASH = r"(?:-{1,3}|[\u2010-\u2015\u2212\ufe63\uff0d~\u301c\uff5e]|\.{2,3}|\u2026)"
"""Separators of a range: mail programs and phones replace hyphens with dashes, and Korean texts use a tilde."""

RANGE_WORD = r"(?:to|through|thru|bis)"

_PIECE = re.compile(
    rf"\d++[ \t]*+(?:{DASH}[ \t]*|(?<=[ \t]){RANGE_WORD}[ \t]+)\d+(?![^\s,;])|[^\s,;]+", re.ASCII | re.IGNORECASE
)

_ID = re.compile(r"\d+", re.ASCII)

_RANGE = re.compile(rf"(\d+)[ \t]*(?:{DASH}|{RANGE_WORD})[ \t]*(\d+)", re.ASCII | re.IGNORECASE)

_URL = re.compile(
    r"[<(\"']?(?:[^\s{}\"'<>\\]*/)?(?:queue/(\d{1,19})(?!\d)|jobs/(\d{1,19})(?![\w-]))[^\s{}\"\\]*",
    re.ASCII | re.IGNORECASE,
)

FOREIGN_URL = re.compile(
    r"/-/|/actions/|^(?:[a-z0-9]+:[/\\](?<!https:/)(?<!http:/)|/(?:var|tmp|home|opt|mnt|srv)/)|gitlab|github|bitbucket|jenkins|hudson|circleci|travis|buildkite|databricks|teamcity|bamboo|appveyor|k8s|kubernetes",
    re.IGNORECASE,
)
"""Parts of a URL whose `/jobs/ID` is a job of another program."""

PADDED = re.compile(r"0\d+", re.ASCII)
"""A number with a leading zero: a location or another code; the API's ids are numbers and have none."""


class NotAJob(JobDeckError):
    """Text that is no job id.

    Args:
        reason: The problem, with the text.
        position: Position of the text, from 1.
    """

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"{reason} (character {position})")
        self.reason = reason
        self.position = position


@dataclass(frozen=True, slots=True)
class IdRange:
    """All ids from `first` to `last`."""

    first: int
    last: int
    is_plain: bool = True
    """Whether the text has jobdeck's own form, `first-last`, or two dots."""

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class IdList:
    """The ids and ranges in a text."""

    job_ids: tuple[int, ...] = ()
    """Each once, in the order of the text."""
    ranges: tuple[IdRange, ...] = ()
    """The ranges among them."""


def parse(text: str) -> tuple[int, ...]:
    """Return the ids in `text`, each once, in order.

    Raises:
        NotAJob: A part is no id, list, range or URL, or there are too many ids.
    """
    return read_list(text).job_ids


def read_list(text: str) -> IdList:
    """Return the ids of a text that consists of ids, ranges and URLs with `/queue/ID`.

    Raises:
        NotAJob: A part is something else, or there are more than `LONGEST_LIST` ids.
    """
    job_ids: dict[int, None] = {}
    ranges: list[IdRange] = []
    total = 0
    for piece in _PIECE.finditer(text):
        found = _ids_in(piece[0], piece.start() + 1)
        if isinstance(found, IdRange):
            ranges.append(found)
            found = range(found.first, found.last + 1)
        job_ids.update(dict.fromkeys(found))
        total += len(found)
        if total > LONGEST_LIST:  # duplicates count too, because expanding them takes time
            raise too_many(piece.start() + 1)
    return IdList(tuple(job_ids), tuple(ranges))


def too_many(position: int) -> NotAJob:
    """Return the error of a text with more than `LONGEST_LIST` ids.

    Args:
        position: Position of the first id above the limit, from 1.
    """
    return NotAJob(f"more than {LONGEST_LIST:,} jobs in one list: give fewer at once", position)


def valid_id(digits: str) -> int | None:
    """Return the id in `digits`; None if it is outside 1 to 2^63 - 1."""
    job_id = int(digits) if len(digits) <= 30 else 0
    return job_id if 1 <= job_id <= LARGEST_ID else None


def written(job_ids: Sequence[int]) -> str:
    """Return ids as the shortest text for `parse`, in the same order: three or more consecutive ids become a range."""
    runs: list[list[int]] = []
    for job_id in job_ids:
        if runs and job_id == runs[-1][-1] + 1 and len(runs[-1]) < LONGEST_RANGE:
            runs[-1].append(job_id)
        else:
            runs.append([job_id])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(map(str, run)) for run in runs)


def _ids_in(piece: str, position: int) -> Sequence[int] | IdRange:
    if PADDED.fullmatch(piece):
        raise NotAJob(f"{piece[:60]!r} is no job id: it begins with 0", position)
    if _ID.fullmatch(piece):
        return (_checked(piece, piece, position),)
    if (in_url := _URL.fullmatch(piece)) and (in_url[1] or not FOREIGN_URL.search(piece)):
        return (_checked(in_url[1] or in_url[2], piece, position),)
    if bounds := _RANGE.fullmatch(piece):
        first, last = (_checked(bound, piece, position) for bound in bounds.groups())
        shown = f"{first}-{last}"
        if last < first:
            raise NotAJob(f"range {shown} runs backwards: write {last}-{first}", position)
        if last - first >= LONGEST_RANGE:
            raise NotAJob(
                f"range {shown} holds {last - first + 1:,} ids, at most {LONGEST_RANGE:,} are allowed", position
            )
        return IdRange(first, last, is_plain=piece in {shown, f"{first}..{last}"})
    raise NotAJob(
        f"{one_line(piece[:60])[:60]!r} is no job id: give 884213, 884213-884220 or a URL with /queue/884213", position
    )


def _checked(digits: str, piece: str, position: int) -> int:
    if job_id := valid_id(digits):
        return job_id
    raise NotAJob(f"{one_line(piece[:60])[:60]} is out of range: ids go from 1 to {LARGEST_ID}", position)
