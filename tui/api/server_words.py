"""Extract the message of an error body of the platform or a gateway, and recognise the API's own error bodies.

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
"""Largest error body to parse, in bytes; errors have a few thousand at most."""

DEEPEST = 4
"""Depth of nested errors to read: an array of errors with their items and exceptions."""

MOST_PARTS = 6
"""Most texts in one message."""

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
"""Fields that explain an error in a sentence; the platform's own come first (tui/api/README.md, Calls)."""

_NESTED = ("exceptionDetail", "exception", "items", "errors", "messages", "fault", "error")
"""Fields that contain further errors."""

_LAST = ("error", "errorCode", "code")
"""Fields to use if there is no sentence."""

_FRAMEWORK_FIELDS = frozenset(
    {"timestamp", "path", "status", "statuscode", "code", "requestid", "request_id", "trace", "_links"}
)
"""Fields that web frameworks and gateways (Spring, Fastify, Nest, Kong) add to their 404, unlike the queue
(tui/api/README.md, Calls).
"""

_PLATFORM_FIELDS = frozenset(
    {"errorCode", "errorMessage", "applicationName", "additionalErrorData", "exceptionDetail", "correlationId"}
)
"""Fields that only the platform's errors have (tui/api/README.md, Calls)."""

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
    """Content of an error body. Not safe to show and may contain secrets: use `RawResponse.shown`."""

    words: str = ""
    """The message in one line; empty if the body has none."""
    correlation_id: str | None = None
    is_about_access: bool = False
    """Whether it blames the token, the credentials or a permission."""


def said_in(body: bytes) -> Said:
    """Return the content of an error body; empty for an empty or very large one."""
    if not body.strip() or len(body) > LARGEST_EXPLANATION:
        return Said()
    try:
        return said_by(decode(body))
    except ValueError:
        return Said(_words_of_text(body.decode(errors="replace")))


def said_by(value: JsonValue) -> Said:
    """Return the content of a decoded error body: one error, an array of errors, or a text."""
    correlation_id = value.get("correlationId") if isinstance(value, dict) else None
    words = _joined(_texts(value, 0))
    codes = (str(code).replace("_", " ") for code in _codes(value, 0))
    is_about_access = any(_ACCESS.search(text) for text in (words, *codes))
    return Said(words, correlation_id if isinstance(correlation_id, str) else None, is_about_access)


def fitting_remedy(words: str) -> str | None:
    """Return the remedy for a server's message; None if it is unknown."""
    if _SUSPENDED.search(words):
        return "ask who manages the tenant at Kibo"
    return "try again later" if _BUSY.search(words) else None


def is_of_api(body: bytes) -> bool:
    """Return whether an error body has the form of the platform's or the queue's own (tui/api/README.md, Calls)."""
    if len(body) > LARGEST_EXPLANATION:
        return False
    try:
        value = decode(body)
    except ValueError:
        return False
    return isinstance(value, dict) and (not _PLATFORM_FIELDS.isdisjoint(value) or is_no_such_job(body))


def is_no_such_job(body: bytes) -> bool:
    """Return whether the body of a 404 or 410 is the queue's own: an object whose `error` and `message` are texts.

    The platform's `{"message", "errorCode"}` is not: it means that the address is wrong. Bodies of web frameworks for
    an unknown path are not either; some have both fields beside others (tui/api/README.md, Calls).
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
    """Return the texts as one line, without those that another text contains."""
    parts: list[str] = []
    for text in texts:
        if not any(text.casefold() in part.casefold() for part in parts):
            parts.append(text)
        if len(parts) == MOST_PARTS:
            break
    return ": ".join(parts)


def _texts(value: JsonValue, depth: int) -> Iterator[str]:
    """Yield every text that explains an error, outermost first."""
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
    """Yield the platform's named details as `name: value`, without those named like secrets."""
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
    """Return the title of an HTML page or the first line of a plain text; empty for other markup or bytes."""
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        title = _TITLE.search(text)
        return " ".join(unescape(title[1]).split()) if title else ""
    line = next(iter(text.strip().splitlines()), "").strip()  # empty for a body of Unicode blanks
    is_json = line[:1] in {"{", "[", '"'}
    return "" if is_json or "\ufffd" in line or "\0" in line else line
