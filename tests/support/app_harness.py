"""The app at work in memory: a real monitor in its thread over a scripted source, keys by Textual's pilot."""

import time
from collections import deque
from contextlib import asynccontextmanager

from textual import events
from textual.keys import _character_to_key

from tests.support.factories import ScriptedSource
from tui.core.clock import SystemClock
from tui.domain.poll_policy import PollPolicy
from tui.history.views import RememberedView
from tui.monitor.monitor import Monitor
from tui.monitor.request_gate import RequestBudget, RequestGate
from tui.ui.app import JobDeckApp
from tui.ui.app_context import AppContext
from tui.ui.monitor_client import MonitorThread
from tui.ui.rendering.status_bar import Place
from tui.ui.screens.main import MainScreen
from tui.ui.terminal.screen_diff import ScreenDiff, pieces
from tui.ui.widgets.job_list import JobList

PATIENCE_S = 15.0
EAGER = PollPolicy(interval_s=0.3, jitter=0.0, confirm_s=0.05)
PLENTY = RequestBudget(rate_per_s=1e6, burst=1e6, in_flight_limit=50, tokens=1e6)


class SpyList(JobList):
    """A job list that remembers what it asked to have painted anew."""

    refreshed = ()

    def refresh(self, *regions, **options):
        self.refreshed = (*self.refreshed, *(regions or ("everything",)))
        return super().refresh(*regions, **options)


class SpyScreen(MainScreen):
    def __init__(self, session):
        super().__init__(session)
        self.jobs = self.panes.jobs = SpyList(id="jobs", classes="pane -current")


class SpyApp(JobDeckApp):
    """Remembers the characters that a terminal would have got since `sent` was emptied last."""

    def __init__(self, session):
        super().__init__(session)
        self._terminal = ScreenDiff(None)
        self.sent = ""
        self.sequences = []
        """What was sent besides the screen."""
        self._session = session

    def send(self, sequence):
        self.sequences.append(sequence)
        return True

    def get_default_screen(self):
        return SpyScreen(self._session)

    def _display(self, screen, renderable):
        painted = pieces(renderable) if renderable is not None else None
        if painted is not None:
            self.sent += self._terminal.paint(painted)
        super()._display(screen, renderable)


class Desk:
    """One app under test."""

    def __init__(self, pilot, app, source, thread):
        self.pilot, self.app, self.source, self.thread = pilot, app, source, thread
        self.screen = app.screen_stack[0]
        self.jobs, self.detail, self.deck = self.screen.jobs, self.screen.detail, self.screen.deck
        self.input, self.prompt = self.screen.input, self.screen.bottom.prompt

    async def until(self, condition):
        """Return when `condition()` holds; fail when it never does."""
        deadline_s = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline_s, f"never came true\n{self.text}"
            await self.pilot.pause()

    async def settle(self):
        """Return when nothing is painted any more, and forget what was."""
        self.app.sent = "not yet"
        while self.app.sent or self.detail.is_busy:
            self.app.sent = ""
            await self.pilot.pause()
            await self.pilot.pause()
        self.jobs.refreshed = ()

    async def press(self, *keys):
        await self.pilot.press(*keys)
        await self.pilot.pause()

    def type_ahead(self, text):
        """Have all keys of `text` arrive at once; a line break is enter, an escape is esc, DEL is backspace."""
        names = {"\r": "enter", "\x1b": "escape", "\x7f": "backspace"}
        for character in text:
            self.app.post_message(events.Key(names.get(character) or _character_to_key(character), character))

    def answer(self, job_id, *lines):
        """Have the source answer so from now on."""
        self.source.scripts[job_id] = deque(lines)

    async def answered(self, job_id, *lines):
        """Have the source answer so, and wait until the screen has it."""
        self.answer(job_id, *lines)
        await self.until(lambda: str(self.status(job_id)) == str(getattr(lines[-1], "status", lines[-1])))

    def status(self, job_id):
        tracked = self.screen.scene.watchlist.get(job_id)
        return tracked and tracked.status

    def has_answers(self):
        """Whether something is known of every job."""
        watchlist = self.screen.scene.watchlist
        return all(tracked.polled_at for tracked in watchlist.values())

    @property
    def watched(self):
        return self.screen.scene.watchlist.ids

    @property
    def lines(self):
        """The lines of the screen on top."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self):
        return "\n".join(self.lines)

    def row_of(self, job_id):
        """The line of the screen on which a job's row stands."""
        lines = self.lines
        heading = next(place for place, line in enumerate(lines) if "STATUS" in line)
        return next((line for line in lines[heading + 1 :] if f" {job_id} " in line[:40]), "")


@asynccontextmanager
async def desk(
    scripts=None,
    *,
    size=(80, 24),
    job_ids=None,
    environment="sandbox",
    policy=EAGER,
    listed=None,
    list_trouble=None,
    **options,
):
    """Open the app on the jobs of `scripts`, in their order, and wait until each has been asked for."""
    clock = SystemClock()
    scripts = scripts or {}
    source = ScriptedSource(clock, scripts)
    source.listed, source.list_trouble = dict(listed or {}), list_trouble

    @asynccontextmanager
    async def opened():
        yield Monitor(source, clock, policy=policy, gate=RequestGate(PLENTY))

    thread = MonitorThread(opened)
    watched = tuple(scripts) if job_ids is None else job_ids
    options.setdefault("view", RememberedView(order="as given", grouping="none"))
    session = AppContext(
        monitor=thread, place=Place(environment, "t4711"), clock=clock, job_ids=watched, policy=policy, **options
    )
    app = SpyApp(session)
    try:
        async with app.run_test(size=size) as pilot:
            it = Desk(pilot, app, source, thread)
            await it.until(lambda: it.watched == watched and it.has_answers())
            yield it
    finally:
        assert thread.stop()
