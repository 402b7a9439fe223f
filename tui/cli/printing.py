"""Writes readings in the form that `-o` asks for. Decides nothing about them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable

from tui.cli.options import Chosen
from tui.cli.output import has_colour, is_terminal, write, write_utf8
from tui.headless import records, tables
from tui.headless.reading import Reading

_FORMS = {
    "json": records.as_json,
    "jsonl": records.as_jsonl,
    "markdown": tables.as_markdown,
    "id": tables.as_ids,
}


def write_readings(readings: Iterable[Reading], output: str, options: Chosen) -> None:
    """Write readings to standard output; a table is cut to the terminal, if there is one.

    Raises:
        BrokenPipeError: The reader has gone.
        ConfigError: They cannot be written.
    """
    if output == "csv":
        write_utf8(tables.as_csv(readings))  # cli.md, Output: whatever the locale is
    elif output in _FORMS:
        write(_FORMS[output](readings))
    else:
        width = shutil.get_terminal_size().columns if is_terminal() else None
        write(tables.as_table(readings, has_colour=has_colour(os.environ, is_refused=options.is_on("no_color")), width=width))
