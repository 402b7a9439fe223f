"""Every action by name: Textual's palette, which here carries out what was typed and not what stood first before."""

from __future__ import annotations

from contextlib import suppress

from textual import on
from textual.command import CommandInput, CommandPalette
from textual.widgets import Input
from textual.worker import WorkerCancelled


class ActionPalette(CommandPalette):
    """Looks for the words first if enter came before their matches.

    Textual lists matches in a worker. Enter carries out the marked row of whatever list there is at that moment, which is that of fewer
    letters, or of none, when keys come in heaps as over a slow line.
    """

    def __init__(self) -> None:
        super().__init__(id="--command-palette", placeholder="every action by name")
        self._listed_for = ""

    @on(Input.Changed)
    def _note_words(self, event: Input.Changed) -> None:
        if event.value == self._listed_for:
            event.prevent_default()  # listed already, for an enter that overtook it
        self._listed_for = event.value

    @on(Input.Submitted)
    async def _carry_out_words(self, event: Input.Submitted) -> None:
        event.prevent_default()
        event.stop()
        words = self.query_one(CommandInput).value
        if words != self._listed_for:
            self._listed_for = words
            self._gather_commands(words.strip())
        for worker in [worker for worker in self.workers if worker.node is self and not worker.is_finished]:
            with suppress(WorkerCancelled):  # one that looked for fewer letters
                await worker.wait()
        self._select_or_command()
