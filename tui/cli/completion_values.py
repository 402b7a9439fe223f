"""Values of options and arguments for shell completion. Reads only small local files; errors give no values."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from tui.cli.user_folders import state_folder
from tui.core.errors import ConfigError

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem


MOST_IDS = 50
"""Most job ids offered at once; more digits narrow them down."""

MOST_PATHS = 500
"""Most files offered at once; a folder may hold a million."""

Offer: TypeAlias = "Callable[[click.Context, click.Parameter | None, str], list[str]]"


def one_of(*values: str) -> Offer:
    """Return a function that offers fixed values, regardless of case."""
    return lambda _context, _parameter, begun: [value for value in values if value.lower().startswith(begun.lower())]


def job_types(_context: click.Context, _parameter: click.Parameter | None, begun: str) -> list[str]:
    """Offer the job types that the API can filter by."""
    from tui.domain.job_source import FILTERED_TYPES  # noqa: PLC0415  # most completions need none

    return [name for name in sorted(FILTERED_TYPES) if name.startswith(begun.upper())]


def columns(_context: click.Context, _parameter: click.Parameter | None, begun: str) -> list[str]:
    """Offer the names of columns for the last item of a list."""
    from tui.scripts.columns import column_names  # noqa: PLC0415  # most completions need none

    before, comma, piece = begun.rpartition(",")
    given = before.lower().split(",")
    fitting = (name for name in column_names() if name.lower().startswith(piece.lower()) and name.lower() not in given)
    return [f"{before}{comma}{name}" for name in fitting]


def profiles(_context: click.Context, _parameter: click.Parameter | None, begun: str) -> list[str]:
    """Offer the profiles of the configuration file; none if the file is invalid."""
    from tui.cli.settings_file import config_path, read_config  # noqa: PLC0415  # most completions need none
    from tui.settings.profiles import checked_name  # noqa: PLC0415
    from tui.settings.values import SettingValue  # noqa: PLC0415

    names = []
    with suppress(ConfigError):
        for name in read_config(config_path()).tables:
            with suppress(ConfigError):
                names.append(checked_name(SettingValue("profile", name)))
    return [name for name in names if name.startswith(begun)]


def files(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem[str]]:
    """Let the shell complete files."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415  # help needs none

    return [CompletionItem(begun, type="file")]


def jobs_seen(context: click.Context, _parameter: click.Parameter | None, begun: str) -> list[str]:
    """Offer job ids of the last sessions, newest first, or files after an `@`. In a list, offer values for the last
    item.
    """
    if begun.startswith("@"):
        return [f"@{path}" for path in paths(begun[1:])]
    before, comma, digits = begun.rpartition(",")
    if digits and not digits.isdecimal():
        return []
    given = {*before.split(","), *(context.params.get("jobs") or ())}
    fitting = (text for text in map(str, _ids_seen()) if text.startswith(digits) and text not in given)
    return [f"{before}{comma}{text}" for text in islice(fitting, MOST_IDS)]


def paths(begun: str) -> Sequence[str]:
    """Return the paths that begin with `begun`, in the same spelling; folders end in a slash."""
    from pathlib import Path  # noqa: PLC0415  # most completions need none

    folder, _, start = begun.rpartition("/")
    shown = f"{folder}/" if "/" in begun else ""
    found = []
    with suppress(OSError, RuntimeError), os.scandir(Path(shown or ".").expanduser()) as entries:
        fitting = (entry for entry in entries if _fits(entry.name, start))
        found = [f"{shown}{entry.name}{'/' if entry.is_dir() else ''}" for entry in islice(fitting, MOST_PATHS)]
    return sorted(found)


def _fits(name: str, start: str) -> bool:
    """Return whether to offer a name; a hidden file only after a dot."""
    return name.startswith(start) and (bool(start) or not name.startswith(".")) and name.isprintable()


def _ids_seen() -> Iterator[int]:
    from tui.history.sessions import Sessions  # noqa: PLC0415  # most completions need none

    return Sessions(state_folder()).seen()
