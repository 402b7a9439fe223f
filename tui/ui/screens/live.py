"""A screen that lives on the monitor's news: it takes the newest snapshot and hands it to its parts. Sends no command but what to watch."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from textual import events
from textual._context import NoActiveAppError
from textual.message import Message
from textual.reactive import var

from tui.core.errors import ConfigError
from tui.monitor.snapshot import Snapshot
from tui.ui.engine import Engine
from tui.ui.screens.parts import PartScreen
from tui.ui.session import Session
from tui.ui.views.bars import top_line
from tui.ui.views.connection import access_problem
from tui.ui.views.lines import Role, Span, wrap
from tui.ui.views.look import Look, Times
from tui.ui.views.news import news
from tui.ui.views.scene import NO_SNAPSHOT, Scene

NEWS_EVERY_S = 0.1
"""A new snapshot is taken at most this often."""


class LiveScreen(PartScreen):
    """The only writer of `scene`."""

    scene: var[Scene | None] = var(None, init=False)
    """The facts of this moment and how to look at them."""
    pinned: var[tuple[int, ...]] = var(())
    """Jobs on the deck, left to right."""

    class News(Message):
        """The monitor's thread has a new snapshot in its slot."""

    class Crashed(Message):
        """The monitor ended by a bug."""

        def __init__(self, error: BaseException) -> None:
            super().__init__()
            self.error = error

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._engine = Engine(session.engine, session.policy)
        self._look = Look(session.clock.now(), session.glyphs)
        self._awaited = len(session.job_ids)
        self._taken_s = 0.0
        self._is_take_planned = False

    def on_mount(self) -> None:
        self.scene = Scene(NO_SNAPSHOT, self._look, self._awaited)
        self.action_part("jobs" if self._session.job_ids or self._session.selections else "input")
        self.show_keys()
        self._engine.begin(self._session.job_ids, self._session.selections, self._session.removed)
        self.call_after_refresh(self._start)
        self.set_interval(1.0, self._tick)

    def _start(self) -> None:
        """Start the monitor once the first screen is painted."""
        self._session.engine.start(
            on_news=lambda: self._post(self.News()),
            on_crash=lambda error: self._post(self.Crashed(error)),
        )

    def _post(self, message: Message) -> None:
        """Post from the monitor's thread; an app that is gone already misses nothing."""
        with suppress(NoActiveAppError):
            self.post_message(message)

    def on_live_screen_news(self) -> None:
        wait_s = self._taken_s + NEWS_EVERY_S - self._session.clock.monotonic_s()
        if wait_s <= 0:
            self._take()
        elif not self._is_take_planned:
            self._is_take_planned = True
            self.set_timer(wait_s, self._take)

    def on_live_screen_crashed(self, event: Crashed) -> None:
        if isinstance(event.error, ConfigError):
            self.app.exit(return_code=2)  # whoever started the app words it on the normal screen
        else:
            raise event.error

    def _take(self) -> None:
        self._is_take_planned = False
        self._taken_s = self._session.clock.monotonic_s()
        self._see(self._session.engine.take())

    def _tick(self) -> None:
        """Move the clocks, if there is any that moves."""
        if self.scene and (self._look.times is Times.AGE or not self.scene.watchlist.is_settled):
            self._see()

    def _see(self, snapshot: Snapshot | None = None) -> None:
        before = self.scene.snapshot if self.scene else NO_SNAPSHOT
        facts, clock = snapshot or before, self._session.clock
        now = clock.now()
        self._look = replace(self._look, now=now, ahead=facts.server_clock.at(clock.monotonic_s(), default=now) - now)
        if facts.watchlist:
            self._awaited = 0
        self.scene = Scene(facts, self._look, self._awaited)
        told = news(before, facts, log=self._session.crash_log) or self._session.notice()
        if told:
            self.note(told)

    def _see_without(self, job_id: int) -> None:
        """Show the list without a job before the monitor does: the next key may be here already, and is about another one."""
        if self.scene:
            self._see(replace(self.scene.snapshot, watchlist=self.scene.watchlist.without([job_id])))

    def watch_scene(self, scene: Scene) -> None:
        self.jobs.scene = self.detail.scene = self.deck.scene = scene
        self.input.watched = scene.watchlist
        self.pinned = tuple(job_id for job_id in self.pinned if job_id in scene.watchlist)
        self._show_top()

    def watch_pinned(self, pinned: tuple[int, ...]) -> None:
        self.jobs.pinned = self.deck.pinned = pinned
        self.refresh_keys()
        self._focus()

    def _focus(self) -> None:
        """Let the monitor ask first for the jobs that somebody looks at."""
        self._engine.focus([job_id for job_id in (self.jobs.cursor, *self.pinned) if job_id is not None])

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self.show_frame)

    def show_frame(self) -> None:
        """Paint the lines at the top and the bottom anew, for the width that the screen has now."""
        self.refresh_keys()
        self._show_top()
        for bar in (self.top, self.keys):
            bar.repaint_all()

    def _show_top(self) -> None:
        scene, width, session = self.scene, self.outer_size.width, self._session
        if scene is None or not width:
            return
        self.top.say(top_line(scene.snapshot, session.place_now, scene.look, width))
        known_before = None if scene.snapshot.answered_at else session.access_problem
        problem = access_problem(scene.link, known_before, is_token_fixed=session.is_token_fixed)
        self.problem.display = problem is not None
        self.problem.show(tuple((Span(f" {part}", Role.WARNING),) for part in wrap(problem or "", width - 2)))
