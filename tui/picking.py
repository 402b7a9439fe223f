"""Job ids picked out of text that holds more: mails, logs, lines of jobdeck's own. Pure; a text of ids alone is `tui.jobids`'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from tui.jobids import LARGEST_ID, LONGEST_RANGE, NotAJob, listed, parse

_ID = r"[1-9]\d{0,18}"  # contract.md, Job: a JSON integer; a number with a leading zero is the code of something else
_RANGE = r"(?:-|\N{EN DASH}|\.\.)"
_UNIT = r"(?i:of \d|more|others?|(?:item|row|line|result|message|unit|file|time|second|minute|hour|day|byte)s?|[km]i?b|m?s)\b"
_END = rf"(?!\w|%|[.:]\d|{_RANGE}\d|(?:,\d{{3}}){{0,5}}\s{{1,3}}{_UNIT}|/\d{{1,3}}(?!\d))"
"""What stands behind an id: nothing that makes a date, a time, a fraction or an amount of it."""

_SIDE = r"\N{BOX DRAWINGS LIGHT VERTICAL}|"
_BEGIN = rf"^[ \t>{_SIDE}]{{0,25}}"
_CORNER = r"[\N{BOX DRAWINGS LIGHT DOWN AND RIGHT}+][\N{BOX DRAWINGS LIGHT HORIZONTAL}-]"
_GLYPH = r"[\N{MIDDLE DOT}\N{BLACK RIGHT-POINTING TRIANGLE}\N{HEAVY CHECK MARK}\N{HEAVY MULTIPLICATION X}?.>+x]"
_STATUS = r"(?:PENDING|WORKING|SUCCESS|FAILED)\b"
_LEVEL = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)\b"
_OTHER_STATUS = r"[A-Z][A-Z_ ]{2,58}[A-Z\N{HORIZONTAL ELLIPSIS}~]"
_OURS = r"(?:asking|not asked|not found|no answer|unusable|none|GONE|NOT FOUND|not read|no status)\b"
_PINNED = r"[ \N{BLACK DIAMOND}*]{1,25}"

_OWN = (
    # A row of the list.
    rf"{_BEGIN}(?:{_GLYPH} {_STATUS}|\? {_OTHER_STATUS}|(?<=\s\s){_OURS}){_PINNED}(?P<row>{_ID})(?![^\s{_SIDE}]).*$",
    # A line of a table, of CSV, of what `watch` prints, or of what remains of the app. Another program's has its level of logging there.
    rf"{_BEGIN}(?:\d\d:\d\d:\d\dZ )?(?P<line>{_ID})[ \t|,]{{1,20}}(?!{_LEVEL})(?:{_STATUS}|{_OURS}|(?<=\s\s){_OTHER_STATUS}(?=\s\s|$)).*$",
    # The title of a job; that of the list and the line of counts, which have no id.
    rf"{_CORNER} (?P<title>{_ID}) (?:{_GLYPH} [A-Z]| {{0,2}}{_OURS})",
    rf"{_CORNER} Jobs \d[\d,]*|^\d[\d,]* jobs?: \d[\d,]* [A-Z].*$",
    # An error of a job; the words for what is no job, which have an example; the command that goes on.
    rf"\bjobdeck: (?P<error>{_ID}): |no job id: give .*$",
    (
        r"\bjobdeck(?: get| watch| wait)?(?: --[\w-]{1,30}(?:[ =](?:'[^'\n]{0,300}'|[^\s']{1,300}))?){0,20}"
        r"(?<!--tenant)(?<!--site) (?P<command>\d{4}[\d,.-]*|\d+[,-][\d,.-]+)[ \t]*$"
    ),
)
"""Where jobdeck itself writes ids."""

_NAMES = (
    r"/queue/(?P<url>\d{1,19})(?!\d)",
    (
        r"(?i:job(?P<many>s(?: [a-z]{1,12}){1,3} ?:|s|\(s\))?[\s_.-]{0,9}(?:(?:id|number|no|nr)(?P<ids>s?)(?![a-z])\.?)?)"
        r"[\"']?\s{0,9}[:=]?[\s\"'#(\[{*-]{0,9}(?P<list>(?=\d))"
    ),
)
"""How everybody names ids."""

_SIGN = re.compile("|".join((*_OWN, *_NAMES)), re.ASCII | re.MULTILINE)
_ITEM = re.compile(rf"[\"'#]?(?P<first>{_ID})(?:{_RANGE}(?P<last>{_ID}))?{_END}[\"']?", re.ASCII)
_BETWEEN = re.compile(r"(?:\s{0,9}(?:[,;&/]|,?\s(?:and|or)\s)|[ \t]{0,9}\n)[\s#*\N{BULLET}-]{0,9}(?=[\"'\d#])", re.ASCII | re.IGNORECASE)
_ALONE = re.compile(rf"(?<![\w.:/+\-])(?P<first>[1-9]\d{{3,18}})(?:{_RANGE}(?P<last>[1-9]\d{{4,18}}))?(?![\w:/\-]){_END}", re.ASCII)
_LABEL = re.compile(
    r"(?:upc|ean|gtin|sku|barcode|item|row|line|tenant|site|port|pid|order|ticket|quantity|count)s?(?:[\s_]?(?:id|number|no\.?))?[\"']?\s?[:=#]?\s?[\"'#]?$"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?: \d{1,2}(?:[a-z]{2})?)?,? $|:\d\d(?: [A-Z]{3})? $",
    re.IGNORECASE,
)
"""What stands in front of a number that names something else, or is a year."""

LONGEST_LABEL = 40
"""Characters in front of a number in which it may be told what it is."""

SURE_DIGITS = 4
"""Digits from which a single number behind "jobs" is an id and not how many they are."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text was taken to mean."""

    job_ids: tuple[int, ...] = ()
    is_guess: bool = False
    """Whether the ids were picked out of other text."""
    problem: NotAJob | None = None
    """Why there are no ids; None for an empty text."""


def understand(text: str) -> Understood:
    """Return what a person meant by `text`: ids as they are written for jobdeck, else whatever in a pasted text looks like ids."""
    try:
        return Understood(listed(text))
    except NotAJob as problem:
        found = picked(text)
        if not found:
            return Understood(problem=problem)
        with suppress(NotAJob):
            return Understood(found, is_guess=found != parse(text))
        return Understood(found, is_guess=True)


def picked(text: str) -> tuple[int, ...]:
    """Return the ids that `text` calls so or that stand where jobdeck writes them; without any, the numbers that may be ids.

    Each once, in the order of the text.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")  # terminals paste a line's end as the enter key
    for look in (_named, _alone):
        if found := tuple(dict.fromkeys(job_id for job_id in look(lines) if 1 <= job_id <= LARGEST_ID)):
            return found
    return ()


def _named(text: str) -> Iterator[int]:
    for sign in _SIGN.finditer(text):
        kind = sign.lastgroup
        if kind == "list":
            yield from _list_at(text, sign.end(), is_plural=bool(sign["many"] or sign["ids"]))
        elif kind == "command":
            with suppress(NotAJob):
                yield from listed(sign[kind])
        elif kind:
            yield int(sign[kind])


def _list_at(text: str, place: int, *, is_plural: bool) -> Iterator[int]:
    """Yield the ids of the list that begins at `place`. Ids that stand together are about equally long; another number is no id."""
    items: list[re.Match[str]] = []
    while (item := _ITEM.match(text, place)) and (not items or abs(len(item["first"]) - len(items[0]["first"])) <= 1):
        items.append(item)
        between = _BETWEEN.match(text, item.end())
        if not between or (not is_plural and "\n" in between[0]):
            break
        place = between.end()
    if is_plural and len(items) == 1 and not items[0]["last"] and len(items[0]["first"]) < SURE_DIGITS:
        return
    for item in items:
        yield from _run(item)


def _alone(text: str) -> Iterator[int]:
    for found in _ALONE.finditer(text):
        if not _LABEL.search(text[max(0, found.start() - LONGEST_LABEL) : found.start()]):
            yield from _run(found)


def _run(found: re.Match[str]) -> range:
    """Return the ids of an item: those of its range, or the first alone where the two ends make none."""
    first, last = int(found["first"]), int(found["last"] or found["first"])
    return range(first, last + 1) if 0 <= last - first < LONGEST_RANGE else range(first, first + 1)
