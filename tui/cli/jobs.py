"""Reads JOB arguments, from the command line, files and standard input. The spelling of ids is `tui.jobids`' business."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tui.errors import ConfigError
from tui.jobids import NotAJob, parse
from tui.text import one_line

LARGEST_FILE = 10_000_000
"""Bytes of a list of ids; `/dev/zero` must end somewhere."""

_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")


def read_jobs(arguments: Sequence[str], *, commands: Sequence[str] = ()) -> tuple[int, ...]:
    """Return the ids that the JOB arguments name, each once, in their order.

    Args:
        arguments: Ids, lists, ranges, URLs, `@path` or `-` for standard input.
        commands: Words that may have been meant where a word stands that names no job.

    Raises:
        ConfigError: An argument names no job; the text names the piece and its position.
    """
    job_ids: dict[int, None] = {}
    for number, argument in enumerate(arguments, 1):
        found = dict.fromkeys(_ids_in(argument, number, commands))
        if not found:
            what = "standard input" if argument == "-" else f"JOB {number} '{one_line(argument)[:60]}'"
            raise ConfigError(f"{what} names no job", "give an id such as 884213")
        job_ids |= found
    return tuple(job_ids)


def _ids_in(argument: str, number: int, commands: Sequence[str]) -> Iterator[int]:
    if argument == "-":
        yield from _ids_in_lines(_standard_input(), "standard input")
    elif argument.startswith("@"):
        yield from _ids_in_lines(_file(Path(argument[1:])), one_line(argument)[:200])
    else:
        try:
            yield from parse(argument)
        except NotAJob as error:
            raise ConfigError(f"JOB {number}: {error}", _meant(argument, commands)) from error


def _ids_in_lines(text: str, origin: str) -> Iterator[int]:
    for number, line in enumerate(text.splitlines(), 1):
        try:
            yield from parse(_COMMENT.sub("", line))
        except NotAJob as error:
            raise ConfigError(f"{origin} line {number}: {error}", "") from error


def _meant(argument: str, commands: Sequence[str]) -> str:
    """A hint where a command was misspelt: any word that is none is taken for a job."""
    close = difflib.get_close_matches(argument, commands, n=1)
    return f"did you mean `jobdeck {close[0]}`?" if close else ""


def _file(path: Path) -> str:
    try:
        with path.expanduser().open("rb") as file:
            return _decoded(file.read(LARGEST_FILE + 1), f"@{one_line(str(path))}")
    except (OSError, RuntimeError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "no such path"
        raise ConfigError(f"@{one_line(str(path))} cannot be read: {reason.lower()}", "give the path of a file with job ids") from error


def _standard_input() -> str:
    if sys.stdin is None or sys.stdin.closed:
        raise ConfigError("- asks for standard input, which is closed", "give the job ids as arguments")
    try:
        return _decoded(sys.stdin.buffer.read(LARGEST_FILE + 1), "standard input")
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ConfigError(f"standard input cannot be read: {reason}", "give the job ids as arguments") from error


def _decoded(content: bytes, origin: str) -> str:
    if len(content) > LARGEST_FILE:
        raise ConfigError(f"{origin} is larger than {LARGEST_FILE // 1_000_000} MB", "give a list of job ids")
    return content.decode("utf-8-sig", errors="replace")
