"""How tests start the built program, what they let the API answer, and how they read its screen. Knows no widget."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.pty_terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = os.environ.get("JOBDECK_COMMAND")
"""Path of an installed `jobdeck`, to run the same tests against a wheel; None runs the checkout."""

PATIENCE_S = 20.0
"""Longest wait for anything that should come; a busy machine may take long, and a failed wait is a failed test."""

HINTS = {"input": "enter add", "jobs": "a add", "detail": "[ ] tab", "deck": ("h l card", "| layout")}
"""What the bottom line begins with in each part; in the deck with cards or without."""

STARTUP_QUERIES = ("\x1b[?2026$p", "\x1b[?2048$p")
"""What Textual itself asks the terminal."""


def command(*arguments: str) -> list[str]:
    """Return the program and its arguments: the installed one if JOBDECK_COMMAND names it."""
    return [INSTALLED, *arguments] if INSTALLED else [sys.executable, "-m", "tui", *arguments]


def environment(url: str) -> dict[str, str | None]:
    """Return the variables that make the program ask `url`."""
    return {"KIBO_API_HOST": url, "KIBO_ACCESS_TOKEN": "demo", "PYTHONPATH": None if INSTALLED else str(ROOT)}


def stamp(ago_s: float) -> str:
    """Return the moment `ago_s` seconds ago as the API writes it."""
    return (datetime.now(UTC) - timedelta(seconds=ago_s)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def answer(job_id: int, status: str = "PENDING", **fields: object) -> dict[str, object]:
    """Return a job as the API describes it, with the fields its status brings; `fields` win, and None leaves one out."""
    known: dict[str, object] = {
        "jobID": job_id,
        "tenantID": 31014,
        "locationCode": "W01",
        "type": "REFRESH",
        "added": "2026-01-02T03:04:05.000Z",
        "hasData": True,
        "status": status,
        "messages": [],
        "itemCount": 0,
    }
    if status != "PENDING":
        known["started"] = stamp(30) if status == "WORKING" else "2026-01-02T03:05:05.000Z"
    if status in {"SUCCESS", "FAILED"}:
        known |= {
            "finished": "2026-01-02T03:06:35.000Z",
            "numResults": 7,
            "itemCount": 7,
            "success": status == "SUCCESS",
        }
    return {name: value for name, value in (known | fields).items() if value is not None}


def row(job_id: int, status: str = "") -> re.Pattern[str]:
    """Return the pattern of the job's row in the list, with glyph and status as groups."""
    return re.compile(rf"^[▌> ] (\S) ({re.escape(status) or '.+?'}) +{job_id}\b", re.MULTILINE)


def row_of(terminal: Terminal, job_id: int) -> tuple[int, str]:
    """Return the screen line of the job's row and its text."""
    for y, line in enumerate(terminal.lines):
        if row(job_id).match(line):
            return y, line
    raise AssertionError(f"job {job_id} has no row in\n{terminal.text}")


def is_listed(job_id: int) -> Callable[[Terminal], bool]:
    """Return whether the list shows the job, in whatever state."""
    return lambda terminal: (
        re.search(rf"^[▌> ] (?=.?.?\S).{{2,22}} +{job_id}\b", terminal.text, re.MULTILINE) is not None
    )


def listed(terminal: Terminal) -> tuple[int, ...]:
    """Return the jobs whose rows are in sight, top to bottom."""
    found = (re.match(r"[▌> ] \S .+? +(\d+) ", line) for line in terminal.lines)
    return tuple(int(each[1]) for each in found if each)


def status_look(terminal: Terminal, job_id: int) -> tuple[str, str, str]:
    """Return glyph, word and colour of the status in the job's row."""
    y, line = row_of(terminal, job_id)
    found = row(job_id).match(line)
    assert found is not None
    colours = {terminal.cell(x, y).fg for x in (2, 4)}
    assert len(colours) == 1, colours
    return found[1], found[2], colours.pop()


DETAIL_TITLE = re.compile(r"━ (\d+) (?!jobs?\b|of )\S")
"""What begins the rule above the detail or a card."""


def selected(terminal: Terminal) -> int | None:
    """Return the job that heads the detail, or in its absence the first card; None if there is neither."""
    found = DETAIL_TITLE.search(terminal.text)
    return int(found[1]) if found else None


def shows(job_id: int) -> Callable[[Terminal], bool]:
    """Return whether the detail shows the job."""
    return lambda terminal: selected(terminal) == job_id


def detail_lines(terminal: Terminal) -> tuple[str, ...]:
    """Return the lines of the detail, without trailing blanks and the scrollbar's column; none where none is shown."""
    rules = [(y, found.start()) for y, line in enumerate(terminal.lines) if (found := DETAIL_TITLE.search(line))]
    if not rules:
        return ()
    top, left = rules[0]
    return tuple(line[left + 1 :].rstrip().rstrip("▁▂▃▄▅▆▇█▔ ") for line in terminal.lines[top + 1 : -1])


def current_tab(terminal: Terminal) -> str:
    """Return the first word of the detail's current tab; empty where no tab is shown."""
    for y, line in enumerate(terminal.lines):
        if DETAIL_TITLE.search(line):
            inverted = "".join(
                terminal.cell(x, y).char if terminal.cell(x, y).reverse else " " for x in range(len(line))
            )
            return next(iter(inverted.split()), "")
    return ""


def is_on(tab: str) -> Callable[[Terminal], bool]:
    """Return whether the detail shows this tab."""
    return lambda terminal: current_tab(terminal) == tab


def input_of(terminal: Terminal) -> str:
    """Return the text in the input."""
    return terminal.line(1).removeprefix(" + ").strip()


def understood(terminal: Terminal) -> str:
    """Return the line below the input, which says what was understood while the input has the focus."""
    return terminal.line(2).strip()


def is_in(part: str) -> Callable[[Terminal], bool]:
    """Return whether the keys work in `part`."""
    return lambda terminal: terminal.lines[-1].strip().startswith(HINTS[part])


def go_to(terminal: Terminal, part: str) -> None:
    """Press the number of a part and wait until it has the focus."""
    # Two digits in a row begin an id; a key without a meaning stands between.
    terminal.press("f9", str(1 + list(HINTS).index(part)))
    terminal.wait_for(is_in(part), PATIENCE_S)
