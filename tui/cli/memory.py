"""What remains of an app that has ended: its list on disk, and the lines on the normal screen. Draws nothing."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.cli.places import state_folder
from tui.errors import ConfigError
from tui.headless.changes import counts_line, job_line
from tui.jobids import written
from tui.text import one_line

if TYPE_CHECKING:  # the app alone needs them
    from tui.journal.sessions import Sessions
    from tui.monitor.snapshot import Batch
    from tui.monitor.watchlist import Watchlist

MOST_LINES = 40
"""Jobs told one by one; of a longer list only the counts."""


TRY_AGAIN_AFTER = 30
"""Batches after which a disk that could not be written is tried again, though the list is still the same."""


class Memory:
    """Keeps the newest watchlist, and on disk the ids of it whenever they change.

    `take` is called in the monitor's thread, `notice` and `is_list_kept` in the screen's, the rest before the monitor's thread starts and
    after it has ended.

    Args:
        api_base: Under which the list is kept; None keeps nothing.
    """

    def __init__(self, api_base: str | None) -> None:
        self.problem: ConfigError | None = None
        self._api_base = api_base or ""
        self._sessions = None if api_base is None else _sessions()
        self._watchlist: Watchlist | None = None
        self._kept_ids: tuple[int, ...] = ()
        self._failed_ids: tuple[int, ...] | None = None
        """The list that could not be kept; None if it was, or none was to be kept."""
        self._batches = 0
        self._told: set[str] = set()

    def last(self) -> tuple[int, ...]:
        """Return the ids of the last session; none if nothing is kept."""
        if self._sessions is None:
            return ()
        self._kept_ids = self._sessions.last(self._api_base)
        return self._kept_ids

    def take(self, batch: Batch) -> None:
        """Remember the newest state, and keep its ids; what another program prevents is tried again with the next batch."""
        is_first = self._watchlist is None
        self._watchlist = batch.snapshot.watchlist
        self._batches += 1
        ids = self._watchlist.ids
        if self._sessions is None or (is_first and not ids):
            return
        if ids == self._failed_ids and self._batches % TRY_AGAIN_AFTER:
            return
        if ids != self._kept_ids or self._failed_ids is not None or self._sessions.lacks(self._api_base, ids):
            self._keep(self._sessions, ids)

    def keep_at_last(self) -> None:
        """Keep the list as it was in the end: another program may have been in the way, or have kept its own in its place."""
        if self._sessions is not None and self._watchlist is not None and (self._watchlist.ids or self._kept_ids):
            self._keep(self._sessions, self._watchlist.ids, is_last=True)

    @property
    def is_list_kept(self) -> bool:
        """Whether the list comes back at the next start, as far as is known."""
        return self._sessions is not None and self._failed_ids is None

    def notice(self) -> str | None:
        """Return what a person should know of the list on disk; each such line once."""
        line = next((line for line in self._notices() if line not in self._told), None)
        if line is not None:
            self._told.add(line)
        return line

    def last_notices(self) -> tuple[str, ...]:
        """Return all that a person should still know at the end."""
        return tuple(self._notices())

    def _keep(self, sessions: Sessions, ids: tuple[int, ...], *, is_last: bool = False) -> None:
        if sessions.keep(self._api_base, ids, is_last=is_last):
            self._kept_ids, self._failed_ids = ids, None
        elif sessions.problem is not None:
            self._failed_ids = ids

    def _notices(self) -> Iterator[str]:
        if self._sessions is None:
            return
        yield from self._sessions.notices
        if self._failed_ids is not None and self._sessions.problem is not None:
            yield f"the list is not kept: {self._sessions.problem}; check the folder and its disk"

    @contextmanager
    def noticing(self) -> Iterator[None]:
        """Remember a setting that turned out to be unusable when the monitor started, to be told once the screen is free."""
        try:
            yield
        except ConfigError as error:
            self.problem = error
            raise

    def farewell(self, options: Mapping[str, str], *, is_demo: bool) -> str:
        """Return the last state of each job, and the command that goes on with them; empty if nothing was watched.

        Args:
            options: The options that were given, by name: without them the command would go on at another place.
            is_demo: Whether the jobs were the demo's, which has them by itself.
        """
        if not self._watchlist:
            return ""
        jobs_meant = () if is_demo else (written(self._watchlist.ids),)
        resume = " ".join((*_typed({"demo": "1", **options} if is_demo else options), *jobs_meant))
        jobs = self._watchlist.values()
        lines = map(job_line, jobs) if len(jobs) <= MOST_LINES else (counts_line(self._watchlist),)
        told = "".join(f"{line}\n" for line in lines)
        return f"{told}\njobdeck {resume}\n"


def _typed(options: Mapping[str, str]) -> Iterator[str]:
    """Yield options as they are typed in a shell. Of a program only its name: what stands behind it is nobody's business."""
    from tui.settings.given import Given  # noqa: PLC0415  # the app alone needs them
    from tui.settings.layers import SWITCHES, option_of  # noqa: PLC0415

    for name, value in options.items():
        yield option_of(name)
        if name == "token_command":
            yield shlex.quote(Given(name, value, is_command=True).shown)
        elif name not in {*SWITCHES, "no_color"}:
            yield shlex.quote(one_line(value))


def _sessions() -> Sessions:
    from tui.journal.sessions import Sessions  # noqa: PLC0415  # the app alone needs it

    return Sessions(state_folder())
