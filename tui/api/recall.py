"""Remembers the last answer to each question, so that an equal one costs no parsing. Knows no HTTP and reads no JSON."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from tui.api.pieces import joined
from tui.domain.job import Job
from tui.domain.job_source import JobQuery

LIMIT_BYTES = 8_000_000
"""Of bodies in all, plus `JOB_BYTES` a job, not what jobs hold decoded: room for 10,000 jobs of up to 600 bytes, alone or in lists."""

JOB_BYTES = 200
"""Charged for each job beside its part of the body: one of few fields outweighs its own JSON."""


class Remembered(NamedTuple):
    """One answer: what was read from it, and its bytes, whole or in pieces."""

    jobs: tuple[Job, ...]
    body: bytes = b""
    """Empty where it is kept in pieces."""
    by_piece: Mapping[bytes, Job] = MappingProxyType({})
    """Whatever jobs it held, each by the piece of the body that it was read from; empty where the body was read whole."""
    skipped: int = 0
    """Elements of a list that are not jobs."""
    withheld: int = 0
    """Jobs of other tenants, which are not in `jobs`."""

    @property
    def by_id(self) -> dict[int, Job]:
        """The jobs by their ids."""
        return {job.job_id: job for job in self.jobs}

    @property
    def size_bytes(self) -> int:
        return len(self.body) + sum(map(len, self.by_piece)) + JOB_BYTES * max(1, len(self.jobs))

    def has_body(self, body: bytes) -> bool:
        """Return whether the answer consisted of these bytes."""
        return body == (joined(self.by_piece) if self.by_piece else self.body)


NOTHING = Remembered(())
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
        size_bytes = answer.size_bytes
        if size_bytes > self._limit_bytes / 2:
            return
        self._answers[question] = answer
        self._size_bytes += size_bytes
        while self._size_bytes > self._limit_bytes:
            self._size_bytes -= self._answers.popitem(last=False)[1].size_bytes

    def forget(self, question: int | JobQuery) -> None:
        """Drop the answer to `question`, if there is one."""
        known = self._answers.pop(question, None)
        self._size_bytes -= known.size_bytes if known else 0
