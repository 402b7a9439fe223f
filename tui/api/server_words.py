"""What a server says in an error body, wherever the platform or a gateway puts it, and whether the body is the API's
own.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from pydantic import JsonValue

from tui.core.json_decoding import decode, json_text
from tui.core.redaction import without_named

LARGEST_EXPLANATION = 65_536

"""Bytes of a body in which words are looked for; an error has a few thousand at most."""

DEEPEST = 4

"""Levels of nested errors that are read: an array of errors with their items and exceptions."""

MOST_PARTS = 6

"""Texts that are joined into one line."""

_FIRST = (
    "message",
    "errorMessage",
    "error_description",
    "errorDescription",
    "faultstring",
    "detail",
    "details",
    "description",
    "reason",
    "title",
    "msg",
)

"""Names of what explains an error in a sentence; the platform's own come first (contract.md, Calls)."""

_NESTED = ("exceptionDetail", "exception", "items", "errors", "messages", "fault", "error")

"""Names of what holds further errors."""

_LAST = ("error", "errorCode", "code")

"""Names of what stands in for a sentence where there is none."""

_FRAMEWORK_FIELDS = frozenset(
    {"timestamp", "path", "status", "statuscode", "code", "requestid", "request_id", "trace", "_links"}
)

"""What web frameworks and gateways add to their own 404 (Spring, Fastify, Nest, Kong), and the queue does not
(contract.md, Calls).
"""

_PLATFORM_FIELDS = frozenset(
    {"errorCode", "errorMessage", "applicationName", "additionalErrorData", "exceptionDetail", "correlationId"}
)

"""What only the platform's own errors have (contract.md, Calls)."""

_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)

_ACCESS = re.compile(
    r"un-?authori[sz]|not (?:been )?authori[sz]|forbidden|access denied|permission|credential|authenticat|invalid client|invalid grant"
    r"|(?<!unexpected )\btokens?\b(?! in json| at position)",
    re.IGNORECASE,
)

_SECRET_NAME = re.compile(r"token|secret|passw|authori[sz]ation|cookie|credential|api.?key", re.IGNORECASE)

_BUSY = re.compile(
    r"overload|\bbusy\b|maintenance|unavailable|time[ds]? ?out|too many|throttl|try again|again later|come back|later\b|temporar"
    r"|rebuild|rebuilt|starting up|shutting down|in progress",
    re.IGNORECASE,
)

_SUSPENDED = re.compile(
    r"(?:tenant|account|sandbox|site|subscription)\b.{0,40}"
    r"\b(?:suspended|inactive|not active|disabled|deactivated|closed|blocked|locked|expired)"
    r"|(?:suspended|inactive|disabled|deactivated|blocked|locked)\b.{0,20}\b(?:tenant|account|sandbox|site|subscription)",
    re.IGNORECASE,
)


class Said(NamedTuple):
    """What a body says. Neither safe to show nor free of secrets: `Reply.shown` makes it so."""

    words: str = ""
    """One line of what failed; empty where the body says nothing."""
    correlation_id: str | None = None
    is_about_access: bool = False
    """Whether it says that the token, the credentials or the permission are what is wrong."""


def said_in(body: bytes) -> Said:
    """Return what an error body says; nothing for an empty or very large one."""
    if not body.strip() or len(body) > LARGEST_EXPLANATION:
        return Said()
    try:
        return said_by(decode(body))
    except ValueError:
        return Said(_words_of_text(body.decode(errors="replace")))


def said_by(value: JsonValue) -> Said:
    """Return what a decoded error body says: one error, an array of them, or a bare text."""
    correlation_id = value.get("correlationId") if isinstance(value, dict) else None
    words = _joined(_texts(value, 0))
    codes = (str(code).replace("_", " ") for code in _codes(value, 0))
    is_about_access = any(_ACCESS.search(text) for text in (words, *codes))
    return Said(words, correlation_id if isinstance(correlation_id, str) else None, is_about_access)


def fitting_remedy(words: str) -> str | None:
    """Return what to do about a failure that a server has put into these words; None if they are not known."""
    if _SUSPENDED.search(words):
        return "ask who manages the tenant at Kibo"
    return "try again later" if _BUSY.search(words) else None


def is_of_api(body: bytes) -> bool:
    """Return whether the body of an error has the form of the platform's own, or of the queue's (contract.md,
    Calls).
    """
    if len(body) > LARGEST_EXPLANATION:
        return False
    try:
        value = decode(body)
    except ValueError:
        return False
    return isinstance(value, dict) and (not _PLATFORM_FIELDS.isdisjoint(value) or is_no_such_job(body))


def is_no_such_job(body: bytes) -> bool:
    """Return whether the body of a 404 or 410 is the queue's own: an object whose `error` and `message` are texts
    (contract.md, Calls).

    The platform's `{"message", "errorCode"}` is not: it answers so where nothing of the queue is at that address. Nor
    is what web
    frameworks make of an unknown path, some of which have both fields beside fields of their own.
    """
    if len(body) > LARGEST_EXPLANATION:
        return False
    try:
        value = decode(body)
    except ValueError:
        return False
    if not isinstance(value, dict) or not _FRAMEWORK_FIELDS.isdisjoint(map(str.lower, value)):
        return False
    texts = [value.get(name) for name in ("error", "message")]
    return all(isinstance(text, str) for text in texts) and any(str(text).strip() for text in texts)


def _joined(texts: Iterator[str]) -> str:
    """Return the texts as one line, without those that another one holds already."""
    parts: list[str] = []
    for text in texts:
        if not any(text.casefold() in part.casefold() for part in parts):
            parts.append(text)
        if len(parts) == MOST_PARTS:
            break
    return ": ".join(parts)


def _texts(value: JsonValue, depth: int) -> Iterator[str]:
    """Yield every text that explains an error, what is outermost first."""
    if isinstance(value, str) and value.strip():
        yield value.strip().rstrip(".")
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for item in value[:MOST_PARTS]:
            yield from _texts(item, depth + 1)
    if isinstance(value, dict):
        yield from _texts_of_object({name.lower(): item for name, item in value.items()}, depth)


def _texts_of_object(fields: dict[str, JsonValue], depth: int) -> Iterator[str]:
    has_words = False
    for name in _FIRST:
        for text in _texts(fields.get(name.lower()), depth + 1):
            has_words = True
            yield text
    for name in _NESTED:
        item = fields.get(name.lower())
        if isinstance(item, dict | list):
            for text in _texts(item, depth + 1):
                has_words = True
                yield text
    for name in _LAST:
        item = fields.get(name.lower())
        if not has_words and isinstance(item, str | int) and not isinstance(item, bool) and str(item).strip():
            has_words = True
            yield str(item).strip()
    yield from _additional(fields.get("additionalerrordata"))


def _additional(value: JsonValue) -> Iterator[str]:
    """Yield the platform's named details as `name: value`; what its name calls a secret is left out."""
    for item in value[:MOST_PARTS] if isinstance(value, list) else ():
        if not isinstance(item, dict):
            continue
        name, detail = item.get("name"), item.get("value")
        if isinstance(name, str) and detail not in (None, "") and not _SECRET_NAME.search(name):
            yield without_named(f"{name.strip()}: {json_text(detail).strip()}")


def _codes(value: JsonValue, depth: int) -> Iterator[JsonValue]:
    """Yield every error code, and every `error` that is a word."""
    if isinstance(value, list) and depth <= DEEPEST:
        for item in value[:MOST_PARTS]:
            yield from _codes(item, depth + 1)
    if isinstance(value, dict) and depth <= DEEPEST:
        yield from (
            item
            for name, item in value.items()
            if name.lower() in {"errorcode", "error", "code"} and isinstance(item, str)
        )
        for name in ("items", "errors", "exceptionDetail", "error"):
            yield from _codes(value.get(name), depth + 1)


def _words_of_text(text: str) -> str:
    """Return the title of an HTML page, or the first line of a plain text; nothing of any other markup or of bytes."""
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        title = _TITLE.search(text)
        return " ".join(unescape(title[1]).split()) if title else ""
    line = next(
        iter(text.strip().splitlines()), ""
    ).strip()  # a body of separators that only text knows as blanks has none
    is_json = line[:1] in {"{", "[", '"'}
    return "" if is_json or "\ufffd" in line or "\0" in line else line
