"""Reads JOB arguments from the command line, files and standard input, and suggests commands for misspelled words."""

from __future__ import annotations

import codecs
import difflib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.exit_codes import Exit, exit_for, gravest
from tui.cli.output import warn
from tui.core.errors import ConfigError
from tui.core.job_ids import NotAJob, read_list, written
from tui.core.text import count, one_line

if TYPE_CHECKING:
    from tui.core.paste import ExtractedIds


_BARE_WORD = re.compile(r"[A-Za-z]+(?:[-_][A-Za-z]+)*")

_OTHER_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("list", "ls", "ll", "jobs", "search", "query", "filter", "select"), "find"),
    **dict.fromkeys(
        ("status", "show", "describe", "read", "cat", "view", "info", "fetch", "job", "inspect", "poll"), "get"
    ),
    **dict.fromkeys(("follow", "tail", "log", "logs", "monitor", "stream", "events", "changes"), "watch"),
    **dict.fromkeys(("await", "until", "block", "join"), "wait"),
    **dict.fromkeys(("check", "test", "diagnose", "health", "ping", "verify", "debug"), "doctor"),
    **dict.fromkeys(("init", "setup", "configure", "login", "auth", "add-profile"), "config init"),
    **dict.fromkeys(("settings", "profile", "profiles", "env", "whoami"), "config show"),
    **dict.fromkeys(("serve", "server", "mock", "fake", "simulator", "sim"), "simulate"),
    **dict.fromkeys(("completions", "complete", "bash", "zsh", "fish"), "completion"),
    **dict.fromkeys(("man", "manual"), "--man"),
    **dict.fromkeys(("demo", "try", "tour"), "--demo"),
    **dict.fromkeys(("usage", "commands"), "--help"),
}
"""Words that other programs use for our commands."""


def is_bare_word(word: str) -> bool:
    """Return whether a word can only be a command: letters, without the digits of a job or the dot of a file."""
    return _BARE_WORD.fullmatch(word) is not None


def command_guess(word: str, commands: Iterable[str]) -> str:
    """Return a remedy for an unknown command."""
    names = {name: name for name in commands}
    known = {**_OTHER_WORDS, **names}
    command = known.get(word.lower())
    if command is None:
        close = difflib.get_close_matches(word.lower(), names, n=1) or difflib.get_close_matches(
            word.lower(), known, n=1, cutoff=0.75
        )
        command = known[close[0]] if close else None
    return "`jobdeck --help` lists the commands" if command is None else f"did you mean `jobdeck {command}`?"


def owners_of(option: str, context: click.Context) -> str:
    """Return the commands that have this option, such as `jobdeck wait and jobdeck watch`; empty if there are none."""
    group = context.find_root().command
    if not isinstance(group, click.Group):
        return ""
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None and any(option in parameter.opts for parameter in command.params):
            found.append(f"jobdeck {name}")
    return " and ".join(filter(None, (", ".join(found[:-1]), found[-1] if found else "")))


LARGEST_FILE = 10_000_000
"""Largest text with ids, in bytes; the limit also ends `/dev/zero`."""

LONGEST_IDS = 200
"""Longest list of ids in a note, in characters; the rest becomes an ellipsis."""

_DASHES = frozenset({"-", "\N{EN DASH}", "\N{EM DASH}", "\N{MINUS SIGN}", "..", "to"})


@dataclass(frozen=True, slots=True)
class GivenJobs:
    """The jobs that the JOB arguments name."""

    job_ids: tuple[int, ...] = ()
    """Unique ids in the given order; empty if all work was done at once, without a job."""
    code: Exit = Exit.DONE
    """Exit code of the arguments themselves: not DONE if an upload failed, because it has no job."""

    def exit_with(self, code: Exit) -> Exit:
        """Return the exit code of the command, if its jobs result in `code`."""
        return gravest((self.code, code))


def read_jobs(arguments: Sequence[str], *, commands: Sequence[str] = ()) -> GivenJobs:
    """Return the jobs that the arguments name. If a text is not a plain list, report the found ids on standard error.

    Args:
        arguments: Ids, lists, ranges, URLs, `@path` or `-` for standard input; or any text that `tui.core.paste`
            accepts.
        commands: Command names to suggest for a word that names no job.

    Raises:
        ConfigError: An argument names no job; the message contains its position.
        ApiError: An argument is the response of a failed upload, and no other argument names a job.
    """
    job_ids: dict[int, None] = {}
    codes, failure = [Exit.DONE], None
    for origin, text in _texts(arguments):
        try:
            found = None if "\n" in text.strip() else read_list(text)  # lines may be the rows of a table
        except NotAJob:
            found = None
        if found and found.job_ids and all(each.is_plain for each in found.ranges):
            job_ids |= dict.fromkeys(found.job_ids)
            continue
        from tui.core.paste import extract_ids  # noqa: PLC0415  # ids alone need none of it

        understood = extract_ids(text)
        _check(understood, origin, text, commands)
        for note in _notes(understood, origin):
            warn(note)
        if understood.error:
            from tui.api.failed_uploads import failed_upload  # noqa: PLC0415  # heavy: pydantic

            failure = failed_upload(understood.error)
            codes.append(exit_for(failure))
            if understood.job_ids:
                warn(f"{origin}: an upload failed: {failure}")
        job_ids |= dict.fromkeys(understood.job_ids)
    if failure and not job_ids:
        raise failure
    return GivenJobs(tuple(job_ids), gravest(codes))


def _texts(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the text and the name of each argument. `102 - 103`, which the shell splits, is one argument."""
    index = 0
    while index < len(arguments):
        argument, number = arguments[index], index + 1
        around = arguments[index : index + 3]
        if len(around) == 3 and around[1] in _DASHES and around[0].isdigit() and around[2].isdigit():
            yield f"JOB {number}", " ".join(around)
            index += 3
            continue
        if argument == "-":
            yield "standard input", _standard_input()
        elif argument.startswith("@"):
            yield one_line(argument)[:200], _file(Path(argument[1:]))
        else:
            yield f"JOB {number}", argument
        index += 1


def _check(understood: ExtractedIds, origin: str, text: str, commands: Sequence[str]) -> None:
    """Check that a text names jobs or completed work.

    Raises:
        ConfigError: It does not.
    """
    if understood.problem:
        remedy = command_guess(text, commands) if commands and is_bare_word(text) else ""
        raise ConfigError(_located(understood.problem, origin, text), remedy)
    if understood.file_pattern:
        raise ConfigError(f"{origin} '{one_line(text.strip())[:60]}' is a file, not a job", "give it with --file")
    if understood.without_job and not (understood.job_ids or understood.error):
        raise ConfigError(f"{origin}: no job in this response", "if it was a dry run, there is no job to wait for")
    if not (understood.job_ids or understood.error or understood.done_at_once):
        if origin.startswith("JOB"):
            raise ConfigError(f"{origin} '{one_line(text)[:60]}' names no job", "give an id such as 884213")
        raise ConfigError(f"{origin} names no job: it is empty", "check whether the program that writes it failed")


def _located(problem: NotAJob, origin: str, text: str) -> str:
    """Return the problem of a text with its position, and its line if the text has several."""
    before = text.replace("\r\n", "\n").lstrip("\ufeff")[: problem.position - 1]
    if "\n" not in text.strip():
        return f"{origin}: {problem}"
    line_break = before.rfind("\n")
    return (
        f"{origin} line {before.count(chr(10)) + 1}: {problem.reason} (character {problem.position - 1 - line_break})"
    )


def _notes(understood: ExtractedIds, origin: str) -> Iterator[str]:
    """Yield notes about a text that is not a plain list."""
    if understood.job_ids and understood.is_loose:
        shown = written(understood.job_ids).replace(",", " ")
        if len(shown) > LONGEST_IDS:
            shown = f"{shown[:LONGEST_IDS].rsplit(' ', 1)[0]} …"
        guess = ", a guess: no label says that they are jobs" if understood.is_guess else ""
        names = understood.skipped.names
        skipped = (
            f" (skipped: {', '.join(names)}{', …' if understood.skipped.total > len(names) else ''})" if names else ""
        )
        yield f"{count(len(understood.job_ids), 'job')} from {origin}{guess}: {shown}{skipped}"
    if understood.done_at_once:
        answers = "the work" if understood.done_at_once == 1 else f"the work of {understood.done_at_once} responses"
        yield f"{origin}: {answers} was done at once, no job"
    if understood.without_job and (understood.job_ids or understood.error):
        yield f"{origin}: {count(understood.without_job, 'response')} without a job; a dry run?"


def _file(path: Path) -> str:
    try:
        with path.expanduser().open("rb") as file:
            return _decoded(file.read(LARGEST_FILE + 1), f"@{one_line(str(path))}")
    except (OSError, RuntimeError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "no such path"
        raise ConfigError(
            f"@{one_line(str(path))} cannot be read: {reason.lower()}", "give the path of a file with job ids"
        ) from error


def _standard_input() -> str:
    if sys.stdin is None or sys.stdin.closed:
        raise ConfigError("- reads standard input, which is closed", "give the job ids as arguments")
    try:
        return _decoded(sys.stdin.buffer.read(LARGEST_FILE + 1), "standard input")
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ConfigError(f"standard input cannot be read: {reason}", "give the job ids as arguments") from error


def _decoded(content: bytes, origin: str) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with a byte order mark, as PowerShell writes it."""
    if len(content) > LARGEST_FILE:
        raise ConfigError(f"{origin} is larger than {LARGEST_FILE // 1_000_000} MB", "give a list of job ids")
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if is_utf16 else "utf-8-sig", errors="replace")
