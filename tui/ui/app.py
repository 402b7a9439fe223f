"""The Textual app: themes, styles, signals, keys and the main screen."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Input

from tui.history.views import RememberedView
from tui.ui.app_context import AppContext
from tui.ui.commands import ACTIONS, LISTED, bindings, keys_of
from tui.ui.digit_run import DigitRun
from tui.ui.opening_letter import OPENERS, is_name
from tui.ui.rendering.choices import Arguments, Choice, no_arguments
from tui.ui.screens.main import MainScreen
from tui.ui.screens.panes import LAYOUTS
from tui.ui.state_dump import app_lines, scene_lines
from tui.ui.terminal.app_base import TerminalApp
from tui.ui.terminal.driver import keep_cells
from tui.ui.terminal.events import InputNote, TextRun
from tui.ui.terminal.gc_scheduler import EVERY_S, GcScheduler, sweep_late
from tui.ui.themes import TERMINAL_COLOURS, THEMES, default_theme

SWITCH_S = 0.001
"""How long the monitor's thread may run before a key gets its turn. With 1,000 jobs updated twice a second, the slowest
keys (p99) take 24 instead of 31 ms with Python's 5 ms, and 41 instead of 47 ms on a busier machine.
"""

_KEYS_WITHOUT_JOBS = OPENERS | {"q"}
"""Letters that are keys even if no job is watched."""

_FIND = frozenset(keys_of("jobs.find"))

_KEYS_OF_RECENT = frozenset(
    key
    for action in ACTIONS
    if action.place == "recent" and action.id != "recent.refused"
    for key in action.keys.split(",")
)
"""Letters that are keys among the recent jobs; all others are text for the input."""

_ENDING = "TERM HUP INT QUIT USR2 ALRM VTALRM PROF XCPU IO PWR STKFLT"
ENDING_SIGNALS = tuple(getattr(signal, f"SIG{name}") for name in _ENDING.split() if hasattr(signal, f"SIG{name}"))
"""Signals of this system that would end the process without restoring the terminal."""


def style_paths() -> list[Path]:
    """Return the style sheets in load order, from the installed package or from the checkout."""
    here = Path(__file__).resolve().parents[1]
    installed = here / "styles"
    folder = installed if installed.is_dir() else here.parent / "styles"
    return sorted(folder.glob("*.tcss"))


class JobDeckApp(TerminalApp):
    """The app of one session."""

    TITLE = "jobdeck"
    CSS_PATH = style_paths()  # type: ignore[assignment]  # Textual takes a list of paths
    BINDINGS: ClassVar[list[BindingType]] = bindings("app")
    ENABLE_COMMAND_PALETTE = False
    # No action copies a selection, and a click on a card that was just removed would end the app.
    ALLOW_SELECT = False

    def __init__(self, context: AppContext) -> None:
        if not os.environ.get("NO_COLOR", "-"):
            del os.environ["NO_COLOR"]  # empty means unset (no-color.org), but Textual reads it as set
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self._app_context = context
        self._left_with = 0
        self._sweeper = GcScheduler(context.clock)
        self._digits = DigitRun()
        self._layout_before_jump = LAYOUTS[0]
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self._first_theme()
        self.remembered = context.view
        """What the next session shows again; complete once the app has ended."""
        self.set_class(context.glyphs.bar == "=", "-ascii")

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | TextRun):
            self._sweeper.note_key()
        await super().on_event(event)

    async def type_elsewhere(self, key: events.Key) -> bool:
        """Type the digits of an id into the input from any pane, and the letters of a name while nothing is watched;
        return whether the key was used.
        """
        main, is_text = self._main, isinstance(self.focused, Input)
        if main is None or (is_text and self.focused is not main.input):
            self._digits.forget()
            return False
        if not is_text:
            main.input.opener = key.key if key.key in OPENERS and self.screen is main and not main.input.value else ""
        if not is_text and self._begins_name(main, key):
            self._digits.forget()
            main.action_pane("input")
            main.input.begin(key.key)
            return True
        digits = self._digits.press(key.key, key.time, is_text=is_text)
        if not digits:
            if not is_text:
                self._layout_before_jump = main.panes.layout_name
            return False
        self._show_main()
        if len(digits) > 1:
            main.panes.layout_name = self._layout_before_jump
        main.action_pane("input")
        main.input.begin(digits)
        return True

    def _begins_name(self, main: MainScreen, key: events.Key) -> bool:
        """Return whether a letter is text: with nothing watched and nothing to restore it has no other use."""
        if main.scene is None:
            return False
        snapshot = main.scene.snapshot
        is_empty = not (snapshot.watchlist or snapshot.selections or snapshot.removed)
        keys = _KEYS_WITHOUT_JOBS | (_KEYS_OF_RECENT if main.recent.is_shown else _FIND)
        is_letter = len(key.key) == 1 and key.key.isalpha() and key.key not in keys
        return is_letter and is_empty and self.screen is main and not main.input.value

    async def accept_text(self, text: str) -> bool:
        return is_name(text) and await self.paste(text)

    async def paste(self, text: str) -> bool:
        """Insert a paste into the focused text, otherwise into the input; return whether there is a main screen."""
        main = self._main
        if main is None:
            return False
        self._digits.forget()
        if isinstance(self.focused, Input) and self.focused is not main.input:
            line = (text.splitlines() or [""])[0]
            self.focused.replace(line, *self.focused.selection)
            return True
        self._show_main()
        main.action_pane("input")
        main.input.take_paste(text)
        return True

    def on_input_note(self, event: InputNote) -> None:
        if self._main is not None:
            self._main.show_message(event.text)

    @property
    def _main(self) -> MainScreen | None:
        """The bottom screen; None before it is mounted and while the app ends."""
        lowest = self.screen_stack[0] if self.screen_stack else None
        return lowest if isinstance(lowest, MainScreen) else None

    def _show_main(self) -> None:
        """Close all screens above the main screen."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def _first_theme(self) -> str:
        """Return the theme of the last session, or the usual one for this terminal."""
        usual = default_theme(None if self.no_color else self.console.color_system)
        chosen = self._app_context.view.theme
        return chosen if chosen in {theme.name for theme in THEMES} else usual

    def exit(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  # those of App
        """End the app, and remember how the user looked at the jobs."""
        if self._main is not None:
            is_usual = self.theme == default_theme(None if self.no_color else self.console.color_system)
            self.remembered = replace(self._main.remembered, theme="" if is_usual else self.theme)
        super().exit(*args, **options)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(TERMINAL_COLOURS)

    def get_default_screen(self) -> Screen[None]:
        return MainScreen(self._app_context)

    def on_load(self) -> None:
        loop = asyncio.get_running_loop()
        for number in ENDING_SIGNALS:
            loop.add_signal_handler(number, self.action_leave, 128 + number)
        # Not a handler of the loop: a user requests the state when the loop hangs.
        signal.signal(signal.SIGUSR1, lambda *_: self._write_state(loop))

    def on_mount(self) -> None:
        self.set_interval(EVERY_S, self._sweeper.sweep)

    def action_leave(self, code: int) -> None:
        """Exit with this code and restore the terminal; the first code wins."""
        self._left_with = self._left_with or code
        self.exit(return_code=code)

    def _write_state(self, loop: asyncio.AbstractEventLoop) -> None:
        """Append the state of the app to the crash log, and show where it is."""
        main = self._main
        lines = [
            "state, requested by SIGUSR1",
            *app_lines(self),
            *(scene_lines(main.scene) if main and main.scene else ()),
        ]
        where = self._app_context.write_down("\n".join(lines))
        if main:
            loop.call_soon_threadsafe(main.show_message, f"state written; {where}")

    def action_suspend_process(self) -> None:
        if not self.suspend_to_shell() and isinstance(self.screen, MainScreen):
            self.screen.show_message("ctrl-z needs a shell with job control")

    def on_app_focus(self) -> None:
        self._set_attended(is_attended=True)

    def on_app_blur(self) -> None:
        self._set_attended(is_attended=False)

    @property
    def focused_line(self) -> int | None:
        return self.screen.jobs.cursor_line if isinstance(self.screen, MainScreen) else None

    def on_size_settled(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.show_frame()

    def _set_attended(self, *, is_attended: bool) -> None:
        if self._main is not None:
            self._main.attend(is_attended=is_attended)

    async def action_actions(self) -> None:
        main = self._main
        if main is None or self.screen is not main:
            return
        actions = [
            Choice(each.title[0].upper() + each.title[1:], f"key {each.shown}", partial(main.run_action, each.action))
            for each in LISTED
            if each.id != "app.actions"
        ]
        colours = "colours of the terminal, dark, light, or safe for the colour-blind"
        await self._offer(
            "actions",
            [
                *actions,
                Choice("Theme: choose one", colours, self.action_themes),
                *main.orders(),
                *main.groupings(),
                *(Choice(f"Theme {each.name}", "", partial(setattr, self, "theme", each.name)) for each in THEMES),
                *main.watched_lists(),
            ],
            main.filter_choices,
        )

    async def action_orders(self) -> None:
        if self._main is not None and self.screen is self._main:
            await self._offer("orders", self._main.orders())

    async def action_groups(self) -> None:
        if self._main is not None and self.screen is self._main:
            await self._offer("groups", self._main.groupings())

    async def action_pins(self) -> None:
        if self._main is not None and self.screen is self._main:
            await self._offer("pins", self._main.comparing.choices())

    async def action_copies(self) -> None:
        if self._main is not None and self.screen is self._main:
            await self._offer_any("copy", self._main.copying.choices())

    async def action_exports(self) -> None:
        if self._main is not None and self.screen is self._main:
            await self._offer_any("export", self._main.copying.exports())

    async def action_themes(self) -> None:
        await self._offer(
            "themes",
            [Choice(theme.name, "", partial(setattr, self, "theme", theme.name)) for theme in THEMES],
        )

    async def _offer_any(self, title: str, choices: Sequence[Choice]) -> None:
        if choices:  # without any, a message says why
            await self._offer(title, choices)

    async def _offer(self, title: str, choices: Sequence[Choice], free: Arguments = no_arguments) -> None:
        """Open a list of choices. It has the focus on return, because the next key may be waiting.

        `free` makes choices of what was typed.
        """
        from tui.ui.screens.command_palette import ChoiceScreen  # noqa: PLC0415  # the first screen does not need it

        offered = ChoiceScreen(title, choices, self._app_context.glyphs, free)
        await self.push_screen(offered)
        offered.open()

    @property
    def left_with(self) -> int:
        """The exit code of the first key or signal that ended the app; 0 without one."""
        return self._left_with or (0 if self.bug else self.return_code or 0)


def run_app(context: AppContext) -> tuple[int, Exception | None, RememberedView]:
    """Run the app until the user quits; return the exit code, the bug that ended it (None without one) and the view."""
    app = JobDeckApp(context)
    sys.setswitchinterval(SWITCH_S)
    sweep_late()
    keep_cells(sys.stderr)  # where Textual draws
    app.run(mouse=context.has_mouse)
    return app.left_with, app.bug, app.remembered
