"""A screen with a prompt for words: a filter of its jobs, or a search in the text of the detail."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from tui.ui.screens.live import LiveScreen
from tui.ui.session import Session
from tui.ui.widgets.job_detail import JobDetail, Tab
from tui.ui.widgets.prompt import Prompt


class SeekScreen(LiveScreen):
    """Hands the words on while they are typed, and says what comes of them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("n,N", "find_elsewhere", "where matches are", id="find-elsewhere", show=False)]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._is_searching = False

    def action_search(self) -> None:
        self._is_searching = self.part_name == "detail"
        if self._is_searching:
            if self.detail.tab is Tab.OVERVIEW:
                self.detail.tab = Tab.MESSAGES
            self.ask("search in this text", self.detail.needle)
            return
        self.part_name = "jobs"
        self.ask("only jobs with these words in id, status, type, location, file or messages", self.jobs.sought)

    def action_find_elsewhere(self) -> None:
        self.note("n and N need a search in the detail: 3, then /")

    @on(Prompt.Typed)
    def _seek_typed(self, event: Prompt.Typed) -> None:
        if event.text == self.prompt.value:
            self._seek()

    def _seek(self) -> None:
        if self._is_searching:
            self.detail.needle = self.prompt.value
            self.judge(self.detail.verdict)
        else:
            self.jobs.sought = self.prompt.value

    def action_return_from_prompt(self) -> None:
        self._seek()  # not when a message says so: the next key may be here already
        super().action_return_from_prompt()
        if self._is_searching and self.detail.needle:
            self.note(self.detail.verdict)

    @on(JobDetail.Made)
    def _judge_late(self) -> None:
        """Say what comes of a search that took longer than its key."""
        if self.prompt.has_focus and self._is_searching:
            self.judge(self.detail.verdict)
        elif self.detail.needle:
            self.note(self.detail.verdict)

    @on(JobDetail.Sought)
    def _tell_verdict(self) -> None:
        self.note(self.detail.verdict or "no search yet: / begins one")
