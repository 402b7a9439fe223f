"""Extract job ids from every input: arguments, files, standard input, paste and the input panel.

Pure, linear in the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import attrgetter

from tui.core.job_ids import LONGEST_LIST, PADDED, IdRange, NotAJob, read_list, too_many
from tui.core.paste.answers import AnswerError, Reading, read_value
from tui.core.paste.documents import CUT_OFF, Value, cut_off_at, decoded, documents
from tui.core.paste.gateways import failed_answers, plain_failure, without_headers
from tui.core.paste.mentions import Mention, Prose, blanked
from tui.core.paste.plain_text import (
    normalised,
    undecorated,
    with_named_ids,
    without_comments,
    without_opening_letter,
    without_slashes,
    without_tags,
)
from tui.core.paste.prose import SURE_DIGITS, named
from tui.core.paste.tables import Table, commented_table, is_foreign_table, tables, unnamed_table
from tui.core.paste.unnamed import other_numbers, unnamed
from tui.core.text import one_line

MOST_EXAMPLES = 8
"""Most skipped numbers to show."""

LONGEST_NAME = 40
"""Longest name of a skipped number, in characters."""


class Found(StrEnum):
    """How the ids of a text were recognised."""

    LIST = "list"
    """The text is a list of ids, ranges or URLs."""
    NAMED = "named"
    """By a key, a column or a word such as "job"."""
    GUESSED = "guessed"
    """By elimination: the numbers have no name, and other numbers are something else."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Numbers in a text that are no ids."""

    total: int = 0
    examples: tuple[tuple[str, str], ...] = ()
    """Examples: name, which may be empty, and number; each name once."""

    @property
    def names(self) -> tuple[str, ...]:
        """Their names; for a number without a name the number itself."""
        return tuple(name or number for name, number in self.examples)

    def shown(self, most: int) -> str:
        """Return up to `most` of them as text: `tenantID 30294, itemCount 3000, …`."""
        texts = [f"{name} {number}".strip() for name, number in self.examples[:most]]
        return ", ".join([*texts, "\N{HORIZONTAL ELLIPSIS}"] if self.total > len(texts) else texts)


@dataclass(frozen=True, slots=True)
class ExtractedIds:
    """The ids in a text, and what else the text says."""

    job_ids: tuple[int, ...] = ()
    """Each once, in the order of the text."""
    found: Found = Found.LIST
    ranges: tuple[IdRange, ...] = ()
    """Ranges in the text; `job_ids` contains all their ids."""
    skipped: Skipped = Skipped()
    done_at_once: int = 0
    """Number of responses that report finished work without a job."""
    without_job: int = 0
    """Number of responses with an empty job id, as after a dry run."""
    error: AnswerError | None = None
    """The first error in a response; other responses may have ids."""
    file_pattern: str | None = None
    """The file name in the text, which may contain `*` and `?`."""
    problem: NotAJob | None = None
    """Why the text has no ids, or which "job" in it is invalid; also None for an empty text."""

    @property
    def is_guess(self) -> bool:
        """Whether the ids are a guess, because the text does not name them."""
        return self.found is Found.GUESSED

    @property
    def is_loose(self) -> bool:
        """Whether the user should check the result: the text is no list in jobdeck's own form."""
        return self.found is not Found.LIST or not all(each.is_plain for each in self.ranges)


def extract_ids(text: str) -> ExtractedIds:
    """Return the meaning of `text`: ids, an API response, or a file."""
    text = normalised(text)
    if not text.strip():
        return ExtractedIds()
    if text.strip() in {"null", "None"}:  # output of `jq .jobID` for a response without a job
        return ExtractedIds(without_job=1)
    try:
        return _table_of_comments(text) or _table_without_names(text) or _list(text)
    except NotAJob as problem:
        return _file(text) or _looser_list(text) or _anything(text, problem)


def _table_of_comments(text: str) -> ExtractedIds | None:
    """Return the ids of a table with column names in a comment; as a list, all of its numbers would be ids."""
    table = commented_table(text.split("\n")) if "#" in text else None
    if table is None:
        return None
    total = _Sum.of()
    total.add_table(table, 0)
    return total.understood(text, Found.NAMED)


def _table_without_names(text: str) -> ExtractedIds | None:
    """Return the ids of a table without a header row; as a list, all of its numbers would be ids.

    Raises:
        NotAJob: Several of its columns may be the ids.
    """
    table = unnamed_table([line for line in text.split("\n") if line.strip()])
    if table is None:
        return None
    total = _Sum.of()
    total.add_table(table, 0)
    return total.understood(text, Found.GUESSED)


def _list(text: str) -> ExtractedIds:
    """Return the ids of a list with or without comments.

    Raises:
        NotAJob: The text is no list.
    """
    listed = read_list(without_comments(text))
    if not listed.job_ids:
        return ExtractedIds(problem=NotAJob("there are comments and no job ids", len(text) - len(text.lstrip()) + 1))
    return ExtractedIds(listed.job_ids, Found.LIST, listed.ranges)


def _looser_list(text: str) -> ExtractedIds | None:
    """Return the ids of a list with decoration around its items; None for any other text."""
    for looser in {without_opening_letter(text), without_slashes(text), undecorated(text)} - {text}:
        with suppress(NotAJob):
            if table := _table_without_names(looser):
                return table
            listed = read_list(looser)
            if listed.job_ids:
                return ExtractedIds(listed.job_ids, Found.LIST, listed.ranges)
    return None


_CUT_OFF_REASON = "is cut off: give the whole text"


def _anything(text: str, problem: NotAJob) -> ExtractedIds:
    """Return the meaning of a text that is no list; `problem` is the reason."""
    values = decoded(text)
    try:
        understood = _of_text(text, problem) if values is None else _of_answers(values, text)
    except NotAJob as error:
        return ExtractedIds(problem=error)
    if understood.job_ids or understood.error or understood.done_at_once or _is_cut_off(understood.problem):
        return understood
    end = cut_off_at(text)
    return understood if end is None else ExtractedIds(problem=NotAJob(f"the JSON {_CUT_OFF_REASON}", end + 1))


def _is_cut_off(problem: NotAJob | None) -> bool:
    return problem is not None and problem.reason.endswith(_CUT_OFF_REASON)


# Files.

_FILE = re.compile(
    r"""
      [^\s,;|<>]*?[^\s,;|<>/\\]\.(?:csv|tsv|txt|zip|gz|tgz|7z|bz2|json|jsonl|ndjson|xml|dat|xlsx?|psv|tab|done|edi)
    | [^\s,;|<>]*\*[^\s,;|<>]*
    | KIBO_[A-Z]+_\d{6,14}
    """,
    re.IGNORECASE | re.VERBOSE,
)

_BOLD = re.compile(r"([*_`~]{1,3})\d+\1", re.ASCII)

LONGEST_FILE_NAME = 255


def _file(text: str) -> ExtractedIds | None:
    """Return the name or pattern of a file without its folder; None if the text is not clearly a file."""
    word = text.strip().rstrip(",;").strip("\"'`")
    name = re.split(r"[/\\]", word)[-1]
    if not name or len(word) > 4 * LONGEST_FILE_NAME or len(name) > LONGEST_FILE_NAME or "://" in word:
        return None
    is_file = _FILE.fullmatch(word) and re.search(r"\w", name) and not _BOLD.fullmatch(word)
    return ExtractedIds(file_pattern=name) if is_file else None


# Answers and any other text.

_SYNC = re.compile(r"(?<!\w)method[\"']?[ \t]*[:=][ \t]*[\"']?sync(?!\w)", re.IGNORECASE)

_EMPTY_ID = re.compile(
    r"(?<!\w)job_?id[\"']?[ \t]*[:=][ \t]*(?:null|none|nil|\"\"|'')?[ \t]*(?=$|[,;&])", re.IGNORECASE | re.MULTILINE
)
"""Matches the response of a smart call as YAML, a PowerShell list or XML."""


@dataclass(slots=True)
class _Sum:
    """Collects the results of all readers of one text."""

    mentions: list[Mention]
    numbers: list[tuple[str, str]]
    errors: list[AnswerError]
    wrong: list[str]
    done_at_once: int = 0
    without_job: int = 0

    @classmethod
    def of(cls, errors: Iterable[AnswerError] = ()) -> _Sum:
        return cls([], [], list(errors), [])

    def add(self, reading: Reading, position: int) -> None:
        """Add the content of a document that begins at `position`."""
        self.mentions.append(Mention(position, tuple(reading.job_ids)))
        self.numbers += reading.skipped
        self.errors += reading.errors
        self.wrong += reading.wrong
        self.done_at_once += reading.done_at_once
        self.without_job += reading.without_job
        for line in reading.texts:  # a log collector wraps lines of text
            self.add_prose(named(normalised(line)), position)

    def add_prose(self, prose: Prose, position: int | None = None) -> None:
        """Add the ids of sentences, all at `position` if it is given."""
        if position is None:
            self.mentions += prose.mentions
        else:
            self.mentions += [Mention(position, mention.job_ids, mention.id_range) for mention in prose.mentions]
        self.wrong += prose.wrong

    def add_table(self, table: Table, position: int) -> None:
        """Add the rows of a table that begins at `position`."""
        self.mentions.append(Mention(position, tuple(table.job_ids)))
        self.numbers += table.skipped
        self.done_at_once += table.done_at_once

    @property
    def is_empty(self) -> bool:
        return not (
            self.errors or self.done_at_once or self.without_job or any(mention.job_ids for mention in self.mentions)
        )

    def understood(self, text: str, found: Found) -> ExtractedIds:
        """Return the combined result."""
        job_ids: dict[int, None] = {}
        ranges: dict[IdRange, None] = {}
        for mention in sorted(self.mentions, key=attrgetter("position")):
            if mention.id_range:
                if mention.id_range in ranges:
                    continue
                ranges[mention.id_range] = None
            if len(mention.job_ids) == 1:
                job_ids[mention.job_ids[0]] = None
            else:
                job_ids.update(dict.fromkeys(mention.job_ids))
            if len(job_ids) > LONGEST_LIST or len(ranges) > LONGEST_LIST // 100:
                return ExtractedIds(problem=too_many(mention.position + 1))
        skipped = _skipped(self.numbers, 0)
        error = self.errors[0] if self.errors else None
        problem = _wrong(self.wrong, text) if self.wrong else None
        return ExtractedIds(
            tuple(job_ids), found, tuple(ranges), skipped, self.done_at_once, self.without_job, error, problem=problem
        )


def _of_answers(values: Iterable[Value], text: str) -> ExtractedIds:
    """Return the meaning of a text that consists of documents."""
    total = _Sum.of()
    for index, value in enumerate(values):
        total.add(read_value(value), index)
    if total.is_empty and not total.wrong:
        return ExtractedIds(problem=NotAJob("there is no jobID in this answer", 1))
    return total.understood(text, Found.NAMED)


def _of_text(text: str, problem: NotAJob) -> ExtractedIds:
    """Return the meaning of any other text.

    Args:
        text: The text.
        problem: Why it is no list of ids.
    """
    original = text
    errors, text = failed_answers(text)
    total = _Sum.of(errors)
    text = with_named_ids(without_tags(text))
    found_documents = list(documents(text))
    for document in found_documents:
        total.add(read_value(document.value), document.start)
    text = blanked(text, [(document.start, document.end) for document in found_documents])

    lines = text.split("\n")
    starts = list(itertools.accumulate((len(line) + 1 for line in lines), initial=0))
    found_tables = list(tables(lines))
    for table in found_tables:
        total.add_table(table, starts[table.start])
    text = blanked(text, [(starts[table.start], starts[table.end]) for table in found_tables])

    total.add_prose(named(text))
    if total.is_empty and _SYNC.search(text) and _EMPTY_ID.search(text):
        total.done_at_once += 1
    if not total.is_empty or total.wrong:
        return _with_other_numbers(total, original, text, Found.NAMED)
    if failure := plain_failure(original):
        return ExtractedIds(error=failure)
    if found_documents or found_tables:
        return ExtractedIds(problem=NotAJob("there is no jobID in this text", 1))
    if is_foreign_table(lines):
        return ExtractedIds(problem=NotAJob("no column of this table is named jobID", 1))
    guess = None if _is_list_with_a_slip(without_comments(text)) else unnamed(text)
    if guess is None or not guess.mentions:
        return ExtractedIds(problem=problem)
    total.add_prose(guess)
    return _with_other_numbers(total, original, text, Found.GUESSED)


def _with_other_numbers(total: _Sum, text: str, rest: str, found: Found) -> ExtractedIds:
    """Return the result with the skipped numbers in `rest`, the text outside documents and tables."""
    understood = total.understood(text, found)
    others, examples = other_numbers(without_headers(rest), frozenset(understood.job_ids), MOST_EXAMPLES)
    total.numbers += examples
    return replace(understood, skipped=_skipped(total.numbers, others - len(examples)))


def _wrong(wrong: Sequence[str], text: str) -> NotAJob:
    """Return the error of a "job" whose id is invalid."""
    piece = re.split(r"[ ']", wrong[0].split(",")[0].rstrip(f"'{CUT_OFF}"))[-1]
    what = _CUT_OFF_REASON if wrong[0].endswith(f"{CUT_OFF}'") else "is no job id"
    return NotAJob(wrong[0] if "," in wrong[0] else f"{wrong[0]} {what}", max(0, text.find(piece)) + 1)


def _skipped(numbers: Sequence[tuple[str, str]], others: int) -> Skipped:
    examples: dict[str, tuple[str, str]] = {}
    for name, number in numbers:
        if len(examples) == MOST_EXAMPLES:
            break
        examples.setdefault(name or number, (one_line(name)[:LONGEST_NAME], number))
    return Skipped(len(numbers) + others, tuple(examples.values()))


def _is_list_with_a_slip(text: str) -> bool:
    """Return whether a text is a list of ids with a misspelt part; using only the others would hide a job."""
    cells = [cell.strip() for cell in re.split(r"[,;\n]", text[:100_000]) if cell.strip()]
    words = [word for cell in cells for word in cell.split()]
    others = [word for word in words if not PADDED.fullmatch(word) and not _file(word.rstrip(":"))]
    if len(others) < len(words) and all(_is_listed(word) for word in others if re.search(r"\d", word)):
        return False  # locations or files beside the ids
    is_list = len(words) == len(cells) or all(len(re.findall(r"\d", word)) >= SURE_DIGITS for word in words)
    return len(words) > 1 and is_list and any(_is_listed(word) for word in words if word[-1].isdigit())


def _is_listed(word: str) -> bool:
    try:
        return bool(read_list(word).job_ids)
    except NotAJob:
        return False
