"""Writes jobs in the format of `-o`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

from tui.cli.options import Chosen
from tui.cli.output import has_colour, is_terminal, is_utf8, write, write_utf8
from tui.core.clock import SystemClock
from tui.scripts.formats import ASCII_MARKS, USUAL, Layout, Marks, as_csv, as_ids, as_markdown, as_table, as_text
from tui.scripts.json_output import as_json, as_jsonl, event_as_jsonl
from tui.scripts.read_once import ReadResult
from tui.scripts.watch import Event, Kind


def write_no_jobs(output: str | None) -> None:
    """Write an empty result in the requested format: all uploads were done at once, so there is no job to watch."""
    if output == "jsonl":
        write(event_as_jsonl(Event(Kind.DONE, SystemClock().now())))
    elif output == "json":
        write(as_json(()))


def marks_for(options: Chosen) -> Marks:
    """Return the characters that the locale can show, or ASCII if the options say so."""
    return ASCII_MARKS if options.is_on("ascii") or not is_utf8() else Marks()


def write_readings(readings: Sequence[ReadResult], output: str, options: Chosen, layout: Layout = USUAL) -> None:
    """Write readings to standard output; a table is cut to the width of the terminal, if there is one.

    Raises:
        BrokenPipeError: The reader closed the pipe.
        ConfigError: They cannot be written.
    """
    colour = has_colour(os.environ, is_refused=options.is_on("no_color"))
    match output:
        case "json":
            write(as_json(readings))
        case "jsonl":
            write(as_jsonl(readings))
        case "csv":
            write_utf8(as_csv(readings, layout))  # whatever the locale (tui/scripts/README.md, Output)
        case "markdown":
            write(as_markdown(readings, layout))
        case "text":
            write(as_text(readings, has_colour=colour, marks=marks_for(options)))
        case "id":
            write(as_ids(readings))
        case _:
            width = shutil.get_terminal_size().columns if is_terminal() else None
            write(as_table(readings, layout, has_colour=colour, width=width))
