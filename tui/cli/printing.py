"""Forms readings as `-o` asks. Writes nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable

from tui.cli.options import Chosen
from tui.cli.output import has_colour, is_terminal
from tui.headless import records, tables
from tui.headless.reading import Reading

_FORMS = {
    "json": records.as_json,
    "jsonl": records.as_jsonl,
    "csv": tables.as_csv,
    "markdown": tables.as_markdown,
    "id": tables.as_ids,
}


def formatted(readings: Iterable[Reading], output: str, options: Chosen) -> str:
    """Return readings as one text; a table is cut to the terminal, if there is one."""
    if output in _FORMS:
        return _FORMS[output](readings)
    width = shutil.get_terminal_size().columns if is_terminal() else None
    return tables.as_table(readings, has_colour=has_colour(os.environ, is_refused=options.is_on("no_color")), width=width)
