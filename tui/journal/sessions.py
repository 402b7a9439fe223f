"""Which jobs were watched last at each API: a small file that survives crashes and two programs at a time. Knows no monitor."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path

from tui.jobids import NotAJob, parse, written
from tui.journal.atomic import replace_file

SCHEMA = 1

LARGEST_FILE = 10_000_000
"""Bytes; more was not written by us."""


class Sessions:
    """The lists that were watched last.

    No trouble with the disk leaves this class: a list that cannot be kept must not stop anybody from watching it.

    Args:
        folder: Where the file is; made when something is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "sessions.json"

    def last(self, api_base: str) -> tuple[int, ...]:
        """Return the ids kept for this API, in their order; none if there is no list that can be read."""
        text = (self._lists() or {}).get(api_base, "")
        with suppress(NotAJob):
            return parse(text)
        return ()

    def seen(self) -> Iterator[int]:
        """Yield the ids of all lists, each once: the list that was kept last first, in it the largest id. Touches no bad file."""
        lists: Mapping[str, str] = {}
        with suppress(OSError, ValueError):
            lists = self._read()
        by_age = (sorted(parse(text), reverse=True) for text in reversed(tuple(lists.values())))
        yield from dict.fromkeys(chain.from_iterable(by_age))

    def keep(self, api_base: str, job_ids: Sequence[int]) -> bool:
        """Put these ids in the place of those kept for this API, and return whether that worked.

        It does not when the folder cannot be written, or while another program keeps its list: then it is worth trying again.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._alone():
                lists = self._lists()
                if lists is None:
                    return False
                others = {base: text for base, text in lists.items() if base != api_base}
                kept = {"schema": SCHEMA, "lists": {**others, api_base: written(job_ids)}}
                replace_file(self._file, f"{json.dumps(kept, indent=1)}\n".encode())
        except OSError:
            return False
        return True

    def _lists(self) -> Mapping[str, str] | None:
        """The lists by API; none for a file that had to be set aside, None for one that is bad and cannot even be moved."""
        try:
            return self._read()
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            return self._set_aside()

    def _read(self) -> Mapping[str, str]:
        """The lists by API, the one that was kept last at the end; raises OSError or ValueError."""
        with self._file.open("rb") as file:
            return _lists_in(file.read(LARGEST_FILE + 1))

    def _set_aside(self) -> Mapping[str, str] | None:
        """Keep a bad file under another name: somebody may want to look into it (faults.md, row 29)."""
        try:
            self._file.rename(_free_name(self._file))
        except OSError:
            return None
        return {}

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other programs from writing between our reading and our writing, without ever waiting for one that hangs.

        Raises:
            OSError: Another program is at it.
        """
        descriptor = os.open(self._folder / "sessions.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        finally:
            os.close(descriptor)


def _lists_in(content: bytes) -> Mapping[str, str]:
    """Read the file's content.

    Raises:
        ValueError: It is none of ours, or that of a newer version.
    """
    if len(content) > LARGEST_FILE:
        raise ValueError("too large")
    try:
        value = json.loads(content)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    lists = value.get("lists") if isinstance(value, dict) and value.get("schema") == SCHEMA else None
    if not isinstance(lists, dict):
        raise ValueError("no lists")
    for text in lists.values():
        if not isinstance(text, str):
            raise ValueError("a list is no text")
        try:
            parse(text)
        except NotAJob as error:
            raise ValueError("a list holds no ids") from error
    return lists


def _free_name(file: Path) -> Path:
    """Return the first of `sessions.json.bad`, `sessions.json.bad-2`, … that is not taken."""
    bad = file.with_name(f"{file.name}.bad")
    number = 2
    while bad.exists() or bad.is_symlink():
        bad = file.with_name(f"{file.name}.bad-{number}")
        number += 1
    return bad
