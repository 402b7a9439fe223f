"""A selection of jobs without ids: by file or pattern, location, and time. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from unicodedata import normalize

from tui.core.text import rfc3339, same_name
from tui.domain.job_source import JobQuery

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job


FILE_TYPES = ("ADJUST", "REFRESH")
"""Types of jobs that come from an uploaded file."""


def is_pattern(file: str) -> bool:
    """Return whether a file name is a shell pattern."""
    return "*" in file or "?" in file


@dataclass(frozen=True, slots=True)
class Selection:
    """Criteria that select jobs, including future ones; None means "any"."""

    file: str | None = None
    """Exact name, or a pattern with `*` and `?`."""
    location: str | None = None
    since: datetime | None = None
    """Aware. Excludes jobs that were added earlier; includes jobs without a readable time."""

    @property
    def query(self) -> JobQuery:
        """The query whose list holds these jobs, and more if the selection has a pattern or a time."""
        if self.file is None or is_pattern(self.file):
            return JobQuery(location_code=self.location, types=() if self.file is None else FILE_TYPES)
        return JobQuery(location_code=self.location, original_filename=self.file)

    @property
    def words(self) -> str:
        """The criteria as text after "jobs": `of inv.csv at W01`."""
        parts = (
            "" if self.file is None else f"of {self.file}",
            "" if self.location is None else f"at {self.location}",
            "" if self.since is None else f"since {rfc3339(self.since)}",
        )
        return " ".join(part for part in parts if part)

    def accepts(self, job: Job) -> bool:
        """Return whether the job matches."""
        if self.since is not None and job.added is not None and job.added < self.since:
            return False
        if self.location is not None and not same_name(job.origin.location_code, self.location):
            return False
        file = job.origin.original_filename
        return self.file is None or (file is not None and names(self.file, file))


def forms(file: str) -> tuple[str, ...]:
    """Return the Unicode forms of an exact name, the given one first: the server compares code points."""
    return (
        (file,)
        if file.isascii() or is_pattern(file)
        else tuple(dict.fromkeys((file, normalize("NFC", file), normalize("NFD", file))))
    )


def names(pattern: str, file: str) -> bool:
    """Return whether the pattern or exact name matches `file`."""
    if is_pattern(pattern):
        return fnmatchcase(normalize("NFC", file), normalize("NFC", pattern))
    return same_name(file, pattern)
