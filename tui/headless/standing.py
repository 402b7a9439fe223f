"""What a watch waits for, and how it stands at one moment. Values; what they mean for its end is decided in `ending`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.connection import LinkState
from tui.domain.exit_codes import Exit
from tui.domain.selection import Selection

FAILURES_UNTIL_FAILING = 3
"""Readings of one job in a row that failed while others worked, after which a timeout finds the API failing, and not the job slow."""


TRIES_OF_A_LOOK = 2
"""Readings of one job in a row that failed, after which one look has been had."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is waited for, and for how long; times are in seconds."""

    files: tuple[str, ...] = ()
    """Exact names of uploaded files whose jobs are watched, late ones included."""
    pattern: str | None = None
    """Names the uploads to watch; `files` replaces it as soon as they are found."""
    is_newest: bool = False
    """Whether only the newest upload counts that `pattern` names."""
    is_choice_proven: bool = True
    """Whether no newer upload can have been hidden when `files` replaced the pattern."""
    since: datetime | None = None
    """Jobs of the files added before this time do not count; None for no limit."""
    is_any: bool = False
    """Whether the first job that ends is enough."""
    is_fail_fast: bool = False
    """Whether a FAILED job is enough."""
    timeout_s: float | None = None
    """Time after which it is over whatever the jobs do; 0 means one look at each job; None means no limit."""
    start_s: float = 0.0
    """How long jobs, or a file, that do not exist yet are waited for."""
    searched_s: float = 0.0
    """How long the files were looked for before the watch began; `start_s` is what is left of the time then."""
    is_start_told: bool = False
    """Whether somebody said so: then a job that does not exist is given up when it is over, however few looks that allowed."""
    settle_s: float = 30.0
    """How long no new job of a file may have come before no more are expected."""

    @property
    def selections(self) -> tuple[Selection, ...]:
        """The lists that are watched: one a file."""
        return tuple(Selection(file, since=self.since) for file in self.files)

    @property
    def has_files(self) -> bool:
        """Whether files are watched, by name or by a pattern that is still to be resolved."""
        return bool(self.files or self.pattern)

    @property
    def file_names(self) -> str:
        """The files in words for messages: `inv.csv`, `a.csv, b.csv`; empty for none."""
        return ", ".join(self.files) or self.pattern or ""

    @property
    def waited_s(self) -> float:
        """How long jobs, or a file, that do not exist yet are waited for in all."""
        return self.start_s + self.searched_s

    @property
    def is_one_look(self) -> bool:
        """Whether each job is looked at once, and nothing is waited for."""
        return self.timeout_s == 0


@dataclass(frozen=True, slots=True)
class FileCourse:
    """What is known of the jobs of the files; moments are seconds after the start."""

    newest_s: float | None = None
    """When the last one was found; None before the first."""
    read_s: float | None = None
    """When the lists were last read, all of them; None before the first time."""
    ended_s: float | None = None
    """Since when all jobs that are watched have ended; None while one has not."""
    is_proven: bool | None = None
    """Whether the API proved that all jobs are known; None while that is not decided."""
    may_be_hidden: bool = False
    """Whether the server ignored the filter by file, so that an answer without jobs of the file says nothing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a watch stands at one moment."""

    elapsed_s: float = 0.0
    ended: Mapping[Exit, int] = field(default_factory=dict)
    """Jobs that count as ended, by what each contributes to the exit code; no zeros."""
    unended: int = 0
    failing: int = 0
    """Jobs among these whose last readings failed, `FAILURES_UNTIL_FAILING` or more in a row."""
    unread: int = 0
    """Jobs that have not been looked at yet: neither read nor not found, and not failing either."""
    link: LinkState = LinkState.UP
    is_answered: bool = False
    """Whether the API ever said anything about a job."""
    refused_s: float | None = None
    """How long after its first rejection the token was last tried and rejected; None if it is not rejected."""
    failing_s: float | None = None
    """For how long nothing but failures came; None if something good did."""
    file: FileCourse = field(default_factory=FileCourse)
    interrupted: Exit | None = None
    """The code of the signal that came; None without one."""
