"""Which of our errors an HTTP status means, and in which words. Sends nothing and reads no clock; broken connections are `faults`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from tui.api.errors import ApiError, BadAnswer, JobNotFound, RateLimited, ServerFault, Unauthorised
from tui.api.reply import Reply, http_date

SHORTEST_SILENCE_S, LONGEST_SILENCE_S, USUAL_SILENCE_S = 1.0, 900.0, 30.0
"""Bounds of Retry-After, and what holds without a readable one (faults.md, "Polling etiquette")."""

_FORBIDDEN = "the token is valid but may not read the inventory queue", "ask for that permission, or check the tenant"
"""What failed, and what to do."""

_REFUSALS = frozenset({400, 409, 422})
"""Statuses by which a server refuses what it was asked for, rather than who asks or how."""

_LONGEST_HOST = 80


@dataclass(frozen=True, slots=True)
class Subject:
    """What was asked for, as errors speak of it."""

    name: str
    """As in "job 884213"."""
    remedy: str
    """What to do where the server will not have it as it was asked."""


def error_for(reply: Reply, subject: Subject, *, host: str, now: datetime, refusal: tuple[str, str] = ("", "")) -> ApiError:
    """Return the error of an answer that is not 2xx.

    Args:
        reply: The answer.
        subject: What was asked for.
        host: Who was asked.
        now: Our own time, aware, for a Retry-After date without a Date beside it.
        refusal: What a 401 means, and what to do about it.
    """
    status = reply.status
    if status in {429, 503}:
        silence_s = retry_after_s(reply.headers.get("retry-after"), reply.server_time or now)
        message, usual = _silence(reply, silence_s)
        return RateLimited(message, retry_after_s=silence_s, remedy=usual, **reply.evidence)
    if status in {401, 403}:
        message, remedy = refusal if status == 401 else _FORBIDDEN
        return Unauthorised(message, remedy=remedy, host=host, **reply.evidence)
    kind, message, usual = _judged(reply, subject)
    return kind(message, remedy=usual, **reply.evidence)


def retry_after_s(value: str | None, now: datetime) -> float:
    """Return the seconds of silence that a Retry-After header asks for, 1 to 900; 30 where it cannot be read.

    Args:
        value: Seconds or an HTTP date; None where the header is missing.
        now: The server's time if known, else ours; aware.
    """
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return _bounded_s(float(text[:400].lstrip("0")[:9] or 0))
    moment = http_date(text)
    return USUAL_SILENCE_S if moment is None else _bounded_s((moment - now).total_seconds())


def _bounded_s(silence_s: float) -> float:
    return min(LONGEST_SILENCE_S, max(SHORTEST_SILENCE_S, silence_s))


def _silence(reply: Reply, silence_s: float) -> tuple[str, str | None]:
    """What a 429 or 503 means, and what to do; None for what helps with most."""
    if reply.status == 429:
        return "too many requests: the server asks for silence", None
    return "the server is overloaded or in maintenance", f"wait {silence_s:.0f} s; if it stays so, {_support(reply)}"


def _support(reply: Reply) -> str:
    return "give support the correlation id" if reply.correlation_id else "tell support when it happened"


def _judged(reply: Reply, subject: Subject) -> tuple[type[ApiError], str, str | None]:
    """Return what any other status means: the kind of error, what failed, and what to do; None for what helps with most of its kind."""
    if reply.status == 404:
        return JobNotFound, f"{subject.name} does not exist", None
    if reply.status == 410:
        return JobNotFound, f"{subject.name} is gone: the server has deleted it", "leave it out"
    if 300 <= reply.status < 400:
        return BadAnswer, _redirect(reply), None
    if reply.status >= 500:
        return ServerFault, _with_words("the server failed", reply), f"try again later, and {_support(reply)}"
    remedy = subject.remedy if reply.status in _REFUSALS else None
    return BadAnswer, _with_words("the server refused the request", reply), remedy


def _with_words(message: str, reply: Reply) -> str:
    words = reply.words
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
