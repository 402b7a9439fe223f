"""What a decoded API answer says: its job ids by their keys, that no job was needed, or an error. Pure.

The answers are those of the calls that create jobs; a number under any other key is never an id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.core.job_ids import NotAJob, read_list, valid_id
from tui.core.paste.documents import Value, decoded
from tui.core.text import one_line

JOB_KEYS = frozenset({
    "jobid", "jobids", "jobno", "jobnr", "jobnumber", "jobnumbers", "jobnummer",
    "inventoryjobid", "inventoryjobids", "kibojobid", "kibojobids", "queuejobid", "queuejobids",
})  # fmt: skip

"""Names of a job's id, as `key_name` returns them."""

_INSIDE_ID = frozenset({"numberlong", "value", "id", "text", "long", "int"})

"""Names under which an encoder puts a single number that it wraps in an object."""

_BODIES = frozenset(
    {
        "body",
        "responsebody",
        "response",
        "data",
        "payload",
        "result",
        "content",
        "output",
        "stdout",
        "raw",
        "log",
        "msg",
    }
)

"""Names of strings that may hold a document of their own: gateways, proxies and log collectors nest them so."""

_LOG_KEYS = frozenset(
    {"level", "severity", "levelname", "loglevel", "logger", "stream", "hostname", "pod", "container", "log", "msg"}
)

"""Names that make an object a line of a log, whose text is read as any other text."""

_LOG_TEXTS = ("msg", "message", "log", "text", "event")

_ERROR_KEYS = frozenset({
    "errorcode", "errormessage", "errordescription", "exceptiondetail", "exception", "error", "errors", "fault",
})  # fmt: skip

"""Names that only an error has, where their value is not empty."""

_PLAIN_ERROR_KEYS = frozenset({
    "message", "correlationid", "applicationname", "additionalerrordata", "items", "timestamp", "path", "requestid", "code", "status",
    "statuscode", "detail", "msg", "title", "type", "traceid", "instance", "reason", "numresults", "success", "messages",
})  # fmt: skip

"""What an error without any of those names may consist of: a `message` and facts about the call."""

_OF_SMART_ANSWER = frozenset({"method", "success", "message", "messages", "numresults", "itemcount", "correlationid"})


@dataclass(frozen=True, slots=True)
class AnswerError:
    """An error that an answer reports instead of a job; `tui.api.failed_uploads` finds its words."""

    body: Value
    """The error's object, or the text of a gateway or of curl, as it was sent: not safe to show."""
    status: int | None = None
    """The HTTP status, where the text has one."""
    reason: str = ""
    """The words beside it."""
    correlation_id: str | None = None
    """Of the headers; None if they have none."""
    is_page: bool = False
    """Whether it is the page of a gateway, proxy or login, and no answer of the API."""


@dataclass(slots=True)
class Reading:
    """What was read of one or more answers."""

    job_ids: list[int] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    """Other numbers, each with its key, in the order of the text."""
    texts: list[str] = field(default_factory=list)
    """Lines of logs that are wrapped in objects."""
    done_at_once: int = 0
    """Answers that say the work is done, without a job."""
    without_job: int = 0
    """Answers that have a place for a job's id and leave it empty."""
    errors: list[AnswerError] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """Values under a job's key that are no ids, as `jobID 'x'`."""


def key_name(key: str) -> str:
    """Return a key in lower case without separators: `jobID`, `job_id` and `Job ID` are all `jobid`."""
    lower = key.lower()
    return lower if lower.isalnum() else "".join(filter(str.isalnum, lower))


def read_value(value: Value) -> Reading:
    """Return what one decoded document says."""
    reading = Reading()
    nested = _walk(value, reading)
    if not reading.job_ids and not reading.done_at_once:
        roots = value if isinstance(value, list) else [value]
        answers = [root for root in roots if isinstance(root, dict)]
        reading.errors.extend(
            [error for answer in answers if (error := error_in(answer))]
            or [error for answer in nested if (error := error_in(answer))]
        )
        if reading.errors:
            reading.without_job = 0
        elif not reading.texts and not reading.wrong and _is_empty(value):
            reading.without_job = max(reading.without_job, 1)
    return reading


def error_in(answer: Mapping[str, Value]) -> AnswerError | None:
    """Return the error that an object reports; None if it reports none."""
    named = {key_name(key): value for key, value in answer.items()}
    if not _is_error(named):
        return None
    status = next((value for key in ("statuscode", "status", "code") if _is_bad_status(value := named.get(key))), None)
    body = named.get("body")
    inner = decoded(body) if isinstance(body, str) else None  # a gateway wraps an answer as text
    return AnswerError(inner[0] if inner else dict(answer), status if isinstance(status, int) else None)


def _is_error(named: Mapping[str, Value]) -> bool:
    """Return whether an object, by the names that `key_name` gives, is an error or lists errors as its items."""
    if _is_own_error(named):
        return True
    items = named.get("items")
    listed = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return any(_is_own_error({key_name(key): value for key, value in item.items()}) for item in listed)


def _is_own_error(named: Mapping[str, Value]) -> bool:
    has_words = isinstance(named.get("message"), str) or isinstance(named.get("msg"), str)
    if has_words and named.keys() <= _PLAIN_ERROR_KEYS:
        return True
    if {"schema", "event"} <= named.keys() or _is_log(named):
        return False
    if named.get("success") is False or any(named.get(key) for key in _ERROR_KEYS):
        return True
    if _is_bad_status(named.get("statuscode", named.get("status"))):
        return True
    return {"title", "status"} <= named.keys() <= _PLAIN_ERROR_KEYS


def _is_bad_status(value: Value) -> bool:
    """Whether this is an HTTP status that says no; a job's status is a word."""
    return isinstance(value, int) and 400 <= value <= 599


def _is_done(named: Mapping[str, Value], *, has_place: bool) -> bool:
    """Return whether an answer without an id says that the work is done: a promise, so nothing in it may speak of a
    failure.

    Args:
        named: The answer.
        has_place: Whether it has the key of a job's id; serializers that leave out nulls leave out this one.
    """
    if str(named.get("method", "")).lower() != "sync" or named.get("success") is False:
        return False
    if any(named.get(key) for key in _ERROR_KEYS) or str(named.get("status", "")).lower() in {
        "failed",
        "failure",
        "error",
    }:
        return False
    return has_place or named.keys() <= _OF_SMART_ANSWER


def _is_log(named: Mapping[str, Value]) -> bool:
    return not _LOG_KEYS.isdisjoint(named.keys())


def _is_empty(value: Value) -> bool:
    return value in ([], {}) or (isinstance(value, dict) and len(value) == 1 and next(iter(value.values())) in ([], {}))


def _walk(root: Value, reading: Reading) -> list[Mapping[str, Value]]:
    """Read all objects below `root` in their order; answers nest deeper than a recursion may. Return those that are
    bodies of others.
    """
    bodies: list[Mapping[str, Value]] = []
    waiting = [_Entry("", root)]
    while waiting:
        entry = waiting.pop()
        key, value = entry.key, entry.value
        if isinstance(value, dict):
            if key_name(key) in _BODIES:
                bodies.append(value)
            waiting.extend(reversed(_entries(entry, value, reading)))
        elif isinstance(value, list):
            waiting.extend(_Entry(key, item, is_listed=True, is_in_job=entry.is_in_job) for item in reversed(value))
        elif _names_job(key, is_listed=entry.is_listed):
            _read_id(key, value, reading)
        elif isinstance(value, int) and not isinstance(value, bool):
            reading.skipped.append((key, str(value)))
        elif isinstance(value, str):
            if value.isascii() and value.isdigit():
                reading.skipped.append((key, value[:30]))
            elif not entry.is_in_job and key_name(key) in _BODIES and (documents := decoded(value)):
                waiting.extend(_Entry(key, document) for document in reversed(documents))
    return bodies


@dataclass(frozen=True, slots=True)
class _Entry:
    """A value that is still to be read."""

    key: str
    value: Value
    is_listed: bool = False
    """Whether it is an element of a list that stands under the key."""
    is_in_job: bool = False
    """Whether it belongs to an object with an id: what its texts hold is data of that job."""


def _entries(entry: _Entry, value: Mapping[str, Value], reading: Reading) -> list[_Entry]:
    """Return what is in an object, by the key under which it counts; note an object that has no job, and what it says
    of that.
    """
    named = {key_name(name): item for name, item in value.items()}
    jobs = [item for name, item in named.items() if name in JOB_KEYS]
    if not jobs and len(value) == 1 and key_name(entry.key) in JOB_KEYS and not _INSIDE_ID.isdisjoint(named):
        return [_Entry(entry.key, item) for item in value.values()]
    if not any(jobs) and not {"schema", "event"} <= named.keys():
        if _is_done(named, has_place=bool(jobs)):
            reading.done_at_once += 1
        elif jobs:
            reading.without_job += 1
    has_plain_id = not jobs and key_name(entry.key) in {"job", "jobs"} and "id" in named
    if not jobs and _is_log(named):
        texts = [text for name in _LOG_TEXTS if isinstance(text := named.get(name), str) and decoded(text) is None]
        reading.texts.extend(texts)
    is_in_job = entry.is_in_job or any(jobs) or has_plain_id
    return [
        _Entry("jobID" if has_plain_id and key_name(name) == "id" else name, item, is_in_job=is_in_job)
        for name, item in value.items()
    ]


def _names_job(key: str, *, is_listed: bool) -> bool:
    """Return whether a scalar under this key is a job's id. `"jobs": 3` is a count, `"jobs": [3]` is not."""
    name = key_name(key)
    return name in JOB_KEYS or name == "job" or (is_listed and name == "jobs")


def _read_id(key: str, value: Value, reading: Reading) -> None:
    is_sure = key_name(key) in JOB_KEYS
    if isinstance(value, str):
        try:
            found = read_list(value).job_ids
        except NotAJob:
            found = ()
        if not found and value.strip() and is_sure:
            reading.wrong.append(f"{one_line(key)[:40]} '{one_line(value)[:40]}'")
        reading.job_ids.extend(found)
    elif isinstance(value, int) and not isinstance(value, bool) and value:
        job_id = valid_id(str(value))
        if job_id:
            reading.job_ids.append(job_id)
        elif is_sure:
            reading.wrong.append(f"{one_line(key)[:40]} {value}")
