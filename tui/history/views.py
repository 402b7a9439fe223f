"""How the user last looked at the jobs of each API: order, groups, filter, pins, layout, theme."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from tui.core.files import read_small_file, replace_file

SCHEMA = 1

LARGEST_FILE = 1_000_000
"""Largest file in bytes that is read."""


@dataclass(frozen=True, slots=True)
class RememberedView:
    """The choices of one session; an empty text or None means the app's own default."""

    theme: str = ""
    order: str = ""
    """The name of the list's order."""
    is_reversed: bool = False
    filter_text: str = ""
    pinned: tuple[int, ...] = ()
    """Ids of the jobs on the deck, left to right."""
    layout: str = ""
    times: str = ""
    """How times are shown."""
    is_wrapped: bool = True
    grouping: str = ""
    """What the jobs are grouped by."""
    folds: tuple[str, ...] = ()
    """The groups that the user folded and unfolded, in the words of the list."""


USUAL = RememberedView()
"""The view of a first session."""


class Views:
    """The remembered views, in one small file. Never raises an error of the disk: a view is a convenience.

    Args:
        folder: The folder of the file; created when a view is saved.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "views.json"

    def last(self, api_base: str) -> RememberedView:
        """Return the view of the last session for this API; the default one if none can be read."""
        return _view(self._read().get(api_base))

    def keep(self, api_base: str, view: RememberedView) -> None:
        """Save the view for this API."""
        views = {base: kept for base, kept in self._read().items() if base != api_base} | {api_base: asdict(view)}
        content = json.dumps({"schema": SCHEMA, "views": views}, indent=1)
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self._file, f"{content}\n".encode())
        except OSError:
            return

    def _read(self) -> Mapping[str, object]:
        """Return the saved views by API; empty if there is no readable file of this version."""
        try:
            content = json.loads(read_small_file(self._file, _check_file, most=LARGEST_FILE))
        except (OSError, ValueError, RecursionError):
            return {}
        is_ours = isinstance(content, dict) and content.get("schema") == SCHEMA
        views = content.get("views") if is_ours else None
        return views if isinstance(views, dict) else {}


def _view(kept: object) -> RememberedView:
    """Return the view in a decoded object; a field with a wrong type has its default."""
    if not isinstance(kept, dict):
        return USUAL
    named: dict[str, Any] = {}
    for field in fields(RememberedView):
        value = kept.get(field.name)
        if field.name == "pinned":
            named["pinned"] = tuple(each for each in value if type(each) is int) if isinstance(value, list) else ()
        elif field.name == "folds":
            named["folds"] = tuple(each for each in value if type(each) is str) if isinstance(value, list) else ()
        elif type(value) is type(getattr(USUAL, field.name)):
            named[field.name] = value
    return RememberedView(**named)


def _check_file(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
        raise ValueError("it is not a file of this user")
