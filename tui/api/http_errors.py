"""Which of our errors an HTTP status means, and in which words. Sends nothing and reads no clock; broken connections are `faults`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from tui.api.credentials.refusal import Refusal
from tui.api.reply import Reply, http_date
from tui.api.server_words import fitting_remedy, is_no_such_job, is_of_api
from tui.domain.errors import ApiError, BadAnswer, JobNotFound, RateLimited, ServerFault, Unauthorised

SHORTEST_SILENCE_S, LONGEST_SILENCE_S, USUAL_SILENCE_S = 1.0, 900.0, 30.0
"""Bounds of Retry-After, and what holds after a 429 without a readable one (faults.md, "Polling etiquette")."""

_FORBIDDEN = Refusal("the token is valid but may not read the inventory queue", "ask for that permission, or check the tenant")
"""What a 403 means where the server does not say it."""

_PERMISSION = re.compile(r"permission|behaviors?\b|behaviours?\b|\bscopes?\b|\broles?\b|privilege|\b(?:access|right) to\b", re.IGNORECASE)
"""Words that name what may be asked for."""

_SAYS_NOTHING = re.compile(r"(?:error )?(?:40[13])?[ :-]*(?:unauthori[sz]ed|forbidden|access (?:is )?denied)?[ .!]*", re.IGNORECASE)
"""Words that only repeat the status."""

_CERTIFICATE = re.compile(r"\b(?:ssl|client) certificate", re.IGNORECASE)
"""Words about the client's certificate."""

_NO_SUCH = frozenset({404, 410})

REFUSALS = frozenset({400, 409, 422})
"""Statuses by which a server refuses what it was asked for, rather than who asks or how."""

_LONGEST_HOST, _LONGEST_URL = 80, 200


@dataclass(frozen=True, slots=True)
class Subject:
    """What was asked for, as errors speak of it."""

    name: str
    """As in "job 884213"."""
    remedy: str
    """What to do where the server will not have it as it was asked."""
    setting: str = "--api-host"
    """What names the address that is asked."""


def error_for(reply: Reply, subject: Subject, *, host: str, now: datetime, url: str = "", refusal: Refusal = _FORBIDDEN) -> ApiError:
    """Return the error of an answer that is not 2xx.

    Args:
        reply: The answer.
        subject: What was asked for.
        host: Who was asked.
        now: Our own time, aware, for a Retry-After date without a Date beside it.
        url: The address asked, without its query.
        refusal: What a 401 means where the server does not say it, and what to do about it.
    """
    status = reply.status
    if status == 429:
        silence_s = retry_after_s(reply.headers.get("retry-after"), reply.server_time or now) or USUAL_SILENCE_S
        return RateLimited(f"too many requests: {reply.words or 'the server asks for silence'}", retry_after_s=silence_s, **reply.evidence)
    if status in {401, 403}:
        return unauthorised(reply, refusal if status == 401 else _FORBIDDEN, host=host)
    if status in _NO_SUCH and not is_no_such_job(reply.body):
        return _in_front(reply, subject, url or host)
    if status >= 500:
        return _failed(reply, retry_after_s(reply.headers.get("retry-after"), reply.server_time or now))
    kind, message, usual = _judged(reply, subject)
    return kind(message, remedy=usual, **reply.evidence)


def unauthorised(reply: Reply, refusal: Refusal, *, host: str) -> Unauthorised:
    """Return the error of an answer that says so by its status or its words: first these, then what is known here.

    Args:
        reply: The answer.
        refusal: Why, where the server does not say it, and what to do about it.
        host: Who was asked.
    """
    words = reply.words
    says_enough = bool(words) and not refusal.is_known and not _SAYS_NOTHING.fullmatch(words)
    message = words if says_enough else ": ".join(filter(None, (words, refusal.cause)))
    remedy = (fitting_remedy(words) if says_enough else None) or refusal.remedy
    if remedy == _FORBIDDEN.remedy and not _PERMISSION.search(message) and says_enough:
        remedy = "check the tenant, and what the token may read"
    if "token" not in message.lower():  # "it" would stand for a noun of the server's
        remedy = remedy.replace("renew it", "renew the token", 1)
    return Unauthorised(message, remedy=remedy, host=host, **reply.evidence)


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Return the seconds of silence that a Retry-After header asks for, 1 to 900; None where it is missing or cannot be read.

    Args:
        value: Seconds or an HTTP date; None where the header is missing.
        now: The server's time if known, else ours; aware.
    """
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return _bounded_s(float(text[:400].lstrip("0")[:9] or 0))
    moment = http_date(text)
    return None if moment is None else _bounded_s((moment - now).total_seconds())


def _bounded_s(silence_s: float) -> float:
    return min(LONGEST_SILENCE_S, max(SHORTEST_SILENCE_S, silence_s))


def _in_front(reply: Reply, subject: Subject, url: str) -> ServerFault:
    """Return the error of a 404 or 410 that is not the API's own: it says something of the way to the API, and nothing of a job."""
    words = f": {reply.words}" if reply.words else ""
    message = f"not the API but something in front of it answers at {reply.shown(url, _LONGEST_URL)}{words}"
    usual = f"check {subject.setting} and the path in it; if they are right, wait until the API is back"
    return ServerFault(message, remedy=fitting_remedy(reply.words) or usual, **reply.evidence)


def _failed(reply: Reply, silence_s: float | None) -> ServerFault:
    """Return the error of a 5xx."""
    busy = "the server is overloaded or in maintenance" if reply.status == 503 else "the server failed"
    when = "try again later, and" if silence_s is None else f"wait {silence_s:.0f} s; if it stays so,"
    fitting = fitting_remedy(reply.words)
    remedy = f"{when} {_support(reply)}" if fitting in {None, "try again later"} else fitting
    return ServerFault(_with_words(busy, reply), retry_after_s=silence_s, remedy=remedy, **reply.evidence)


def remedy_by_words(reply: Reply, usual: str | None = None) -> str:
    """Return what to do about an error in the server's own words: what fits them, else `usual`, else to tell support."""
    return fitting_remedy(reply.words) or usual or f"try again; if it stays so, {_support(reply)}"


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
    remedy = subject.remedy if reply.status in REFUSALS else None
    if fitting_remedy(reply.words) or is_of_api(reply.body):
        remedy = remedy_by_words(reply, remedy)
    if _CERTIFICATE.search(reply.words_or_reason):  # nginx says it by 400, 495 or 496
        remedy = "check --client-cert and --client-key"
    return BadAnswer, _with_words("the server refused the request", reply), remedy


def _with_words(message: str, reply: Reply) -> str:
    words = reply.words_or_reason
    return f"{message}: {words}" if words else message


def _redirect(reply: Reply) -> str:
    location = reply.headers.get("location", "")
    if not location:
        return "redirects without saying where: refused"
    try:
        target = urlsplit(location)
        host = target.netloc.rpartition("@")[2] or "another path of the same host"
        _ = target.port  # raises for one that is no number
    except ValueError:
        host = "an unreadable address"
    return f"redirects to {reply.shown(host, _LONGEST_HOST)}: refused"
