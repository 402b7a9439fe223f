"""The list of the last session for each API: a small file that survives crashes and concurrent programs."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TypeVar

from tui.core.files import read_small_file, replace_file
from tui.core.job_ids import NotAJob, parse, written
from tui.core.text import one_line
from tui.domain.selection import Selection

SCHEMA = 1

LARGEST_FILE = 10_000_000
"""Largest file in bytes; jobdeck never writes a larger one."""

_Stamp = tuple[int, int, int]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept:
    """The jobs that one program watches at one API."""

    job_ids: tuple[int, ...] = ()
    """In the order of the list."""
    selections: tuple[Selection, ...] = ()
    """Files, patterns, locations and times whose jobs are watched without ids."""
    removed: tuple[int, ...] = ()
    """Jobs of the selections that the user removed."""

    def beside(self, own: Kept, on_disk: Kept) -> Kept:
        """Return this list merged with the entries of other programs in the file.

        Args:
            own: The entries of the file that this program last read or saved.
            on_disk: The entries of the file.
        """
        job_ids = _merged(self.job_ids, own.job_ids, on_disk.job_ids)
        removed = _merged(self.removed, own.removed, on_disk.removed)
        watched = frozenset(job_ids)
        return Kept(
            job_ids,
            _merged(self.selections, own.selections, on_disk.selections),
            tuple(job_id for job_id in removed if job_id not in watched),
        )

    def lacks(self, other: Kept) -> bool:
        """Return whether something that `other` watches is not watched here."""
        return not (set(other.job_ids) <= set(self.job_ids) and set(other.selections) <= set(self.selections))


NOTHING = Kept()


def _merged(ours: tuple[T, ...], own: tuple[T, ...], on_disk: tuple[T, ...]) -> tuple[T, ...]:
    """Return our entries, then those of other programs."""
    owned = frozenset(own)
    return tuple(dict.fromkeys((*ours, *(each for each in on_disk if each not in owned))))


class Sessions:
    """The lists of the last sessions.

    Several programs may save lists for one API at the same time. Each saves what it watches, and keeps entries that it
    never watched, so the next start resumes the jobs of all of them. A job leaves the list when no program that had it
    watches it.

    This class raises no disk errors: a list that cannot be saved must not stop the user from watching it.

    Args:
        folder: The folder of the file; created when a list is saved.
    """

    def __init__(self, folder: Path) -> None:
        self.problem: str | None = None
        """Why the last list could not be saved, in one safe line; None if it was saved, or another program blocked the
        file.
        """
        self.notices: list[str] = []
        """Other notes about the file for the user, each in one safe line."""
        self._folder = folder
        self._file = folder / "sessions.json"
        self._own: dict[str, Kept] = {}
        """For each API, the entries that this program owns: the last list that it read or saved."""
        self._stamp: _Stamp | None = None

    def last(self, api_base: str) -> tuple[int, ...]:
        """Return the saved ids for this API, in order; empty if there is no readable list."""
        return self.last_kept(api_base).job_ids

    def last_kept(self, api_base: str) -> Kept:
        """Return the saved list for this API; an empty one if there is no readable list."""
        self._look_at_folder()
        kept = self._own[api_base] = (self._lists() or {}).get(api_base, NOTHING)
        return kept

    def seen(self) -> Iterator[int]:
        """Yield the ids of all lists, each once: newest list first, largest id first. Does not move a bad file."""
        lists: Mapping[str, Kept] = {}
        with suppress(OSError, ValueError):
            lists = self._read()
        by_age = (sorted(kept.job_ids, reverse=True) for kept in reversed(tuple(lists.values())))
        yield from dict.fromkeys(chain.from_iterable(by_age))

    def keep(
        self,
        api_base: str,
        job_ids: Sequence[int],
        *,
        selections: Sequence[Selection] = (),
        removed: Sequence[int] = (),
        is_last: bool = False,
    ) -> bool:
        """Save these ids and selections for this API, merged with those of other programs. Return whether that worked.

        The first list of a program that did not read the saved list replaces it.

        Args:
            api_base: The API.
            job_ids: The ids that this program watches, in order.
            selections: The selections that it watches.
            removed: Jobs of the selections that the user removed.
            is_last: Whether this is the last attempt: then save even if another program holds the lock.
        """
        try:
            self._make_folder()
            with self._alone() as is_alone:
                if not (is_alone or is_last):
                    return False
                self._keep(api_base, Kept(tuple(job_ids), tuple(selections), tuple(removed) if selections else ()))
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            self.problem = f"{reason} ({one_line(str(self._file))})"
            return False
        self.problem = None
        return True

    def lacks(self, api_base: str, job_ids: Sequence[int], selections: Sequence[Selection] = ()) -> bool:
        """Return whether another program has since written the file without some of these ids or selections."""
        stamp = self._stamped()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        with suppress(OSError, ValueError):
            return self._read().get(api_base, NOTHING).lacks(Kept(tuple(job_ids), tuple(selections)))
        return True

    def _keep(self, api_base: str, kept: Kept) -> None:
        """Write the file; the caller holds the lock.

        Raises:
            OSError: It cannot be written, or a bad file cannot be moved away.
        """
        lists = self._lists()
        if lists is None:
            raise OSError(errno.EEXIST, "the existing file is not a list, and cannot be moved")
        on_disk = lists.get(api_base, NOTHING)
        merged = kept.beside(self._own.get(api_base, on_disk), on_disk)
        others = {base: each for base, each in lists.items() if base != api_base}
        replace_file(self._file, f"{json.dumps(_content({**others, api_base: merged}), indent=1)}\n".encode())
        self._own[api_base] = kept
        self._stamp = self._stamped()

    def _lists(self) -> Mapping[str, Kept] | None:
        """Return the lists by API; empty if a bad file was moved away, None if it cannot be moved."""
        try:
            return self._read()
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            reason = (error.strerror or "unknown reason").lower() if isinstance(error, OSError) else str(error)
            return self._set_aside(reason)

    def _read(self) -> Mapping[str, Kept]:
        """Return the lists by API, the newest last. Raises OSError, or ValueError with the reason."""
        return _lists_in(read_small_file(self._file, _check_file, most=LARGEST_FILE))

    def _set_aside(self, reason: str) -> Mapping[str, Kept] | None:
        """Rename a bad file instead of removing it, so that the user can inspect it (tests/README.md, row 29)."""
        try:
            aside = _free_name(self._file)
            self._file.rename(aside)
        except OSError:
            return None
        self.notices.append(f"the last list cannot be read ({reason}); it is now {one_line(str(aside))}")
        return {}

    def _make_folder(self) -> None:
        """Create the folder if it is missing.

        Raises:
            OSError: It cannot be created, or there is no home directory.
        """
        if not self._folder.is_absolute():
            raise OSError(errno.ENOENT, "there is no home directory")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._look_at_folder()

    def _look_at_folder(self) -> None:
        """Add a note if other users can write the folder."""
        with suppress(OSError):
            found = self._folder.stat()
            if found.st_mode & 0o022 or found.st_uid not in {0, os.geteuid()}:
                where = one_line(str(self._folder))
                mode = f"{stat.S_IMODE(found.st_mode):04o}"
                notice = f"other users can write to {where} (mode {mode}); chown it to yourself and chmod 700 it"
                if notice not in self.notices:
                    self.notices.append(notice)

    def _stamped(self) -> _Stamp | None:
        """Return a stamp that changes whenever the file is replaced; None if there is no file."""
        try:
            found = self._file.stat(follow_symlinks=False)
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Lock the file against other programs, without waiting for one that hangs; yield whether that worked.

        On file systems without locks, such as some network file systems, programs may write at the same time, and each
        of them puts its own jobs back as soon as it sees that they are missing.
        """
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
        try:
            descriptor = os.open(self._folder / "sessions.lock", flags, 0o600)
        except OSError:
            yield True
            return
        try:
            yield _locked(descriptor)
        finally:
            os.close(descriptor)


def _locked(descriptor: int) -> bool:
    """Lock a file and return whether that worked; False if another program holds the lock."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # it cannot be locked at all
    return True


def _check_file(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise ValueError("it is not a regular file")
    if found.st_uid != os.geteuid():
        raise ValueError("it belongs to another user")


def _content(lists: Mapping[str, Kept]) -> dict[str, object]:
    """Return the content of the file: `lists` has an entry for each API, the newest last."""
    content: dict[str, object] = {
        "schema": SCHEMA,
        "lists": {base: written(kept.job_ids) for base, kept in lists.items()},
    }
    selections = {base: [_fields(each) for each in kept.selections] for base, kept in lists.items() if kept.selections}
    removed = {base: written(kept.removed) for base, kept in lists.items() if kept.removed}
    return content | ({"selections": selections} if selections else {}) | ({"removed": removed} if removed else {})


def _fields(selection: Selection) -> dict[str, str]:
    since = None if selection.since is None else selection.since.isoformat()
    named = {"file": selection.file, "location": selection.location, "since": since}
    return {name: value for name, value in named.items() if value is not None}


def _lists_in(content: bytes) -> Mapping[str, Kept]:
    """Return the lists in the content of the file.

    Raises:
        ValueError: The content is invalid, or has a newer version; the message says which.
    """
    if len(content) > LARGEST_FILE:
        raise ValueError("it is larger than 10 MB")
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError("it is no JSON") from error
    schema = value.get("schema") if isinstance(value, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise ValueError("it is of a newer jobdeck")
    lists = value.get("lists") if isinstance(value, dict) and schema == SCHEMA else None
    if not isinstance(lists, dict):
        raise ValueError("it holds no lists")
    selections, removed = (value.get(name, {}) for name in ("selections", "removed"))
    if not (isinstance(selections, dict) and isinstance(removed, dict)):
        raise ValueError("it holds no lists")
    return {
        base: Kept(_ids(text), tuple(map(_selection, _listed(selections.get(base, [])))), _ids(removed.get(base, "")))
        for base, text in lists.items()
    }


def _ids(text: object) -> tuple[int, ...]:
    try:
        return parse(text if isinstance(text, str) else "?")
    except NotAJob as error:
        raise ValueError("it holds no lists of ids") from error


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("it holds no lists of files")
    return value


def _selection(value: object) -> Selection:
    named = value if isinstance(value, dict) else {}
    file, location, since = (named.get(name) for name in ("file", "location", "since"))
    try:
        moment = None if since is None else datetime.fromisoformat(since)
    except (TypeError, ValueError) as error:
        raise ValueError("it holds no lists of files") from error
    is_text = all(each is None or isinstance(each, str) for each in (file, location))
    if not is_text or (file, location, moment) == (None, None, None) or (moment is not None and moment.tzinfo is None):
        raise ValueError("it holds no lists of files")
    return Selection(file, location, moment)


def _free_name(file: Path) -> Path:
    """Return the first of `sessions.json.bad`, `sessions.json.bad-2`, … that does not exist."""
    bad = file.with_name(f"{file.name}.bad")
    number = 2
    while bad.exists() or bad.is_symlink():
        bad = file.with_name(f"{file.name}.bad-{number}")
        number += 1
    return bad
