"""Writes what the monitor reports to the history store, in a thread of its own: polling and painting never wait for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Condition, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from pathlib import Path

    from tui.domain.snapshot import Update
    from tui.domain.tracked_job import TrackedJob
    from tui.history.store import HistoryStore

BATCH_S = 0.5
"""Seconds between two transactions: a burst of changes is one."""

AGAIN_S = 30.0
"""Seconds until a failed write is repeated."""

MOST_WAITING = 20_000
"""Jobs that wait for a write that fails; more than that are dropped, the oldest first."""

CLOSE_S = 1.0
"""Seconds that the end of a session waits for the last write."""


class HistoryRecorder:
    """Records the jobs of one session. `take` may be called in any thread.

    Args:
        path_of: Returns the file of the store; None records nothing.
        now: Returns the current time; aware.
        keep_days: Days after which a job is forgotten.
        keeps_messages: Whether message texts are kept.
    """

    def __init__(
        self,
        path_of: Callable[[], Path] | None,
        now: Callable[[], datetime],
        *,
        keep_days: int,
        keeps_messages: bool = False,
    ) -> None:
        self._path_of = path_of
        self._now = now
        self._keep_days = keep_days
        self._keeps_messages = keeps_messages
        self._news = Condition()
        self._waiting: dict[int, TrackedJob] = {}
        self._notes: list[str] = []
        self._is_closing = False
        self._thread = Thread(target=self._run, name="history", daemon=True)
        self._has_begun = False

    def take(self, update: Update) -> None:
        """Have the changed jobs of an update written soon."""
        if self._path_of is None:
            return
        read = {each.job_id: each for each in update.changed if each.answered_at is not None}
        if not read:
            return
        with self._news:
            self._waiting |= read
            self._drop_oldest()
            if not self._has_begun:
                self._has_begun = True
                self._thread.start()
            self._news.notify()

    def notice(self) -> str | None:
        """Return the next note for the user, each once; None without one."""
        with self._news:
            return self._notes.pop(0) if self._notes else None

    def close(self) -> None:
        """Write what is left, as far as that takes a second at most."""
        with self._news:
            self._is_closing = True
            self._news.notify()
        if self._has_begun:
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        from tui.history.store import StoreError  # noqa: PLC0415  # heavy: SQLite; only this thread needs it

        store = self._opened()
        self._forget_old(store)
        is_told = False
        while (jobs := self._next()) is not None:
            try:
                store.keep(jobs.values())
            except StoreError as error:
                if not is_told:
                    self._note(f"the history is not written: {error}; jobdeck tries again")
                    is_told = True
                self._put_back(jobs)
                self._wait(AGAIN_S)
            else:
                is_told = False
                self._wait(BATCH_S)
        store.close()

    def _opened(self) -> HistoryStore:
        from tui.history.store import HistoryStore, StoreError  # noqa: PLC0415

        path = self._path_of() if self._path_of else None
        try:
            store = HistoryStore(path, keeps_messages=self._keeps_messages)
        except StoreError as error:
            self._note(f"the history of this session is not kept: {error}")
            return HistoryStore(None, keeps_messages=self._keeps_messages)
        if store.note:
            self._note(store.note)
        return store

    def _forget_old(self, store: HistoryStore) -> None:
        from tui.history.store import StoreError  # noqa: PLC0415

        try:
            while store.forget_old(self._now(), keep_days=self._keep_days) and not self._is_closing:
                self._wait(BATCH_S)
        except StoreError:
            return  # the next write says why

    def _next(self) -> Mapping[int, TrackedJob] | None:
        """Return the jobs to write; waits for some. None at the end."""
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._is_closing)
            jobs, self._waiting = self._waiting, {}
            return jobs or None

    def _put_back(self, jobs: Mapping[int, TrackedJob]) -> None:
        with self._news:
            self._waiting = {**jobs, **self._waiting}
            if self._is_closing:
                self._waiting = {}
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        while len(self._waiting) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]

    def _wait(self, seconds: float) -> None:
        with self._news:
            self._news.wait_for(lambda: self._is_closing, seconds)

    def _note(self, text: str) -> None:
        with self._news:
            self._notes.append(text)
