"""The main screen: takes the newest snapshot, hands it down, and turns what people do into calls of the monitor."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal
from textual.message import Message
from textual.reactive import reactive, var
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from tui.api.status import JobStatus
from tui.monitor.monitor import Snapshot
from tui.monitor.schedule import PollPolicy
from tui.text import count
from tui.ui.keys import GLOBAL_KEYS, HINTS
from tui.ui.screens.help import HelpScreen
from tui.ui.session import Session
from tui.ui.views.bars import access_problem, key_bar, top_line
from tui.ui.views.lines import Role, Span, wrap
from tui.ui.views.look import Look, Times
from tui.ui.views.scene import NO_SNAPSHOT, Scene
from tui.ui.widgets.bar import Bar
from tui.ui.widgets.deck import Deck
from tui.ui.widgets.job_detail import JobDetail, Tab
from tui.ui.widgets.job_input import JobInput
from tui.ui.widgets.job_list import JobList
from tui.ui.widgets.painted import Painted
from tui.ui.widgets.prompt import Prompt

NEWS_EVERY_S = 0.1
"""A new snapshot is taken at most this often."""

NOTE_S = 3.0
"""How long a note stays in the bottom line."""

LAYOUTS = ("split", "list", "deck")

INTERVALS_S = (1.0, 2.0, 5.0, None, 10.0, 30.0, 60.0)
"""What + and - step through; None is the schedule's own choice."""

PARTS = {"input": JobInput, "jobs": JobList, "detail": JobDetail, "deck": Deck}


class MainScreen(Screen[None]):
    """The only writer of `scene`, and the only one who speaks to the monitor."""

    BINDINGS: ClassVar[list[BindingType]] = [key.binding for key in GLOBAL_KEYS]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-normal"), (120, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (15, "-high")]

    scene: reactive[Scene | None] = reactive(None, init=False)
    """The facts of this moment and how to look at them."""
    layout_name: var[str] = var(LAYOUTS[0])
    """Which parts share the screen."""
    pinned: var[tuple[int, ...]] = var(())
    """Jobs on the deck, left to right."""

    class News(Message):
        """The engine has a new snapshot in its slot."""

    class Crashed(Message):
        """The engine ended by a bug."""

        def __init__(self, error: BaseException) -> None:
            super().__init__()
            self.error = error

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._look = Look(session.clock.now(), session.glyphs)
        self._part = "jobs"
        self._dropped: list[tuple[int, ...]] = []
        self._taken_s = 0.0
        self._is_take_planned = False
        self._note_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Bar(id="top")
        yield Painted(id="problem")
        yield JobInput(id="input", classes="part")
        with Container(id="work"):
            yield JobList(id="jobs", classes="part")
            yield JobDetail(id="detail", classes="part")
            yield Deck(id="deck", classes="part")
        yield Bar(id="keys")
        with Horizontal(id="ask"):
            yield Static("/", markup=False)
            yield Prompt(id="prompt")

    def on_mount(self) -> None:
        self._jobs, self._detail, self._deck = self.query_one(JobList), self.query_one(JobDetail), self.query_one(Deck)
        self._input, self._prompt = self.query_one(JobInput), self.query_one(Prompt)
        self._problem = self.query_one("#problem", Painted)
        self._top, self._keys = self.query_one("#top", Bar), self.query_one("#keys", Bar)
        self.scene = Scene(NO_SNAPSHOT, self._look)
        (self._jobs if self._session.job_ids else self._input).focus()
        self.call_after_refresh(self._start_engine)
        self.set_interval(1.0, self._tick)

    def _start_engine(self) -> None:
        engine, session = self._session.engine, self._session
        engine.tell(lambda monitor: monitor.set_policy(session.policy))
        engine.tell(lambda monitor: monitor.track(*session.job_ids))
        engine.start(
            on_news=lambda: self.post_message(self.News()),
            on_crash=lambda error: self.post_message(self.Crashed(error)),
        )

    # from the engine

    def on_main_screen_news(self) -> None:
        wait_s = self._taken_s + NEWS_EVERY_S - self._session.clock.monotonic_s()
        if wait_s <= 0:
            self._take()
        elif not self._is_take_planned:
            self._is_take_planned = True
            self.set_timer(wait_s, self._take)

    def on_main_screen_crashed(self, event: Crashed) -> None:
        raise event.error

    def _take(self) -> None:
        self._is_take_planned = False
        self._taken_s = self._session.clock.monotonic_s()
        snapshot = self._session.engine.take()
        if snapshot is not None:
            self._see(snapshot=snapshot)

    def _tick(self) -> None:
        """Move the clocks, if there is any that moves."""
        if self.scene and (self._look.times is Times.AGE or not self.scene.watchlist.is_settled):
            self._see()

    def _see(self, *, snapshot: Snapshot | None = None) -> None:
        self._look = replace(self._look, now=self._session.clock.now())
        facts = snapshot or (self.scene.snapshot if self.scene else NO_SNAPSHOT)
        self.scene = Scene(facts, self._look)

    # to the parts

    def watch_scene(self, scene: Scene) -> None:
        self._jobs.scene = self._detail.scene = self._deck.scene = scene
        self._input.watched = scene.watchlist.keys()
        self._paint_bars()

    def watch_layout_name(self, old: str, new: str) -> None:
        self.remove_class(f"layout-{old}")
        self.add_class(f"layout-{new}")
        self.call_after_refresh(self._deck.watch_scene)

    def watch_pinned(self, pinned: tuple[int, ...]) -> None:
        self._deck.pinned = pinned

    def on_resize(self) -> None:
        self.call_after_refresh(self._paint_bars)
        self.call_after_refresh(self._paint_keys)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        part = next((name for name in PARTS if event.widget.id == name), None)
        if part:
            self._part = part
            for name in PARTS:
                self.query_one(f"#{name}").set_class(name == part, "-current")
            self._paint_keys()

    def _paint_bars(self) -> None:
        scene = self.scene
        if scene is None or not self.size.width:
            return
        self._top.say(top_line(scene.snapshot, self._session.place, scene.look, self.size.width))
        problem = access_problem(scene.link, None if scene.snapshot.answered_at else self._session.access_problem)
        self._problem.display = problem is not None
        self._problem.show(tuple((Span(f" {part}", Role.WARNING),) for part in wrap(problem or "", self.size.width - 2)))

    def _paint_keys(self) -> None:
        self._keys.say(key_bar(HINTS[self._part], self.size.width))

    # from people

    @on(JobList.Highlighted)
    def _show_highlighted(self, event: JobList.Highlighted) -> None:
        self._detail.job_id = event.job_id

    @on(JobList.Opened)
    def _open_detail(self) -> None:
        self.action_part("detail")

    @on(JobInput.Given)
    def _watch_given(self, event: JobInput.Given) -> None:
        fresh = [job_id for job_id in event.job_ids if self.scene is None or job_id not in self.scene.watchlist]
        self._session.engine.tell(lambda monitor: monitor.track(*event.job_ids))
        if not fresh and event.job_ids:
            self._jobs.cursor = event.job_ids[0] if event.job_ids[0] in self._jobs.shown else self._jobs.cursor

    @on(Prompt.Typed)
    def _seek(self, event: Prompt.Typed) -> None:
        if self._part == "detail":
            self._detail.needle = event.text
        else:
            self._jobs.sought = event.text

    @on(Prompt.Closed)
    def _end_seeking(self, event: Prompt.Closed) -> None:
        if not event.is_kept:
            self._detail.needle, self._jobs.sought = "", ""

    def action_return_from_prompt(self) -> None:
        self._keys.display, self.query_one("#ask").display = True, False
        self.set_focus(self.query_one(f"#{self._part}", Widget))

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.action_part("input")
        self._input.take_paste(event.text)

    def action_add(self) -> None:
        self.action_part("input")

    def action_part(self, name: str) -> None:
        if name == "deck" and self.layout_name != "deck":
            self.layout_name = "deck"
        if name == "detail" and self.layout_name != "split":
            self.layout_name = "split"
        part = self.query_one(f"#{name}", Widget)
        self.remove_class("-full") if name == "input" else None
        for other in PARTS:
            self.query_one(f"#{other}").set_class(other == name, "-current")
        self.set_focus(part)

    def action_back(self) -> None:
        if self.has_class("-full"):
            self.action_full()
        elif self._part != "jobs":
            self.action_part("jobs")
        elif self._jobs.sought:
            self._jobs.sought = ""

    def action_search(self) -> None:
        is_search = self._part == "detail"
        if is_search and self._detail.tab is Tab.OVERVIEW:
            self._detail.tab = Tab.MESSAGES
        self._part = "detail" if is_search else "jobs"
        self._keys.display, self.query_one("#ask").display = False, True
        hint = "search in this text" if is_search else "show only jobs with these words: id, status, type, location, file, message"
        self._prompt.ask(hint, self._detail.needle if is_search else self._jobs.sought)

    def action_tab(self, step: int) -> None:
        self._detail.action_turn(step)

    def action_failed(self, step: int) -> None:
        scene, shown = self.scene, self._jobs.shown
        if scene is None or not shown:
            return
        place = shown.index(self._jobs.cursor) if self._jobs.cursor in shown else 0
        circle = [shown[(place + step * distance) % len(shown)] for distance in range(1, len(shown) + 1)]
        failed = next((job_id for job_id in circle if scene.watchlist[job_id].status is JobStatus.FAILED), None)
        if failed is None:
            self._note("no failed job in the list")
            return
        self._jobs.cursor = failed
        self._detail.tab = Tab.MESSAGES
        if self.layout_name != "split":
            self.layout_name = "split"

    def action_pin(self) -> None:
        job_id = self._jobs.cursor
        if job_id is None:
            return
        self.pinned = tuple(i for i in self.pinned if i != job_id) if job_id in self.pinned else (*self.pinned, job_id)
        word = "pinned" if job_id in self.pinned else "unpinned"
        self._note(f"{job_id} {word}: {count(len(self.pinned), 'job')} on the deck, | shows it")

    def action_layout(self) -> None:
        self.layout_name = LAYOUTS[(LAYOUTS.index(self.layout_name) + 1) % len(LAYOUTS)]
        if not self.query_one(f"#{self._part}").display:
            self.action_part("jobs")

    def action_full(self) -> None:
        self.toggle_class("-full")
        self.set_focus(self.query_one(f"#{self._part}", Widget))

    def action_refresh(self) -> None:
        job_id = self._jobs.cursor
        if job_id is not None:
            self._refresh(job_id)

    def action_refresh_all(self) -> None:
        if self.scene:
            self._refresh(*self.scene.watchlist.ids)

    def _refresh(self, *job_ids: int) -> None:
        if self.scene and self.scene.snapshot.is_paused:
            self._note("paused: press p to go on")
        self._session.engine.tell(lambda monitor: monitor.refresh(*job_ids))

    def action_pause(self) -> None:
        is_paused = not (self.scene and self.scene.snapshot.is_paused)
        self._session.engine.tell(lambda monitor: monitor.pause(is_paused=is_paused))

    def action_interval(self, step: int) -> None:
        if self.scene is None:
            return
        current = self.scene.snapshot.policy
        place = INTERVALS_S.index(current.interval_s) if current.interval_s in INTERVALS_S else 3
        self._set_policy(replace(current, interval_s=INTERVALS_S[max(0, min(len(INTERVALS_S) - 1, place + step))]))

    def _set_policy(self, policy: PollPolicy) -> None:
        self._session.engine.tell(lambda monitor: monitor.set_policy(policy))

    def attend(self, *, is_attended: bool) -> None:
        """Tell the monitor whether somebody looks: the terminal says so when its window gets or loses the focus."""
        if self.scene:
            self._set_policy(replace(self.scene.snapshot.policy, is_attended=is_attended))

    def action_times(self) -> None:
        self._look = replace(self._look, times=self._look.times.following)
        self._see()
        self._note(f"times: {self._look.times.value}")

    def action_wrap(self) -> None:
        self._detail.is_wrapped = not self._detail.is_wrapped

    def action_drop(self) -> None:
        job_id = self._jobs.cursor
        if job_id is None:
            return
        self._dropped.append((job_id,))
        self.pinned = tuple(i for i in self.pinned if i != job_id)
        self._session.engine.tell(lambda monitor: monitor.untrack(job_id))
        self._note(f"{job_id} taken off: u puts it back")

    def action_undo(self) -> None:
        if not self._dropped:
            self._note("nothing to put back")
            return
        job_ids = self._dropped.pop()
        self._session.engine.tell(lambda monitor: monitor.track(*job_ids))

    def _note(self, text: str) -> None:
        """Say one line where the keys stand, until it has been read."""
        self._keys.say((Span(f" {text}", Role.STRONG),))
        if self._note_timer:
            self._note_timer.stop()
        self._note_timer = self.set_timer(NOTE_S, self._paint_keys)

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(self._part))
