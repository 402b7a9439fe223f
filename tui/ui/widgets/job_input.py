"""Where job ids are typed and pasted. Says at once what it understood; knows no monitor."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from tui.jobids import written
from tui.picking import Understood, understand
from tui.text import count

HINT = "884213-884220, or paste anything that holds ids"


class JobInput(Input):
    """An input for everything that `tui.jobids` reads; `enter` submits, `up` and `down` recall as in a shell."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "recall(1)", "earlier input", id="input.earlier", show=False),
        Binding("down", "recall(-1)", "later input", id="input.later", show=False),
    ]

    class Given(Message):
        """Somebody gave job ids to watch."""

        def __init__(self, job_ids: tuple[int, ...]) -> None:
            super().__init__()
            self.job_ids = job_ids

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None, disabled: bool = False) -> None:  # noqa: A002
        super().__init__(placeholder=HINT, name=name, id=id, classes=classes, disabled=disabled, select_on_focus=False)
        self.cursor_blink = False
        self._initial_value = False  # of Input, which does not scroll to the end of the first text
        self.watched: Container[int] = frozenset()
        """Ids that are on the list already. Not reactive: comparing ten thousand ids for each answer costs more than all the rest."""
        self._history: list[str] = []
        self._lines = [""]  # the history as it was changed since, and behind it what is typed
        self._line = 0
        self._picked = ""  # the last value whose ids were picked out of a pasted text

    def on_mount(self) -> None:
        self.border_title = "Add jobs"

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self.value:
            return  # the next change is waiting already
        understood = self._understood
        self.border_subtitle = Content(self._verdict(understood))
        self.set_class(understood.problem is not None, "-bad")

    async def action_submit(self) -> None:
        understood = understand(self.value)
        if not understood.job_ids:
            return
        self._history.append(self.value)
        self._lines, self._line = [*self._history, ""], len(self._history)
        self.value = self._picked = ""
        self.post_message(self.Given(understood.job_ids))
        # At once, not when the message has been read: the next key may be here already.
        await self.run_action("screen.part('jobs')")

    def begin(self, digits: str) -> None:
        """Put the first digits of an id behind what is typed already, apart from it."""
        self.value = f"{self.value.rstrip(', ')},{digits}" if self.value.strip() else digits
        self.cursor_position = len(self.value)

    def _on_paste(self, event: events.Paste) -> None:
        """Take in a paste of many lines too: an Input would keep the first alone."""
        event.prevent_default()
        event.stop()
        self.take_paste(event.text)

    def take_paste(self, text: str) -> None:
        """Put the ids in `text` behind what is typed already; text without ids is put there as it is, on one line."""
        understood = understand(text)
        addition = written(understood.job_ids) or " ".join(text.split())[:200]
        was_picked = self._understood.is_guess
        self.value = f"{self.value.rstrip(', ')},{addition}" if self.value.strip() else addition
        if was_picked or understood.is_guess:
            self._picked = self.value
        self.cursor_position = len(self.value)

    def action_recall(self, step: int) -> None:
        """Show the line `step` lines before this one; each is kept as it was left, as shells do, until one is submitted."""
        line = max(0, min(len(self._history), self._line - step))
        if line == self._line:
            return
        self._lines[self._line] = self.value
        self._line = line
        self.value = self._lines[line]
        self.cursor_position = len(self.value)

    @property
    def _understood(self) -> Understood:
        """What the text means. Ids that were picked out of a pasted text are a guess until somebody changes them."""
        understood = understand(self.value)
        return replace(understood, is_guess=True) if understood.job_ids and self.value == self._picked else understood

    def _verdict(self, understood: Understood) -> str:
        if understood.problem:
            return str(understood.problem)
        if not understood.job_ids:
            return ""
        known = sum(job_id in self.watched for job_id in understood.job_ids)
        already = f", {known} already watched" if known else ""
        found = " found in the text" if understood.is_guess else ""
        return f"{count(len(understood.job_ids), 'job')}{found}{already}: enter adds"
