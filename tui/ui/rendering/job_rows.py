"""The rows of the list: jobs, a row for each group, and one for its succeeded jobs. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple, TypeVar

from tui.analysis.groups import GroupBy, GroupKey, Groups, GroupSummary, Part

FEWEST_FOLDED = 2
"""Succeeded jobs that are folded into one row: a single one takes no more than that."""

MOST_REMEMBERED = 100
"""Folds that the next session knows."""


class GroupRow(NamedTuple):
    """The row of a group, or the one below it for its succeeded jobs."""

    key: GroupKey
    is_succeeded: bool = False


Row = int | GroupRow
"""The id of a job, or the row of a group."""


@dataclass(frozen=True, slots=True)
class Folds:
    """The rows that the user folded and unfolded, the oldest first; all others are as `JobRows` has them."""

    chosen: Mapping[GroupRow, bool] = field(default_factory=dict)
    """Whether each row is folded."""

    def with_fold(self, row: GroupRow, *, is_folded: bool) -> Folds:
        """Return these and one more."""
        others = {each: was_folded for each, was_folded in self.chosen.items() if each != row}
        return Folds({**others, row: is_folded})

    @property
    def words(self) -> tuple[str, ...]:
        """The newest of them as text to remember, such as `-file inv.csv` and `+file+ inv.csv`."""
        return tuple(
            f"{'-' if is_folded else '+'}{row.key.by}{'+' if row.is_succeeded else ''} {row.key.name or ''}".rstrip()
            for row, is_folded in [*self.chosen.items()][-MOST_REMEMBERED:]
        )

    @classmethod
    def of_words(cls, words: Sequence[str]) -> Folds:
        """Return the folds that `words` made; text that it cannot have made is left out."""
        chosen: dict[GroupRow, bool] = {}
        for text in words:
            head, _, name = text.partition(" ")
            by = head[1:].removesuffix("+")
            if head[:1] in {"-", "+"} and by in set(GroupBy):
                chosen[GroupRow(GroupKey(GroupBy(by), name or None), head[1:].endswith("+"))] = head[0] == "-"
        return cls(chosen)


@dataclass(frozen=True, slots=True)
class JobRows:
    """The rows, top to bottom."""

    rows: tuple[Row, ...] = ()
    ids: tuple[int, ...] = ()
    """The listed jobs, the folded ones too, in the order of their groups."""
    members: Mapping[GroupKey, tuple[int, ...]] = field(default_factory=dict)
    """The listed jobs of each group; empty without groups."""
    folded: frozenset[GroupRow] = frozenset()
    """The group rows that hide their jobs."""
    succeeded: Mapping[GroupKey, tuple[int, ...]] = field(default_factory=dict)
    """The jobs of the rows for succeeded jobs."""
    same_as: Mapping[int, int] = field(default_factory=dict)
    """For a failed job, the first one of its group with the same largest cause, if it is another one."""

    def jobs_of(self, row: Row | None) -> tuple[int, ...]:
        """Return the listed jobs of a row: one, or those of a group."""
        if row is None or isinstance(row, int):
            return () if row is None else (row,)
        return (self.succeeded if row.is_succeeded else self.members).get(row.key, ())


def grouped(
    ids: Sequence[int],
    groups: Groups,
    folds: Folds,
    before: JobRows,
    *,
    held: Row | None = None,
    is_filtered: bool = False,
    is_by_attention: bool = False,
) -> JobRows:
    """Return the rows of grouped jobs.

    A group in which all succeeded is folded, and the succeeded jobs of the others are. A filter unfolds what the user
    has not folded, to show what it found.

    Args:
        ids: The listed jobs in their order. A group has the place of its first job, if not by attention.
        groups: The groups.
        folds: What the user folded and unfolded.
        before: The rows on screen.
        held: The row that keeps its group among the groups and its row in the group; a held job is never folded.
        is_filtered: Whether the list shows only some jobs.
        is_by_attention: Whether the groups that need attention come first.
    """
    lists: dict[GroupKey, list[int]] = {}
    for job_id in ids:
        lists.setdefault(groups.key_of(job_id), []).append(job_id)
    members = {key: tuple(job_ids) for key, job_ids in lists.items()}
    held_key = None if held is None else groups.key_of(held) if isinstance(held, int) else held.key
    keys = sorted(members, key=lambda key: _attention(key, groups.summary(key))) if is_by_attention else list(members)
    keys = _kept_in_place(keys, held_key, tuple(before.members))
    rows: list[Row] = []
    listed: list[int] = []
    folded: set[GroupRow] = set()
    succeeded: dict[GroupKey, tuple[int, ...]] = {}
    for key in keys:
        head, tail = GroupRow(key), GroupRow(key, is_succeeded=True)
        listed += members[key]
        rows.append(head)
        is_held = key == held_key and isinstance(held, int)
        is_green = groups.summary(key).is_all_succeeded and not is_filtered
        if folds.chosen.get(head, is_green) and not is_held:
            folded.add(head)
            continue
        shown, green = members[key], list[int]()
        if not is_green or folds.chosen.get(head, True):
            green = [each for each in shown if groups.part_of(each) is Part.SUCCEEDED and each != held]
        if len(green) < FEWEST_FOLDED or (is_filtered and tail not in folds.chosen):
            green = []
        hidden = frozenset(green)
        others = [each for each in shown if each not in hidden]
        rows += _kept_in_place(others, held, _inside(before.rows, head)) if is_held else others
        if green:
            rows.append(tail)
            succeeded[key] = tuple(green)
            if folds.chosen.get(tail, True):
                folded.add(tail)
            else:
                rows += green
    same_as = _same_as(listed, groups)
    ordered = {key: members[key] for key in keys}
    return JobRows(tuple(rows), tuple(listed), ordered, frozenset(folded), succeeded, same_as)


def _same_as(listed: Sequence[int], groups: Groups) -> Mapping[int, int]:
    causes = groups.causes
    if groups.by is GroupBy.CAUSE or not causes:
        return {}
    firsts: dict[tuple[GroupKey, str], int] = {}
    found = (
        (job_id, firsts.setdefault((groups.key_of(job_id), causes[job_id]), job_id))
        for job_id in listed
        if job_id in causes
    )
    return {job_id: first for job_id, first in found if job_id != first}


def _attention(key: GroupKey, summary: GroupSummary) -> tuple[int, bool, int]:
    """Rank: with failed jobs, with late ones, not all succeeded, all succeeded.

    Among equals the jobs without a name come last, and the most failed or late jobs first.
    """
    is_nameless = key.name is None
    if summary.failed:
        return 0, is_nameless, -summary.failed
    if summary.late:
        return 1, is_nameless, -summary.late
    return 3 if summary.is_all_succeeded else 2, is_nameless, 0


def _inside(rows: Sequence[Row], head: GroupRow) -> tuple[Row, ...]:
    """Return the rows below the row of a group, up to the next group."""
    start = rows.index(head) + 1 if head in rows else len(rows)
    return tuple(takewhile(lambda row: isinstance(row, int) or row.is_succeeded, rows[start:]))


_Item = TypeVar("_Item")


def _kept_in_place(items: Sequence[_Item], held: object, before: Sequence[object]) -> list[_Item]:
    """Return the items with `held` at its index in `before`, if it is in both."""
    kept = [item for item in items if item != held]
    if len(kept) == len(items) or held not in before:
        return list(items)
    place = before.index(held)
    return [*kept[:place], *(item for item in items if item == held), *kept[place:]]
