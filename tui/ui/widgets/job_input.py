"""The input for job ids and file names. Shows what it understood while the user types."""

from __future__ import annotations

from collections.abc import Container
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from tui.api.failed_uploads import failed_upload
from tui.core.job_ids import written
from tui.core.paste import ExtractedIds, Found, Skipped, extract_ids
from tui.core.text import count
from tui.ui.commands import bindings
from tui.ui.opening_letter import is_first_letter, may_lack_letter
from tui.ui.rendering.lines import cut
from tui.ui.terminal.steady_input import SteadyInput
from tui.ui.typed_selection import Wanted, file_list, wanted

HINT = "884213-884220, a file name, or paste any text with ids"

LONGEST_TEXT = 200
"""Maximum characters that a pasted text without ids adds."""

FRAME_CELLS = 2
"""Cells of the line below the input beside the result: a blank at both ends."""

MOST_RANGES, MOST_SKIPPED = 2, 3
"""Maximum ranges and skipped numbers in the result."""


class JobInput(SteadyInput):
    """An input for any text that `tui.core.paste` reads; `enter` submits, `up` and `down` recall as in a shell."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("input")

    class Submitted(Message):
        """The user submitted job ids."""

        def __init__(self, job_ids: tuple[int, ...]) -> None:
            super().__init__()
            self.job_ids = job_ids

    class SelectionSubmitted(Message):
        """The user submitted files, a location or a time."""

        def __init__(self, wanted: Wanted) -> None:
            super().__init__()
            self.wanted = wanted

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(placeholder=HINT, name=name, id=id, classes=classes, disabled=disabled)
        self.watched: Container[int] = frozenset()
        """Ids on the list. Not reactive: comparing ten thousand ids for each snapshot would be the largest cost."""
        self.opener = ""
        """The key that opened the empty input; it may be the first letter of a file name."""
        self._history: list[str] = []
        self._lines = [""]  # the history with its edits, then the current line
        self._line = 0
        # The value after a paste, and the ids of the pasted text.
        self._pasted: tuple[str, ExtractedIds] = ("", ExtractedIds())

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self.value:
            return  # a newer change follows
        if self._take_opener():
            return  # the value changed again
        understood = self._understood
        found = wanted(self.value, understood)
        self.border_subtitle = Content(
            self._verdict(understood) if found is None else f"{found.verdict}{self._doubt(found)}"
        )
        self.set_class(bool(found.problem) if found else bool(understood.problem or understood.error), "-bad")

    async def action_submit(self) -> None:
        self._take_opener()
        understood = self._understood
        found = wanted(self.value, understood)
        if found.problem if found else not understood.job_ids:
            return
        self.opener = ""
        self._history.append(self.value)
        self._lines, self._line = [*self._history, ""], len(self._history)
        self.value, self._pasted = "", ("", ExtractedIds())
        self.post_message(self.SelectionSubmitted(found) if found else self.Submitted(understood.job_ids))
        # Not by a message: the next key may be waiting.
        await self.run_action("screen.pane('jobs')")

    def _take_opener(self) -> bool:
        """Insert the key that opened the input if it is the first letter of a name; return whether it was."""
        if not is_first_letter(self.opener, self.value):
            return False
        cursor, letter, self.opener = self.cursor_position, self.opener, ""
        self.value = letter + self.value
        self.cursor_position = cursor + 1
        return True

    def _doubt(self, found: Wanted) -> str:
        """Return a question if the first letter of the name may be missing; otherwise empty."""
        is_doubtful = self.opener and found.files and not found.problem and may_lack_letter(self.value)
        return f"; or is it {cut(self.opener + self.value, 20)}?" if is_doubtful else ""

    def begin(self, digits: str) -> None:
        """Append the first digits of an id to the text, with a separator."""
        self.value = f"{self.value.rstrip(', ')},{digits}" if self.value.strip() else digits
        self.cursor_position = len(self.value)

    def take_paste(self, text: str) -> None:
        """Append the ids in `text` to the input, or the text itself on one line if it has no ids."""
        self.opener = ""
        understood = extract_ids(text)
        addition = written(understood.job_ids) or file_list(text) or " ".join(text.split())[:LONGEST_TEXT]
        before, value = self._understood, self.value.rstrip(", ")
        self.value = f"{value},{addition}" if value.strip() else addition
        if not value.strip():
            self._pasted = (self.value, understood)
        elif before.job_ids and understood.job_ids and (before.is_loose or understood.is_loose):
            self._pasted = (self.value, _joined(before, understood))
        self.cursor_position = len(self.value)

    def action_recall(self, step: int) -> None:
        """Show the line `step` lines before this one; as in a shell, edits stay until a line is submitted."""
        line = max(0, min(len(self._history), self._line - step))
        if line == self._line:
            return
        self._lines[self._line] = self.value
        self._line = line
        self.value = self._lines[line]
        self.cursor_position = len(self.value)

    @property
    def _understood(self) -> ExtractedIds:
        """The ids in the input. After a paste they keep the skipped numbers of its text until the user edits."""
        value, understood = self._pasted
        return understood if value and self.value == value else extract_ids(self.value)

    def _verdict(self, understood: ExtractedIds) -> str:
        if understood.job_ids:
            return self._verdict_on_ids(understood)
        if understood.problem:
            return str(understood.problem)
        if understood.error:
            return failed_upload(understood.error).cause
        if understood.done_at_once and not understood.without_job:
            return "the work was done at once, without a job"
        return "no job in this response: a dry run?" if understood.without_job else ""

    def _verdict_on_ids(self, understood: ExtractedIds) -> str:
        how = {Found.LIST: "", Found.NAMED: " found in the text", Found.GUESSED: " guessed from the text"}[
            understood.found
        ]
        odd = [each for each in understood.ranges if understood.is_loose]
        ranges = ", ".join([*map(str, odd[:MOST_RANGES]), *(["…"] if len(odd) > MOST_RANGES else [])])
        known = sum(job_id in self.watched for job_id in understood.job_ids)
        parts = [f"{count(len(understood.job_ids), 'job')}{how}"]
        if ranges:
            parts.append(f"{'ranges' if len(odd) > 1 else 'range'} {ranges}")
        if known:
            parts.append(f"{known} already watched")
        verdict = f"{', '.join(parts)}: enter adds"
        if understood.problem:
            return f"{verdict}; not followed: {understood.problem.reason}"
        if understood.error:
            return f"{verdict}; an upload failed: {failed_upload(understood.error).message}"
        skipped = understood.skipped
        if not skipped.total:
            return verdict
        number, room = f"{verdict}; {count(skipped.total, 'number')} skipped", self.outer_size.width - FRAME_CELLS
        texts = (f"{number}: {skipped.shown(most)}" for most in range(MOST_SKIPPED, 0, -1))
        return next((text for text in texts if cell_len(text) <= room), number)


def _joined(first: ExtractedIds, second: ExtractedIds) -> ExtractedIds:
    """Return the ids of two texts of which at least one is not a plain list."""
    is_guess = first.is_guess or second.is_guess
    total = first.skipped.total + second.skipped.total
    return ExtractedIds(
        tuple(dict.fromkeys((*first.job_ids, *second.job_ids))),
        Found.GUESSED if is_guess else Found.NAMED,
        (*first.ranges, *second.ranges),
        Skipped(total, (*first.skipped.examples, *second.skipped.examples)),
        error=first.error or second.error,
        problem=first.problem or second.problem,
    )
