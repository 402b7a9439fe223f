"""Judges an answer that did arrive: its status, its headers, its JSON. Sends nothing and reads no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from httpx import Headers
from pydantic import JsonValue, SecretStr

from tui.api.errors import ApiError, BadAnswer, JobNotFound, RateLimited, ServerFault, Unauthorised
from tui.api.models import decode
from tui.api.redaction import SHORTEST_SECRET, redacted
from tui.api.timestamps import NEWEST_YEAR, OLDEST_YEAR
from tui.text import one_line

SHORTEST_SILENCE_S, LONGEST_SILENCE_S, USUAL_SILENCE_S = 1.0, 900.0, 30.0
"""Bounds of Retry-After, and what holds without a readable one (faults.md, "Polling etiquette")."""

_FORBIDDEN = "the token is valid but may not read the inventory queue", "ask for that permission, or check the tenant"
_CUT_SHORT = "the answer is cut short", "try again; if it stays so, ask who runs the server or the proxy"
"""What failed, and what to do."""

_REFUSALS = frozenset({400, 409, 422})
"""Statuses by which a server refuses what it was asked for, rather than who asks or how."""

_LONGEST_MESSAGE, _LONGEST_CORRELATION, _LONGEST_HOST, _LARGEST_EXPLANATION = 200, 80, 80, 65_536


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole answer, its body unpacked. What the server wrote may hold a token, which no crash report should show."""

    status: int
    reason: str = field(repr=False)
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    secrets: tuple[SecretStr, ...] = ()
    """What was sent to be let in, cut out of everything that is shown of the answer: servers repeat what they were sent."""

    @property
    def correlation_id(self) -> str | None:
        """The id that support asks for, from the header or the error body, safe to show; None if there is none."""
        sent = self.headers.get("x-vol-correlation") or _explanation(self).get("correlationId")
        return self.shown(sent, _LONGEST_CORRELATION) or None if isinstance(sent, str) else None

    @property
    def server_time(self) -> datetime | None:
        """The server's clock when it answered; None if it did not say."""
        return _http_date(self.headers.get("date", ""))

    def without_secrets(self) -> Reply:
        """Return the answer without what was sent to be let in, should its body repeat it."""
        body = self.body
        for secret in self.secrets:
            sent = secret.get_secret_value().encode()
            if len(sent) >= SHORTEST_SECRET and sent in body:
                body = body.replace(sent, b"[secret]")
        return self if body is self.body else replace(self, body=body)

    def shown(self, text: str, longest: int = _LONGEST_MESSAGE) -> str:
        """Return what the server wrote as one safe line; secrets go before it is cut, for half of one is still a part of it."""
        return redacted(one_line(text).strip(), *self.secrets)[:longest]


def retry_after_s(value: str | None, now: datetime) -> float:
    """Return the seconds of silence that a Retry-After header asks for, 1 to 900; 30 where it cannot be read.

    Args:
        value: Seconds or an HTTP date; None where the header is missing.
        now: The server's time if known, else ours; aware.
    """
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return min(LONGEST_SILENCE_S, max(SHORTEST_SILENCE_S, float(text[:400].lstrip("0")[:9] or 0)))
    moment = _http_date(text)
    if moment is None:
        return USUAL_SILENCE_S
    return min(LONGEST_SILENCE_S, max(SHORTEST_SILENCE_S, (moment - now).total_seconds()))


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked for."""

    asked: str
    """As in "job 884213"."""
    remedy: str
    """What to do where the server will not have it as it was asked."""


def value_in(reply: Reply) -> JsonValue:
    """Return the JSON of a 200 answer as it was sent.

    Raises:
        BadAnswer: The body is no JSON; the text says what it is instead (faults.md, row 9).
    """
    if reply.status != 200:
        raise BadAnswer("answered without content", http_status=reply.status, correlation_id=reply.correlation_id)
    problem, remedy = _problem(reply.body), None
    if problem is None:
        try:
            return decode(reply.body)
        except ValueError as error:
            problem = f"the answer is not JSON: {one_line(str(error))[:80]}"
            if "EOF" in str(error):
                problem, remedy = _CUT_SHORT
    raise BadAnswer(problem, remedy=remedy, http_status=reply.status, correlation_id=reply.correlation_id)


def error_for(reply: Reply, question: Question, *, host: str, now: datetime, refusal: tuple[str, str] = ("", "")) -> ApiError:
    """Return the error of an answer that is not 2xx.

    Args:
        reply: The answer.
        question: What it answers.
        host: Who was asked.
        now: Our own time, for a Retry-After date without a Date beside it.
        refusal: What a 401 means, and what to do about it.
    """
    status, correlation_id = reply.status, reply.correlation_id
    if status in {429, 503}:
        silence_s = retry_after_s(reply.headers.get("retry-after"), reply.server_time or now)
        message, remedy = _silence(reply, silence_s)
        return RateLimited(message, retry_after_s=silence_s, remedy=remedy, correlation_id=correlation_id, http_status=status)
    if status in {401, 403}:
        message, remedy = refusal if status == 401 else _FORBIDDEN
        return Unauthorised(message, remedy=remedy, host=host, correlation_id=correlation_id, http_status=status)
    kind, message, remedy = _judged(reply, question)
    return kind(message, remedy=remedy, correlation_id=correlation_id, http_status=status)


def _silence(reply: Reply, silence_s: float) -> tuple[str, str | None]:
    """What a 429 or 503 means, and what to do; None for what helps with most."""
    if reply.status == 429:
        return "too many requests: the server asks for silence", None
    return "the server is overloaded or in maintenance", f"wait {silence_s:.0f} s; if it stays so, {_support(reply)}"


def _support(reply: Reply) -> str:
    return "give support the correlation id" if reply.correlation_id else "tell support when it happened"


def _judged(reply: Reply, question: Question) -> tuple[type[ApiError], str, str | None]:
    """Return what any other status means: the kind of error, what failed, and what to do; None for what helps with most of its kind."""
    if reply.status == 404:
        return JobNotFound, f"{question.asked} does not exist", None
    if reply.status == 410:
        return JobNotFound, f"{question.asked} is gone: the server has deleted it", "leave it out"
    if 300 <= reply.status < 400:
        return BadAnswer, _redirect(reply), None
    if reply.status >= 500:
        return ServerFault, _with_words("the server failed", reply), f"try again later, and {_support(reply)}"
    remedy = question.remedy if reply.status in _REFUSALS else None
    return BadAnswer, _with_words("the server refused the request", reply), remedy


def _with_words(message: str, reply: Reply) -> str:
    words = _words(reply)
    return f"{message}: {words}" if words else message


def _redirect(reply: Reply) -> str:
    location = reply.headers.get("location", "")
    if not location:
        return "redirects without saying where: refused"
    try:
        host = urlsplit(location).netloc.rpartition("@")[2] or "another path of the same host"
    except ValueError:
        host = "an unreadable address"
    return f"redirects to {reply.shown(host, _LONGEST_HOST)}: refused"


def _problem(body: bytes) -> str | None:
    """Say what a body is that cannot be JSON, or None."""
    if not body.strip():
        return "the answer is empty"
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return "the answer begins with a byte order mark, which JSON does not have"
    if body.lstrip().startswith(b"<"):
        return "the answer is HTML, not JSON"
    return None


def _words(reply: Reply) -> str:
    """What the server itself says about its error, as one safe line."""
    said = _explanation(reply)
    texts = (said.get("message"), said.get("error"), reply.reason)
    return next((reply.shown(text) for text in texts if isinstance(text, str) and text.strip()), "")


def _explanation(reply: Reply) -> dict[str, JsonValue]:
    if reply.status < 400 or not reply.body.lstrip().startswith(b"{") or len(reply.body) > _LARGEST_EXPLANATION:
        return {}
    try:
        value = decode(reply.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        return aware.astimezone(UTC) if OLDEST_YEAR < aware.year < NEWEST_YEAR else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
