"""What remains after the app exits: the saved list, and the summary on the normal screen."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.cli.selection_options import shown_selection
from tui.cli.user_folders import state_folder
from tui.core.errors import ConfigError
from tui.core.job_ids import written
from tui.core.text import one_line
from tui.scripts.formats import counts_line, failed_line, job_line

if TYPE_CHECKING:  # the app alone needs them
    from tui.domain.selection import Selection
    from tui.domain.snapshot import Snapshot
    from tui.domain.watchlist import Watchlist
    from tui.history.sessions import Kept, Sessions


MOST_LINES = 40
"""Most jobs that are listed one by one; a longer list shows counts and the failed jobs."""

MOST_FAILED = 20
"""Most failed jobs of a longer list that are listed."""


TRY_AGAIN_AFTER = 30
"""Updates after which a failed write is retried, even if the list is unchanged."""


class SavedSession:
    """Keeps the newest state, saves the watched ids and selections whenever they change, and gives the exit summary.

    A file that cannot be read or written raises nothing: `notice` and `last_notices` say so.

    Call `take` in the monitor's thread, `notice` and `is_list_kept` in the screen's, and the rest before the monitor's
    thread starts or after it has ended.

    Args:
        api_base: The API whose list is saved; None saves nothing.
    """

    def __init__(self, api_base: str | None) -> None:
        self.problem: ConfigError | None = None
        self._api_base = api_base or ""
        self._sessions = None if api_base is None else _sessions()
        self._snapshot: Snapshot | None = None
        self._kept: Kept | None = None
        """The last list that was read or saved; None if there is none."""
        self._failed: Kept | None = None
        """The list that could not be saved; None if there is none."""
        self._batches = 0
        self._reported: set[str] = set()

    def last(self) -> tuple[int, ...]:
        """Return the ids of the last session; empty if nothing is saved."""
        kept = self.last_kept()
        return () if kept is None else kept.job_ids

    def last_kept(self) -> Kept | None:
        """Return the list of the last session; None if nothing is saved."""
        if self._sessions is None:
            return None
        kept = self._sessions.last_kept(self._api_base)
        self._kept = kept if _is_anything(kept) else None
        return self._kept

    def take(self, snapshot: Snapshot) -> None:
        """Store the newest state, and save the list if it changed. If another program blocks the file, the next update
        retries.
        """
        is_first = self._snapshot is None
        self._snapshot = snapshot
        self._batches += 1
        if self._sessions is None:
            return
        watched = _watched(snapshot)
        if not _is_anything(watched) and (is_first or self._kept is None):
            return
        if watched == self._failed and self._batches % TRY_AGAIN_AFTER:
            return
        is_changed = watched != self._kept or self._failed is not None
        if is_changed or self._sessions.lacks(self._api_base, watched.job_ids, watched.selections):
            self._keep(self._sessions, watched)

    def keep_at_last(self) -> None:
        """Save the final list: another program may have blocked the file, or replaced the list with its own."""
        if self._sessions is None or self._snapshot is None:
            return
        watched = _watched(self._snapshot)
        if _is_anything(watched) or self._kept is not None:
            self._keep(self._sessions, watched, is_last=True)

    @property
    def is_list_kept(self) -> bool:
        """Whether the next start resumes the list: the last write succeeded, or none was due; False without sessions."""
        return self._sessions is not None and self._failed is None

    def notice(self) -> str | None:
        """Return a note for the user about the saved list, each text once; None if there is none."""
        line = next((line for line in self._notices() if line not in self._reported), None)
        if line is not None:
            self._reported.add(line)
        return line

    def last_notices(self) -> tuple[str, ...]:
        """Return the notes that still apply at the end."""
        return tuple(self._notices())

    def _keep(self, sessions: Sessions, kept: Kept, *, is_last: bool = False) -> None:
        if sessions.keep(
            self._api_base, kept.job_ids, selections=kept.selections, removed=kept.removed, is_last=is_last
        ):
            self._kept, self._failed = kept, None
        elif sessions.problem is not None:
            self._failed = kept

    def _notices(self) -> Iterator[str]:
        if self._sessions is None:
            return
        yield from self._sessions.notices
        if self._failed is not None and self._sessions.problem is not None:
            yield f"the list is not kept: {self._sessions.problem}; check the folder and its disk"

    @contextmanager
    def noticing(self) -> Iterator[None]:
        """Store a ConfigError from the start of the monitor, to report it after the app has left the screen."""
        try:
            yield
        except ConfigError as error:
            self.problem = error
            raise

    @staticmethod
    def command(options: Mapping[str, str], *, is_demo: bool) -> tuple[str, ...]:
        """Return the words of the program with the given options, by name, ready for a shell."""
        return ("jobdeck", *_typed({"demo": "1", **options} if is_demo else options))

    def summary(self, options: Mapping[str, str], *, is_demo: bool) -> str:
        """Return the exit summary: the last state of each job, the files without jobs, and the command that resumes.
        Empty if nothing was watched.

        Args:
            options: The given options, by name: without them the command would use another API.
            is_demo: Whether it was the demo, which has its own jobs.
        """
        snapshot = self._snapshot
        if snapshot is None or not (snapshot.watchlist or snapshot.selections):
            return ""
        lines = _job_lines(snapshot.watchlist)
        waiting = (f"no job {one_line(known.selection.words)} yet" for known in snapshot.awaited)
        text = "".join(f"{line}\n" for line in (*lines, *waiting))
        has_them_by_itself = is_demo and not snapshot.selections
        job_ids = () if has_them_by_itself or not snapshot.watchlist else (written(snapshot.watchlist.ids),)
        given = {"demo": "1", **options} if is_demo else options
        commands = self._commands(given, snapshot.selections, job_ids)
        return f"{text}\n{''.join(f'{command}{chr(10)}' for command in commands)}"

    def _commands(
        self, options: Mapping[str, str], selections: Sequence[Selection], job_ids: tuple[str, ...]
    ) -> Iterator[str]:
        """Yield the commands that resume. One command cannot name several selections, but without arguments it resumes
        a saved list.
        """
        if len(selections) > 1 and self.is_list_kept:
            yield " ".join(("jobdeck", *_typed(options)))
            return
        for index, selection in enumerate(selections or (None,)):
            named = {**options, **shown_selection(selection)}
            yield " ".join(("jobdeck", *_typed(named), *(job_ids if index == 0 else ())))


def _watched(snapshot: Snapshot) -> Kept:
    from tui.history.sessions import Kept  # noqa: PLC0415  # the app alone needs it

    return Kept(snapshot.watchlist.ids, snapshot.selections, snapshot.removed if snapshot.lists else ())


def _job_lines(watchlist: Watchlist) -> Iterator[str]:
    """Yield a line for each job of a short list; for a long one the counts and the failed jobs."""
    jobs = watchlist.values()
    failed = [tracked for tracked in jobs if tracked.status == "FAILED"]
    if len(jobs) <= MOST_LINES:
        yield from (failed_line(tracked) if tracked in failed else job_line(tracked) for tracked in jobs)
        return
    yield counts_line(watchlist)
    yield from map(failed_line, failed[:MOST_FAILED])
    if len(failed) > MOST_FAILED:
        yield f"and {len(failed) - MOST_FAILED:,} more FAILED"


def _is_anything(kept: Kept) -> bool:
    return bool(kept.job_ids or kept.selections)


def _typed(options: Mapping[str, str]) -> Iterator[str]:
    """Yield options as shell words. A program is shown without its arguments, which may contain secrets."""
    from tui.settings.schema import SWITCHES, TOKEN_COMMAND, option_of  # noqa: PLC0415  # the app alone needs them
    from tui.settings.values import SettingValue  # noqa: PLC0415

    for name, value in options.items():
        yield option_of(name)
        if name == TOKEN_COMMAND.name:
            yield shlex.quote(SettingValue(name, value, is_command=True).shown)
        elif name not in SWITCHES:
            yield shlex.quote(one_line(value))


def _sessions() -> Sessions:
    from tui.history.sessions import Sessions  # noqa: PLC0415  # the app alone needs it

    return Sessions(state_folder())
