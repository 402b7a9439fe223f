"""Read a decoded API response: job ids by their keys, no job, or an error. Pure.

Covers the calls that create jobs; a number under any other key is never an id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.core.job_ids import NotAJob, read_list, valid_id
from tui.core.paste.documents import Value, decoded
from tui.core.text import one_line

JOB_KEYS = frozenset({
    "jobid", "jobids", "jobno", "jobnr", "jobnumber", "jobnumbers", "jobnummer",
    "inventoryjobid", "inventoryjobids", "kibojobid", "kibojobids", "queuejobid", "queuejobids",
})  # fmt: skip
"""Keys of a job's id, normalised by `key_name`."""

_INSIDE_ID = frozenset({"numberlong", "value", "id", "text", "long", "int"})
"""Keys of a single number that an encoder wraps in an object."""

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
"""Keys of strings that may contain a nested document, as from gateways, proxies and log collectors."""

_LOG_KEYS = frozenset({
    "level", "severity", "levelname", "loglevel", "logger", "stream", "hostname", "pod", "container", "log", "msg",
    "ingestiontime", "logstreamname",
})  # fmt: skip
"""Keys of a log record, whose message is read as text."""

_LOG_TEXTS = ("msg", "message", "log", "text", "event")

_ERROR_KEYS = frozenset({
    "errorcode", "errormessage", "errordescription", "exceptiondetail", "exception", "error", "errors", "fault",
})  # fmt: skip
"""Keys that only an error has, with a value that is not empty."""

_PLAIN_ERROR_KEYS = frozenset({
    "message", "correlationid", "applicationname", "additionalerrordata", "items", "timestamp", "path", "requestid",
    "code", "status",
    "statuscode", "detail", "msg", "title", "type", "traceid", "instance", "reason", "numresults", "success",
    "messages",
})  # fmt: skip
"""Keys of an error without any of those: a `message` and details of the call."""

_QUEUE = re.compile(r"/queue/([1-9]\d{0,18})(?!\d)", re.ASCII)

_OF_SMART_ANSWER = frozenset({"method", "success", "message", "messages", "numresults", "itemcount", "correlationid"})


@dataclass(frozen=True, slots=True)
class AnswerError:
    """An error in a response instead of a job; `tui.api.failed_uploads` explains it."""

    body: Value
    """The error object, or the text of a gateway or of curl, verbatim: not safe to show."""
    status: int | None = None
    """The HTTP status; None if the text has none."""
    reason: str = ""
    """The reason phrase of the status."""
    correlation_id: str | None = None
    """The correlation id in the headers; None if they have none."""
    is_page: bool = False
    """Whether it is a page of a gateway, proxy or login instead of an API response."""


@dataclass(slots=True)
class Reading:
    """What was found in one or more pasted responses: job ids, other numbers, messages, errors."""

    job_ids: list[int] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    """Other numbers with their keys, in the order of the text."""
    addressed: list[int] = field(default_factory=list)
    """Ids in addresses with `/queue/ID`, for a document that names no job."""
    texts: list[str] = field(default_factory=list)
    """Messages of log records."""
    done_at_once: int = 0
    """Number of responses that report finished work without a job."""
    without_job: int = 0
    """Number of responses with an empty field for the job id."""
    errors: list[AnswerError] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """Values of a job's key that are no ids, such as `jobID 'x'`."""


def key_name(key: str) -> str:
    """Return a key in lower case without separators: `jobID`, `job_id` and `Job ID` are all `jobid`."""
    lower = key.lower()
    return lower if lower.isalnum() else "".join(filter(str.isalnum, lower))


def read_value(value: Value) -> Reading:
    """Return the content of one decoded document."""
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
        elif reading.addressed and not reading.wrong:
            reading.job_ids.extend(reading.addressed)
            reading.without_job = 0
        elif not reading.texts and not reading.wrong and _is_empty(value):
            reading.without_job = max(reading.without_job, 1)
    return reading


def error_in(answer: Mapping[str, Value]) -> AnswerError | None:
    """Return the error in an object; None if it is no error."""
    named = {key_name(key): value for key, value in answer.items()}
    if not _is_error(named):
        return None
    status = next((value for key in ("statuscode", "status", "code") if _is_bad_status(value := named.get(key))), None)
    body = named.get("body")
    inner = decoded(body) if isinstance(body, str) else None  # a gateway wraps a response as text
    return AnswerError(inner[0] if inner else dict(answer), status if isinstance(status, int) else None)


def _is_error(named: Mapping[str, Value]) -> bool:
    """Return whether an object with normalised keys is an error or a list of errors."""
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
    """Whether this is an HTTP error status; the status of a job is a word."""
    return isinstance(value, int) and 400 <= value <= 599


def _is_done(named: Mapping[str, Value], *, has_id_key: bool) -> bool:
    """Return whether a response without an id reports finished work; False if any part of it reports a failure.

    Args:
        named: The response with normalised keys.
        has_id_key: Whether it has a key for the job id; serializers without nulls omit that key.
    """
    if str(named.get("method", "")).lower() != "sync" or named.get("success") is False:
        return False
    if any(named.get(key) for key in _ERROR_KEYS) or str(named.get("status", "")).lower() in {
        "failed",
        "failure",
        "error",
    }:
        return False
    return has_id_key or named.keys() <= _OF_SMART_ANSWER


def _is_log(named: Mapping[str, Value]) -> bool:
    return not _LOG_KEYS.isdisjoint(named.keys())


def _is_empty(value: Value) -> bool:
    return value in ([], {}) or (isinstance(value, dict) and len(value) == 1 and next(iter(value.values())) in ([], {}))


def _walk(root: Value, reading: Reading) -> list[Mapping[str, Value]]:
    """Read all objects below `root` in order, without recursion, because responses nest deeply. Return those that are
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
            elif "/queue/" in value:
                reading.addressed.extend(job_id for url in _QUEUE.finditer(value) if (job_id := valid_id(url[1])))
    return bodies


@dataclass(frozen=True, slots=True)
class _Entry:
    """A value to read."""

    key: str
    value: Value
    is_listed: bool = False
    """Whether it is an element of a list under the key."""
    is_in_job: bool = False
    """Whether it belongs to an object with an id: its texts are data of that job."""


def _entries(entry: _Entry, value: Mapping[str, Value], reading: Reading) -> list[_Entry]:
    """Return the entries of an object with their effective keys; record an object without a job in `reading`."""
    named = {key_name(name): item for name, item in value.items()}
    jobs = [item for name, item in named.items() if name in JOB_KEYS]
    if not jobs and len(value) == 1 and key_name(entry.key) in JOB_KEYS and not _INSIDE_ID.isdisjoint(named):
        return [_Entry(entry.key, item) for item in value.values()]
    if not any(jobs) and not {"schema", "event"} <= named.keys():
        if _is_done(named, has_id_key=bool(jobs)):
            reading.done_at_once += 1
        elif jobs:
            reading.without_job += 1
    has_plain_id = not jobs and key_name(entry.key) in {"job", "jobs"} and "id" in named
    if not jobs and _is_log(named):
        texts = [text for name in _LOG_TEXTS if isinstance(text := named.get(name), str) and decoded(text) is None]
        reading.texts.extend(texts)
    is_in_job = entry.is_in_job or any(jobs) or has_plain_id
    entries = [
        _Entry("jobID" if has_plain_id and key_name(name) == "id" else name, item, is_in_job=is_in_job)
        for name, item in value.items()
    ]
    if "ingestiontime" in named and isinstance(message := named.get("message"), str):  # CloudWatch wraps lines of logs
        entries += [_Entry("body", document) for document in decoded(message) or ()]
    return entries


def _names_job(key: str, *, is_listed: bool) -> bool:
    """Return whether a scalar under this key is a job id: `"jobs": 3` is a count, `"jobs": [3]` is an id."""
    name = key_name(key)
    return name in JOB_KEYS or name == "job" or (is_listed and name == "jobs")


def _read_id(key: str, value: Value, reading: Reading) -> None:
    is_sure = key_name(key) in JOB_KEYS
    if isinstance(value, str):
        try:
            found = read_list(value.strip().lstrip("0")).job_ids
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
