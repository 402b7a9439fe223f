"""Writes readings in the form that `-o` asks for. Decides nothing about them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

from tui.cli.options import Chosen
from tui.cli.output import has_colour, is_terminal, write, write_utf8
from tui.core.clock import SystemClock
from tui.headless import records, reports, tables
from tui.headless.events import Event, Kind
from tui.headless.reading import Reading
from tui.headless.tables import USUAL, Layout


def write_no_jobs(output: str | None) -> None:
    """Write the result of a watch without jobs, because an upload was done at once: an empty one in the form that is asked for."""
    if output == "jsonl":
        write(records.event_as_jsonl(Event(Kind.DONE, SystemClock().now())))
    elif output == "json":
        write(records.as_json(()))


def write_readings(readings: Sequence[Reading], output: str, options: Chosen, layout: Layout = USUAL) -> None:
    """Write readings to standard output; a table is cut to the terminal, if there is one.

    Raises:
        BrokenPipeError: The reader has gone.
        ConfigError: They cannot be written.
    """
    colour = has_colour(os.environ, is_refused=options.is_on("no_color"))
    match output:
        case "json":
            write(records.as_json(readings))
        case "jsonl":
            write(records.as_jsonl(readings))
        case "csv":
            write_utf8(tables.as_csv(readings, layout))  # cli.md, Output: whatever the locale is
        case "markdown":
            write(tables.as_markdown(readings, layout))
        case "text":
            write(reports.as_text(readings, has_colour=colour))
        case "id":
            write(tables.as_ids(readings))
        case _:
            width = shutil.get_terminal_size().columns if is_terminal() else None
            write(tables.as_table(readings, layout, has_colour=colour, width=width))
