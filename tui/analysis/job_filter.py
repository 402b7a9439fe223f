r"""The language of the list's filter: words and conditions that a job must meet, read from one line of text. Pure.

`failed !adjust loc:W0*,W12 wait>5m msg:/UPC \d+/` lists the jobs that meet all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import translate
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.core.durations import parse_duration
from tui.domain.job_status import JobStatus
from tui.domain.tracked_job import Freshness, TrackedJob

if TYPE_CHECKING:  # pydantic takes 80 ms to import; the first screen does not need it
    from tui.domain.job import Job

FIELDS = ("status", "loc", "type", "file", "msg")
"""The names before a colon."""

DURATIONS = ("wait", "run")
"""The names before `>` or `<`."""

STATUSES = (
    "pending", "working", "success", "succeeded", "failed", "late", "stale", "gone", "not-found", "not-read", "no-status",
)  # fmt: skip
"""The values of `status:` besides patterns, which also find a status that jobdeck does not know."""

MOST_MESSAGES = 300
"""Messages of a job that a condition on messages reads."""

LONGEST_SEARCHED = 300
"""Characters of a message that a regular expression reads."""

MOST_WORK = 4 * LONGEST_SEARCHED**2
"""Most ways to match at one position: a message then takes up to 50 ms, and the next one is not begun."""


class FilterError(ValueError):
    """The text is no filter; says what is wrong, with which value, and what to type instead."""


class Subject(NamedTuple):
    """One job, and what else decides whether it is listed."""

    tracked: TrackedJob
    text: str
    """All its text that words are looked for in, in lower case."""
    is_late: bool = False
    now: datetime | None = None
    """The server's time, aware; without it nothing that still waits or runs has a duration."""


@dataclass(frozen=True, slots=True)
class Word:
    """The job's text contains a word."""

    text: str

    def holds(self, subject: Subject) -> bool:
        return self.text in subject.text


@dataclass(frozen=True, slots=True)
class HasStatus:
    """The job's state begins with one of these words, or matches one of these patterns."""

    begins: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...] = ()

    def holds(self, subject: Subject) -> bool:
        words = _states(subject)
        return any(word.startswith(self.begins) or any(each.match(word) for each in self.patterns) for word in words)


@dataclass(frozen=True, slots=True)
class HasValue:
    """A field of the job equals one of these values, in any case; a pattern has `*` or `?`."""

    field: Literal["loc", "type", "file"]
    patterns: tuple[re.Pattern[str], ...]

    def holds(self, subject: Subject) -> bool:
        value = value_of(subject.tracked.job, self.field).lower()
        return bool(value) and any(pattern.match(value) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class HasMessage:
    """One of the job's first messages contains a text."""

    text: str

    def holds(self, subject: Subject) -> bool:
        job = subject.tracked.job
        return job is not None and any(self.text in each.lower() for each in job.messages[:MOST_MESSAGES])


@dataclass(frozen=True, slots=True)
class MatchesMessage:
    """The start of one of the job's first messages matches a regular expression."""

    pattern: re.Pattern[str]

    def holds(self, subject: Subject) -> bool:
        return any(self.each_message(subject.tracked.job))

    def each_message(self, job: Job | None) -> Iterator[bool]:
        """Yield for each message whether it matches."""
        for message in job.messages[:MOST_MESSAGES] if job else ():
            yield self.pattern.search(message, 0, LONGEST_SEARCHED) is not None


@dataclass(frozen=True, slots=True)
class Lasts:
    """The job waited or ran, so far or in all, for more or less than a time."""

    what: Literal["wait", "run"]
    is_longer: bool
    limit_s: float

    def holds(self, subject: Subject) -> bool:
        lasted_s = lasted(subject.tracked.job, self.what, subject.now)
        if lasted_s is None:
            return False
        return lasted_s > self.limit_s if self.is_longer else lasted_s < self.limit_s


Condition = Word | HasStatus | HasValue | HasMessage | MatchesMessage | Lasts


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Conditions that a listed job meets, all of them."""

    wanted: tuple[Condition, ...] = ()
    unwanted: tuple[Condition, ...] = ()

    def matches(self, subject: Subject) -> bool:
        """Return whether the job is listed."""
        for condition in self.wanted:
            if not condition.holds(subject):
                return False
        return not any(condition.holds(subject) for condition in self.unwanted)

    @property
    def depends_on_time(self) -> bool:
        """Whether a job may come or go although it did not change."""
        return any(isinstance(each, Lasts) for each in (*self.wanted, *self.unwanted))

    @property
    def only_words(self) -> bool:
        """Whether a longer text can only list fewer jobs."""
        return not self.unwanted and all(isinstance(each, Word) for each in self.wanted)

    def tried(self, jobs: Iterable[TrackedJob]) -> Iterator[None]:
        """Try the regular expressions on all messages, in steps: the caller measures how long they take."""
        patterns = [each for each in (*self.wanted, *self.unwanted) if isinstance(each, MatchesMessage)]
        for tracked in jobs if patterns else ():
            for pattern in patterns:
                for _ in pattern.each_message(tracked.job):
                    yield


NO_FILTER = JobFilter()
"""Lists all jobs."""


def parse_filter(text: str) -> JobFilter:
    """Return the filter in a text; what is not complete yet (an open quote, a lone `!`) counts as far as it goes.

    Raises:
        FilterError: A condition has a wrong name or value.
    """
    wanted: list[Condition] = []
    unwanted: list[Condition] = []
    for piece in pieces(text):
        body = piece.removeprefix("!")
        if body:
            (wanted if body is piece else unwanted).append(_condition(body))
    return JobFilter(tuple(wanted), tuple(unwanted))


def kept_filter(good: str, text: str) -> str:
    """Return the last good filter for a text with a mistake: without a word that turned out to be a condition's name."""
    before, _, word = good.rpartition(" ")
    is_name = word.lower().removeprefix("!") in (*FIELDS, *DURATIONS)
    return before if is_name and text.startswith((f"{good}:", f"{good}<", f"{good}>")) else good


def pieces(text: str) -> Iterator[str]:
    """Yield the parts of a filter between blanks; `"…"` and `msg:/…/` may contain blanks."""
    for found in _PIECE.finditer(text):
        yield found.group()


_PIECE = re.compile(r'!?msg:/(?:[^/\\]|\\.|/(?!\s|$))*+(?:/|\\?$)|(?:"[^"]*(?:"|$)|[^\s"])+', re.IGNORECASE)

_NAMED = re.compile(r"([a-z]+)(:|[<>]=?)(.*)", re.IGNORECASE | re.DOTALL)


def _condition(body: str) -> Condition:
    named = _NAMED.fullmatch(body)
    if named is None:
        return Word(body.replace('"', "").lower())
    name, sign, value = named[1].lower(), named[2], named[3]
    if name in DURATIONS:
        return _lasts(name, sign, value)
    if sign != ":":
        if name in FIELDS:
            raise FilterError(f"{name} takes a colon: {name}:{value or '…'}")
        return Word(body.replace('"', "").lower())
    if name == "msg" and value.startswith("/"):
        return MatchesMessage(_regex(value[1:].removesuffix("/") if len(value) > 1 else ""))
    value = value.replace('"', "")
    if name not in FIELDS:
        raise FilterError(f'no field {name!r}: {" ".join(FIELDS)} wait run, or quote it: "{body}"')
    if not value:
        raise FilterError(f"{name}: needs a value, such as {_EXAMPLES[name]}")
    return _has(name, value)


def _has(name: str, value: str) -> Condition:
    match name:
        case "status":
            return _has_status([each for each in value.lower().split(",") if each])
        case "loc" | "type":
            return HasValue(name, tuple(_glob(each) for each in value.split(",") if each))
        case "file":
            return HasValue("file", (_glob(value if _is_glob(value) else f"*{value}*"),))
        case _:
            return HasMessage(value.lower())


_EXAMPLES: Mapping[str, str] = {
    "status": "status:failed",
    "loc": "loc:W01 or loc:W0*",
    "type": "type:REFRESH",
    "file": "file:inv_0930",
    "msg": "msg:upc or msg:/upc [0-9]+/",
}


def _lasts(name: str, sign: str, value: str) -> Lasts:
    if sign == ":":
        raise FilterError(f"{name} takes > or <: {name}>5m")
    seconds = parse_duration(value.lower())
    if seconds is None:
        raise FilterError(f"{name}{sign} needs a time, such as 5m or 1h30m" + (f", not {value!r}" if value else ""))
    return Lasts("wait" if name == "wait" else "run", sign[0] == ">", seconds)


def _has_status(values: Sequence[str]) -> HasStatus:
    for value in values:
        if not _is_glob(value) and not any(word.startswith(value) for word in STATUSES):
            raise FilterError(f"no status {value!r}: {' '.join(STATUSES[:8])}, or {value}*")
    begins = tuple(each for each in values if not _is_glob(each))
    return HasStatus(begins, tuple(_glob(each) for each in values if _is_glob(each)))


def _is_glob(value: str) -> bool:
    return "*" in value or "?" in value


def _glob(value: str) -> re.Pattern[str]:
    return re.compile(translate(value.lower().replace("[", "[[]")))


def _regex(source: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(source, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise FilterError(f"msg:/{source}/ is no regular expression: {error}") from error
    if work(source) > MOST_WORK:
        raise FilterError(f"msg:/{source}/ may take too long: fewer * + ? |, none in a repeated group")
    return pattern


_COUNT = re.compile(r"\{(\d*)(,?)(\d*)\}")


def work(source: str) -> float:
    """Return an upper limit of the ways in which a valid regular expression can match at one position.

    Each repetition multiplies it by its most rounds, at most `LONGEST_SEARCHED`, and each alternative adds one way. A
    repeated group that itself has several ways is endless.
    """
    levels: list[tuple[float, int]] = []
    ways, branches, atom, place = 1.0, 1, 1.0, 0
    while place < len(source):
        letter = source[place]
        rounds = 1
        if letter == "\\":
            atom, place = 1.0, place + 2
            continue
        if letter == "[":
            close = source.find("]", place + (3 if source[place + 1 : place + 2] == "^" else 2))
            while close > 0 and (close - len(source[:close].rstrip("\\"))) % 2:
                close = source.find("]", close + 1)
            atom, place = 1.0, (close if close > 0 else len(source)) + 1
            continue
        if letter == "(":
            levels.append((ways, branches))
            ways, branches, atom = 1.0, 1, 1.0
            place += 2 if source[place + 1 : place + 2] == "?" else 1
            continue
        if letter == ")" and levels:
            atom = ways * branches
            before, branches = levels.pop()
            ways = before * atom
            place += 1
            continue
        counted = _COUNT.match(source, place) if letter == "{" else None
        rounds = _rounds(letter, counted, is_group=atom > 1)
        if rounds == 1 and not counted:
            branches += letter == "|"
            atom = 1.0
        place = counted.end() if counted else place + 1
        if rounds > 1:
            if atom > 1 and letter != "?":
                return float("inf")
            ways *= min(rounds, LONGEST_SEARCHED)
            place += source[place : place + 1] in ("?", "+")
    return ways * branches


def _rounds(letter: str, counted: re.Match[str] | None, *, is_group: bool) -> int:
    """Return how often a repetition may go on; 1 for one that has no choice, and for any other character.

    Args:
        letter: The character that begins it.
        counted: The repetition, if it is one such as `{2,5}`.
        is_group: Whether it repeats a group that itself has several ways.
    """
    if letter in "*+":
        return LONGEST_SEARCHED
    if letter == "?":
        return 3  # two ways, each slower than a round of a loop
    if counted is None or not (counted[1] or counted[3]):
        return 1
    fewest = int(counted[1] or 0)
    most = int(counted[3] or LONGEST_SEARCHED + fewest) if counted[2] else fewest
    return max(most - fewest + 1, 2 if is_group and most > 1 else 1)


def _states(subject: Subject) -> tuple[str, ...]:
    """Return the words for the job's state, in lower case."""
    tracked = subject.tracked
    if tracked.job is None:
        known = "not-found" if tracked.is_not_found else "not-read"
    elif tracked.job.status is None:
        known = "no-status"
    else:
        known = str(tracked.job.status).lower()
    words = [known]
    if tracked.job is not None and tracked.job.status is JobStatus.SUCCESS:
        words.append("succeeded")
    if subject.is_late:
        words.append("late")
    if tracked.freshness in {Freshness.STALE, Freshness.GONE}:
        words.append("gone" if tracked.is_gone else "stale")
    return tuple(words)


def value_of(job: Job | None, field: str) -> str:
    """Return the value of `loc`, `type` or `file`, empty if unknown."""
    if job is None:
        return ""
    found = {"loc": job.location_code, "type": job.type, "file": job.original_filename}.get(field)
    return str(found or "")


def lasted(job: Job | None, what: Literal["wait", "run"], now: datetime | None) -> float | None:
    """Return the seconds that a job waited or ran, up to `now` if it still does; None if it never did."""
    if job is None:
        return None
    if what == "wait":
        start, end = job.added, job.started
        is_going_on = end is None and job.status is JobStatus.PENDING
    else:
        start, end = job.started, job.finished
        is_going_on = end is None and not job.is_ended
    end = now if is_going_on else end
    return None if start is None or end is None else max(0.0, (end - start).total_seconds())


def completed(text: str, jobs: Callable[[], Iterable[TrackedJob]]) -> tuple[str, tuple[str, ...]]:
    """Return a filter with its last part completed as far as it is certain, and the possible ends of that part.

    Args:
        text: What was typed.
        jobs: Returns the jobs whose values are offered.
    """
    parts = list(pieces(text))
    last = parts[-1] if parts and not text[-1:].isspace() else ""
    body = last.removeprefix("!")
    name, colon, typed = body.partition(":")
    if not colon:
        offered = sorted((*(f"{each}:" for each in FIELDS), *(f"{each}>" for each in DURATIONS)))
        fitting = [each for each in offered if each.startswith(body.lower())]
    else:
        head, comma, rest = typed.rpartition(",")
        values = STATUSES if name.lower() == "status" else sorted({value_of(each.job, name.lower()) for each in jobs()})
        fitting = [
            f"{name}:{head}{comma}{_quoted(value)}"
            for value in values
            if value and value.lower().startswith(rest.replace('"', "").lower())
        ]
    certain = _common_start(fitting)
    if len(certain) < len(body):
        return text, tuple(fitting)
    return text[: len(text) - len(body)] + certain, tuple(fitting)


def _common_start(texts: Sequence[str]) -> str:
    first, last = min(texts, default=""), max(texts, default="")
    length = next((at for at, letter in enumerate(first) if last[at : at + 1] != letter), len(first))
    return first[:length]


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
