"""Remembers the last answer to each question, so that an equal one costs no parsing. Knows no HTTP and reads no JSON."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from tui.api.models import Job
from tui.api.pieces import cut
from tui.api.query import JobQuery

LIMIT_BYTES = 8_000_000
"""Of answers in all: room for 10,000 jobs of up to 600 bytes, asked for one by one or in lists."""

JOB_BYTES = 200
"""Charged for each job beside its part of the body: one of few fields outweighs its own JSON."""


class Remembered(NamedTuple):
    """One answer: its bytes, and what was read from them."""

    body: bytes
    jobs: tuple[Job, ...]
    is_cut: bool = False
    """Whether each job was read from its own piece of the body, and no piece gave none."""

    @property
    def by_id(self) -> dict[int, Job]:
        """The jobs by their ids."""
        return {job.job_id: job for job in self.jobs}

    @property
    def by_piece(self) -> dict[bytes, Job]:
        """The jobs by their pieces of the body; empty if it was read whole."""
        return dict(zip(cut(self.body), self.jobs, strict=True)) if self.is_cut else {}

    @property
    def size_bytes(self) -> int:
        return len(self.body) + JOB_BYTES * max(1, len(self.jobs))


NOTHING = Remembered(b"", ())
"""What is remembered of a question that was never answered."""


class Recall:
    """The newest answers by question: a job's id, or a query. The one that was not used for longest goes first.

    Args:
        limit_bytes: Bytes that all of them may take; an answer over half of it is never kept.
    """

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._size_bytes = 0
        self._answers: OrderedDict[int | JobQuery, Remembered] = OrderedDict()

    @property
    def size_bytes(self) -> int:
        """Bytes of everything that is remembered now."""
        return self._size_bytes

    def get(self, question: int | JobQuery) -> Remembered | None:
        """Return the last answer to `question` and count it as used; None if there is none."""
        known = self._answers.get(question)
        if known is not None:
            self._answers.move_to_end(question)
        return known

    def keep(self, question: int | JobQuery, answer: Remembered) -> None:
        """Put `answer` in the place of the one before, and forget others until it fits."""
        self.forget(question)
        if answer.size_bytes > self._limit_bytes / 2:
            return
        self._answers[question] = answer
        self._size_bytes += answer.size_bytes
        while self._size_bytes > self._limit_bytes:
            self._size_bytes -= self._answers.popitem(last=False)[1].size_bytes

    def forget(self, question: int | JobQuery) -> None:
        """Drop the answer to `question`, if there is one."""
        known = self._answers.pop(question, None)
        self._size_bytes -= known.size_bytes if known else 0
