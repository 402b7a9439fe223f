"""Copies what the cursor is on to the clipboard, and exports it to a file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui.analysis.groups import GroupBy
from tui.core.text import count, one_line
from tui.domain.tracked_job import TrackedJob
from tui.presentation.job_report import (
    causes_text,
    command_text,
    curl_text,
    group_text,
    ids_text,
    jobs_line,
    messages_text,
)
from tui.ui.app_context import AppContext, Form
from tui.ui.rendering.choices import Choice
from tui.ui.rendering.lines import text_of
from tui.ui.terminal.app_base import TerminalApp
from tui.ui.terminal.clipboard import MOST_BYTES, Route, load_buffer, route_of, sequence
from tui.ui.widgets.job_detail import Tab

if TYPE_CHECKING:
    from tui.ui.rendering.group_lines import GroupView
    from tui.ui.screens.main import MainScreen

FORMS = {
    Form.MARKDOWN: "Markdown report with the causes",
    Form.TEXT: "Text: every job with its messages",
    Form.CSV: "CSV, one job a line",
    Form.JSON: "JSON",
    Form.JSONL: "JSON, one job a line",
}


class Copying:
    """Copies and exports the jobs that an action takes.

    Args:
        screen: The main screen: its cursor, its messages.
        context: How jobs are written.
    """

    def __init__(self, screen: MainScreen, context: AppContext) -> None:
        self._screen = screen
        self._context = context

    async def copy_usual(self) -> None:
        """Copy what the user sees under the cursor: an id, a failed file, the causes, the messages or the JSON."""
        jobs = self._jobs()
        if not jobs:
            return
        group = self._group
        if self._screen.panes.current == "detail" and (len(jobs) > 1 or self._screen.detail.tab is Tab.WHY):
            await self._copy("the causes", causes_text(jobs) or f"{jobs_line(jobs[0])}\n")
        elif self._screen.panes.current == "detail" and self._screen.detail.tab is Tab.MESSAGES:
            await self._copy("the messages", messages_text(jobs))
        elif self._screen.panes.current == "detail" and self._screen.detail.tab is not Tab.RAW:
            lines = "".join(f"{text_of(line).rstrip()}\n" for line in self._screen.detail.text.lines)
            await self._copy(f"the {self._screen.detail.tab.value.lower()}", lines)
        elif self._screen.panes.current == "detail":
            await self._copy("the JSON", self._rendered(Form.JSON, jobs))
        elif group is not None and group.key.name:
            await self._copy("the failed ids", group_text(group.key.name, jobs))
        else:
            await self._copy(ids_text(jobs) if len(jobs) == 1 else count(len(jobs), "id"), ids_text(jobs))

    def choices(self) -> tuple[Choice, ...]:
        """Return what can be copied of the jobs under the cursor; none, with a message, without any."""
        jobs = self._jobs()
        if not jobs:
            return ()
        several = len(jobs) > 1
        file = self._file(jobs)
        texts: Sequence[tuple[str, str, str, Callable[[], str]]] = (
            ("i", "ids" if several else "id", "", lambda: ids_text(jobs)),
            ("l", "lines" if several else "line", "id, state, type, location, file", lambda: _lines(jobs)),
            ("c", "causes", "what the messages have in common", lambda: causes_text(jobs)),
            ("m", "messages", "", lambda: messages_text(jobs)),
            ("k", "Markdown", "for tickets and chat", lambda: self._rendered(Form.MARKDOWN, jobs)),
            ("j", "JSON", "", lambda: self._rendered(Form.JSON, jobs)),
            ("u", "curl", "the requests, without the token", lambda: self._curl(jobs)),
            ("d", "jobdeck command", "for these jobs", lambda: f"{command_text(self._context.command, jobs, file)}\n"),
        )
        return tuple(
            Choice(
                f"{letter}  {name}{f': {words}' if words else ''}",
                f"key {letter}",
                partial(self._copy_lazily, name, text),
                letter,
            )
            for letter, name, words, text in texts
        )

    def exports(self) -> tuple[Choice, ...]:
        """Return the files that the jobs under the cursor can be written to; none, with a message, without any."""
        jobs = self._jobs()
        return tuple(Choice(words, f".{form}", partial(self._export, form)) for form, words in FORMS.items() if jobs)

    async def _copy_lazily(self, name: str, text: Callable[[], str]) -> None:
        await self._copy(f"the {name}", text())

    async def _copy(self, name: str, text: str) -> None:
        """Send a text to the clipboard, and say what is known about it."""
        if not text:
            self._screen.show_message(f"{name.removeprefix('the ')}: nothing to copy")
            return
        text = text.removesuffix("\n")
        app, route = self._screen.app, await route_of(os.environ)
        if route is Route.TMUX_BUFFER:
            is_sent = await load_buffer(text)
        else:
            is_sent = isinstance(app, TerminalApp) and app.send(sequence(text, route))
        if not is_sent:
            self._screen.show_message(f"{name} cannot be copied here: X writes a file")
            return
        size = len(text.encode())
        doubt = f", but {size:,} bytes are too many for most terminals" if size > MOST_BYTES else ""
        self._screen.show_message(f"sent {name} {route.value}{doubt}; if it does not arrive: X")

    def _export(self, form: Form) -> None:
        jobs = self._jobs()
        if not jobs:
            return
        try:
            path = self._context.write_new(f"{self._stem(jobs)}.{form}", self._rendered(form, jobs))
        except OSError as error:
            why = one_line(error.strerror or str(error))
            self._screen.show_message(f"not written: {why}; start jobdeck in a folder that you may write to")
            return
        self._screen.show_message(f"{count(len(jobs), 'job')} written to {one_line(str(path))}")

    def _rendered(self, form: Form, jobs: Sequence[TrackedJob]) -> str:
        group = self._group
        title = group.key.name if group is not None and group.key.name else f"{count(len(jobs), 'job')}"
        title = f"job {jobs[0].job_id}" if len(jobs) == 1 else one_line(title)
        return self._context.render(form, jobs, self._context.clock.now(), title)

    def _curl(self, jobs: Sequence[TrackedJob]) -> str:
        return curl_text(self._context.address_of(tracked.job_id) for tracked in jobs)

    @property
    def _group(self) -> GroupView | None:
        if self._screen.panes.current == "deck" or self._screen.jobs.marked_ids:
            return None
        return self._screen.jobs.group_view(self._screen.jobs.cursor_row)

    def _jobs(self) -> tuple[TrackedJob, ...]:
        scene = self._screen.scene
        known = (scene.watchlist.get(job_id) for job_id in self._screen.target_jobs()) if scene else ()
        return tuple(tracked for tracked in known if tracked is not None)

    def _file(self, jobs: Sequence[TrackedJob]) -> str | None:
        """Return the file of a group by file, if the group has all its listed jobs."""
        group = self._group
        is_whole = group is not None and group.key.by is GroupBy.FILE and len(jobs) == group.summary.total
        return group.key.name if group is not None and is_whole else None

    def _stem(self, jobs: Sequence[TrackedJob]) -> str:
        """Return the name of a file for these jobs, without a suffix."""
        group = self._group
        name = group.key.name if group is not None and group.key.name else str(jobs[0].job_id) if jobs else ""
        safe = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._")[:60] or "jobs"
        return f"jobdeck-{safe}-{self._context.clock.now():%Y%m%d-%H%M%S}"


def _lines(jobs: Sequence[TrackedJob]) -> str:
    return "".join(f"{jobs_line(tracked)}\n" for tracked in jobs)
