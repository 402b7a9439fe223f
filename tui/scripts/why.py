"""What went wrong with some jobs, grouped by cause: as text, Markdown, JSON or ids, also within a number of characters.
Pure.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tui.analysis.causes import Cause, causes
from tui.core.job_ids import written
from tui.core.text import count, one_line, rfc3339, without_commands, without_commands_in_json
from tui.domain.job_status import JobStatus
from tui.presentation.job_text import state_word
from tui.scripts.formats import CUT, Marks, cause_head, inert_markdown
from tui.scripts.json_output import SCHEMA
from tui.scripts.read_once import ReadResult

LEAST_CHARS = 300
"""The smallest limit of characters: the tally always fits."""


@dataclass(frozen=True, slots=True)
class JobCause:
    """A cause with the jobs that have its messages."""

    cause: Cause
    readings: tuple[ReadResult, ...]
    """The jobs with a message of this cause, each once, in the given order."""
    example: tuple[int, str]
    """The id of the first of these jobs, and its first message of this cause."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What went wrong with some jobs."""

    at: datetime
    """When the last job was read; aware."""
    readings: tuple[ReadResult, ...]
    is_complete: bool
    """Whether the jobs of a file are proven to be all; True for ids."""
    causes: tuple[JobCause, ...]
    """The causes of the messages of all jobs that are not SUCCESS, the most frequent first."""

    @property
    def counts(self) -> Counter[str]:
        """The number of jobs in each state."""
        return Counter(one_line(state_word(reading)) for reading in self.readings)

    @property
    def failed(self) -> tuple[ReadResult, ...]:
        """The jobs that ended and are not SUCCESS."""
        return tuple(reading for reading in self.readings if reading.job and reading.job.is_ended and _is_bad(reading))

    @property
    def without_messages(self) -> tuple[ReadResult, ...]:
        """The failed jobs without a message."""
        return tuple(reading for reading in self.failed if reading.job and not reading.job.messages)


def explanation(readings: Iterable[ReadResult], at: datetime, *, is_complete: bool = True) -> Explanation:
    """Return what went wrong with jobs.

    Args:
        readings: The readings of the jobs, each job once.
        at: The aware moment of an explanation without readings.
        is_complete: Whether the jobs of a file are proven to be all.
    """
    readings = tuple(readings)
    explained = [
        (reading, message)
        for reading in readings
        if reading.job is not None and _is_bad(reading)
        for message in reading.job.messages
    ]
    found = []
    for cause in causes(message for _, message in explained):
        jobs = {explained[index][0].job_id: explained[index][0] for index in cause.indexes}
        first, message = explained[cause.indexes[0]]
        found.append(JobCause(cause, tuple(jobs.values()), (first.job_id, message)))
    moment = max((reading.at for reading in readings), default=at)
    return Explanation(moment, readings, is_complete, tuple(found))


def _is_bad(reading: ReadResult) -> bool:
    return reading.job is not None and reading.job.status != JobStatus.SUCCESS


@dataclass(frozen=True, slots=True)
class Room:
    """How much of an explanation is shown; None for all of it."""

    causes: int | None = None
    values: int | None = 10
    """Of each variable part."""
    jobs: int | None = 10
    chars: int | None = None
    """Of each text of the server."""


_ALL = Room(values=None, jobs=None)

_SMALLER = (
    Room(),
    Room(chars=300),
    Room(None, 5, 5, 160),
    *(Room(number, 3, 5, 160) for number in (100, 50, 20, 10, 7, 5)),
    *(Room(number, 3, 3, 100) for number in (4, 3, 2)),
    *(Room(number, 1, 1, 60) for number in (3, 2, 1)),
    Room(1, 0, 1, 40),
    Room(0, 0, 1, 20),
    Room(0, 0, 0, 12),
)
"""What is left out to stay within a number of characters, step by step: values and jobs first, then rare causes."""


def why_text(explained: Explanation, marks: Marks, max_chars: int | None = None) -> str:
    """Return the tally, the causes with their jobs, values and an example, and the next command, as plain lines.

    Args:
        explained: What went wrong.
        marks: The characters that show causes.
        max_chars: The most characters of the text, at least `LEAST_CHARS`; None for no limit.
    """
    text = _within(max_chars, Room(), lambda room: "".join(f"{line}\n" for line in _text_lines(explained, marks, room)))
    return text if max_chars is None or len(text) <= max_chars else f"{text[: max_chars - len(CUT) - 1]}{CUT}\n"


def why_markdown(explained: Explanation, marks: Marks, max_chars: int | None = None) -> str:
    """Return the same as `why_text` in Markdown, for tickets and chat; arguments as there."""
    text = _within(
        max_chars, Room(), lambda room: "".join(f"{line}\n" for line in _markdown_lines(explained, marks, room))
    )
    return text if max_chars is None or len(text) <= max_chars else f"{text[: max_chars - len(CUT) - 1]}{CUT}\n"


def why_json(explained: Explanation, max_chars: int | None = None) -> str:
    """Return one JSON object in ASCII, as `schema.json` describes it; arguments as for `why_text`."""
    return _within(max_chars, _ALL, lambda room: f"{_encoded(_record(explained, room))}\n")


def failed_ids(explained: Explanation, max_chars: int | None = None) -> str:
    """Return the ids of the failed jobs, one per line; as many as fit."""
    text = "".join(f"{reading.job_id}\n" for reading in explained.failed)
    return text if max_chars is None or len(text) <= max_chars else text[: text.rfind("\n", 0, max_chars) + 1]


def _within(max_chars: int | None, first: Room, render: Callable[[Room], str]) -> str:
    text = render(first)
    for room in _SMALLER:
        if max_chars is None or len(text) <= max_chars:
            break
        text = render(room)
    return text


def _text_lines(explained: Explanation, marks: Marks, room: Room) -> Iterator[str]:
    yield _tally(explained, room)
    shown = explained.causes[: room.causes]
    digits = len(f"{shown[0].cause.count:,}") if shown else 0
    margin = " " * (digits + 3)
    for each in shown:
        yield ""
        yield _cut(cause_head(each.cause, marks, digits), room)
        yield f"{margin}in {count(len(each.readings), 'job')}: {_jobs(each.readings, room)}"
        for label, values in _varying(each.cause, room):
            yield f"{margin}{label}: {values}"
        if each.cause.count > 1:
            job_id, message = each.example
            yield f"{margin}example: {job_id}: {_cut(_safe(message), room)}"
    if omitted := len(explained.causes) - len(shown):
        yield ""
        yield f"{CUT} {count(omitted, 'more cause')}"
    for line in _ends(explained, room):
        yield ""
        yield line


def _markdown_lines(explained: Explanation, marks: Marks, room: Room) -> Iterator[str]:
    yield inert_markdown(_tally(explained, room))
    shown = explained.causes[: room.causes]
    if shown:
        yield ""
        yield "| count | cause | jobs | values |"
        yield "|---:|---|---|---|"
    for each in shown:
        values = "; ".join(f"{label}: {values}" for label, values in _varying(each.cause, room))
        cells = (_cut(_safe(each.cause.text(marks.gap)), room), _jobs(each.readings, room), values or "-")
        yield f"| {each.cause.count:,} | {' | '.join(map(inert_markdown, cells))} |"
    if omitted := len(explained.causes) - len(shown):
        yield ""
        yield f"{CUT} {count(omitted, 'more cause')}"
    for line in _ends(explained, room):
        label, _, rest = line.partition(": ")
        yield ""
        yield f"{label}: `{rest}`" if label == "next" else inert_markdown(line)


def _tally(explained: Explanation, room: Room) -> str:
    """Return how many jobs failed, and the number of jobs in each state, largest first."""
    counted = explained.counts.most_common(4 if room.chars else None)
    states = ", ".join(f"{number:,} {_cut(without_commands(word), room)}" for word, number in counted)
    others = "" if len(counted) == len(explained.counts) else f", {CUT}"
    failed = f"{len(explained.failed):,} of {count(len(explained.readings), 'job')} failed"
    known = "" if explained.is_complete else "; more jobs may exist"
    return f"{failed}{': ' if states else ''}{states}{others}{known}"


def _ends(explained: Explanation, room: Room) -> Iterator[str]:
    """Yield what is said after the causes: failed jobs without a message, and the next command."""
    if explained.without_messages and room.jobs != 0:
        yield f"no message: {_jobs(explained.without_messages, room)}"
    failed = [reading.job_id for reading in explained.failed]
    unended = [reading.job_id for reading in explained.readings if reading.job and not reading.job.is_ended]
    if failed and room.jobs != 0:
        yield f"next: jobdeck get {written(failed[: room.jobs])} -o text"
    elif unended and room.jobs != 0:
        yield f"next: jobdeck wait {written(unended[: room.jobs])}"


def _jobs(readings: Sequence[ReadResult], room: Room) -> str:
    """Return the ids of jobs with their locations, and how many more there are."""
    return _listed([_job(reading, room) for reading in readings[: room.jobs]], len(readings))


def _job(reading: ReadResult, room: Room) -> str:
    location = reading.job.verbatim("locationCode") if reading.job else None
    return f"{reading.job_id} at {_cut(_safe(location), room)}" if location else str(reading.job_id)


def _varying(cause: Cause, room: Room) -> Iterator[tuple[str, str]]:
    """Yield for each part with several contents the word before it, and its contents."""
    for number, contents in enumerate(cause.values):
        if len(contents) > 1 and room.values != 0:
            before = cause.pieces[number].split()
            word = before[-1].strip("():=\"'#") if before else ""
            shown = [_cut(_safe(content), room) or '""' for content in contents[: room.values]]
            yield word if word.isalpha() else "values", _listed(shown, len(contents))


def _listed(shown: Sequence[str], number: int) -> str:
    omitted = number - len(shown)
    return f"{', '.join(shown)}{f' {CUT} {omitted:,} more' if omitted else ''}"


def _safe(text: str) -> str:
    return without_commands(one_line(text))


def _cut(text: str, room: Room) -> str:
    """Return a text of at most the characters that there is room for; the dots that mark a cut are extra."""
    return text if room.chars is None or len(text) <= room.chars else f"{text[: room.chars]}{CUT}"


def _record(explained: Explanation, room: Room) -> dict[str, Any]:
    shown = explained.causes[: room.causes]
    failed = [reading.job_id for reading in explained.failed]
    return {
        "schema": SCHEMA,
        "at": rfc3339(explained.at),
        "complete": explained.is_complete,
        "jobs": len(explained.readings),
        "counts": _counts(explained, room),
        "failed": len(failed),
        "failedJobIDs": failed[: room.jobs],
        "causes": [_cause_record(each, room) for each in shown],
        "moreCauses": len(explained.causes) - len(shown),
    }


def _counts(explained: Explanation, room: Room) -> dict[str, int]:
    if room.chars is None:
        return dict(explained.counts)
    return {word: number for word, number in explained.counts.most_common(4) if len(_encoded(word)) <= room.chars}


def _cause_record(each: JobCause, room: Room) -> dict[str, Any]:
    job_id, message = each.example
    return {
        "count": each.cause.count,
        "template": _cut(each.cause.template, room),
        "text": _cut(each.cause.text(), room),
        "jobs": len(each.readings),
        "jobIDs": [reading.job_id for reading in each.readings[: room.jobs]],
        "valueCounts": [len(contents) for contents in each.cause.values],
        "values": [[_cut(content, room) for content in contents[: room.values]] for contents in each.cause.values],
        "example": {"jobID": job_id, "message": _cut(message, room)},
    }


def _encoded(value: object) -> str:
    return without_commands_in_json(json.dumps(value, ensure_ascii=True, allow_nan=False))
