"""What was watched last at each API: a small file that survives crashes and several programs at a time.

Polls nothing.
"""

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

"""Bytes; more was not written by us."""

_Stamp = tuple[int, int, int]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept:
    """What one program watches at one API."""

    job_ids: tuple[int, ...] = ()
    """In their order."""
    selections: tuple[Selection, ...] = ()
    """Files, patterns, locations and times whose jobs are watched without their ids."""
    removed: tuple[int, ...] = ()
    """Jobs of the selections that are not watched because a user removed them."""

    def beside(self, own: Kept, on_disk: Kept) -> Kept:
        """Return this and what the file holds of other programs.

        Args:
            own: What of the file this program read or kept last.
            on_disk: What the file holds.
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
    """Return ours, and after them what others put on the disk."""
    owned = frozenset(own)
    return tuple(dict.fromkeys((*ours, *(each for each in on_disk if each not in owned))))


class Sessions:
    """The lists that were watched last.

    Several programs may keep lists at one API at the same time. Each keeps what it watches and leaves alone what it
    never watched, so
    that the list which comes back holds the jobs of all of them. A job is off the list once no program that had it
    watches it.

    No trouble with the disk leaves this class: a list that cannot be kept must not stop anybody from watching it.

    Args:
        folder: Where the file is; made when something is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.problem: str | None = None
        """Why the last list could not be kept, in one safe line; None if it was, or if another program was in
        the way.
        """
        self.notices: list[str] = []
        """What else a person should know of the file, each in one safe line."""
        self._folder = folder
        self._file = folder / "sessions.json"
        self._own: dict[str, Kept] = {}
        """For each API what of the file this program is answerable for: what it read or kept last."""
        self._stamp: _Stamp | None = None

    def last(self, api_base: str) -> tuple[int, ...]:
        """Return the ids kept for this API, in their order; none if there is no list that can be read."""
        return self.last_kept(api_base).job_ids

    def last_kept(self, api_base: str) -> Kept:
        """Return what is kept for this API; nothing if there is no list that can be read."""
        self._look_at_folder()
        kept = self._own[api_base] = (self._lists() or {}).get(api_base, NOTHING)
        return kept

    def seen(self) -> Iterator[int]:
        """Yield the ids of all lists, each once: the list that was kept last first, in it the largest id. Touches no
        bad file.
        """
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
        """Keep these ids and selections for this API beside those of other programs, and return whether that worked.

        The first list of a program that did not read the one before takes its place.

        Args:
            api_base: The API.
            job_ids: What this program watches, in its order.
            selections: What it watches without ids.
            removed: Jobs of the selections that a user removed.
            is_last: Whether there is no later time to try again, should another program be keeping its list right now.
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
        """Return whether another program has written the file since this one did, and without some of these ids or
        selections.
        """
        stamp = self._stamped()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        with suppress(OSError, ValueError):
            return self._read().get(api_base, NOTHING).lacks(Kept(tuple(job_ids), tuple(selections)))
        return True

    def _keep(self, api_base: str, kept: Kept) -> None:
        """Write the file, by a program that has it for itself.

        Raises:
            OSError: It cannot be written, or a bad file in its place cannot be moved.
        """
        lists = self._lists()
        if lists is None:
            raise OSError(errno.EEXIST, "what is in its place is no list, and cannot be moved")
        on_disk = lists.get(api_base, NOTHING)
        merged = kept.beside(self._own.get(api_base, on_disk), on_disk)
        others = {base: each for base, each in lists.items() if base != api_base}
        replace_file(self._file, f"{json.dumps(_content({**others, api_base: merged}), indent=1)}\n".encode())
        self._own[api_base] = kept
        self._stamp = self._stamped()

    def _lists(self) -> Mapping[str, Kept] | None:
        """The lists by API; none for a file that had to be set aside, None for one that is bad and cannot even be
        moved.
        """
        try:
            return self._read()
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            reason = (error.strerror or "unknown reason").lower() if isinstance(error, OSError) else str(error)
            return self._set_aside(reason)

    def _read(self) -> Mapping[str, Kept]:
        """The lists by API, the one that was kept last at the end; raises OSError, or ValueError that says what is
        wrong.
        """
        return _lists_in(read_small_file(self._file, _judge, most=LARGEST_FILE))

    def _set_aside(self, reason: str) -> Mapping[str, Kept] | None:
        """Keep a bad file under another name: somebody may want to look into it (faults.md, row 29)."""
        try:
            aside = _free_name(self._file)
            self._file.rename(aside)
        except OSError:
            return None
        self.notices.append(f"the last list cannot be read ({reason}); it is now {one_line(str(aside))}")
        return {}

    def _make_folder(self) -> None:
        """Make the folder if it is missing.

        Raises:
            OSError: It cannot be made, or nobody knows where.
        """
        if not self._folder.is_absolute():
            raise OSError(errno.ENOENT, "there is no home directory")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._look_at_folder()

    def _look_at_folder(self) -> None:
        """Note that others can write where the lists are."""
        with suppress(OSError):
            found = self._folder.stat()
            if found.st_mode & 0o022 or found.st_uid not in {0, os.geteuid()}:
                where = one_line(str(self._folder))
                notice = f"others can write to {where} (mode {stat.S_IMODE(found.st_mode):04o}); own it and run chmod 700 on it"
                if notice not in self.notices:
                    self.notices.append(notice)

    def _stamped(self) -> _Stamp | None:
        """What changes whenever the file is replaced; None where there is none."""
        try:
            found = self._file.stat(follow_symlinks=False)
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Keep other programs from writing meanwhile, without waiting for one that hangs; yield whether that worked.

        Where files cannot be locked, as on some network file systems, nobody can be kept out: programs write at the
        same time at worst,
        and each of them puts its own jobs back as soon as it sees that they are missing.
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
    """Lock a file and return whether no other program has it locked."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # it cannot be locked at all
    return True


def _judge(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise ValueError("it is no regular file")
    if found.st_uid != os.geteuid():
        raise ValueError("it belongs to another user")


def _content(lists: Mapping[str, Kept]) -> dict[str, object]:
    """Return what the file says: `lists` has an entry for each API, in the order in which they were kept."""
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
    """Read the file's content.

    Raises:
        ValueError: It is none of ours, or that of a newer version; the text says which.
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
    """Return the first of `sessions.json.bad`, `sessions.json.bad-2`, … that is not taken."""
    bad = file.with_name(f"{file.name}.bad")
    number = 2
    while bad.exists() or bad.is_symlink():
        bad = file.with_name(f"{file.name}.bad-{number}")
        number += 1
    return bad
