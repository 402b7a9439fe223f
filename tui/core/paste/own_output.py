"""Find job ids in copied output and screens of jobdeck. Pure, linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.core.job_ids import NotAJob, read_list, valid_id
from tui.core.paste.mentions import Mention, Prose, blanked

_ID = r"[1-9]\d{0,18}"

_TYPES = (
    "REFRESH|ADJUST|RELEASE_SHIPMENTS|CREATE_PICK_WAVE|CLOSE_PICK_WAVE|PUT_AWAY_FILE|SHORT_PICK_ERROR|BIN_AUDIT_START|BIN_AUDIT_COMPLETION"
    "|CREATE_BIN_AUDIT|RELEASE_PENDING_ITEMS|ALLOCATE|DEALLOCATE|FULFILL|DELETE"
)

_SIDE = r"\N{BOX DRAWINGS LIGHT VERTICAL}|"

_BEGIN = rf"^[ \t>{_SIDE}]{{0,25}}"

_CORNER = r"[\N{BOX DRAWINGS LIGHT DOWN AND RIGHT}+][\N{BOX DRAWINGS LIGHT HORIZONTAL}-]"

_GLYPH = r"[\N{MIDDLE DOT}\N{BLACK RIGHT-POINTING TRIANGLE}\N{HEAVY CHECK MARK}\N{HEAVY MULTIPLICATION X}?.>+x]"

_STATUS = r"(?:PENDING|WORKING|SUCCESS|FAILED)\b"

LEVELS = r"TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL"

_OTHER_STATUS = r"[A-Z][A-Z_ ]{2,58}[A-Z\N{HORIZONTAL ELLIPSIS}~]"

_OURS = r"(?:GONE|NOT FOUND|not read|no status)\b"

_STATE = rf"(?:{_STATUS}|(?:{_TYPES})\b|{_OURS}|(?<=\s\s){_OTHER_STATUS}(?=\s\s|$))"

_PINNED = r"[ \N{BLACK DIAMOND}*]{1,25}"

_OWN = re.compile(
    "|".join((
        # A row of the list.
        rf"{_BEGIN}(?:{_GLYPH} {_STATUS}|\? {_OTHER_STATUS}|(?<=\s\s){_OURS}){_PINNED}(?P<row>{_ID})(?![^\s{_SIDE}]).*$",
        # A line of a table, of CSV, of `watch`, or of the app's last screen. Other programs have a log level there.
        rf"{_BEGIN}(?:\d\d:\d\d:\d\dZ )?(?P<line>{_ID})[ \t|,;]{{1,20}}(?!(?:{LEVELS})\b){_STATE}.*$",
        # The title of a job; the title of the list and the line of counts, which have no id.
        rf"{_CORNER} (?P<title>{_ID}) (?:{_GLYPH} [A-Z]| {{0,2}}{_OURS})",
        rf"{_CORNER} Jobs \d[\d,]*|^\d[\d,]* jobs?: \d[\d,]* [A-Z].*$",
        # An error of a job; the error for an invalid id, which contains an example; the command to continue.
        rf"\bjobdeck: (?P<error>{_ID}): |no job id: give .*$",
        r"\bjobdeck(?P<words>(?: [\w,.=/@:'-]{1,300}+){1,60}+)[ \t]*$",
    )),
    re.ASCII | re.MULTILINE,
)  # fmt: skip

_COMMANDS = frozenset({"get", "watch", "wait", "why", "history"})

_OPTIONS_WITHOUT_VALUE = frozenset({
    "--any", "--fail-fast", "--all", "--demo", "--no-color", "--ascii", "--insecure-http", "--newest", "--no-mouse",
    "--bom",
    "--no-headers",
})  # fmt: skip

_QUOTED_VALUE = re.compile(r"'[^']*'")
"""The value of an option, which may have several words."""


def own_ids(text: str, prose: Prose) -> str:
    """Add the ids in jobdeck's output to `prose`; return the text with blanks instead of those lines."""
    spans: list[tuple[int, int]] = []
    for own in _OWN.finditer(text):
        spans.append(own.span())
        if own["words"]:
            _read_command(own, prose)
        elif own.lastgroup and (job_id := valid_id(own[own.lastgroup])):
            prose.mentions.append(Mention(own.start(), (job_id,)))
    return blanked(text, spans)


def _read_command(own: re.Match[str], prose: Prose) -> None:
    for word in _jobs_of_command(_QUOTED_VALUE.sub("x", own["words"]).split()):
        try:
            listed = read_list(word)
        except NotAJob:
            continue
        prose.mentions.append(Mention(own.start(), listed.job_ids, next(iter(listed.ranges), None)))


def _jobs_of_command(words: list[str]) -> Iterator[str]:
    """Yield the JOB arguments of a command line, without command, options and their values."""
    is_value = False
    for word in words:
        if is_value:
            is_value = False
        elif word.startswith("-"):
            is_value = "=" not in word and word not in _OPTIONS_WITHOUT_VALUE
        elif word not in _COMMANDS and word[0].isdigit():
            yield word
